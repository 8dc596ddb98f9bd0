"""What all adapters share: a bounded number of connections, and exchanges that are never cancelled half-way.

Cancelling an HTTP exchange in the middle poisons the pool of some libraries for good, and for a request such as
"create a meeting" it hides whether it was carried out. So a caller waits for a slot first, and may give up there,
with nothing sent; then the exchange runs in a task of its own that nobody cancels. A caller who gives up now leaves
it running to its end, bounded by `Timeout.total`, and its outcome is logged.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from tm_async.core.exchange import RawAnswer, Request
from tm_async.errors import ExchangeFailed, PoolTimeout
from tm_async.transport.protocol import NOTHING_SENT, Timeout

__all__ = ["Connection", "Slots", "SlotsPerLoop"]


class Connection(Protocol):
    """What slots ask of a connection."""

    def usable(self) -> bool:
        """Whether it can carry one more request: not closed by the other side meanwhile."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Connection)

_log = logging.getLogger("tm_async.transport")

_GRACE = 5.0
"""Seconds that closing waits for exchanges that still run."""


class Slots(Generic[ConnectionT]):
    """Connections of one event loop: at most `size`, the one used last is used next, waiting is in order."""

    def __init__(self, size: int, make: Callable[[], ConnectionT]) -> None:
        self._make = make
        self._idle: list[ConnectionT] = []
        self._places = size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._running: set[asyncio.Task[RawAnswer]] = set()

    async def run(
        self, request: Request, timeout: Timeout, work: Callable[[ConnectionT], Awaitable[RawAnswer]]
    ) -> RawAnswer:
        """Carry out `work` on a connection, shielded from the caller's cancellation."""
        await self._take_place(timeout.pool, request)
        task = asyncio.create_task(self._work(timeout.total, request, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(lambda done: _log_abandoned(done, request))
            raise

    async def aclose(self) -> None:
        """Wait a little for exchanges that still run, then close every connection."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=_GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        while self._idle:
            await self._idle.pop().aclose()

    async def _work(
        self, total: float | None, request: Request, work: Callable[[ConnectionT], Awaitable[RawAnswer]]
    ) -> RawAnswer:
        overdue = _Overdue(total)  # cheaper than asyncio.timeout, which every call would pay for
        try:
            connection = await self._connection()
            try:
                answer = await work(connection)
            except BaseException:
                # Its state is uncertain: it goes away, and takes nothing of the others with it.
                with suppress(Exception):
                    await connection.aclose()
                if overdue.happened:
                    message = f"the exchange took more than {total} s in all"
                    raise ExchangeFailed(message, operation=request.operation) from None
                raise
            self._idle.append(connection)
            return answer
        finally:
            overdue.call_off()
            self._free_place()

    async def _connection(self) -> ConnectionT:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable():
                return connection
            await connection.aclose()
        return self._make()

    async def _take_place(self, seconds: float | None, request: Request) -> None:
        if self._places > 0:
            self._places -= 1
            return
        ticket = asyncio.get_running_loop().create_future()
        self._waiting.append(ticket)
        try:
            async with asyncio.timeout(seconds):
                await ticket
        except BaseException as error:
            if ticket.done() and not ticket.cancelled():
                self._free_place()  # the place came at the very moment of giving up: pass it on
            else:
                with suppress(ValueError):  # gone already when a place was offered after the cancellation
                    self._waiting.remove(ticket)
            if isinstance(error, TimeoutError):
                raise PoolTimeout(
                    f"no connection became free within {seconds} s", operation=request.operation
                ) from None
            if isinstance(error, asyncio.CancelledError):
                raise asyncio.CancelledError(NOTHING_SENT) from None
            raise

    def _free_place(self) -> None:
        while self._waiting:
            ticket = self._waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        self._places += 1


class _Overdue:
    """Cancels the current task, which does nothing else, when its time is up."""

    __slots__ = ("_task", "_timer", "happened")

    def __init__(self, seconds: float | None) -> None:
        self.happened = False
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        self._timer = None if seconds is None else loop.call_later(seconds, self._end)

    def _end(self) -> None:
        self.happened = True
        if self._task is not None:
            self._task.cancel()

    def call_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _log_abandoned(task: "asyncio.Task[RawAnswer]", request: Request) -> None:
    """Nobody waits for this outcome any more; it must not get lost."""
    if task.cancelled():
        _log.warning("%s: given up while closing, outcome unknown", request.operation)
    elif (error := task.exception()) is not None:
        _log.warning("%s: ended after its caller gave up: %s", request.operation, error)
    else:
        answer = task.result()
        _log.warning(
            "%s: answered with HTTP %d after its caller gave up (trace %s)",
            request.operation,
            answer.status,
            answer.trace_id,
        )


class SlotsPerLoop(Generic[ConnectionT]):
    """Connections belong to an event loop; each loop gets its own `Slots` on first use."""

    def __init__(self, make_slots: Callable[[], Slots[ConnectionT]]) -> None:
        self._make_slots = make_slots
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, Slots[ConnectionT]] = WeakKeyDictionary()

    def current(self) -> Slots[ConnectionT]:
        """The slots of the running loop."""
        loop = asyncio.get_running_loop()
        slots = self._slots.get(loop)
        if slots is None:
            slots = self._slots[loop] = self._make_slots()
        return slots

    async def aclose(self) -> None:
        """Close what the running loop has."""
        slots = self._slots.pop(asyncio.get_running_loop(), None)
        if slots is not None:
            await slots.aclose()
