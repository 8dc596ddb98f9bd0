"""What takes an event over before it is acknowledged, and the two ways to do so without an inbox."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock
from typing import Protocol

from tm_async._util.logs import logger
from tm_async.errors import HandlerFailed, InboxUnavailable
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.reading import events_in
from tm_async.webhooks.handler import Handler
from tm_async.webhooks.router import Router, run_all

__all__ = ["INLINE_SECONDS", "Acknowledger", "InMemory", "Inline", "Recent"]

INLINE_SECONDS = 4.0
"""What handlers may take before the answer: the platform hangs up after 5 seconds."""
_PENDING = 10_000
"""Events that may wait in memory; beyond that the platform is asked to repeat."""
_REMEMBERED = 50_000
"""Keys of events that are known as done."""

_log = logger("tm_async.webhooks")


class Acknowledger(Protocol):
    """Takes a delivery over. When `accept` returns, the platform is told that it was received, and never repeats it."""

    async def accept(self, delivery: Delivery, /) -> None:
        """Store the delivery, or have it handled. Equal deliveries, by their content key, count once.

        Raises `InboxUnavailable` where that is not possible: the platform is answered with 503 and repeats the
        delivery after 1, 3 and 6 minutes.
        """
        ...


class InMemory:
    """Handles events after the answer, in this process. The default without an inbox.

    **A crash loses what was acknowledged and not handled yet**, and so does a handler that raises: it is logged, and
    nothing repeats it. An inbox keeps both. Deliveries that come again are handled once, as long as this process lives
    and has not seen 50,000 others since. With 10,000 events under way, further ones are refused with 503.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._seen = Recent(_REMEMBERED)
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, delivery: Delivery, /) -> None:
        """Begin to handle its events. Raises `InboxUnavailable` when too many are under way."""
        if len(self._tasks) >= _PENDING:
            raise InboxUnavailable(f"{_PENDING} events wait in memory")
        for event in events_in(delivery):
            if self._seen.add(event.key):
                task = asyncio.create_task(self._handle(event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Wait until what was begun is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _handle(self, event: Event) -> None:
        try:
            await self._router.handle(event)
        except HandlerFailed as error:
            _log.error("%s; nothing repeats it without an inbox", error, exc_info=error.__cause__)


class Inline:
    """Handles events before the answer, for places without storage: functions that are frozen once they answered.

    Handlers have 4 seconds altogether. If one fails or takes longer, the platform is answered with 503 and repeats the
    delivery; then those that were done are not run again, as far as this process knows. A fourth failure loses it. Of
    deliveries that come at the same time one has the handlers run, and the others wait for what becomes of that.
    """

    def __init__(self, router: Router, *, seconds: float = INLINE_SECONDS) -> None:
        self._router = router
        self._seconds = seconds
        self._once = _Once()

    async def accept(self, delivery: Delivery, /) -> None:
        """Handle its events. Raises `InboxUnavailable` if a handler fails or takes too long."""
        try:
            async with asyncio.timeout(self._seconds):
                for event in events_in(delivery):
                    handlers = self._router.handlers_for(event.name)
                    await run_all(event, [_Noted(one, self._once) for one in handlers])
        except TimeoutError:
            raise InboxUnavailable(f"handlers of {delivery.event} took longer than {self._seconds:g} s") from None
        except HandlerFailed as error:
            _log.error("%s", error, exc_info=error.__cause__)
            raise InboxUnavailable(str(error)) from error


class _Noted(Handler):
    """A handler that runs once for each event."""

    def __init__(self, handler: Handler, once: "_Once") -> None:  # not `super`: it wraps one that was checked
        self.name, self._handler, self._once = handler.name, handler, once

    async def __call__(self, event: Event) -> None:
        await self._once.do(f"{event.key} {self.name}", lambda: self._handler(event))


class _Once:
    """What was done and what is being done, under a name for each, in any number of event loops."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done = Recent(_REMEMBERED)
        self._begun: dict[str, Future[Exception | None]] = {}

    async def do(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, or wait for who is at it; nothing, if it is done. Raises what it raised there.

        If it is broken off there, for example as that request is gone, it is begun here.
        """
        while True:
            with self._lock:
                if name in self._done:
                    return
                begun = self._begun.get(name)
                if begun is None:
                    ended = self._begun[name] = Future()
                    ended.set_running_or_notify_cancel()  # so nobody who waits for it can cancel it
                    break
            failed = await asyncio.wrap_future(begun)
            if failed is not None:
                raise failed
        await self._do(name, work, ended)

    async def _do(self, name: str, work: Callable[[], Awaitable[None]], ended: "Future[Exception | None]") -> None:
        failed: Exception | None = None
        good = False
        try:
            await work()
            good = True
        except Exception as error:
            failed = error
            raise
        finally:
            with self._lock:
                del self._begun[name]
                if good:
                    self._done.add(name)
            ended.set_result(failed)


class Recent:
    """The last texts that were added, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, None] = OrderedDict()

    def add(self, text: str) -> bool:
        """Whether it is new."""
        if text in self._kept:
            return False
        self._kept[text] = None
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return True

    def __contains__(self, text: str) -> bool:
        return text in self._kept
