"""Tokens and AES keys of a subscription, the current one and those that are being replaced (doc 1095/51605)."""

import hashlib
import re
from binascii import a2b_base64
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, NoReturn, Self, cast

from tm_async.config import require_all, variables
from tm_async.core.secret import SecretText, hide, safe_repr
from tm_async.errors import ConfigurationError
from tm_async.webhooks.wire import BLOCK, decoded, padded, signature_of, unpadded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
    from cryptography.hazmat.primitives.ciphers.modes import CBC

__all__ = ["Mistake", "WebhookKey", "WebhookKeys"]

_TOKEN_LENGTH, _AES_KEY_LENGTH = 25, 43
_PLAIN = re.compile(r"[A-Za-z0-9]*", re.ASCII)


class Mistake(Enum):
    """What people do wrong when they sign."""

    UNSORTED = "not sorted"
    BY_NAME = "sorted by their names"
    SHA256 = "SHA-256"
    DECODED = "data decoded before"


@safe_repr
class WebhookKey:
    """The Token of a subscription, and its EncodingAESKey if one is set. Neither can be read back from here.

    `token`: 25 letters and digits. `aes_key`: 43 letters and digits; `None` if the subscription has none, and then
    deliveries come unencrypted. `name`: shows which key of several a delivery came with. Raises `ConfigurationError`
    for other lengths and characters, and if an AES key is given and cryptography is not installed (extra `webhooks`).
    Can't be pickled.
    """

    __slots__ = ("_cipher", "_idle", "_token", "_vector", "encrypts", "name")
    encrypts: bool
    """Whether it has an AES key."""

    def __init__(self, token: str, aes_key: str | None = None, *, name: str | None = None) -> None:
        token = hide(token)  # a traceback shows variables
        aes_key = None if aes_key is None else hide(aes_key)
        self.name, self.encrypts = name, aes_key is not None
        self._cipher: Cipher[CBC] | None = None
        self._vector = b""
        self._idle: list[CipherContext] = []
        self._token = _checked(token, "Token", _TOKEN_LENGTH)
        if aes_key is not None:
            self._cipher, self._vector = _cipher(_checked(aes_key, "EncodingAESKey", _AES_KEY_LENGTH))

    def sign(self, timestamp: str, nonce: str, data: str) -> str:
        """The signature of a delivery's `data`, or of a `check_str`."""
        return signature_of(self._token, timestamp, nonce, data)

    def sign_wrongly(self, timestamp: str, nonce: str, data: str) -> "dict[str, Mistake]":
        """What signatures become by common mistakes, for telling people theirs."""
        unsorted = f"{self._token}{timestamp}{nonce}{data}"
        by_name = f"{data}{nonce}{timestamp}{self._token}"
        signed = "".join(sorted((self._token, timestamp, nonce, data)))
        return {
            hashlib.sha1(unsorted.encode(), usedforsecurity=False).hexdigest(): Mistake.UNSORTED,
            hashlib.sha1(by_name.encode(), usedforsecurity=False).hexdigest(): Mistake.BY_NAME,
            hashlib.sha256(signed.encode()).hexdigest(): Mistake.SHA256,
            signature_of(self._token, timestamp, nonce, _decoded(data)): Mistake.DECODED,
        }

    def encrypt(self, plain: bytes) -> bytes:
        """AES-256-CBC; the initial vector is the first half of the key, as the page has it."""
        if self._cipher is None:
            raise ConfigurationError("this webhook key has no EncodingAESKey")
        encryptor = self._cipher.encryptor()
        return encryptor.update(padded(plain)) + encryptor.finalize()

    def decrypt(self, sealed: bytes) -> bytes:
        """The opposite. Raises `ValueError` for what is not whole blocks, or wrongly padded."""
        if self._cipher is None:
            raise ConfigurationError("this webhook key has no EncodingAESKey")
        if len(sealed) % BLOCK:
            raise ValueError("not whole blocks")
        # Making a decryptor takes four times as long as using it, so they are kept. All that one remembers is the last
        # block that it saw; with the vector in front as such a block, each message begins anew.
        try:
            decryptor = self._idle.pop()
        except IndexError:  # all of them are at work in other threads
            decryptor = self._cipher.decryptor()
        plain = decryptor.update(self._vector + sealed)
        self._idle.append(decryptor)
        return unpadded(plain, BLOCK)

    def __repr__(self) -> str:
        return f"WebhookKey({self.name!r}, encrypts={self.encrypts})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("WebhookKey holds secrets and can't be pickled; build it in each process (from_env)")


@safe_repr
class WebhookKeys:
    """A ring of keys: what is received may have come with any of them, what is sent goes with the first.

    To change the keys without losing a delivery, put the new one in front, save it in the platform's console, and drop
    the old one when nothing comes with it any more: `Delivery.key_name` says which one it was. Keys without a name are
    called `current`, `previous`, `previous-2`...
    """

    __slots__ = ("encrypts", "named")
    encrypts: bool
    """Whether any has an AES key: then what comes unencrypted is refused."""
    named: "tuple[tuple[str, WebhookKey], ...]"
    """Each key, after its name in the ring."""

    def __init__(self, current: WebhookKey, /, *previous: WebhookKey) -> None:
        keys = [key for key in (current, *previous) if isinstance(cast("object", key), WebhookKey)]
        wrong = len(keys) < 1 + len(previous)
        del current, previous  # a traceback shows variables
        if wrong:
            raise ConfigurationError("WebhookKeys takes WebhookKey(token, aes_key), the current one first")
        named = [(key.name or _by_place(place), key) for place, key in enumerate(keys)]
        if len({name for name, _ in named}) < len(named):
            raise ConfigurationError("two keys of the ring have one name")
        self.named, self.encrypts = tuple(named), any(key.encrypts for _, key in named)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `TENCENT_MEETING_WEBHOOK_TOKEN`, and `_WEBHOOK_AES_KEY` if the subscription has one.

        `_WEBHOOK_PREVIOUS_TOKEN` and `_WEBHOOK_PREVIOUS_AES_KEY` are what is being replaced; what is not given of the
        two is the current one. Raises `ConfigurationError`, which shows no value.
        """
        names = ("WEBHOOK_TOKEN", "WEBHOOK_AES_KEY", "WEBHOOK_PREVIOUS_TOKEN", "WEBHOOK_PREVIOUS_AES_KEY")
        found = variables(environ, *names)
        del environ  # a traceback shows variables
        require_all(found, "WEBHOOK_TOKEN")
        token, aes_key, old_token, old_aes_key = (found.get(name) for name in names)
        current = WebhookKey(token or SecretText(), aes_key)
        if old_token is None and old_aes_key is None:
            return cls(current)
        return cls(current, WebhookKey(old_token or token or SecretText(), old_aes_key or aes_key))

    @property
    def current(self) -> WebhookKey:
        """The first key."""
        return self.named[0][1]

    def __repr__(self) -> str:
        return f"WebhookKeys({', '.join(name for name, _ in self.named)}; encrypts={self.encrypts})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("WebhookKeys holds secrets and can't be pickled; build it in each process (from_env)")


def _by_place(place: int) -> str:
    return ("current", "previous")[place] if place < 2 else f"previous-{place}"


def _decoded(data: str) -> str:
    try:
        return decoded(data).decode("utf-8", "replace")
    except ValueError:
        return data + "?"


def _checked(given: str, what: str, length: int) -> SecretText:
    problem = ""
    if len(given) != length:
        advice = ", without the = at the end" if len(given) == length + 1 and given.endswith("=") else ""
        problem = f"not {len(given)} characters{advice}"
    elif not _PLAIN.fullmatch(given):
        problem = "and this one has other characters"
    if not problem:
        return SecretText(given)
    raise ConfigurationError(f"the webhook's {what} must be {length} letters and digits, {problem}")


def _cipher(aes_key: str) -> "tuple[Cipher[CBC], bytes]":
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES256
        from cryptography.hazmat.primitives.ciphers.modes import CBC
    except ImportError:
        raise ConfigurationError("an EncodingAESKey needs cryptography: pip install 'tm-async[webhooks]'") from None
    key = a2b_base64(f"{aes_key}=")
    vector = key[:BLOCK]
    return Cipher(AES256(key), CBC(vector)), vector
