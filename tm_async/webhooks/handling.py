"""One attempt at a task: its event is read, its handler runs, and what became of it is written down."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Final

from attrs import frozen

from tm_async._util.arguments import check_count
from tm_async._util.ending import end
from tm_async._util.logs import logger
from tm_async.errors import InboxError, InboxUnavailable, UnreadableDelivery
from tm_async.storage.arguments import check_seconds
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.reading import events_of
from tm_async.webhooks.handler import Handler
from tm_async.webhooks.inbox.protocol import Inbox, State, Task
from tm_async.webhooks.router import Router

__all__ = ["ATTEMPTS", "LEASE", "TIMEOUT", "Handling", "Policy", "wait_after"]

ATTEMPTS: Final = 12
"""After so many a task is a dead letter: with the waits between them less than three hours."""
TIMEOUT: Final = 300.0
"""Seconds that a handler may take for one event."""
LEASE: Final = 30.0
"""Seconds after which another worker takes over what one that is gone had."""
_LONGEST: Final = 3600.0
_ELSEWHERE: Final = 60.0
"""Seconds after which a task is offered again whose handler this worker has not."""
_log = logger("tm_async.webhooks")


def wait_after(attempts: int) -> float:
    """Seconds until the next attempt: 1, 2.5, 6.25 and so on, at most an hour."""
    return min(2.5 ** min(attempts - 1, 20), _LONGEST)


@frozen(kw_only=True)
class Policy:
    """How events are handled. Raises `ConfigurationError` for what makes no sense."""

    timeout: float = TIMEOUT
    attempts: int = ATTEMPTS
    lease: float = LEASE

    def __attrs_post_init__(self) -> None:
        check_seconds("`timeout`", self.timeout)
        check_seconds("`lease`", self.lease)
        check_count("attempts", self.attempts)


@frozen
class _Outcome:
    state: State
    after: float = 0.0
    error: str = ""
    counts: bool = True


class Handling:
    """What a worker holds, under one name and one lease.

    A task that it gets anew while it still has it, after trouble with the inbox, is not begun a second time.
    """

    def __init__(
        self,
        inbox: Inbox,
        router: Router,
        policy: Policy,
        *,
        kind: str = "worker",
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._kind = kind
        self._worker = self._a_name()
        self._inbox, self._router, self._policy, self._sleep = inbox, router, policy, sleep
        self._held: dict[int, Task] = {}
        self._unknown: set[str] = set()
        self.breaking_off = False
        """Whether a handler that is cancelled now was cancelled by its worker."""

    def handlers_of(self, event: str) -> Sequence[str]:
        """The names of the handlers of an event."""
        return [handler.name for handler in self._router.handlers_for(event)]

    def _a_name(self) -> str:
        return f"{self._kind} {socket.gethostname()[:100]} {os.getpid()} {token_hex(8)}"

    async def claim(self, free: dict[str, int], keys: Sequence[str] | None = None) -> list[Task]:
        """Tasks that are to be begun. Raises `InboxError`."""
        try:
            taken = await self._inbox.claim(
                self._worker, lease=self._policy.lease, free=free, handlers=self.handlers_of, keys=keys
            )
        except BaseException:
            # It may have been carried out, and nobody here knows of what: under this name it would be renewed for ever.
            self._worker = self._a_name()
            raise
        fresh = [task for task in taken if task.number not in self._held]
        self._held.update((task.number, task) for task in taken)
        return fresh

    def release(self, tasks: Sequence[Task]) -> None:
        """Forget that these are held."""
        for task in tasks:
            self._held.pop(task.number, None)

    async def handle(self, task: Task) -> None:
        """Run the task's handler and write down what became of it. Raises nothing of the handler's."""
        try:
            outcome = await self._attempt(task)
            await self._record(task, outcome)
        finally:
            self.release([task])

    @asynccontextmanager
    async def renewing(self) -> AsyncGenerator[None, None]:
        """Meanwhile what is held stays held."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            await end(renewing)

    async def _renew(self) -> None:
        while True:
            await self._sleep(self._policy.lease / 3)
            for worker in {task.worker for task in self._held.values() if task.worker}:
                try:
                    await self._inbox.renew(worker, lease=self._policy.lease)
                except InboxError as error:
                    _log.warning("the lease of %s was not renewed: %s", worker, error)

    async def _attempt(self, task: Task) -> _Outcome:
        handler = next((one for one in self._router.handlers_for(task.event) if one.name == task.handler), None)
        if handler is None:
            return self._for_another(task)
        if task.attempts > self._policy.attempts:  # its worker ended each time, so nobody else said so
            return self._failed(task, task.error or "WorkerEnded")
        try:
            event = _event_of(task)
        except UnreadableDelivery as error:
            _log.error("event %s (%s): %s", task.key[:12], task.event, error)
            return self._failed(task, "UnreadableDelivery")
        return await self._run(task, handler, event)

    async def _run(self, task: Task, handler: Handler, event: Event) -> _Outcome:
        try:
            async with asyncio.timeout(self._policy.timeout):
                await handler(event)
        except asyncio.CancelledError as error:
            if self.breaking_off:
                return _Outcome(State.NEW, error=task.error, counts=False)
            return self._failed(task, "CancelledError", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the handler's
            return self._failed(task, type(error).__qualname__, error)
        return _Outcome(State.DONE)

    def _failed(self, task: Task, name: str, error: BaseException | None = None) -> _Outcome:
        name = name[:200].replace("\0", "")
        said = (task.handler, task.event, task.key[:12], task.attempts, name)
        if task.attempts >= self._policy.attempts:
            _log.error("handler %s gives up %s %s after %d attempts: %s", *said, exc_info=error)
            return _Outcome(State.DEAD, error=name)
        after = wait_after(task.attempts)
        _log.warning("handler %s failed on %s %s (attempt %d): %s; again in %g s", *said, after, exc_info=error)
        return _Outcome(State.NEW, after=after, error=name)

    def _for_another(self, task: Task) -> _Outcome:
        """Another worker may have it, an older or a newer version of the program."""
        if task.handler not in self._unknown:
            self._unknown.add(task.handler)
            _log.warning("events wait for handler %s, which this worker has not", task.handler)
        return _Outcome(State.NEW, after=_ELSEWHERE, error=task.error, counts=False)

    async def _record(self, task: Task, outcome: _Outcome) -> None:
        """Until it is done: a handler that succeeded must not run again because the inbox is out of reach."""
        wait = 0.1
        while True:
            held = self._held.get(task.number, task)
            try:
                good = await self._inbox.record(
                    held, outcome.state, after=outcome.after, error=outcome.error, counts=outcome.counts
                )
            except InboxUnavailable as error:
                _log.warning("what became of event %s is not recorded yet: %s", task.key[:12], error)
                await self._sleep(wait)
                wait = min(wait * 2, 5.0)
                continue
            except InboxError as error:
                _log.error("what became of event %s can't be recorded: %s", task.key[:12], error)
            else:
                if not good and self._held.get(task.number, task) is not held:
                    continue  # it was claimed anew, by us
                if not good:
                    _log.warning("event %s was taken over while %s had it", task.key[:12], task.handler)
            return


def _event_of(task: Task) -> Event:
    """The event, for this attempt. Raises `UnreadableDelivery`."""
    if task.body is None:
        raise UnreadableDelivery("its body is not there, or no store key opens it")
    events = events_of(task.body, task.received, task.key_name)
    if task.place >= len(events):
        raise UnreadableDelivery(f"its delivery has {len(events)} events, this was number {task.place + 1}")
    return events[task.place].handled_as(attempt=task.attempts, late=task.late)
