"""The golden vectors of the fact base, cross-checked there with the vendor's own client."""

import base64
import hmac
from collections.abc import Callable

import pytest

from tm_async.emulator.gateway.signature import Account, Replays, Verifier, sign, string_to_sign
from tm_async.emulator.kernel.refusals import Refused

KEY, SECRET = "AKIDEXAMPLE0001", "EXAMPLE-SECRET-KEY-0001"
LONG = "/v1/history/meetings/zhang%20san%2B%E5%BC%A0?page_size=20&page=1&meeting_code=806146667&note=123%2B123"
MEETING = (
    '{"userid":"tester","instanceid":1,"subject":"腾讯会议 周会","type":0,'
    '"start_time":"1760003600","end_time":"1760007200"}'
)
VECTORS = [
    (
        ("GET", "1001", "1760000001"),
        "/v1/meetings/7567173273889276131?userid=tester1&instanceid=1",
        "",
        "4e18e14135059f27572c0b10c5399d63a96904211cb75a45ff34f2aa728e7723",
        132,
    ),
    (
        ("POST", "1002", "1760000002"),
        "/v1/meetings",
        MEETING,
        "13bdd63f320841bb1ebba05017c722833718b18b4deab7452ea8667f5eb77a94",
        210,
    ),
    (
        ("PUT", "1003", "1760000003"),
        "/v1/meetings/7567173273889276131",
        '{"userid":"tester","instanceid":1,"subject":"renamed"}',
        "ab4eec9b900d830b5881ec4709f9e91c50dca3913f3e4dc4ed90622a50a49a89",
        158,
    ),
    (
        ("DELETE", "1004", "1760000004"),
        "/v1/meetings/7567173273889276131/enroll/unregistration",
        '{"operator_id":"tester","operator_id_type":1,"instanceid":1,"enroll_id_list":[{"enroll_id":12345}]}',
        "562ba869b5d2ac10ae9169b7cc74a8a67ed1e1ac35e251ce7b123e066fcfbc08",
        228,
    ),
    (
        ("POST", "1005", "1760000005"),
        "/v1/meetings/7567173273889276131/cancel",
        "",
        "27326f0d20b6a59350fc7d75e4b6368ad1ec850acaf0b4d03d7e044f2ef6fd00",
        112,
    ),
    (
        ("GET", "1760000006123456789", "1760000006"),
        LONG,
        "",
        "1edfbe39abfd82b9b47477b4fcb72c9b1dac4e3b8d7ab17c480614a30b17ea98",
        189,
    ),
]
ACCOUNT = Account("200000001", "10000000001", KEY, SECRET)


def as_header(hexadecimal: str) -> str:
    return base64.b64encode(hexadecimal.encode()).decode()


def headers(nonce: str, timestamp: str, signature: str, **changed: str | None) -> dict[str, str]:
    values = {
        "content-type": "application/json; charset=utf-8",
        "x-tc-key": KEY,
        "x-tc-nonce": nonce,
        "x-tc-timestamp": timestamp,
        "x-tc-signature": signature,
        "appid": ACCOUNT.app_id,
        "sdkid": ACCOUNT.sdk_id,
        "x-tc-registered": "1",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(("call", "target", "body", "digest", "length"), VECTORS)
def test_vectors(call: tuple[str, str, str], target: str, body: str, digest: str, length: int) -> None:
    method, nonce, timestamp = call
    text = string_to_sign(method, KEY, nonce, timestamp, target.encode(), body.encode())
    assert len(text) == length
    assert sign(SECRET, text) == as_header(digest)
    sent = headers(nonce, timestamp, as_header(digest))
    Verifier(ACCOUNT).check(method, target.encode(), sent, body.encode(), float(timestamp))


@pytest.mark.parametrize(("call", "target", "body", "digest", "length"), VECTORS)
def test_vectors_with_one_change(call: tuple[str, str, str], target: str, body: str, digest: str, length: int) -> None:
    method, nonce, timestamp = call
    sent = headers(nonce, timestamp, as_header(digest))
    for wrong in (
        (method, target.encode() + b"&", body.encode()),
        (method, target.encode(), body.encode() + b" "),
        ("PATCH", target.encode(), body.encode()),
    ):
        with pytest.raises(Refused) as refused:
            Verifier(ACCOUNT).check(*wrong[:2], sent, wrong[2], float(timestamp))
        assert refused.value.number == 200003
        assert SECRET not in str(refused.value)


MISTAKES = [
    ("raw digest", lambda text: base64.b64encode(_mac(text)).decode()),
    ("upper case", lambda text: as_header(_mac(text).hex().upper())),
    ("without Base64", lambda text: _mac(text).hex()),
    ("query was left out", lambda text: sign(SECRET, text.replace(b"?page=1%2B", b""))),
    ("leading slash", lambda text: sign(SECRET, text.replace(b"\n/v1", b"\nv1"))),
    ("decoded target", lambda text: sign(SECRET, text.replace(b"%2B", b"+"))),
    ("last line feed", lambda text: sign(SECRET, text.replace(b"\n{", b"{"))),
    ("added at the end", lambda text: sign(SECRET, text + b"\n")),
    ("body was left out", lambda text: sign(SECRET, text.replace(b"{}", b""))),
    ("method", lambda text: sign(SECRET, text.replace(b"POST", b"post"))),
]


def _mac(text: bytes) -> bytes:
    return hmac.digest(SECRET.encode(), text, "sha256")


@pytest.mark.parametrize(("mistake", "wrongly"), MISTAKES, ids=[name for name, _ in MISTAKES])
def test_known_mistakes_are_named(mistake: str, wrongly: Callable[[bytes], str]) -> None:
    target, body = b"/v1/users?page=1%2B", b"{}"
    text = string_to_sign("POST", KEY, "7", "1760000000", target, body)
    with pytest.raises(Refused, match=mistake):
        Verifier(ACCOUNT).check("POST", target, headers("7", "1760000000", wrongly(text)), body, 1760000000.0)


def refuse(now: float = 1760000000.0, account: Account = ACCOUNT, **changed: str | None) -> tuple[int, str]:
    """What becomes of a call that is signed well but has other headers."""
    nonce, timestamp = changed.get("x_tc_nonce") or "7", changed.get("x_tc_timestamp") or "1760000000"
    signature = sign(account.secret_key, string_to_sign("GET", KEY, nonce, timestamp, b"/v1/meetings", b""))
    sent = headers(nonce, timestamp, signature, **changed)
    with pytest.raises(Refused) as refused:
        Verifier(account).check("GET", b"/v1/meetings", sent, b"", now)
    return refused.value.number, refused.value.reason


@pytest.mark.parametrize(
    "name", ["x_tc_key", "x_tc_timestamp", "x_tc_nonce", "x_tc_signature", "appid", "content_type"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_missing_headers(name: str, value: str | None) -> None:
    number, reason = refuse(**{name: value})
    assert number == 200001
    assert name.replace("_", "-") in reason.lower()


def test_credentials() -> None:
    assert refuse(x_tc_key="AKIDOTHER")[0] == 190303
    assert refuse(appid="200000002")[0] == 190303
    assert refuse(sdkid="10000000002") == (190303, "SdkId '10000000002' does not belong to this key")
    assert refuse(sdkid="") == (190303, "SdkId is empty; leave the header out when none was assigned")
    assert refuse(sdkid=None) == (190303, "SdkId is missing although one was assigned")


def test_sdk_id_that_was_never_assigned() -> None:
    account = Account(ACCOUNT.app_id, None, KEY, SECRET)
    assert refuse(account=account, sdkid="1")[1] == "SdkId '1' was sent although none was assigned"
    assert refuse(account=account, sdkid="")[0] == 190303
    text = string_to_sign("GET", KEY, "7", "1760000000", b"/v1/meetings", b"")
    sent = headers("7", "1760000000", sign(SECRET, text), sdkid=None)
    Verifier(account).check("GET", b"/v1/meetings", sent, b"", 1760000000.0)


def test_clock_window() -> None:
    text = string_to_sign("GET", KEY, "7", "1760000000", b"/v1/meetings", b"")
    sent = headers("7", "1760000000", sign(SECRET, text))
    for now in (1760000300.0, 1759999700.0):
        Verifier(ACCOUNT).check("GET", b"/v1/meetings", sent, b"", now)
    assert refuse(now=1760000301.0) == (
        190300,
        "X-TC-Timestamp is -301 s off, at most 300 s are tolerated",
    )
    assert refuse(now=1759999699.0)[0] == 190300
    assert refuse(x_tc_timestamp="soon")[0] == 190300


@pytest.mark.parametrize("nonce", ["0", "-1", "1.5", "abc", "9" * 41, "１２"])
def test_nonce_must_be_a_positive_integer(nonce: str) -> None:
    text = "GET", b"/v1/meetings"
    with pytest.raises(Refused, match="positive integer"):
        Verifier(ACCOUNT).check(*text, headers(nonce, "1760000000", "x"), b"", 1760000000.0)


def test_registered_must_be_one() -> None:
    assert refuse(x_tc_registered=None) == (200003, "X-TC-Registered is None, it must be '1'")
    assert refuse(x_tc_registered="0")[0] == 200003


def test_media_type() -> None:
    assert refuse(content_type="text/plain")[0] == 200006


def test_replays_are_remembered_for_five_minutes_and_per_key() -> None:
    replays = Replays()
    assert replays.is_new("a", "100", "1", now=100)
    assert not replays.is_new("a", "100", "1", now=399)
    assert replays.is_new("b", "100", "1", now=399)
    assert replays.is_new("a", "101", "1", now=399)
    assert replays.is_new("a", "100", "1", now=400)
    assert len(replays) == 3


def test_replay_memory_is_bounded() -> None:
    replays = Replays(limit=10)
    for nonce in range(100):
        assert replays.is_new("a", "100", str(nonce), now=100)
    assert len(replays) == 10
    assert not replays.is_new("a", "100", "99", now=100)
    assert replays.is_new("a", "100", "0", now=100)


def test_replay_is_remembered_only_for_well_signed_calls() -> None:
    verifier = Verifier(ACCOUNT)
    text = string_to_sign("GET", KEY, "7", "1760000000", b"/v1/meetings", b"")
    with pytest.raises(Refused):
        verifier.check("GET", b"/v1/meetings", headers("7", "1760000000", "forged"), b"", 1760000000.0)
    good = headers("7", "1760000000", sign(SECRET, text))
    verifier.check("GET", b"/v1/meetings", good, b"", 1760000000.0)
    with pytest.raises(Refused) as refused:
        verifier.check("GET", b"/v1/meetings", good, b"", 1760000000.0)
    assert refused.value.number == 190301


def test_the_key_is_never_shown() -> None:
    assert SECRET not in repr(ACCOUNT)
    assert SECRET not in repr(Verifier(ACCOUNT))
