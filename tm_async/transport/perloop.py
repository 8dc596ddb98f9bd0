"""Pools of connections, one per event loop, and none that outlives its loop.

Connections belong to the event loop that opened them. A client may see many loops, one `asyncio.run` after the other,
and nobody has to close it in each: what a loop has is closed when the loop ends.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AsyncExitStack, suppress
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["PerLoop", "close_here", "close_socket"]


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

    def take(self) -> PoolT | None:
        """What the running loop has, for whoever closes it; the next use begins another one."""
        loop = asyncio.get_running_loop()
        pool = self._pools.pop(loop, None)
        end = self._ends.pop(loop, None)
        if end is not None:
            with suppress(StopIteration):
                end.aclose().send(None)  # it finds nothing to close, so it never waits
        return pool

    def _open(self, loop: asyncio.AbstractEventLoop) -> PoolT:
        for ended in [one for one in list(self._pools) if one.is_closed()]:
            self._ends.pop(ended, None)
            pool = self._pools.pop(ended, None)  # none if another thread was quicker
            if pool is not None:
                pool.abandon()
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


async def close_here(lots: Iterable[PerLoop[Any]], grace: float | None = None) -> None:
    """Close what the running loop has in each of these: what begins meanwhile is none of it, and stays open."""
    async with AsyncExitStack() as ends:  # whatever becomes of one, a cancellation included, the others are closed
        for pool in [lot.take() for lot in list(lots)]:
            if pool is not None:
                ends.push_async_callback(pool.aclose, grace)


def close_socket(transport: Any) -> None:
    """Close the descriptor of an asyncio transport whose loop is closed: `abort` would need the loop.

    uvloop has closed it with the loop. `_sock` has been there since `TransportSocket` has; without it the garbage
    collector does it later.
    """
    closable = getattr(transport.get_extra_info("socket"), "_sock", None)
    if closable is not None:
        closable.close()
