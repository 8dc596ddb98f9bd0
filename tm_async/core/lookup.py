"""How a call of unclear outcome is looked up: what an operation's lookup offers, and what can be concluded from it."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from datetime import datetime
from importlib import import_module
from math import inf
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from attrs import define, field, frozen

from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Found, Looked, Undecided
from tm_async.errors import ConfigurationError, OutcomeUnknown

__all__ = [
    "Likeness",
    "Lookup",
    "Others",
    "Reading",
    "Readings",
    "Reconciler",
    "Sighting",
    "conclude",
    "lookup_of",
]


ResultT = TypeVar("ResultT")

_READINGS = 64
"""Lists that a batch remembers; of what it forgets more is read."""


class Likeness(NamedTuple):
    """Tells operations apart as far as their results can be told apart."""

    place: Hashable
    """Equal for operations of which one's result might be taken for another's that was changed on its way."""
    rest: Hashable
    """Within a place: equal for operations whose results a look can't tell apart."""


@frozen
class Sighting:
    """What a look shows."""

    matches: Mapping[str, Any] = field(factory=dict[str, Any])
    """By id, everything that the operation can have made, if it is shown as it was sent."""
    nearly: Mapping[str, str] = field(factory=dict[str, str])
    """By id, what it can have made only if the gateway changed or left out something; and what that is."""
    blind: str | None = None
    """Why it would not be seen although it was made; `None`: it would be."""
    partial: bool = False
    """Whether it was broken off: what was seen decided by itself, whatever else there is."""


class Lookup(Protocol):
    """A way to look for what an operation made."""

    @property
    def kept(self) -> tuple[str, ...]:
        """The members of a result that a ledger keeps: nothing secret."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields of an operation that looking for its result takes: nothing secret."""
        ...

    def likeness(self, operation: Any, /) -> Likeness:
        """Which other operations are like it."""
        ...

    async def look(
        self,
        client: Any,
        operation: Any,
        since: float,
        now: float,
        /,
        *,
        all_of_it: bool,
        reading: "Reading | None" = None,
    ) -> Sighting:
        """Look once. `since`: UNIX seconds before which it was not sent; `now`: the time. Raises a call's errors.

        `all_of_it`: where it is not must be certain, so nothing is left unread because of an order that is assumed.
        `reading` knows when enough was read, and what earlier looks have read.
        """
        ...


class Reconciler(Protocol):
    """A client that looks for results."""

    async def reconcile(
        self,
        operation: Operation[ResultT] | OutcomeUnknown,
        /,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Looked[ResultT]:
        """Look whether an operation was carried out."""
        ...


def lookup_of(operation: type[Operation[Any]]) -> Lookup:
    """The way to look for an operation's result. Raises `ConfigurationError` where none is documented."""
    where = operation.spec.lookup
    if where is None:
        raise ConfigurationError("there is no documented way to look this up", operation=operation.spec.id)
    module, _, name = where.partition(":")
    return cast("Lookup", getattr(import_module(module), name))


@frozen
class Others:
    """What is known of other calls that are alike."""

    claimed: Collection[str] = ()
    """Ids that belong to them, and to others in the same place."""
    unclear: int = 0
    """How many of them have no clear outcome: then a match is one's own only if there is one for everybody."""
    busy: bool = False
    """Whether one of them is under way now: whatever is there may be what it makes."""
    forgotten: bool = False
    """Whether there were some of which nothing is known any more: whatever is there may be what they made."""


class Readings(OrderedDict[Hashable, Any]):
    """What the looks of one batch have read of lists, so that the next one goes on there; the last few of them."""

    def __setitem__(self, key: Hashable, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > _READINGS:
            self.popitem(last=False)


@define(eq=False)
class Reading:
    """One look at a list that may be long: whether more has to be read of it, and what need not be read again."""

    others: Callable[[], Awaitable[Others]] | None = None
    """Asked once, when something is seen; `None`: there are none."""
    kept: Readings = field(factory=Readings)
    settled: float = inf
    """By `clocks.elapsed`: what was read of a list from then on shows whether it was done."""
    _known: Others | None = field(default=None, init=False)

    async def decides(self, matches: dict[str, Any], nearly: dict[str, str]) -> bool:
        """Take out what belongs to others; whether what is left decides, whatever else the list has.

        More matches than calls can have made: which one is whose can't be told.
        """
        if not matches and not nearly:
            return False
        if self._known is None:
            self._known = Others() if self.others is None else await self.others()
        known = self._known
        for found in (matches, nearly):
            for key in [key for key in found if key in known.claimed]:
                del found[key]
        left = bool(matches or nearly)
        return (left and (known.busy or known.forgotten)) or len(matches) > 1 + known.unclear


def conclude(sighting: Sighting, others: Others) -> Looked[Any]:
    """What a look says about one call; `others` is what was known after the look."""
    free = [result for key, result in sighting.matches.items() if key not in others.claimed]
    nearly = [reason for key, reason in sighting.nearly.items() if key not in others.claimed]
    everybody = 1 + others.unclear
    if not free and not nearly and not sighting.partial:
        return Absent() if sighting.blind is None else Undecided(sighting.blind)
    if others.busy or others.forgotten:
        busy = "one that is alike is under way"
        return Undecided(busy if others.busy else "there were more that are alike than are remembered")
    if sighting.partial and len(free) <= everybody:
        return Undecided("what was seen belongs to others by now", again=True)
    if not free:
        return Undecided(f"something is nearly what was asked for: {nearly[0]}", again=True)
    if len(free) == everybody or (len(free) == 1 and len(free) + len(nearly) == everybody):
        return Found(free[0])
    calls = f"{everybody} calls that are alike" if others.unclear else "one call"
    return Undecided(f"{len(free)} matches for {calls}")
