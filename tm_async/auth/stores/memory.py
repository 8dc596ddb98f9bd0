"""Grants in this process's memory, for tests and for programs whose users log in each time."""

from contextlib import AbstractAsyncContextManager
from typing import NoReturn

from tm_async._util.arguments import check_seconds
from tm_async.auth.stores.keylocks import KeyLocks, new_version
from tm_async.auth.stores.protocol import Stored
from tm_async.core.secret import hide

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keeps entries in memory: they are lost when the process ends, and no other process sees them.

    `wait`: seconds that `lock` waits at most (45 by default), then it raises `TokenStoreUnavailable`. Fit for
    several event loops, one after the other. Can't be pickled.
    """

    def __init__(self, *, wait: float = 45.0) -> None:
        self._entries: dict[str, Stored] = {}
        self._locks = KeyLocks()
        check_seconds("wait", wait, least=0)
        self._wait = wait

    async def load(self, key: str, /) -> Stored | None:
        """The entry, or `None` where there is none."""
        return self._entries.get(key)

    async def save(self, key: str, data: str, /, *, version: str | None) -> str | None:
        """Write if the entry still has `version` (`None`: if there is none); the new version, or `None` if not."""
        data = hide(data)  # a traceback shows variables
        found = self._entries.get(key)
        if (found.version if found else None) != version:
            return None
        saved = Stored(data, new_version())
        self._entries[key] = saved
        return saved.version

    def lock(self, key: str, /) -> AbstractAsyncContextManager[None]:
        """Exclude every other holder of this key's lock in this process."""
        return self._locks.hold(key, self._wait)

    async def delete(self, key: str, /) -> None:
        """Remove the entry; fine if there is none."""
        self._entries.pop(key, None)

    def __repr__(self) -> str:
        return f"MemoryStore(<{len(self._entries)} entries>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("MemoryStore holds secrets and can't be pickled")
