"""Any store, with everything in it encrypted (extra `file`; `keyring` for a key in the system's keyring)."""

import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import NoReturn, Self

from tm_async.auth.stores.protocol import Stored, TokenStore, check_store
from tm_async.config import variables
from tm_async.core.secret import SecretText, hide, hide_text, safe_repr
from tm_async.errors import ConfigurationError, TokenStoreError
from tm_async.errors.causes import as_cause
from tm_async.storage.sealing import Seals, new_key, split_keys

__all__ = ["EncryptedStore"]

_VARIABLE = "TENCENT_MEETING_TOKEN_KEY"


@safe_repr
class EncryptedStore:
    """Encrypts with Fernet (AES-128-CBC and HMAC-SHA256) what another store keeps. Keys of entries stay readable.

    `keys` are Fernet keys as `new_key()` makes them: the first encrypts, all decrypt. To change the key, put a new
    one in front. An entry that was changed, or moved to another key, is refused with `TokenStoreError`. Raises
    `ConfigurationError` for unusable keys, and when cryptography is not installed. Can't be pickled.
    """

    def __init__(self, store: TokenStore, *keys: str) -> None:
        store, keys = hide_text(store), tuple(map(hide, keys))  # a traceback shows variables, also those mixed up
        check_store(store)
        self._store = store
        self._seals = Seals("EncryptedStore", keys)

    @classmethod
    def from_env(cls, store: TokenStore, environ: Mapping[str, str] | None = None) -> Self:
        """Read `TENCENT_MEETING_TOKEN_KEY`: one key, or several separated by commas, the newest first.

        Raises `ConfigurationError` when it is missing or unusable; it never shows a key.
        """
        keys = split_keys(variables(environ, "TOKEN_KEY").get("TOKEN_KEY"))
        del environ  # a traceback shows variables
        if not keys:
            raise ConfigurationError(f"set the environment variable {_VARIABLE}; EncryptedStore.new_key() makes a key")
        return cls(store, *keys)

    @classmethod
    def from_keyring(
        cls, store: TokenStore, service: str = "tm-async", username: str = "token-key", *, create: bool = False
    ) -> Self:
        """Read the key, or several separated by commas, from the system's keyring (extra `keyring`). Blocks.

        `create`: make and keep a new key if there is none. Of two processes that do so at once, each uses what the
        keyring has after its own writing. A keyring can't compare and set, so one that writes after the other has
        looked still leaves the other with a key that is kept nowhere: what that one encrypts can't be read after its
        end. Make the key in one process before the others start. Raises `ConfigurationError` when there is no key, or
        no keyring that can be used.
        """
        keys = split_keys(_from_keyring(service, username, create=create))
        if not keys:
            advice = "pass create=True to make one"
            raise ConfigurationError(f"the keyring has no key for {username!r} of service {service!r}; {advice}")
        return cls(store, *keys)

    @staticmethod
    def new_key() -> str:
        """A new random key, as text. Keep it secret, and apart from the store."""
        return new_key("EncryptedStore")

    async def load(self, key: str, /) -> Stored | None:
        """The entry, decrypted, or `None` where there is none. Raises `TokenStoreError` for what can't be decrypted."""
        found = await self._store.load(key)
        return found and Stored(self._open(key, found.data), found.version)

    async def save(self, key: str, data: str, /, *, version: str | None) -> str | None:
        """Encrypt with the first key and write if the entry still has `version`; see the store inside."""
        data = hide(data)  # a traceback shows variables
        return await self._store.save(key, self._seals.seal(key, data), version=version)

    def lock(self, key: str, /) -> AbstractAsyncContextManager[object]:
        """The lock of the store inside."""
        return self._store.lock(key)

    async def delete(self, key: str, /) -> None:
        """Remove the entry, also one that can't be decrypted; fine if there is none."""
        await self._store.delete(key)

    def _open(self, key: str, sealed: str) -> SecretText:
        found = self._seals.open(sealed)
        if found is None:
            why = "no key fits, or it was changed; put the key that it was encrypted with among the keys"
            raise TokenStoreError(
                f"the entry {key!r} can't be decrypted: {why}, or delete it and authorise the user again"
            )
        if found[0] != key:
            advice = "delete it and authorise the user again"
            raise TokenStoreError(f"the entry {key!r} was put there from {found[0]!r}; {advice}")
        return found[1]

    def __repr__(self) -> str:
        return f"EncryptedStore({self._store!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("EncryptedStore holds keys and can't be pickled; build it in each process (from_env)")


def _from_keyring(service: str, username: str, *, create: bool) -> SecretText | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise ConfigurationError("from_keyring needs keyring: pip install 'tm-async[keyring]'") from None
    outside = sys.exception()
    try:
        found = keyring.get_password(service, username)
        if not found and create:
            keyring.set_password(service, username, EncryptedStore.new_key())
            found = keyring.get_password(service, username)  # another process may have written after this one
    except KeyringError as error:
        advice = f"use EncryptedStore.from_env and {_VARIABLE} instead"
        message = f"no usable keyring here ({type(error).__name__}); {advice}"
        raise ConfigurationError(message) from as_cause(error, outside=outside)
    return SecretText(found) if found else None
