"""Signatures against the golden vectors and against an independent verifier."""

import hashlib
from base64 import b64decode
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectors import SECRET_ID, SECRET_KEY, VECTORS
from tm_async.core.exchange import Request
from tm_async.core.prepare import build_target
from tm_async.core.signing import keyed, sign, string_to_sign

ORIGIN = "https://api.meeting.qq.com"
KEY = keyed(SECRET_KEY)


def hmac_by_hand(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 from its definition (RFC 2104), sharing no code with the package."""
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()


@pytest.mark.parametrize(("method", "nonce", "timestamp", "target", "body", "length", "signature"), VECTORS)
def test_golden_vectors(
    method: str, nonce: str, timestamp: str, target: str, body: str, length: int, signature: str
) -> None:
    request = Request(method, target, ORIGIN, body.encode())
    message = string_to_sign(request, secret_id=SECRET_ID, nonce=nonce, timestamp=timestamp)
    assert len(message) == length
    assert sign(message, KEY) == signature


def test_a_body_less_message_ends_in_a_line_feed() -> None:
    message = string_to_sign(Request("GET", "/v1/x", ORIGIN), secret_id="a", nonce="1", timestamp="2")
    assert message == b"GET\nX-TC-Key=a&X-TC-Nonce=1&X-TC-Timestamp=2\n/v1/x\n"


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    segment=st.text(min_size=1).filter(lambda text: text not in {".", ".."}),  # which build_target refuses
    query=st.dictionaries(st.text(min_size=1), st.text()),
    body=st.text(),
    key=st.text(min_size=1, max_size=200),
)
def test_an_independent_verifier_agrees(method: str, segment: str, query: dict[str, str], body: str, key: str) -> None:
    segment, body, key = (text.encode("utf-8", "replace").decode() for text in (segment, body, key))
    clean = {k.encode("utf-8", "replace").decode(): v.encode("utf-8", "replace").decode() for k, v in query.items()}
    target = build_target("/v1/users/{userid}", {"userid": segment}, clean.items())
    request = Request(method, target, ORIGIN, body.encode())
    signature = sign(string_to_sign(request, secret_id=SECRET_ID, nonce="7", timestamp="8"), keyed(key))

    header = f"X-TC-Key={SECRET_ID}&X-TC-Nonce=7&X-TC-Timestamp=8"
    expected = hmac_by_hand(key.encode(), "\n".join([method, header, target, body]).encode())
    assert b64decode(signature).decode() == expected
    assert len(signature) == 88
    assert dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)) == clean
    assert target.isascii()
    assert not set(target) & set(' \n\r\t#+"<>')
