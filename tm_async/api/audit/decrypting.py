"""The enterprise's own key of an audit log: made, uploaded, and used on what the log gives (extra `webhooks`)."""

import re
from binascii import a2b_base64
from typing import TYPE_CHECKING, Any, Self

from tm_async.api.audit.operations import KeyLength
from tm_async.core.secret import SecretBytes, safe_repr
from tm_async.errors import ConfigurationError, TencentMeetingError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["LogKey", "UnreadableLog"]

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class UnreadableLog(TencentMeetingError):
    """What a log gave can't be decrypted with this key."""


@safe_repr
class LogKey:
    """The private key of an audit log, of 1,024 or 2,048 bits (doc 1095/101634). It is not shown, and can't be pickled.

    `LogKey.generate()` makes one, `LogKey.from_pem(...)` reads one. Raises `ConfigurationError` for anything else, and
    when cryptography is not installed.
    """

    __slots__ = ("_key",)

    def __init__(self, key: "RSAPrivateKey") -> None:
        self._key = key
        if key.key_size not in set(KeyLength):
            raise ConfigurationError(f"a log's key has 1024 or 2048 bits; this one has {key.key_size}")

    @classmethod
    def generate(cls, length: KeyLength = KeyLength.BITS_2048) -> Self:
        """Make a new one; keep what `to_pem` gives before it is uploaded: nobody else has it."""
        return cls(_rsa().generate_private_key(public_exponent=65537, key_size=int(length)))

    @classmethod
    def from_pem(cls, pem: bytes, *, password: bytes | None = None) -> Self:
        """Read one out of a PEM file, which a `password` may protect."""
        hidden, password = SecretBytes(pem), password and SecretBytes(password)
        _rsa()
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key: Any = load_pem_private_key(hidden, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, _rsa().RSAPrivateKey):
            raise ConfigurationError("no RSA private key in PEM, or its password is missing or wrong")
        return cls(key)

    def to_pem(self, *, password: bytes | None = None) -> bytes:
        """The private key as PEM (PKCS #8), encrypted where a `password` is given: a secret."""
        from cryptography.hazmat.primitives import serialization as to

        protected = to.BestAvailableEncryption(password) if password else to.NoEncryption()
        return SecretBytes(self._key.private_bytes(to.Encoding.PEM, to.PrivateFormat.PKCS8, protected))

    @property
    def key_len(self) -> KeyLength:
        """For `set_public_key`."""
        return KeyLength(self._key.key_size)

    @property
    def public_key(self) -> str:
        """For `set_public_key`: PEM, which is an assumption; its form is not documented."""
        from cryptography.hazmat.primitives import serialization as to

        public = self._key.public_key()
        return public.public_bytes(to.Encoding.PEM, to.PublicFormat.SubjectPublicKeyInfo).decode()

    def decrypt(self, text: str) -> str:
        """A text of a log in plain.

        RSA with PKCS1 padding is documented, and the length of the key; what is longer than a block can only be blocks
        of that length, one after the other. That the bytes come as Base64 or hex, and that UTF-8 is inside, are
        assumptions: no source shows a log. Raises `UnreadableLog`.
        """
        data, size = _bytes(text), self._key.key_size // 8
        if not data or len(data) % size:
            raise UnreadableLog(f"{len(data)} bytes are no blocks of {size}: it is of another key, or no log's text")
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        try:
            parts = [self._key.decrypt(data[start : start + size], PKCS1v15()) for start in range(0, len(data), size)]
            plain = b"".join(parts).decode()
        except ValueError:
            plain = "\0"
        if _CONTROL.search(plain):  # under another key, PKCS1 may give any bytes instead of an error
            raise UnreadableLog("it was encrypted with another key, or is no text")
        return plain


def _rsa() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError:
        raise ConfigurationError("keys of logs need cryptography: pip install 'tm-async[webhooks]'") from None
    return rsa


def _bytes(text: str) -> bytes:
    packed = "".join(text.split())
    if _HEX.fullmatch(packed):
        return bytes.fromhex(packed)
    try:
        return a2b_base64(packed, strict_mode=True)
    except ValueError:
        raise UnreadableLog("it is neither Base64 nor hex") from None
