"""The protocol of a token store: four methods over opaque text. A store of your own needs about 30 lines.

A store never looks into what it keeps. Grants are rotated: each renewal kills the previous pair of tokens, so an old
entry must never overwrite a newer one. That is what versions are for; the lock only saves renewals that would be
wasted. Test your own store with `tm_async.testing.TokenStoreContract`.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from attrs import field, frozen

from tm_async._util.arguments import check_methods
from tm_async.core.secret import SecretText

__all__ = ["Stored", "TokenStore", "check_store"]


def _masked(text: str) -> SecretText:
    return SecretText(text)


@frozen
class Stored:
    """An entry as it was found."""

    data: str = field(repr=False, converter=_masked)
    """What `save` was given. Secret, and so a `SecretText`: a traceback that shows variables does not show it."""
    version: str
    """Changes with every save and is never used again, not even after a deletion."""


class TokenStore(Protocol):
    """Keeps one text per key. Keys are short printable ASCII and not secret; the texts are secret.

    Methods raise `TokenStoreUnavailable` when the store can't be reached, and `TokenStoreError` for an entry that
    can't be used, which they leave as it is. They never put a text into an error or a log. They must not block the
    event loop for long, and must bound their waiting.
    """

    async def load(self, key: str, /) -> Stored | None:
        """The entry, or `None` where there is none."""
        ...

    async def save(self, key: str, data: str, /, *, version: str | None) -> str | None:
        """Write if the entry still has `version` (`None`: if there is none), in one step, durably.

        Returns the new version, or `None` if the entry was changed meanwhile; nothing is written then.
        """
        ...

    def lock(self, key: str, /) -> AbstractAsyncContextManager[object]:
        """Exclude every other holder of this lock, in all processes that share the store.

        The lock of a process that died must become free by itself. Raises `TokenStoreUnavailable` when the lock
        can't be had within the store's waiting time.
        """
        ...

    async def delete(self, key: str, /) -> None:
        """Remove the entry; fine if there is none."""
        ...


def check_store(store: object) -> None:
    """Raise `ConfigurationError` for what is no store: a login code works once, and would be lost with its grant."""
    check_methods("store", store, "a token store such as FileStore(directory)", "load", "save", "lock", "delete")
