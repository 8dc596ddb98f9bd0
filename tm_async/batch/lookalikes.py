"""Requests of one batch that are alike, so that a look for one of them can't take what another one made."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from weakref import WeakValueDictionary

from attrs import define, field

from tm_async.batch.forgotten import Forgotten
from tm_async.core.lookup import Likeness, Others

__all__ = ["Lookalikes"]

_REMEMBERED = 100_000
"""Kinds of requests whose results are remembered; older ones are forgotten, so that memory stays flat."""


class _Ids(set[str]):
    """Ids of what was made in one place."""


@define(eq=False)
class _Kin:
    """What is known of the requests that are alike."""

    claimed: _Ids
    """Ids of what they made, and others in the same place: all of these have one set."""
    under_way: int = 0
    unclear: int = 0
    looking: bool = False
    waiting: int = 0
    """How many wait to look: none that is alike is begun meanwhile, or they might wait for ever."""
    changed: asyncio.Event = field(factory=asyncio.Event)

    @property
    def idle(self) -> bool:
        return not (self.under_way or self.unclear or self.looking)

    def change(self) -> None:
        """Wake whoever waits for a change."""
        self.changed.set()
        self.changed = asyncio.Event()


class Lookalikes:
    """Keeps sending and looking apart, for each kind of request."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._kin: OrderedDict[Likeness, _Kin] = OrderedDict()
        self._claimed: WeakValueDictionary[Hashable, _Ids] = WeakValueDictionary()
        self._remembered = remembered
        self._forgotten = Forgotten()

    async def begin(self, likeness: Likeness) -> None:
        """A request is about to be sent; waits while somebody looks, or wants to, for one that is alike."""
        while (kin := self._of(likeness)).looking or kin.waiting:
            await kin.changed.wait()
        kin.under_way += 1

    def made(self, likeness: Likeness, result_id: str) -> None:
        """Its result is known."""
        kin = self._of(likeness)
        kin.under_way -= 1
        kin.claimed.add(result_id)
        kin.change()

    def failed(self, likeness: Likeness) -> None:
        """It certainly made nothing."""
        kin = self._of(likeness)
        kin.under_way -= 1
        kin.change()

    def lost(self, likeness: Likeness) -> None:
        """It may have made something, and nobody looks."""
        kin = self._of(likeness)
        kin.under_way -= 1
        kin.unclear += 1
        kin.change()

    async def begin_to_look(self, likeness: Likeness, *, sent_here: bool = True, again: bool = False) -> None:
        """It has no clear outcome: wait until no other one is under way. `look_ended` must follow.

        In between none that is alike is sent. `sent_here`: `begin` was called for it. `again`: it was looked for
        before, and its outcome stayed unclear.
        """
        kin = self._of(likeness)
        kin.under_way -= sent_here and not again
        kin.unclear += not again
        kin.waiting += 1
        kin.change()
        try:
            while kin.looking or kin.under_way:
                await kin.changed.wait()
            kin.looking = True
        finally:
            kin.waiting -= 1
            kin.change()

    def others(self, likeness: Likeness) -> Others:
        """What the one that looks has to know of those that are alike."""
        kin = self._of(likeness)
        return Others(frozenset(kin.claimed), kin.unclear - 1, forgotten=likeness in self._forgotten)

    def look_ended(self, likeness: Likeness, found: str | None, *, settled: bool = False) -> None:
        """The look is over; `found` is the id that is its own; `settled`: there is certainly none."""
        kin = self._of(likeness)
        kin.looking = False
        if found is not None:
            kin.claimed.add(found)
        if found is not None or settled:
            kin.unclear -= 1
        kin.change()

    def _of(self, likeness: Likeness) -> _Kin:
        kin = self._kin.get(likeness)
        if kin is None:
            claimed = self._claimed.setdefault(likeness.place, _Ids())
            kin = self._kin[likeness] = _Kin(claimed)
            if len(self._kin) > self._remembered:
                self._forget()
        return kin

    def _forget(self) -> None:
        newest = next(reversed(self._kin))
        for likeness, kin in self._kin.items():
            if kin.idle and likeness != newest:
                del self._kin[likeness]
                self._forgotten.add(likeness)
                return
