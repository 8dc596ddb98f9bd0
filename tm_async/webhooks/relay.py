"""Hands the keys of events to a task queue, whose workers handle them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Self

from tm_async._util.ending import end
from tm_async._util.logs import logger
from tm_async.errors import InboxError
from tm_async.storage.arguments import check_seconds
from tm_async.webhooks.handling import LEASE, Handling, Policy
from tm_async.webhooks.inbox.protocol import Inbox, State, Task
from tm_async.webhooks.router import Router

__all__ = ["AGAIN", "Relay", "Send"]

Send = Callable[[str], Awaitable[object]]
"""Gives a key to a broker; when it returns, the broker has it."""

AGAIN: Final = 600.0
"""Seconds after which a key is sent again if nothing has become of its event."""
_ROOM: Final = 100
_SENDING: Final = 30.0
_log = logger("tm_async.webhooks")


class Relay:
    """While it is entered, the key of every event that is due goes to `send`: `async with Relay(inbox, router, send):`.

    The broker's task calls `hooks.handle(key)`. Messages only wake it: one that comes twice, late, or for what others
    have done, does no harm, and one that is lost is sent again after `again` seconds (600) or when its handler's next
    attempt is due. So the broker needs neither retries nor results. Events of one subject are sent one after the other,
    as each is done.

    An event is marked as sent just before it is sent: whoever gets the message at once must not find it held. If the
    broker does not take it, it is offered again, after 1 s, 2 s and so on, a minute at most, while this is entered.
    """

    def __init__(
        self,
        inbox: Inbox,
        router: Router,
        send: Send,
        *,
        again: float = AGAIN,
        lease: float = LEASE,
        poll: float = 0.25,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        check_seconds("`again`", again)
        check_seconds("`poll`", poll)
        self._inbox, self._router, self._send = inbox, router, send
        self._again, self._poll, self._sleep = again, poll, sleep
        self._handling = Handling(inbox, router, Policy(lease=lease), kind="relay", sleep=sleep)
        self._life: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._life is not None:
            await end(self._life)

    async def once(self) -> int:
        """Send what is due now; how many keys. Raises `InboxError`."""
        free = dict.fromkeys((handler.name for handler in self._router.handlers), _ROOM)
        tasks = await self._handling.claim(free)
        marked = await asyncio.gather(*(self._mark(task) for task in tasks))
        self._handling.release(tasks)
        keys = list(dict.fromkeys(task.key for task, good in zip(tasks, marked, strict=True) if good))
        await self._offer(keys)
        return len(keys)

    async def _mark(self, task: Task) -> bool:
        try:
            return await self._inbox.record(task, State.SENT, after=self._again, error=task.error, counts=False)
        except InboxError as error:
            _log.warning("event %s is sent when its lease has ended: %s", task.key[:12], error)
            return False

    async def _offer(self, keys: Sequence[str]) -> None:
        """Until the broker has taken all of them."""
        wait = 1.0
        while left := [key for key, good in [(key, await self._taken(key)) for key in keys] if not good]:
            _log.warning("the broker did not take %d events; again in %g s", len(left), wait)
            await self._sleep(wait)
            keys, wait = left, min(wait * 2, 60.0)

    async def _taken(self, key: str) -> bool:
        try:
            async with asyncio.timeout(_SENDING):
                await self._send(key)
        except Exception as error:  # noqa: BLE001 - the broker's own
            _log.warning("event %s was not sent: %s", key[:12], type(error).__qualname__, exc_info=error)
            return False
        return True

    async def _live(self) -> None:
        trouble = 0
        while True:
            sent = 0
            try:
                sent = await self.once()
                trouble = 0
            except InboxError as error:
                trouble += 1
                _log.warning("no events from the inbox (%d times in a row): %s", trouble, error)
            if not sent:
                await self._sleep(self._poll if not trouble else min(self._poll * 2**trouble, 30.0))

    def __repr__(self) -> str:
        return f"Relay({self._inbox!r})"
