"""What the stores share: one lock per key within an event loop, and versions that are never used again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_hex
from weakref import WeakValueDictionary

from tm_async.errors import TokenStoreUnavailable

__all__ = ["KeyLocks", "new_version"]


def new_version() -> str:
    """A version that no entry ever had: 128 random bits."""
    return token_hex(16)


class KeyLocks:
    """One lock per key and event loop; who waits is served in order. A lock is gone when nobody holds or awaits it.

    Stores that lock across processes take this one first: then each process asks once at a time, not once per task.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[asyncio.AbstractEventLoop, str], asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def hold(self, key: str, seconds: float) -> AsyncGenerator[None, None]:
        """Hold the key's lock. Raises `TokenStoreUnavailable` when it can't be had within `seconds`."""
        place = (asyncio.get_running_loop(), key)
        lock = self._locks.get(place)
        if lock is None:
            lock = self._locks[place] = asyncio.Lock()
        try:
            async with asyncio.timeout(seconds):
                await lock.acquire()
        except TimeoutError:
            message = f"the token store's lock of {key!r} was not free within {seconds:g} s"
            raise TokenStoreUnavailable(message) from None
        try:
            yield
        finally:
            lock.release()
