"""What is to be pushed, to whom and when, by the emulator's clock."""

import asyncio
import json
from bisect import insort
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from tm_async.emulator.webhooks.faults import PushFault, PushFaults, changed
from tm_async.emulator.webhooks.push import Push, PushAttempt, PushState
from tm_async.emulator.webhooks.secrets import Secrets
from tm_async.emulator.webhooks.subscription import RECEIVED, Subscription, redirects, stamp

__all__ = ["Outbox"]

RETRIES = (60, 180, 360)
"""Seconds after the attempt before: 1, 3 and 6 minutes, and then never again (official docs, 2021)."""
LOOK = 0.2
"""Real seconds after which the clock is looked at again while something waits for a later time: tests set it."""


class Outbox:
    """Pushes to every subscription, one after the other; while the emulator runs, by itself."""

    def __init__(self, clock: Callable[[], float], seed: int, length: int) -> None:
        self.subscriptions: list[Subscription] = []
        self.pushes: deque[Push] = deque(maxlen=length)
        """The last ones, oldest first."""
        self._waiting: list[Push] = []
        """In the order in which they are due."""
        self._numbers = count(1)
        self.faults = PushFaults()
        self.secrets = Secrets.made(seed)
        self._clock, self._seed = clock, seed
        self._rng = Random(f"pushes {seed}")  # noqa: S311 - its own, so that ids of meetings stay what they are
        self._changed: asyncio.Event | None = None
        self._sending: asyncio.Lock | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Send from now on, on the running event loop."""
        changed = self._changed = asyncio.Event()
        self._sending = asyncio.Lock()
        self._task = asyncio.create_task(self._run(changed))

    async def aclose(self) -> None:
        """Send no more; what waits goes out after the next start."""
        task, self._task, self._changed, self._sending = self._task, None, None, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def clear(self) -> None:
        """Back to the beginning: no subscriptions, no pushes, no faults."""
        self.subscriptions.clear()
        self.pushes.clear()
        self._waiting.clear()
        self._numbers = count(1)
        self.faults.clear()
        self._rng.seed(f"pushes {self._seed}")

    def put(self, event: str, item: Mapping[str, Any], after: float = 0.0, trace: str | None = None) -> list[Push]:
        """Have an event pushed to everybody who wants it. One that nobody wants disturbs nothing and is gone.

        `after` so many seconds; with a `trace` of its own, if need be.
        """
        wanting = [one for one in self.subscriptions if one.wants(event)]
        if not wanting:
            return []
        faults, delay = self.faults.take(event)
        name, payload = changed(event, item, faults)
        trace = trace or str(UUID(int=self._rng.getrandbits(128), version=4))
        due = self._clock() + delay + after
        return [
            self._add(
                Push(
                    number=next(self._numbers),
                    event=name,
                    trace_id=trace,
                    payload=payload,
                    faults=faults,
                    due=due,
                    to=one,
                )
            )
            for one in wanting
        ]

    def again(self, number: int) -> Push:
        """Push an event once more, at once. `ValueError` for a number that the journal has not."""
        found = next((push for push in self.pushes if push.number == number), None)
        if found is None:
            raise ValueError(f"number: {number} is not in the journal of pushes")
        return self._add(found.again(next(self._numbers), self._clock()))

    def wake(self) -> None:
        """Look what is due: the clock was set, or there is something new."""
        if self._changed is not None:
            self._changed.set()

    async def settle(self) -> None:
        """Send what is due, also what becomes due by it. Raises `RuntimeError` unless the emulator runs."""
        if self._sending is None:
            raise RuntimeError("the emulator has not been started")
        async with self._sending:
            while push := self._next():
                await self._send(push)

    def _next(self) -> Push | None:
        """The one that has been due for the longest."""
        now = self._clock()
        return next((push for push in self._waiting if _due(push) <= now and not self._held(push)), None)

    def _held(self, push: Push) -> bool:
        """Whether it is to be late, and none after it has gone to the same address yet."""
        if PushFault.REORDERED not in push.faults or push.tries:
            return False
        return not any(other.to is push.to and other.number > push.number and other.tries for other in self.pushes)

    def _add(self, push: Push) -> Push:
        self.pushes.append(push)
        insort(self._waiting, push, key=_due)
        self.wake()
        return push

    async def _run(self, changed: asyncio.Event) -> None:
        while True:
            changed.clear()
            await self.settle()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK if self._waiting else None):
                    await changed.wait()

    async def _send(self, push: Push) -> None:
        disturbed = frozenset[PushFault]() if push.tries else push.faults
        push.tries += 1
        problem = None
        for _ in range(2 if PushFault.DUPLICATE in disturbed else 1):
            problem = await self._attempt(push, disturbed)
        if push not in self._waiting:  # the emulator was reset meanwhile
            return
        self._waiting.remove(push)
        if problem is not None and push.tries <= len(RETRIES):
            push.due = self._clock() + RETRIES[push.tries - 1]
            insort(self._waiting, push, key=_due)
        else:
            push.state, push.due = PushState.LOST if problem else PushState.RECEIVED, None

    async def _attempt(self, push: Push, faults: frozenset[PushFault]) -> str | None:
        """One request, written down; what is wrong with its answer."""
        time, secrets = self._clock(), push.to.secrets
        timestamp, nonce = stamp(self._clock, self._rng)
        data = _wrapped(secrets, push, faults)
        signature = secrets.sign(timestamp, nonce, data)
        if PushFault.WRONG_SIGNATURE in faults:
            signature = signature[:-1] + ("0" if signature[-1] != "0" else "1")
        status, text = await push.to.post(data, timestamp, nonce, signature)
        problem = _problem(status, text)
        if problem is None and PushFault.LOST_ANSWER in faults:
            status, problem = None, "the answer was lost, on purpose"
        push.attempts.append(PushAttempt(time, status, problem))
        return problem


def _due(push: Push) -> float:
    return push.due or 0.0


def _wrapped(secrets: Secrets, push: Push, faults: frozenset[PushFault]) -> str:
    envelope = {"event": push.event, "trace_id": push.trace_id, "payload": push.payload}
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if PushFault.PLAIN in faults:
        return Secrets(secrets.token).wrap(text)
    if PushFault.WRONG_KEY in faults:
        return Secrets(secrets.token, Secrets.made("another").aes_key).wrap(text)
    return secrets.wrap(text)


def _problem(status: int | None, text: str) -> str | None:
    if status is None:
        return text
    if redirects(status):
        return f"it {text}"
    if status != 200:
        return f"HTTP {status}"
    return None if text == RECEIVED else f"the answer is not {RECEIVED!r}, and nothing else"
