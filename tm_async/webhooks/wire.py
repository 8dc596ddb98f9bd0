"""The platform's callback format, in both directions: pure functions on text and bytes (doc 1095/51612, 1095/54658).

The signature is the SHA-1 of four texts, sorted and joined without a separator, so it does not bind its parts: what
one of them ends with can move to the next (for the vendor's own example 31 other pairs of nonce and timestamp fit).
Hence the formats are narrower than a parser would need, and all of them are checked before anything is believed.
"""

import hashlib
import re
from binascii import a2b_base64, b2a_base64

__all__ = [
    "BLOCK",
    "BODY_SECONDS",
    "LARGEST_BODY",
    "LARGEST_QUERY",
    "MOST_EVENTS",
    "SUCCESS",
    "decoded",
    "encoded",
    "is_nonce",
    "is_signature",
    "is_timestamp",
    "padded",
    "seconds",
    "signature_of",
    "unpadded",
]

SUCCESS = b"successfully received callback"
"""The body that acknowledges a delivery, without quotes and line end."""
LARGEST_BODY = 1024 * 1024
"""Bytes of a POST."""
LARGEST_QUERY = 8 * 1024
"""Bytes of the query of a GET."""
MOST_EVENTS = 2000
"""In one delivery: an inbox stores each by itself, and the documented samples have one."""
BODY_SECONDS = 5.0
"""For a body to arrive: the platform gives up after 5 seconds."""

BLOCK = 16
"""Bytes of a block of AES."""
_LONGEST_PADDING = 32
"""The vendor pads to 16 on one page; its sibling WeCom pads to 32."""
_PADDINGS = [bytes([length]) * length for length in range(_LONGEST_PADDING + 1)]

_LONGEST_NONCE = 20


def is_timestamp(text: str) -> bool:
    """Seconds or milliseconds: the page's sample has 13 digits."""
    return len(text) in {10, 13} and text.isascii() and text.isdigit()


def is_nonce(text: str) -> bool:
    """Digits; the page's sample has eight."""
    return len(text) <= _LONGEST_NONCE and text.isascii() and text.isdigit()


is_signature = re.compile(r"[0-9a-f]{40}", re.ASCII).fullmatch


def seconds(timestamp: str) -> float:
    """The moment of a timestamp in UNIX seconds."""
    return int(timestamp) / (1000 if len(timestamp) == 13 else 1)


def signature_of(token: str, timestamp: str, nonce: str, data: str) -> str:
    """Lower-case hex SHA-1 over the four texts, sorted and joined."""
    joined = "".join(sorted((token, timestamp, nonce, data)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()  # the platform's choice


def decoded(data: str) -> bytes:
    """The bytes of Base64 text. Padding may be missing; anything foreign to the alphabet raises `ValueError`."""
    return a2b_base64(data + "=" * (-len(data) % 4), strict_mode=True)


def encoded(data: bytes) -> str:
    """Base64 with padding."""
    return b2a_base64(data, newline=False).decode("ascii")


def padded(plain: bytes) -> bytes:
    """Padded to whole blocks of 16, as PKCS#7 says."""
    return plain + _PADDINGS[BLOCK - len(plain) % BLOCK]


def unpadded(plain: bytes, start: int = 0) -> bytes:
    """From `start` on, without the padding, every byte of which is checked. Raises `ValueError`."""
    length = plain[-1] if len(plain) > start else 0
    if 1 <= length <= _LONGEST_PADDING and plain.endswith(_PADDINGS[length], start):
        return plain[start:-length]
    raise ValueError("not padded")
