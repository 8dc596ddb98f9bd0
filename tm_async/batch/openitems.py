"""Which items of a ledger a run takes, one after the other, until everything was tried that can be."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

from tm_async.batch.ledger.protocol import Entry, Ledger, State

__all__ = ["OpenItems"]

_AT_A_TIME = 1000
"""Keys that are kept of what one look at a long ledger finds."""


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

    async def untried(self, limit: int, stop: Callable[[], bool]) -> AsyncIterator[Entry]:
        """What was claimed least comes first; from the first one on that this run gave back, only what it did not."""
        while not stop() and (entries := await self._claim(limit=limit)):
            fresh = await self._without_tried(entries)
            for entry in fresh:
                yield entry
            if len(fresh) < len(entries):
                break
        while not stop() and (keys := await self._left()):
            claimed = 0
            while keys and not stop():
                piece, keys = keys[:limit], keys[limit:]
                entries = await self._claim_untried(limit, piece)
                claimed += len(entries)
                for entry in entries:
                    yield entry
            if not claimed:
                return  # others have them

    async def left_by_others(self, limit: int, stop: Callable[[], bool]) -> AsyncIterator[Entry]:
        """What other workers hold, once they give it back or their lease has ended; waits until they are through."""
        waited = set[str]()
        while not stop() and (waited := waited | (held := await self._held_by_others())):
            entries = await self._claim_untried(limit, [*waited])
            for entry in entries:
                yield entry
            waited -= {entry.key for entry in entries}
            if not entries:
                waited &= held  # what nobody holds, and can't be claimed, is finished
                if waited:
                    await self._pause()

    async def _left(self) -> list[str]:
        """Some that are pending, and were not tried here: those that earlier runs claimed more often."""
        keys: list[str] = []
        async with aclosing(cast("AsyncGenerator[Entry]", self._ledger.entries(State.PENDING))) as pending:
            async for entry in pending:
                if entry.key not in self.given_back:
                    keys.append(entry.key)
                if len(keys) == _AT_A_TIME:
                    break
        return keys

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

    async def _held_by_others(self) -> set[str]:
        return {entry.key async for entry in self._ledger.entries(State.SENDING) if entry.worker != self._worker}
