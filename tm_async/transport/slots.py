"""Connections of a library, and exchanges on them that are never cancelled half-way.

Cancelling an HTTP exchange in the middle poisons the pool of some libraries for good, and for a request such as
"create a meeting" it hides whether it was carried out. So a caller waits for a place first, and may give up there,
with nothing sent; then the exchange runs in a task of its own that nobody cancels. A caller who gives up now leaves
it running to its end, bounded by `Timeout.total`, and its outcome is logged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from tm_async.core.exchange import RawAnswer, Request
from tm_async.ending import end
from tm_async.errors import ExchangeFailed
from tm_async.transport.places import GRACE, Places, settle, until
from tm_async.transport.protocol import Timeout

__all__ = ["Connection", "Slots"]


class Connection(Protocol):
    """What slots ask of a connection."""

    def usable(self) -> bool:
        """Whether it can carry one more request: not closed by the other side meanwhile."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Connection)


class Slots(Generic[ConnectionT]):
    """Connections of one event loop: at most `size`, the one used last is used next, waiting is in order."""

    def __init__(self, size: int, make: Callable[[], ConnectionT]) -> None:
        self._make = make
        self._idle: list[ConnectionT] = []
        self._places = Places(size)
        self._running: set[asyncio.Task[None]] = set()

    async def run(
        self, request: Request, timeout: Timeout, work: Callable[[ConnectionT], Awaitable[RawAnswer]]
    ) -> RawAnswer:
        """Carry out `work` on a connection, out of reach of the caller's cancellation."""
        if not self._places.take_free():
            await self._places.wait(timeout.pool, request)
        outcome: asyncio.Future[RawAnswer] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._exchange(outcome, timeout.total, request, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await until(outcome, request)

    async def aclose(self) -> None:
        """Wait a little for exchanges that still run, then close every connection."""
        self._places.close()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=GRACE)
            await end(*late)
        while self._idle:
            await self._idle.pop().aclose()

    async def _exchange(
        self,
        outcome: "asyncio.Future[RawAnswer]",
        total: float | None,
        request: Request,
        work: Callable[[ConnectionT], Awaitable[RawAnswer]],
    ) -> None:
        """Run to the end, whoever waits."""
        overdue = _Overdue(total)  # cheaper than asyncio.timeout, which every call would pay for
        try:
            connection = await self._connection()
            try:
                answer = await work(connection)
            except BaseException:
                # Its state is uncertain: it goes away, and takes nothing of the others with it.
                with suppress(Exception):
                    await connection.aclose()
                raise
            self._idle.append(connection)
            settle(outcome, request, answer)
        except BaseException as error:
            if overdue.happened:
                message = f"the exchange took more than {total} s in all"
                settle(outcome, request, ExchangeFailed(message, operation=request.operation))
                return
            settle(outcome, request, error)
            if not isinstance(error, Exception):
                raise
        finally:
            overdue.call_off()
            self._places.free()

    async def _connection(self) -> ConnectionT:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable():
                return connection
            await connection.aclose()
        return self._make()


class _Overdue:
    """Cancels the current task, which does nothing else, when its time is up."""

    __slots__ = ("_task", "_timer", "happened")

    def __init__(self, seconds: float | None) -> None:
        self.happened = False
        self._task = asyncio.current_task()
        self._timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._end)

    def _end(self) -> None:
        self.happened = True
        if self._task is not None:
            self._task.cancel()

    def call_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
