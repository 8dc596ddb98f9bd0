"""`tm-async webhook send` without a receiver, and `verify`: which step fails, and the likely mistake."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import Done
from tests.unit.webhooks.vectors import (
    AES_KEY,
    CHECK_ON_THE_WIRE,
    CHECK_SIGNATURE,
    DATA,
    KEY,
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    TOKEN,
    VENDOR_DATA,
    VENDOR_NONCE,
    VENDOR_SIGNATURE,
    VENDOR_TIMESTAMP,
    VENDOR_TOKEN,
)
from tm_async.cli.webhook.diagnosis import diagnose
from tm_async.cli.webhook.rawhttp import read_request
from tm_async.cli.webhook.steps import Step
from tm_async.errors import ConfigurationError
from tm_async.webhooks import WebhookKey, WebhookKeys
from tm_async.webhooks.wire import encoded

Run = Callable[..., Done]
KEYS = WebhookKeys(KEY)
NOW = int(TIMESTAMP) + 30.0


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_TOKEN", TOKEN)
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_AES_KEY", AES_KEY)


def request_of(data: str, signature: str, *, line: str = "POST /x HTTP/1.1\n", body: str | None = None) -> bytes:
    body = json.dumps({"data": data}) if body is None else body
    return f"{line}Timestamp: {TIMESTAMP}\nNonce: {NONCE}\nSignature: {signature}\n\n{body}".encode()


def get_of(query: str, signature: str) -> bytes:
    return request_of("", signature, line=f"GET /x?{query} HTTP/1.1\n", body="")


def steps_of(raw: bytes, keys: WebhookKeys = KEYS, now: float = NOW) -> list[Step]:
    return diagnose(keys, read_request(raw), now)


def last_of(raw: bytes, keys: WebhookKeys = KEYS) -> tuple[str, str]:
    steps = steps_of(raw, keys)
    assert [step.good for step in steps] == [True] * (len(steps) - 1) + [False]
    return steps[-1].name, steps[-1].said


# --- what is right ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("line", ["", "POST /tencent HTTP/1.1\n", "POST https://example.com/tencent\n"])
def test_a_good_delivery(line: str, ends: str) -> None:
    raw = request_of(DATA, SIGNATURE, line=line).replace(b"\n", ends.encode()) + b"\n"
    steps = steps_of(raw)
    assert all(step.good for step in steps)
    assert [step.name for step in steps] == ["formats", "signature", "clock", "content", "event"]
    assert "meeting.end (MeetingEnded), 2025-10-09T08:53:20+00:00" in steps[-1].said


def test_an_old_one_is_looked_at_all_the_same() -> None:
    steps = steps_of(request_of(DATA, SIGNATURE), now=NOW + 30 * 86400)
    assert [(step.name, step.good) for step in steps if not step.good] == [("clock", False)]
    assert "720.0 h old; a receiver refuses it by now" in steps[2].said
    assert "event" in [step.name for step in steps]


def test_the_vendors_example() -> None:
    raw = f"timestamp: {VENDOR_TIMESTAMP}\nnonce: {VENDOR_NONCE}\nsignature: {VENDOR_SIGNATURE}\n\n"
    raw += json.dumps({"data": VENDOR_DATA})
    steps = steps_of(raw.encode(), WebhookKeys(WebhookKey(VENDOR_TOKEN)))
    assert steps[-1].said.startswith("meeting.created")


def test_a_challenge() -> None:
    steps = steps_of(get_of(f"check_str={CHECK_ON_THE_WIRE}", CHECK_SIGNATURE))
    assert (steps[-1].name, steps[-1].good) == ("challenge", True)
    assert "16 bytes" in steps[-1].said


# --- likely mistakes --------------------------------------------------------------------------------------------------


def spaced() -> tuple[str, str]:
    from tm_async.webhooks.sending import check_request

    for number in range(1000):
        sent = check_request(KEY, f"c{number}", timestamp=TIMESTAMP, nonce=NONCE)
        if "%2B" in sent.query_string:
            return sent.query_string.replace("%2B", "%20"), dict(sent.headers)["signature"]
    raise AssertionError


def test_mistakes_with_data() -> None:
    bare = DATA.rstrip("=")
    for raw, said in (
        (request_of(bare + "=", KEY.sign(TIMESTAMP, NONCE, bare)), "the = at its end were added before hashing"),
        (request_of(bare, SIGNATURE), "the = at its end were taken off before hashing"),
        (request_of(DATA + "\n", SIGNATURE), "white space around data"),
        (get_of(*spaced()), "each + of the query became a space"),
        (get_of(f"check_str={quote(CHECK_ON_THE_WIRE)}", CHECK_SIGNATURE), "encoded twice"),
        (get_of(f"check_str={CHECK_ON_THE_WIRE}", KEY.sign(TIMESTAMP, NONCE, CHECK_ON_THE_WIRE)), "URL-encoded form"),
        (request_of(DATA[:-8], SIGNATURE), "another token, or a part of it was changed"),
    ):
        name, found = last_of(raw)
        assert name == "signature"
        assert said in found


def test_mistakes_of_home_made_senders() -> None:
    plain = "eyJldmVudCI6ImEuYiJ9"
    sha1 = lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()  # noqa: E731
    for data, signature, said in (
        (DATA, sha1(f"{TOKEN}{TIMESTAMP}{NONCE}{DATA}"), "the four texts were not sorted"),
        (DATA, sha1(f"{DATA}{NONCE}{TIMESTAMP}{TOKEN}"), "they were sorted by their names"),
        (plain, KEY.sign(TIMESTAMP, NONCE, '{"event":"a.b"}'), "data was decoded before it was hashed"),
    ):
        assert said in last_of(request_of(data, signature))[1]


def test_mistakes_after_the_signature() -> None:
    other = WebhookKey(TOKEN, "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")

    def signed(data: str) -> bytes:
        return request_of(data, KEY.sign(TIMESTAMP, NONCE, data))

    envelope = b'{"event":"a.b","payload":[]}'
    wecom = KEY.encrypt(b"r" * 16 + len(envelope).to_bytes(4, "big") + envelope + b"appid")
    for raw, keys, step, said in (
        (signed(encoded(other.encrypt(b"x" * 40))), KEYS, "decryption", "another EncodingAESKey, or data is cut"),
        (signed(encoded(wecom)), KEYS, "content", "WeCom's routine"),
        (signed(encoded(envelope)), KEYS, "decryption", "the subscription has no EncodingAESKey"),
        (signed(DATA), WebhookKeys(WebhookKey(TOKEN)), "content", "encrypted, and no AES key is set?"),
        (signed("!!!!"), KEYS, "base64", "data is not Base64"),
        (get_of(f"check_str={quote(DATA)}", SIGNATURE), KEYS, "content", "a recorded delivery"),
    ):
        name, found = last_of(raw, keys)
        if "another EncodingAESKey" in said and name == "content":
            continue  # one in many ends like a padding by chance
        assert name == step, found
        assert said in found


def test_mistakes_before_the_signature() -> None:
    for raw, step, said in (
        (request_of(DATA, SIGNATURE.upper()), "formats", "not in its format"),
        (request_of(DATA, SIGNATURE, body="data=x"), "request", "a framework may have changed it"),
        (request_of(DATA, SIGNATURE).replace(b"Nonce", b"X-Nonce"), "formats", "a proxy may have taken them off"),
        (request_of(DATA, SIGNATURE, line="PUT / HTTP/1.1\n"), "request", "neither GET nor POST"),
    ):
        name, found = last_of(raw)
        assert (name, said in found) == (step, True), found


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b"just words\n\n{}", b"POST / HTTP/1.1\nbad header\n\n"])
def test_what_is_no_request(raw: bytes) -> None:
    with pytest.raises(ConfigurationError, match="no request"):
        read_request(raw)


# --- the commands -----------------------------------------------------------------------------------------------------


def test_what_send_prints_is_verified(run: Run) -> None:
    changes = ("meeting_info.meeting_id=42", "new.deep=[1]", "new.text=" + "[" * 9999)
    sent = run("webhook", "send", "meeting.end", *(word for change in changes for word in ("--set", change)))
    warned = "Warning: the sample has no new.deep\nWarning: the sample has no new.text\n"
    assert (sent.code, sent.err) == (0, warned)
    done = run("webhook", "verify", stdin=sent.out)
    assert done.code == 0, done.out
    assert "meeting.end (MeetingEnded)" in done.out
    assert f"{time.gmtime().tm_year}-" in done.out, "it happens now"
    spoilt = run("webhook", "send", "meeting.end", "--wrong-signature")
    done = run("webhook", "verify", stdin=spoilt.out)
    assert done.code == 1
    assert "FAIL  signature" in done.out
    plain = run("webhook", "send", "room.response", "--plain")
    done = run("webhook", "verify", stdin=plain.out)
    assert "FAIL  decryption  not encrypted, although an AES key is configured" in done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("meeting_info.meeting_idd=42", "the sample has no meeting_info.meeting_idd"),
        ("meeting_info=42", "in the sample meeting_info is of another type"),
        ("operate_time=now", "in the sample operate_time is of another type"),
        ("meeting_info.subject=42", ""),
        ("envelope.trace_id=7", ""),
    ],
)
def test_a_change_that_may_be_a_slip_is_told(run: Run, change: str, said: str) -> None:
    """It is sent: a member may be newer than the samples, and a receiver has to bear anything."""
    done = run("webhook", "send", "meeting.end", "--set", change)
    assert (done.code, done.err) == (0, said and f"Warning: {said}\n")


def test_verify_reads_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "request.txt"
    path.write_bytes(request_of(DATA, SIGNATURE))
    done = run("webhook", "verify", path)
    assert "ok    signature   fits the key 'current'" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["meeting.ended"], "no event 'meeting.ended' is known; did you mean meeting.end?"),
        (["meeting.end", "--set", "x"], "--set takes PATH=VALUE"),
        (["meeting.end", "--set", "operate_time.x=1"], "operate_time.x is not there to be set"),
        (["meeting.end", "--to", "ftp://x"], "must be http:// or https://"),
        (["meeting.end", "--to", "http://[x"], "can't be read"),
    ],
)
def test_wrong_words(run: Run, words: list[str], said: str) -> None:
    done = run("webhook", "send", *words)
    assert done.code == 2
    assert said in done.err


def test_missing_and_wrong_keys(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_AES_KEY", "canary" + "x" * 38)
    done = run("webhook", "send", "meeting.end")
    assert (done.code, "EncodingAESKey must be 43 letters and digits, not 44 characters" in done.err) == (2, True)
    assert "canary" not in done.err
    monkeypatch.delenv("TENCENT_MEETING_WEBHOOK_TOKEN")
    done = run("webhook", "send", "meeting.end")
    assert (done.code, "set the environment variable TENCENT_MEETING_WEBHOOK_TOKEN" in done.err) == (2, True)
