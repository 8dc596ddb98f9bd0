"""The signature of enterprise ("AK/SK") apps: a pure function of the request (doc 1095/58768).

The pages call it "TC3-HMAC-SHA256", but it is not the scheme of that name of Tencent Cloud: there are no canonical
headers, no payload hash and no date-derived key. Four lines are signed, joined by LF: the method; the three signed
headers sorted by name; the target exactly as sent; the body exactly as sent (empty where there is none, and in place of
a form of files).
"""

import hmac
from binascii import b2a_base64

from tm_async.core.exchange import Request

__all__ = ["keyed", "sign", "string_to_sign"]


def keyed(secret_key: str) -> hmac.HMAC:
    """An HMAC that has taken in the key, to be copied for each signature. The key can't be read from it."""
    return hmac.new(secret_key.encode(), digestmod="sha256")


def string_to_sign(request: Request, *, secret_id: str, nonce: str, timestamp: str) -> bytes:
    """The bytes under the signature. They hold the SecretId, but no secret."""
    head = f"{request.method}\nX-TC-Key={secret_id}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{request.target}\n"
    return head.encode() + request.signed_body


def sign(message: bytes, key: hmac.HMAC) -> str:
    """Base64 of the lower-case hex text (not of the raw bytes): always 88 characters."""
    mac = key.copy()
    mac.update(message)
    return b2a_base64(mac.hexdigest().encode(), newline=False).decode()
