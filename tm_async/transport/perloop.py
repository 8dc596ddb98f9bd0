"""Pools of connections, one per event loop, and none that outlives its loop.

Connections belong to the event loop that opened them. A client may see many loops, one `asyncio.run` after the other,
and nobody has to close it in each: what a loop has is closed when the loop ends.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["PerLoop", "close_socket"]


class _Pool(Protocol):
    async def aclose(self, grace: float | None = None, /) -> None:
        """Close, after a wait of up to `grace` seconds (`None`: the usual) for what still runs."""
        ...

    def abandon(self) -> None:
        """The loop is closed: let go of the descriptors, nothing else can be done any more."""
        ...


PoolT = TypeVar("PoolT", bound=_Pool)


class PerLoop(Generic[PoolT]):
    """Each event loop gets its own pool on first use.

    `asyncio.run` closes at its end the asynchronous generators that were begun in it. Each pool has one that waits
    for just that, and closes the pool while the loop still runs. A loop that was closed by hand without
    `shutdown_asyncgens` is noticed when the next one wants a pool.
    """

    def __init__(self, make: Callable[[], PoolT]) -> None:
        self._make = make
        self._pools: dict[asyncio.AbstractEventLoop, PoolT] = {}
        self._ends: dict[asyncio.AbstractEventLoop, AsyncGenerator[None, None]] = {}

    def current(self) -> PoolT:
        """The pool of the running loop."""
        loop = asyncio.get_running_loop()
        return self._pools.get(loop) or self._open(loop)

    async def aclose(self) -> None:
        """Close what the running loop has."""
        loop = asyncio.get_running_loop()
        pool = self._pools.pop(loop, None)
        if pool is not None:
            await self._ends.pop(loop).aclose()
            await pool.aclose()

    def _open(self, loop: asyncio.AbstractEventLoop) -> PoolT:
        for ended in [one for one in list(self._pools) if one.is_closed()]:
            del self._ends[ended]
            self._pools.pop(ended).abandon()
        pool = self._pools[loop] = self._make()
        end = self._ends[loop] = self._at_the_end(loop)
        with suppress(StopIteration):
            end.__anext__().send(None)  # as far as its `yield`, where it never waits
        return pool

    async def _at_the_end(self, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            pool = self._pools.pop(loop, None)
            self._ends.pop(loop, None)
            if pool is not None:
                await pool.aclose(0)


def close_socket(transport: Any) -> None:
    """Close the descriptor of an asyncio transport whose loop is closed: `abort` would need the loop.

    uvloop has closed it with the loop. `_sock` has been there since `TransportSocket` has; without it the garbage
    collector does it later.
    """
    closable = getattr(transport.get_extra_info("socket"), "_sock", None)
    if closable is not None:
        closable.close()
