"""The emulator's clock, which a test holds: it moves it, and whoever waits by it waits no real time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from attrs import define, field

__all__ = ["Clock"]


@define(eq=False)
class _Waiter:
    """Something on the gateway's side that is to go on later."""

    due: float
    """By the event loop's time, which is less by as much as the clock was moved since."""
    moved: asyncio.Event = field(factory=asyncio.Event)


class Clock:
    """The injected clock plus an offset: the only source of time.

    Given to a client, `TencentMeeting(auth, clock=emulator.clock)`, it plays what that waits for between its attempts:
    the time passes here, in order, and nobody waits for it.
    """

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self._offset = 0.0
        self._waiters: list[_Waiter] = []
        self.told: Callable[[], object] = lambda: None
        """Called when it was moved."""

    def __call__(self) -> float:
        """The time now, UNIX seconds."""
        return self._source() + self._offset

    @property
    def offset(self) -> float:
        """Seconds that it is ahead of the injected clock."""
        return self._offset

    @offset.setter
    def offset(self, seconds: float) -> None:
        by, self._offset = seconds - self._offset, seconds
        for waiter in self._waiters:
            waiter.due -= max(0.0, by)
            waiter.moved.set()
        self.told()

    @property
    def waits(self) -> int:
        """How many delays are under way on the gateway's side."""
        return len(self._waiters)

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once. Who waits at the same time waits together: what was slept side by side counts once."""
        until = self._offset + seconds
        await asyncio.sleep(0)
        while (left := until - self._offset) > 0:
            now = asyncio.get_running_loop().time()
            first = min((waiter.due - now for waiter in self._waiters if waiter.due > now), default=left)
            self.offset += min(left, first)
            for _ in range(3):  # turns of the event loop, in which what is due happens
                await asyncio.sleep(0)

    async def wait(self, seconds: float) -> None:
        """Wait on the gateway's side, until that much time has passed or the clock was moved so far."""
        loop = asyncio.get_running_loop()
        waiter = _Waiter(loop.time() + seconds)
        self._waiters.append(waiter)
        try:
            while (left := waiter.due - loop.time()) > 0:
                waiter.moved.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await waiter.moved.wait()
        finally:
            self._waiters.remove(waiter)
