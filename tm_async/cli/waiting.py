"""Waiting for room in the quotas: seen by the user, and given up when an end is asked for."""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import count

from tm_async._util.ending import end
from tm_async.errors import QuotaExceeded
from tm_async.quotas import Charge, LearningLimiter

__all__ = ["Stopped", "WatchedLimiter"]

_POLL = 0.2
"""Seconds between two questions whether an end is asked for."""


class Stopped(QuotaExceeded):
    """An end was asked for while the call waited for room; nothing was sent and nothing counted."""


class WatchedLimiter:
    """Another limiter, with a word about who waits and until when. `clock` gives UNIX seconds."""

    def __init__(
        self, limiter: LearningLimiter, stopped: Callable[[], bool], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._limiter = limiter
        self._stopped = stopped
        self._clock = clock
        self._until: dict[int, float] = {}
        self._numbers = count()
        self.listener: Callable[[float | None], object] | None = None
        """Told when the next of those who wait has room, in UNIX seconds; `None`: nobody waits any more."""

    async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
        """Wait until one more call fits every charge, and count it. Raises `QuotaExceeded`, or `Stopped` of these."""
        try:
            await self._limiter.take(charges, 0)
        except QuotaExceeded as full:
            seconds = full.seconds
        else:
            return
        number = next(self._numbers)
        taking = asyncio.create_task(self._taken(charges, within))
        self._tell(number, self._clock() + seconds)
        try:
            while not taking.done():
                if self._stopped():
                    scope = charges[0].scope
                    raise Stopped("stopped while it waited for room; nothing was sent", scope=scope, seconds=seconds)
                await asyncio.wait({taking}, timeout=_POLL)
            await taking
        finally:
            await end(taking)
            self._tell(number, None)

    async def refused(self, charge: Charge, /, *, span: float, seconds: float) -> None:
        """The gateway refused a call that was counted: see `LearningLimiter`."""
        await self._limiter.refused(charge, span=span, seconds=seconds)

    async def _taken(self, charges: Sequence[Charge], within: float | None) -> None:
        await self._limiter.take(charges, within)

    def _tell(self, number: int, until: float | None) -> None:
        if until is None:
            del self._until[number]
        else:
            self._until[number] = until
        if self.listener is not None:
            self.listener(min(self._until.values(), default=None))
