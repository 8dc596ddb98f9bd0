"""Text that is kept encrypted (cryptography). `who` is the class that keeps it, for messages."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

from tm_async._util.arguments import check_kind
from tm_async.core.secret import SecretText, hide
from tm_async.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

__all__ = ["Seals", "hidden_keys", "new_key", "split_keys"]


class Seals:
    """Encrypts with Fernet (AES-128-CBC and HMAC-SHA256): the first key encrypts, all decrypt. Can't be pickled.

    Raises `ConfigurationError` for unusable keys, which it does not show, and when cryptography is not installed.
    """

    def __init__(self, who: str, keys: Sequence[str]) -> None:
        keys = hidden = hidden_keys(keys)
        fernets = [_fernet(who, key, f"key {place} of {len(keys)}") for place, key in enumerate(hidden, 1)]
        if not fernets:
            raise ConfigurationError(f"{who} needs at least one key; EncryptedStore.new_key() makes one")
        from cryptography.fernet import MultiFernet

        self._cipher = MultiFernet(fernets)

    def seal(self, key: str, data: str) -> str:
        """The text, encrypted together with the entry's key: else one entry could be put in another's place."""
        return self._cipher.encrypt(json.dumps({"key": key, "data": data}).encode()).decode("ascii")

    def open(self, sealed: str) -> tuple[str, SecretText] | None:
        """Key and text; `None` for what can't be decrypted. Raises nothing: a traceback would have the text."""
        return _decode(self._cipher, sealed)

    def seal_bytes(self, key: str, data: bytes) -> bytes:
        """As `seal`, for what need not be text."""
        return self._cipher.encrypt(b"%s\n%s" % (key.encode(), data))

    def open_bytes(self, key: str, sealed: bytes) -> bytes | None:
        """What was sealed with this entry's key; `None` for what can't be decrypted, or is another entry's."""
        found = _decrypted(self._cipher, sealed)
        mark = key.encode() + b"\n"
        return found[len(mark) :] if found is not None and found.startswith(mark) else None

    def __reduce__(self) -> NoReturn:
        raise TypeError("Seals holds keys and can't be pickled")


def hidden_keys(keys: Sequence[str]) -> tuple[SecretText, ...]:
    """The same, which no traceback shows. One text is one key, not many letters."""
    if isinstance(keys, str):
        return (hide(keys),)
    check_kind("keys", keys, Iterable, "Fernet keys")
    return tuple(map(hide, keys))


def new_key(who: str) -> str:
    """A new random key, as text."""
    return _fernet_class(who).generate_key().decode("ascii")


def split_keys(text: str | None) -> list[SecretText]:
    """The keys in a text, separated by commas."""
    return [SecretText(key.strip()) for key in hide(text).split(",") if key.strip()]


def _fernet_class(who: str) -> "type[Fernet]":
    try:
        from cryptography.fernet import Fernet
    except ImportError:
        raise ConfigurationError(f"{who} needs cryptography: pip install 'tm-async[file]'") from None
    return Fernet


def _fernet(who: str, key: SecretText, which: str) -> "Fernet":
    fernet = _fernet_class(who)
    try:
        return fernet(key.encode("ascii"))
    except ValueError:
        pass
    raise ConfigurationError(
        f"{which} is no Fernet key (32 bytes in URL-safe base64); EncryptedStore.new_key() makes one"
    )


def _decrypted(cipher: "MultiFernet", sealed: bytes) -> bytes | None:
    from cryptography.fernet import InvalidToken

    try:
        return cipher.decrypt(sealed)
    except InvalidToken:
        return None


def _decode(cipher: "MultiFernet", sealed: str) -> tuple[str, SecretText] | None:
    """Raises nothing: a traceback would have the text among its variables."""
    try:
        entry: object = json.loads(_decrypted(cipher, sealed.encode()) or b"")
    except ValueError:
        return None
    match entry:
        case {"key": str(key), "data": str(data)}:
            return key, SecretText(data)
        case _:
            return None
