"""Connections of a library, and exchanges on them that are never cancelled half-way.

Cancelling an HTTP exchange in the middle poisons the pool of some libraries for good, and for a request such as
"create a meeting" it hides whether it was carried out. So a caller waits for a place and for a connection first, and
may give up there, with nothing sent; from then on the exchange runs in a task of its own that nobody cancels. A caller
who gives up now leaves it running to its end, bounded by `Timeout.total`, and its outcome is logged.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from tm_async._util.ending import end
from tm_async.core.exchange import RawAnswer, Request
from tm_async.errors import ClientClosed, ConnectionFailed, ExchangeFailed
from tm_async.transport.pool import GRACE, Places, settle, until
from tm_async.transport.protocol import Timeout, cancelled

__all__ = ["Connection", "Slots", "Spoilt"]


class Spoilt(Exception):
    """Something has come on a connection before it was asked, or it was closed: nothing was sent, nothing may be."""


class Connection(Protocol):
    """What slots ask of a connection."""

    @property
    def asked(self) -> bool:
        """Whether a byte of its last request may have been handed to the network."""
        ...

    def usable(self, request: Request) -> bool:
        """Whether it can carry one more request: not closed by the other side meanwhile, nor about to be."""
        ...

    def give_up(self) -> bool:
        """Its caller gave up, with nothing sent: whether it takes a cancellation; or else it sends nothing itself."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...

    def abandon(self) -> None:
        """Let go of its descriptor: its event loop is closed."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Connection)


class Slots(Generic[ConnectionT]):
    """Connections of one event loop: at most `size`, the one used last is used next, waiting is in order.

    The work on a connection may raise `Spoilt` before it sent anything; then another connection is taken.
    """

    def __init__(self, size: int, make: Callable[[], ConnectionT]) -> None:
        self._make = make
        self._idle: list[ConnectionT] = []
        self._places = Places(size)
        self._running: set[_Run[ConnectionT]] = set()
        self._closed = False
        """Whether nobody closes any more what becomes idle."""

    async def run(
        self, request: Request, timeout: Timeout, work: Callable[[ConnectionT], Awaitable[RawAnswer]]
    ) -> RawAnswer:
        """Carry out `work` on a connection, out of reach of the caller's cancellation once something is sent."""
        if not self._places.take_free():
            await self._places.wait(timeout.pool, request)
        loop = asyncio.get_running_loop()
        run = _Run[ConnectionT](loop.create_future(), request, timeout.total)
        self._running.add(run)
        run.start(self._exchange(run, work))
        run.task.add_done_callback(partial(self._over, run))
        try:
            return await until(run.outcome, request)
        except asyncio.CancelledError as error:
            if run.asked:
                raise
            run.give_up()
            raise cancelled(error) from None

    async def aclose(self, grace: float | None = None) -> None:
        """Wait a little for exchanges that still run, then close every connection."""
        self._places.close()
        try:
            if running := [run.task for run in self._running]:
                _, late = await asyncio.wait(running, timeout=GRACE if grace is None else grace)
                await end(*late)
        finally:
            self._closed = True
            async with AsyncExitStack() as ends:  # a cancellation lets none of them go
                while self._idle:
                    ends.push_async_callback(self._idle.pop().aclose)

    def abandon(self) -> None:
        """Let go of all descriptors: the event loop is closed."""
        for connection in (*self._idle, *(run.connection for run in self._running)):
            if connection is not None:
                connection.abandon()
        self._idle.clear()
        self._running.clear()

    async def _exchange(self, run: "_Run[ConnectionT]", work: Callable[[ConnectionT], Awaitable[RawAnswer]]) -> None:
        """Run to the end, whoever waits."""
        try:
            answer = await self._worked(run, work)
            settle(run.outcome, run.request, answer)
        except BaseException as error:
            run.failed(error)
            if not isinstance(error, Exception) and not run.overdue:
                raise
        finally:
            self._over(run)

    def _over(self, run: "_Run[ConnectionT]", _: object = None) -> None:
        """Give the place back, once; also that of a task which was cancelled before it began."""
        if run in self._running:
            self._running.discard(run)
            self._places.free()
            run.call_off()

    async def _worked(self, run: "_Run[ConnectionT]", work: Callable[[ConnectionT], Awaitable[RawAnswer]]) -> RawAnswer:
        while True:
            reused = await self._reusable(run.request)
            connection = run.connection = self._make() if reused is None else reused
            try:
                answer = await work(connection)
            except BaseException as error:
                # Its state is uncertain: it goes away, and takes nothing of the others with it.
                with suppress(Exception):
                    await connection.aclose()
                if not isinstance(error, Spoilt):
                    raise
                if reused is None:
                    message = "the other side spoke before it was asked; nothing was sent"
                    raise ConnectionFailed(message, operation=run.request.operation) from None
            else:
                run.answered()
                if self._closed:
                    await connection.aclose()
                else:
                    self._idle.append(connection)
                return answer

    async def _reusable(self, request: Request) -> ConnectionT | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable(request):
                return connection
            await connection.aclose()
        return None


class _Run(Generic[ConnectionT]):
    """One exchange: its task, which does nothing else, and a timer that cancels it when its time is up."""

    __slots__ = ("_answered", "_timer", "_total", "connection", "outcome", "overdue", "request", "task")

    def __init__(self, outcome: "asyncio.Future[RawAnswer]", request: Request, total: float | None) -> None:
        self.outcome = outcome
        self.request = request
        self.connection: ConnectionT | None = None
        self.overdue = False
        self._total = total
        self._answered = False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        # Cheaper than asyncio.timeout, which every call would pay for. An eager task may be over before it is known.
        loop = self.outcome.get_loop()
        self._timer = None if self._total is None else loop.call_later(self._total, self._end)
        self.task = asyncio.create_task(work)

    @property
    def asked(self) -> bool:
        """Whether a byte of the request may have been handed to the network."""
        return self._answered or (self.connection is not None and self.connection.asked)

    def give_up(self) -> None:
        """Nothing was sent yet, and nothing is to be."""
        if self.connection is None or self.connection.give_up():
            self.task.cancel()

    def answered(self) -> None:
        """The exchange is over, and its connection is another's from now on."""
        self._answered, self.connection = True, None

    def failed(self, error: BaseException) -> None:
        """Hand on how it failed, in words that tell whether anything was sent."""
        operation = self.request.operation
        if self.overdue:
            message = f"the exchange took more than {self._total} s in all"
            if self.asked:
                error = ExchangeFailed(message, operation=operation)
            else:
                error = ConnectionFailed(f"{message}, and nothing was sent", operation=operation)
        elif not self.asked and isinstance(error, asyncio.CancelledError):
            if self.outcome.done():
                return  # its caller gave up before anything was sent, and knows
            message = "closed while this call waited for a connection; nothing was sent"
            error = ClientClosed(message, operation=operation)
        settle(self.outcome, self.request, error)

    def call_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        self.overdue = True
        self.task.cancel()
