"""Token and EncodingAESKey of a subscription: signatures (doc 1095/51612) and encryption (doc 1095/54658)."""

import base64
import hashlib
from random import Random
from string import ascii_letters, digits

from attrs import field, frozen

__all__ = ["Secrets"]

LETTERS = ascii_letters + digits
TOKEN, AES_KEY, BLOCK = 25, 43, 16
LAST = "AEIMQUYcgkosw048"
"""Of 43 letters the last one has two bits that no byte has; they are 0 in these."""


@frozen
class Secrets:
    """What signs and encrypts. Without a key for AES, deliveries are Base64 of plain JSON."""

    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        _check("token", self.token, TOKEN)
        if self.aes_key is not None:
            _check("aes_key", self.aes_key, AES_KEY)

    @classmethod
    def made(cls, seed: object) -> "Secrets":
        """Some that look like the console's and are obviously none; the same for the same seed."""
        rng = Random(f"webhooks {seed}")  # noqa: S311 - reproducible on purpose
        mark = "EMULATORNOTASECRET"
        token = mark + "".join(rng.choices(LETTERS, k=TOKEN - len(mark)))
        return cls(token, mark + "".join(rng.choices(LETTERS, k=AES_KEY - len(mark) - 1)) + rng.choice(LAST))

    def sign(self, timestamp: str, nonce: str, data: str) -> str:
        """Lower-case hex SHA-1 over the four strings in ascending order, without anything between them."""
        parts = sorted((self.token, timestamp, nonce, data))
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - documented

    def wrap(self, text: bytes) -> str:
        """AES-256-CBC with PKCS#7, the key's first half as IV, if there is a key; then Base64."""
        return base64.b64encode(text if self.aes_key is None else _encrypted(self.aes_key, text)).decode()


def _check(what: str, given: str, length: int) -> None:
    if len(given) != length or not set(given) <= set(LETTERS):
        raise ValueError(f"{what}: {length} letters and digits are expected")


def _encrypted(aes_key: str, text: bytes) -> bytes:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        raise ValueError("aes_key: encryption needs cryptography: pip install 'tm-async[webhooks]'") from None
    key = base64.b64decode(aes_key + "=")
    padding = BLOCK - len(text) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:BLOCK])).encryptor()
    return cipher.update(text + bytes([padding]) * padding) + cipher.finalize()
