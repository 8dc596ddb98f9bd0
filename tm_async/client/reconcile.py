"""Looking up calls of unclear outcome: when to look, how long to go on, and what to say then."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from attrs import frozen

from tm_async._util import clocks
from tm_async._util.clocks import Doubt
from tm_async.core.lookup import Others, Reading, Readings, conclude, lookup_of
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Looked, Undecided

__all__ = ["Looking"]

ResultT = TypeVar("ResultT")

_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between two looks; the last one again and again."""
sleep = asyncio.sleep


@frozen
class Looking:
    """Looks with a client. `now` gives UNIX seconds, which what the gateway shows is compared with.

    A request whose connection broke may still be carried out a little later, and no page says how much later. So its
    absence means something only `settle` seconds after it was heard of last, by the clock that counts durations.
    """

    client: Sender
    now: Callable[[], float]
    settle_after: float
    ahead: Callable[[], float] = lambda: 0.0
    """Seconds by which the gateway's clock is ahead of `now`, as far as it is known at the moment."""
    sleep: Callable[[float], Awaitable[object]] | None = None
    """How waits are played, by the clock of `now`; `None`: time passes by itself."""

    async def once(
        self,
        operation: Operation[ResultT],
        doubt: Doubt,
        others: Callable[[], Awaitable[Others]] | None = None,
        *,
        all_of_it: bool = False,
        kept: Readings | None = None,
    ) -> Looked[ResultT]:
        """Look once. `Absent` means: not there now; and without `all_of_it`, not where it should be.

        `others` is asked when something is seen, and again after the look: many rows may have to be read for it.
        `None`: there are none. `kept` is what looks for others have read, and is filled.
        """
        lookup = lookup_of(type(operation))
        now = self.now() + self.ahead()
        since = now - (clocks.elapsed() - doubt.began)
        reading = Reading(others, Readings() if kept is None else kept, doubt.ended + self.settle_after)
        seen = await lookup.look(self.client, operation, since, now, all_of_it=all_of_it, reading=reading)
        asked = others if seen.matches or seen.nearly else None
        return conclude(seen, Others() if asked is None else await asked())

    async def settle(
        self,
        operation: Operation[ResultT],
        doubt: Doubt,
        others: Callable[[], Awaitable[Others]] | None = None,
        *,
        kept: Readings | None = None,
    ) -> Looked[ResultT]:
        """Look until it is there, or until its absence means that it was not done."""
        kept = Readings() if kept is None else kept
        pauses: list[float] = list(_PAUSES)
        while True:
            late = clocks.elapsed() >= doubt.ended + self.settle_after
            found: Looked[Any] = await self.once(operation, doubt, others, all_of_it=late, kept=kept)
            open_ = isinstance(found, Absent) or (isinstance(found, Undecided) and found.again)
            if late or not open_:
                return found
            pause = pauses.pop(0) if len(pauses) > 1 else pauses[0]
            pause = min(pause, max(0.05, doubt.ended + self.settle_after - clocks.elapsed()))
            if self.sleep is None:
                await sleep(pause)
            else:
                doubt = doubt.earlier(await clocks.played(self.sleep, pause))
