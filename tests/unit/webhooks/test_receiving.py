"""`receive`: what is accepted, what is refused and at which step, and that nothing makes it raise."""

import contextlib
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhooks import vectors as v
from tm_async.errors import UnreadableDelivery
from tm_async.webhooks import Challenge, Delivery, Reason, Refused, WebhookKey, WebhookKeys, receive
from tm_async.webhooks.sending import check_request, delivery_request
from tm_async.webhooks.wire import MOST_EVENTS

OTHER = WebhookKey("OtherToken0123456789abcde", "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
ENVELOPE = json.loads(v.PLAIN)


def post(body: bytes, headers: Any, *, keys: WebhookKeys = v.KEYS, now: float = v.NOW, **options: Any) -> Any:
    return receive(keys, "POST", b"", headers, body, now, **options)


def get(query: str | bytes, headers: Any, *, keys: WebhookKeys = v.KEYS, now: float = v.NOW, **options: Any) -> Any:
    return receive(keys, "GET", query, headers, b"", now, **options)


def delivered(key: WebhookKey, envelope: Any, *, timestamp: str = v.TIMESTAMP, plain: bool = False) -> Any:
    sent = delivery_request(key, envelope, timestamp=timestamp, plain=plain)
    return sent.body, sent.headers


def reason(found: Any) -> Reason:
    assert isinstance(found, Refused), found
    return found.reason


# --- what is accepted -------------------------------------------------------------------------------------------------


def test_the_vendors_example() -> None:
    now = int(v.VENDOR_TIMESTAMP) / 1000
    headers = v.headers_of(v.VENDOR_SIGNATURE, v.VENDOR_TIMESTAMP, v.VENDOR_NONCE)
    found = post(v.body_of(v.VENDOR_DATA), headers, keys=v.VENDOR_KEYS, now=now)
    assert isinstance(found, Delivery)
    assert (found.event, found.trace_id) == ("meeting.created", "f20096ee-8ac8-4df2-a7de-0574649f211b")
    assert not found.encrypted


def test_the_computed_vectors() -> None:
    found = post(v.body_of(v.DATA), v.headers_of(v.SIGNATURE))
    assert isinstance(found, Delivery)
    assert (found.event, found.body, found.key_name, found.encrypted) == ("meeting.end", v.PLAIN, "current", True)
    assert found.received_at.timestamp() == v.NOW
    for query in (v.CHECK_ON_THE_WIRE, v.CHECK, v.CHECK.rstrip("=")):
        raw = f"a=1&check_str={query}&b"
        signature = v.CHECK_SIGNATURE if "=" in query or "%3D" in query else v.KEY.sign(v.TIMESTAMP, v.NONCE, query)
        for given_query in (raw, raw.encode()):
            assert get(given_query, v.headers_of(signature)) == Challenge(v.CHALLENGE, "current")
    plain = get(f"check_str={quote(v.PLAIN_CHECK)}", v.headers_of(v.PLAIN_CHECK_SIGNATURE), keys=v.PLAIN_KEYS)
    assert plain == Challenge(v.CHALLENGE, "current")


def test_headers_as_frameworks_have_them() -> None:
    pairs = v.headers_of(v.SIGNATURE)
    shapes: list[Any] = [
        dict(pairs),
        {name.upper(): value for name, value in pairs},
        [(name.lower().encode(), value.encode()) for name, value in pairs],
        iter(pairs),
    ]
    for shape in shapes:
        assert isinstance(post(v.body_of(v.DATA), shape), Delivery)


def test_a_plus_that_is_a_plus_and_one_that_became_a_space() -> None:
    challenge = next(
        sent
        for number in range(1000)
        if "%2B" in (sent := check_request(v.KEY, f"c{number}", timestamp=v.TIMESTAMP)).query_string
    )
    assert isinstance(get(challenge.query_string, challenge.headers), Challenge)
    assert isinstance(get(challenge.query_string.replace("%2B", "+"), challenge.headers), Challenge)
    spoilt = challenge.query_string.replace("%2B", "%20")
    assert reason(get(spoilt, challenge.headers)) is Reason.SIGNATURE


def test_what_follows_the_first_json_value_is_ignored() -> None:
    for suffix in (b"ww1234567890abcdef", b"\x00", b"\xff\xfe", b"{}", b"  \n"):
        body, headers = delivered(v.KEY, b" \n" + v.PLAIN + suffix)
        found = post(body, headers)
        assert isinstance(found, Delivery), suffix
        assert found.event == "meeting.end"
        assert found.body == b" \n" + v.PLAIN + suffix


def test_members_beside_data_and_beside_the_payload_are_kept_out_of_the_way() -> None:
    envelope = {**ENVELOPE, "job_id": "7", "new": [1]}
    body, headers = delivered(v.KEY, envelope)
    found = post(json.dumps({**json.loads(body), "new": 1}).encode(), headers)
    assert isinstance(found, Delivery)
    assert found.extra == {"job_id": "7", "new": [1]}


@pytest.mark.parametrize("payload", [None, [], {}, {"a": 1}, [{}, {"a": 1}], ["x", 5, None], "x", 7])
def test_odd_payloads_are_deliveries_all_the_same(payload: object) -> None:
    body, headers = delivered(v.KEY, {"event": "meeting.end", "payload": payload})
    found = post(body, headers)
    assert isinstance(found, Delivery)
    assert found.payload
    assert found.trace_id == ""


@pytest.mark.parametrize("name", ["trace_id", "unique_sequence"])
@pytest.mark.parametrize(("came", "read"), [(5, "5"), ("5", "5"), (True, ""), ([5], ""), (None, "")])
def test_a_trace_id_may_be_a_number(name: str, came: object, read: str) -> None:
    found = post(*delivered(v.KEY, {"event": "meeting.end", name: came}))
    assert isinstance(found, Delivery)
    assert found.trace_id == read


# --- keys -------------------------------------------------------------------------------------------------------------


def test_each_key_of_the_ring_is_named() -> None:
    ring = WebhookKeys(OTHER, v.KEY)
    for key, name in ((OTHER, "current"), (v.KEY, "previous")):
        body, headers = delivered(key, ENVELOPE)
        assert post(body, headers, keys=ring).key_name == name
        sent = check_request(key, "x", timestamp=v.TIMESTAMP)
        assert get(sent.query_string, sent.headers, keys=ring) == Challenge(b"x", name)
    body, headers = delivered(v.KEY, ENVELOPE)
    assert reason(post(body, headers, keys=WebhookKeys(OTHER))) is Reason.SIGNATURE


def test_a_new_aes_key_under_the_same_token() -> None:
    changed = WebhookKey(v.TOKEN, "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    ring = WebhookKeys(changed, v.KEY)
    for key, name in ((changed, "current"), (v.KEY, "previous")):
        body, headers = delivered(key, ENVELOPE)
        assert post(body, headers, keys=ring).key_name == name


def test_a_challenge_under_the_other_aes_key_of_one_token() -> None:
    """What the wrong key makes of it sometimes looks padded, but it is no text."""
    changed = WebhookKey(v.TOKEN, "BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    ring, lookalikes = WebhookKeys(changed, v.KEY), 0
    for number in range(2000):
        sent = check_request(v.KEY, f"challenge-{number}", timestamp=v.TIMESTAMP)
        assert get(sent.query_string, sent.headers, keys=ring) == Challenge(f"challenge-{number}".encode(), "previous")
        with contextlib.suppress(ValueError):
            changed.decrypt(v.KEY.encrypt(f"challenge-{number}".encode()))
            lookalikes += 1
    assert lookalikes


def test_plain_where_a_key_encrypts() -> None:
    body, headers = delivered(v.KEY, ENVELOPE, plain=True)
    assert reason(post(body, headers)) is Reason.PLAIN
    found = post(body, headers, allow_plain=True)
    assert isinstance(found, Delivery)
    assert not found.encrypted
    sealed, its_headers = delivered(v.KEY, ENVELOPE)
    assert post(sealed, its_headers, allow_plain=True).encrypted
    check = check_request(v.KEY, "x", timestamp=v.TIMESTAMP, plain=True)
    assert reason(get(check.query_string, check.headers)) is Reason.DECRYPTION
    assert get(check.query_string, check.headers, allow_plain=True) == Challenge(b"x", "current")


def test_one_key_that_encrypts_is_enough_to_refuse_plain() -> None:
    ring = WebhookKeys(OTHER, WebhookKey(v.TOKEN))
    body, headers = delivered(WebhookKey(v.TOKEN), ENVELOPE)
    assert reason(post(body, headers, keys=ring)) is Reason.PLAIN
    assert isinstance(post(body, headers, keys=ring, allow_plain=True), Delivery)


def test_encrypted_where_no_key_decrypts() -> None:
    body, headers = delivered(v.KEY, ENVELOPE)
    assert reason(post(body, headers, keys=v.PLAIN_KEYS)) is Reason.ENVELOPE


# --- what is refused, step by step ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "HEAD", "OPTIONS", "get", "post", "", "GET\n"])
def test_methods(method: str) -> None:
    found = receive(v.KEYS, method, "", v.headers_of(v.SIGNATURE), v.body_of(v.DATA), v.NOW)
    assert reason(found) is Reason.METHOD
    assert isinstance(found, Refused)
    assert found.status == 405


def test_sizes() -> None:
    mebibyte = 1024 * 1024
    fits = b" " * (mebibyte - len(v.body_of(v.DATA))) + v.body_of(v.DATA)
    assert isinstance(post(fits, v.headers_of(v.SIGNATURE)), Delivery)
    found = post(fits + b" ", v.headers_of(v.SIGNATURE))
    assert (reason(found), found.status) == (Reason.TOO_LARGE, 413)
    assert reason(get("x=" + "y" * 8192, v.headers_of(v.CHECK_SIGNATURE))) is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b"{}",
        b'{"data":1}',
        b'{"data":null}',
        b'{"data":["x"]}',
        b"\xff",
        b'{"data":"a"',
        b"[" * 90000,
    ],
)
def test_bodies(body: bytes) -> None:
    assert reason(post(body, v.headers_of(v.SIGNATURE))) is Reason.BODY


@pytest.mark.parametrize(
    "query", ["", "check_str", "check_st=x", f"check_str={v.CHECK}&check_str={v.CHECK}", "Check_str=x", "%63heck_str=x"]
)
def test_queries(query: str) -> None:
    expected = Reason.FORMAT if query == "check_str" else Reason.NO_CHECK_STR
    assert reason(get(query, v.headers_of(v.CHECK_SIGNATURE))) is expected


@pytest.mark.parametrize("left_out", ["Timestamp", "Nonce", "Signature"])
def test_missing_and_doubled_headers(left_out: str) -> None:
    pairs = v.headers_of(v.SIGNATURE)
    body = v.body_of(v.DATA)
    assert reason(post(body, [pair for pair in pairs if pair[0] != left_out])) is Reason.HEADER_MISSING
    doubled = [*pairs, *(pair for pair in pairs if pair[0] == left_out)]
    assert reason(post(body, doubled)) is Reason.HEADER_TWICE
    joined = {name: f"{value},{value}" if name == left_out else value for name, value in pairs}
    assert reason(post(body, joined)) is Reason.FORMAT, "as WSGI joins them"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Timestamp", "176000000"),
        ("Timestamp", "1760000000 "),
        ("Nonce", ""),
        ("Nonce", "8642x"),
        ("Signature", v.SIGNATURE.upper()),
        ("Signature", "é" * 40),
        ("Signature", v.SIGNATURE[:-1]),
    ],
)
def test_formats_of_headers(name: str, value: str) -> None:
    headers = [(name, value) if pair[0] == name else pair for pair in v.headers_of(v.SIGNATURE)]
    assert reason(post(v.body_of(v.DATA), headers)) is Reason.FORMAT


@pytest.mark.parametrize("data", ["", "é", "\ud800", "\x80"])
def test_formats_of_data(data: str) -> None:
    assert reason(post(v.body_of(data), v.headers_of(v.SIGNATURE))) is Reason.FORMAT


def test_a_signature_that_fits_what_is_not_base64() -> None:
    """Signed with the right token, so only the alphabet stands in the way: length extension leaves such bytes."""
    for data in (v.DATA + "\x00", v.DATA[:-1] + "-", " " + v.DATA, "A", v.DATA + "="):
        headers = v.headers_of(v.KEY.sign(v.TIMESTAMP, v.NONCE, data))
        assert reason(post(v.body_of(data), headers)) is Reason.BASE64, data[-3:]


def test_a_wrong_signature() -> None:
    found = post(v.body_of(v.DATA), v.headers_of("0" * 40))
    assert (reason(found), found.status) == (Reason.SIGNATURE, 401)
    assert reason(post(v.body_of(v.DATA.rstrip("=")), v.headers_of(v.SIGNATURE))) is Reason.SIGNATURE


@pytest.mark.parametrize(("digits", "unit"), [(10, 1), (13, 1000)])
def test_the_clock_has_two_sides(digits: int, unit: int) -> None:
    timestamp = "1760000000000"[:digits]
    moment = int(timestamp) / unit
    body, headers = delivered(v.KEY, ENVELOPE, timestamp=timestamp)
    for now in (moment - 600, moment, moment + 7 * 86400):
        assert isinstance(post(body, headers, now=now), Delivery)
    assert reason(post(body, headers, now=moment - 601)) is Reason.AHEAD
    assert reason(post(body, headers, now=moment + 7 * 86400 + 1)) is Reason.TOO_OLD
    assert reason(post(body, headers, now=moment + 61, max_age=60)) is Reason.TOO_OLD


def test_what_does_not_decrypt() -> None:
    sealed = v.KEY.encrypt(v.PLAIN)
    from tm_async.webhooks.wire import encoded

    for raw in (sealed[:-1], sealed[:-16], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"x", b"x" * 16):
        data = encoded(raw)
        found = post(v.body_of(data), v.headers_of(v.KEY.sign(v.TIMESTAMP, v.NONCE, data)))
        assert reason(found) in {Reason.DECRYPTION, Reason.ENVELOPE}


@pytest.mark.parametrize(
    "plain",
    [b"", b"x", b"[]", b"null", b"{}", b'{"event":""}', b'{"event":1}', b'{"event":"x"', b"\xff", b"[" * 5000,
     b'{"event":"x","payload":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
     b'{"event":"x\xff"}'],
)  # fmt: skip
def test_what_is_no_envelope(plain: bytes) -> None:
    body, headers = delivered(v.KEY, plain)
    found = post(body, headers)
    assert (reason(found), found.status) == (Reason.ENVELOPE, 400)


def test_a_delivery_of_very_many_events() -> None:
    """Each is stored by itself: one request would keep an inbox busy for minutes."""
    for key, keys in ((v.KEY, v.KEYS), (WebhookKey(v.TOKEN), v.PLAIN_KEYS)):
        body, headers = delivered(key, {"event": "x", "payload": [{}] * MOST_EVENTS})
        assert isinstance(post(body, headers, keys=keys), Delivery)
        body, headers = delivered(key, {"event": "x", "payload": [{}] * (MOST_EVENTS + 1)})
        found = post(body, headers, keys=keys)
        assert (reason(found), found.status) == (Reason.TOO_MANY, 413)
    assert f"{MOST_EVENTS:,}" in Reason.TOO_MANY


@pytest.mark.parametrize("levels", [50, 600, 900, 950, 980])
def test_what_is_deep_is_a_delivery_with_a_key_or_refused(levels: int) -> None:
    body, headers = delivered(v.KEY, b'{"event":"x","payload":' + b"[" * levels + b"]" * levels + b"}")
    found = post(body, headers)
    if isinstance(found, Delivery):
        with contextlib.suppress(UnreadableDelivery):
            assert found.key
    else:
        assert reason(found) is Reason.ENVELOPE
    assert levels > 500 or found.key


def test_a_recorded_delivery_sent_as_a_get_gives_nothing_away() -> None:
    """The signature covers no method: without a look at the text, the answer would be the decrypted event."""
    found = get(f"check_str={quote(v.DATA, safe='')}", v.headers_of(v.SIGNATURE))
    assert reason(found) is Reason.CHALLENGE
    recorded = post(v.body_of(v.CHECK), v.headers_of(v.CHECK_SIGNATURE))
    assert reason(recorded) is Reason.ENVELOPE


@pytest.mark.parametrize("text", [b'{"a": 1}', b'[{"a": 1}]', b" \n[1]", b"\t{}"])
def test_json_is_no_challenge(text: bytes) -> None:
    sent = check_request(v.KEY, text.decode(), timestamp=v.TIMESTAMP)
    assert reason(get(sent.query_string, sent.headers)) is Reason.CHALLENGE


# --- anything at all --------------------------------------------------------------------------------------------------

ODD_TEXT = st.text(max_size=40) | st.sampled_from([v.TIMESTAMP, v.NONCE, v.SIGNATURE, v.DATA, v.CHECK_SIGNATURE])


@given(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.binary(max_size=60) | st.text(max_size=60).map("check_str={}".format) | st.just("check_str=" + v.CHECK),
    st.lists(
        st.tuples(st.sampled_from(["timestamp", "Nonce", "signature", "x"]) | st.text(max_size=5), ODD_TEXT), max_size=5
    ),
    st.binary(max_size=60) | ODD_TEXT.map(v.body_of),
    st.floats(min_value=-1e12, max_value=1e12),
)
def test_nothing_makes_it_raise(
    method: str, query: str | bytes, headers: list[tuple[str, str]], body: bytes, now: float
) -> None:
    for keys in (v.KEYS, v.PLAIN_KEYS):
        assert isinstance(receive(keys, method, query, headers, body, now), Refused | Challenge | Delivery)


def test_what_is_returned_shows_no_payload() -> None:
    body, headers = delivered(v.KEY, {**ENVELOPE, "secret": "canary"})
    assert "canary" not in repr(post(body, headers))
    assert "challenge" not in repr(get(f"check_str={v.CHECK_ON_THE_WIRE}", v.headers_of(v.CHECK_SIGNATURE)))
