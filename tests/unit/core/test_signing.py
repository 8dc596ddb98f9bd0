"""Signatures against the golden vectors and against an independent verifier."""

import hmac
from base64 import b64decode
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectors import SECRET_ID, SECRET_KEY, VECTORS
from tm_async.core.exchange import Request
from tm_async.core.prepare import build_target
from tm_async.core.signing import Key, sign, string_to_sign

ORIGIN = "https://api.meeting.qq.com"
KEY = Key(SECRET_KEY)


@pytest.mark.parametrize(("method", "nonce", "timestamp", "target", "body", "length", "signature"), VECTORS)
def test_golden_vectors(
    method: str, nonce: str, timestamp: str, target: str, body: str, length: int, signature: str
) -> None:
    request = Request(method, target, ORIGIN, body.encode())
    message = string_to_sign(request, secret_id=SECRET_ID, nonce=nonce, timestamp=timestamp)
    assert len(message) == length
    assert sign(message, KEY) == signature


@pytest.mark.parametrize("length", [1, 63, 64, 65, 1000])
def test_keys_of_any_length_are_those_of_hmac(length: int) -> None:
    """A key of more than a block counts as its digest."""
    for message in (b"", b"message" * 50):
        assert Key("k" * length).hexdigest(message) == hmac.digest(b"k" * length, message, "sha256").hex()


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
    signature = sign(string_to_sign(request, secret_id=SECRET_ID, nonce="7", timestamp="8"), Key(key))

    header = f"X-TC-Key={SECRET_ID}&X-TC-Nonce=7&X-TC-Timestamp=8"
    expected = hmac.digest(key.encode(), "\n".join([method, header, target, body]).encode(), "sha256")
    assert b64decode(signature).decode() == expected.hex()
    assert len(signature) == 88
    assert dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)) == clean
    assert target.isascii()
    assert not set(target) & set(' \n\r\t#+"<>')
