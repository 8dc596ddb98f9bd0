"""How a call of unclear outcome is looked up: what an operation's lookup offers, and what can be concluded from it."""

from collections.abc import Collection, Hashable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from attrs import field, frozen

from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Found, Looked, Undecided
from tm_async.errors import ConfigurationError, OutcomeUnknown

__all__ = ["Lookup", "Others", "Reconciler", "Sighting", "conclude", "lookup_of"]


ResultT = TypeVar("ResultT")


@frozen
class Sighting:
    """What a look shows."""

    matches: Mapping[str, Any] = field(factory=dict[str, Any])
    """By id, everything that the operation can have made."""
    blind: str | None = None
    """Why it would not be seen although it was made; `None`: it would be."""


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

    def likeness(self, operation: Any, /) -> Hashable:
        """Equal for operations whose results a look can't tell apart."""
        ...

    async def look(self, client: Any, operation: Any, since: float, now: float, /) -> Sighting:
        """Look once. `since`: UNIX seconds before which it was not sent; `now`: the time. Raises a call's errors."""
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
    """Ids that belong to them."""
    unclear: int = 0
    """How many of them have no clear outcome: then a match is one's own only if there is one for everybody."""
    busy: bool = False
    """Whether one of them is under way now: whatever is there may be what it makes."""


def conclude(sighting: Sighting, others: Others) -> Looked[Any]:
    """What a look says about one call; `others` is what was known after the look."""
    free = [result for key, result in sighting.matches.items() if key not in others.claimed]
    if not free:
        return Absent() if sighting.blind is None else Undecided(sighting.blind)
    if others.busy:
        return Undecided("one that is alike is under way")
    if len(free) == 1 + others.unclear:
        return Found(free[0])
    calls = f"{1 + others.unclear} calls that are alike" if others.unclear else "one call"
    return Undecided(f"{len(free)} matches for {calls}")
