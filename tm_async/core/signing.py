"""The signature of enterprise ("AK/SK") apps: a pure function of the request (doc 1095/58768).

The pages call it "TC3-HMAC-SHA256", but it is not the scheme of that name of Tencent Cloud: there are no canonical
headers, no payload hash and no date-derived key. Four lines are signed, joined by LF: the method; the three signed
headers sorted by name; the target exactly as sent; the body exactly as sent (empty where there is none, and in place of
a form of files).
"""

from binascii import b2a_base64
from hashlib import sha256

from tm_async.core.exchange import Request

__all__ = ["Key", "sign", "string_to_sign"]

_BLOCK = 64
"""Bytes that SHA-256 takes in at once; a longer key counts as its digest (RFC 2104)."""


class Key:
    """HMAC-SHA256 with a secret key (RFC 2104): the hashes that have taken in its two pads. It can't be read from them.

    `hmac.HMAC` is the same, and copying that for each signature costs twice as much as all of this.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, secret_key: str) -> None:
        key = secret_key.encode()
        block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner, self._outer = (sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))

    def hexdigest(self, message: bytes) -> str:
        """The code of a message, in lower-case hex."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.hexdigest()


def string_to_sign(request: Request, *, secret_id: str, nonce: str, timestamp: str) -> bytes:
    """The bytes under the signature. They hold the SecretId, but no secret."""
    head = f"{request.method}\nX-TC-Key={secret_id}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{request.target}\n"
    return head.encode() + request.signed_body


def sign(message: bytes, key: Key) -> str:
    """Base64 of the lower-case hex text (not of the raw bytes): always 88 characters."""
    return b2a_base64(key.hexdigest(message).encode(), newline=False).decode()
