"""Which items of a ledger a run takes, one after the other, until everything was tried that can be."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

from tm_async.batch.ledger.protocol import Entry, Ledger, State

__all__ = ["OpenItems"]


class OpenItems:
    """What a run has not tried yet. `claim` takes entries, `let_go` forgets one, `pause` waits for other workers."""

    def __init__(
        self,
        ledger: Ledger,
        worker: str,
        claim: Callable[..., Awaitable[list[Entry]]],
        let_go: Callable[[Entry], None],
        pause: Callable[[], Awaitable[Any]],
    ) -> None:
        self._ledger, self._worker, self._claim, self._let_go, self._pause = ledger, worker, claim, let_go, pause
        self.given_back: set[str] = set()
        """What this run tried, and could not send now."""

    async def entries(self, limit: int, stop: Callable[[], bool]) -> AsyncIterator[Entry]:
        """Those that are claimed, at most so many at a time; ends when nobody has any that was not tried here."""
        while not stop() and (entries := await self._claim(limit=limit)):  # what was claimed least comes first
            fresh = await self._without_tried(entries)
            for entry in fresh:
                yield entry
            if len(fresh) < len(entries):
                break
        async for entry in self._rest(limit, stop):
            yield entry

    async def _rest(self, limit: int, stop: Callable[[], bool]) -> AsyncIterator[Entry]:
        """What earlier runs claimed more often than this one its own; and what others hold, until they are through.

        One reading tells of both: what another worker gives back between two would be in neither.
        """
        while not stop():
            pending, held, claimed = list[str](), list[str](), 0
            async with aclosing(self._open()) as found:
                async for entry in found:
                    (held if entry.state is State.SENDING else pending).append(entry.key)
                    if len(pending) == limit:
                        for one in await self._claim_untried(limit, pending):
                            claimed += 1
                            yield one
                        pending = []
                    if stop():
                        return
            for keys in (pending, held):
                for one in await self._claim_untried(limit, keys) if keys else ():
                    claimed += 1
                    yield one
            if not claimed:
                if not held:
                    return
                await self._pause()

    async def _open(self) -> AsyncGenerator[Entry, None]:
        """What is pending and was not tried here, and what others hold."""
        rows = cast("AsyncGenerator[Entry]", self._ledger.entries(State.PENDING, State.SENDING))
        async with aclosing(rows) as found:
            async for entry in found:
                if entry.worker != self._worker if entry.state is State.SENDING else entry.key not in self.given_back:
                    yield entry

    async def _claim_untried(self, limit: int, keys: list[str]) -> list[Entry]:
        return await self._without_tried(await self._claim(limit=limit, keys=keys))

    async def _without_tried(self, entries: list[Entry]) -> list[Entry]:
        """Those that this run did not give back; the others go back again, unless somebody may have sent them since."""
        fresh: list[Entry] = []
        for entry in entries:
            if entry.doubtful or entry.key not in self.given_back:
                fresh.append(entry)
            else:
                await self._ledger.record(entry, State.PENDING, outcome=entry.outcome)
                self._let_go(entry)
        return fresh
