"""One event on its way to one address: the journal's line about it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import define, field, frozen

from tm_async.emulator.webhooks.faults import PushFault
from tm_async.emulator.webhooks.subscription import Subscription

__all__ = ["Push", "PushAttempt", "PushState"]


class PushState(StrEnum):
    """How far a push is."""

    WAITING = "waiting"
    """It will be sent, or sent again."""
    RECEIVED = "received"
    LOST = "lost"
    """No attempt is left: the documents know no way to have it again."""


@frozen
class PushAttempt:
    """One request. `time` is the emulator's, UNIX seconds."""

    time: float
    status: int | None
    """Of HTTP; `None` without an answer."""
    problem: str | None = None
    """Why it does not count as received."""


@define(kw_only=True, eq=False)
class Push:
    """An event for one address. The payload may tell what is private: it is not shown."""

    number: int
    event: str
    trace_id: str
    payload: list[Mapping[str, Any]] = field(repr=False)
    faults: frozenset[PushFault] = frozenset()
    state: PushState = PushState.WAITING
    tries: int = 0
    """How often it was sent; a duplicate is one with the first."""
    attempts: list[PushAttempt] = field(factory=list[PushAttempt])
    due: float | None
    """When it is sent next, by the emulator's clock; `None`: never."""
    to: Subscription = field(repr=False)

    def again(self, number: int, due: float) -> "Push":
        """The same event once more, with the same trace, undisturbed."""
        return Push(number=number, event=self.event, trace_id=self.trace_id, payload=self.payload, due=due, to=self.to)

    def as_dict(self) -> dict[str, object]:
        """For the control plane."""
        attempts = [{"time": one.time, "status": one.status, "problem": one.problem} for one in self.attempts]
        shown = {name: getattr(self, name) for name in ("number", "event", "trace_id", "due")}
        told = {"url": self.to.url, "state": str(self.state), "faults": sorted(self.faults)}
        return {**shown, **told, "attempts": attempts}
