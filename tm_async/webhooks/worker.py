"""Handles the events of an inbox: any number of workers, in any number of processes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Self

from tm_async._util import arguments
from tm_async._util.ending import end
from tm_async._util.logs import logger
from tm_async.errors import ConfigurationError, InboxError
from tm_async.storage.arguments import check_seconds
from tm_async.webhooks.handling import ATTEMPTS, LEASE, TIMEOUT, Handling, Policy
from tm_async.webhooks.inbox.arguments import check_ages
from tm_async.webhooks.inbox.protocol import Inbox, Task
from tm_async.webhooks.router import Router

__all__ = ["BODIES", "KEYS", "Worker", "handle"]

DAY: Final = 86400.0
BODIES: Final = 7 * DAY
"""Seconds that the body of a handled event is kept."""
KEYS: Final = 30 * DAY
"""Seconds that an event is known to have come, so that it is not handled when it comes again."""
_TIDYING: Final = 3600.0
_PATIENCE: Final = 5.0
"""Seconds that a cancelled handler may still take."""
_log = logger("tm_async.webhooks")


class Worker:
    """Runs the handlers of a router on what an inbox has, while it is entered: `async with Worker(inbox, router):`.

    Events of one subject go to a handler one at a time, by the time when they happened, then by arrival. A handler that
    raises gets the event again after 1 s, 2.5 s, 6.25 s and so on, an hour at most; after `attempts` (12) it is a dead
    letter. Meanwhile later events of this subject wait for that handler, and for no other. `timeout`: seconds after
    which a handler is cancelled, which counts as a failure (300). `concurrency`: events that each handler works on at a
    time (8), so one that hangs takes no place from another.

    A handler succeeds once per event, unless its process ends, or its event loop stands still for `lease` seconds (30),
    or the inbox can't be reached for that long, between its success and the record of it: `event.key` is there for
    those that must not do a thing twice even then. `poll`: seconds between two looks into the inbox when there is
    nothing to do (0.25). `bodies`, `keys`: seconds that those of handled events are kept (7 and 30 days).

    At the end nothing more is begun; running handlers get `grace` seconds (30), then they are cancelled, and their
    events are there for the next worker. Entering it raises `ConfigurationError` for a handler that wants something
    that nobody gave to `provide`.
    """

    def __init__(
        self,
        inbox: Inbox,
        router: Router,
        *,
        concurrency: int = 8,
        timeout: float = TIMEOUT,
        attempts: int = ATTEMPTS,
        lease: float = LEASE,
        grace: float = 30.0,
        poll: float = 0.25,
        bodies: float = BODIES,
        keys: float = KEYS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        arguments.check_count("concurrency", concurrency)
        check_seconds("`poll`", poll)
        arguments.check_seconds("grace", grace, least=0)
        check_ages(bodies, keys)
        self._inbox, self._router, self._sleep = inbox, router, sleep
        self._concurrency, self._grace, self._poll = concurrency, grace, poll
        self._bodies, self._keys = bodies, keys
        self._handling = Handling(inbox, router, Policy(timeout=timeout, attempts=attempts, lease=lease), sleep=sleep)
        self._running: dict[asyncio.Task[None], str] = {}
        """What is under way, and for which handler."""
        self._wake = asyncio.Event()
        self._stopping = False
        self._life: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._life is not None:
            raise ConfigurationError("this worker was started before; make another one")
        self._router.require_provided()
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def run(self) -> None:
        """Return when the worker has ended. Raises what it ended with."""
        if self._life is not None:
            await asyncio.shield(self._life)

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way, for `grace` seconds. Fine if it was stopped before."""
        self._stopping = True
        self._wake.set()
        life = self._life
        if life is None:
            return
        try:
            await asyncio.wait({life})
        finally:
            life.cancel()
        if not life.cancelled() and (error := life.exception()) is not None:
            raise error

    async def drain(self) -> int:
        """Handle everything that is due now, then return: for tests and cron jobs. How many attempts that were.

        What waits for its next attempt is not waited for. Not for a worker that is entered. Raises `InboxError`.
        """
        self._router.require_provided()
        began = 0
        async with self._handling.renewing():
            try:
                while not self._stopping:
                    more = await self._begin()
                    began += more
                    if not more and not self._running:
                        break
                    await self._wait(None)
            finally:
                await self._end()
        return began

    async def _live(self) -> None:
        tidying = asyncio.create_task(self._keep_tidy())
        try:
            async with self._handling.renewing():
                try:
                    await self._work()
                finally:
                    await self._end()
        except Exception as error:
            _log.error("a worker broke down: %s: %s", type(error).__qualname__, error)
            raise
        finally:
            await end(tidying)

    async def _work(self) -> None:
        trouble = 0
        while not self._stopping:
            try:
                await self._begin()
                trouble = 0
            except InboxError as error:
                trouble += 1
                log = _log.warning if error.may_retry else _log.error
                log("no events from the inbox (%d times in a row): %s", trouble, error)
            await self._wait(self._poll if not trouble else min(self._poll * 2**trouble, 30.0))

    async def _begin(self) -> int:
        """Begin as much as there is, and is room for."""
        free = dict.fromkeys((handler.name for handler in self._router.handlers), self._concurrency)
        for handler in self._running.values():
            free[handler] = free.get(handler, 0) - 1
        free = {handler: room for handler, room in free.items() if room > 0}
        self._wake.clear()
        tasks = await self._handling.claim(free)
        for task in tasks:
            running = asyncio.create_task(self._handling.handle(task))
            self._running[running] = task.handler
            running.add_done_callback(self._ended)
        return len(tasks)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.pop(task, None)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("handling an event broke down", exc_info=error)

    async def _wait(self, seconds: float | None) -> None:
        """Until something has ended, or somebody says so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _end(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self._grace)
        self._handling.breaking_off = True
        left = dict(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_PATIENCE)
        for handler in self._running.values():
            _log.error("handler %s does not end; its event is handled again when the lease has ended", handler)

    async def _keep_tidy(self) -> None:
        while True:
            try:
                while await self._inbox.tidy(bodies=self._bodies, keys=self._keys):
                    await self._sleep(0)
            except InboxError as error:
                _log.warning("what is old in the inbox was not removed: %s", error)
            await self._sleep(_TIDYING)

    def __repr__(self) -> str:
        return f"Worker({self._inbox!r})"


async def handle(inbox: Inbox, router: Router, key: str, policy: Policy | None = None) -> int:
    """Handle what the event with that key still needs and is due: for the task of a broker, see `Relay`.

    Safe to repeat, also at the same time. How many handlers were begun: 0 where others did it or are at it. What fails
    is written down, and comes again through the relay. Raises `InboxError`.
    """
    handling = Handling(inbox, router, policy or Policy(), kind="task")
    free = dict.fromkeys((handler.name for handler in router.handlers), 100)
    async with handling.renewing():
        tasks: list[Task] = await handling.claim(free, [key])
        running = [asyncio.create_task(handling.handle(task)) for task in tasks]
        if running:
            try:
                await asyncio.wait(running)
            except asyncio.CancelledError:
                handling.breaking_off = True
                for one in running:
                    one.cancel()
                await asyncio.wait(running, timeout=_PATIENCE)
                raise
    return len(tasks)
