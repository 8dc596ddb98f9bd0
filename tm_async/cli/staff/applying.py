"""The calls of a plan, sent kind after kind; every one gets its result."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from attrs import asdict, define, field, frozen

from tm_async.api.users import CreateUser
from tm_async.api.users.lookup import as_wanted
from tm_async.batch.ledger import Ledger
from tm_async.batch.mount import BoundBulkCall
from tm_async.cli.results.result import Failure
from tm_async.cli.staff.calls import Call
from tm_async.cli.staff.planning import Action, Step
from tm_async.cli.waiting import Stopped
from tm_async.cli.words import spoken
from tm_async.client.client import TencentMeeting
from tm_async.core.outcome import Created, Outcome, Rejected
from tm_async.errors import TencentMeetingError

__all__ = ["Applying", "Done", "Tally", "What"]

_ALREADY = (20002, 41002, 41003)
"""What a creation hears of a userid, address or phone that is there: maybe its own doing (doc 1095/43704)."""


class What(StrEnum):
    """What became of a step."""

    DONE = "done"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"
    """As a step before it failed, or an end was asked for."""


@frozen
class Done:
    """The result of one step."""

    step: Step
    what: What
    error: Failure | None = None

    def as_json(self) -> dict[str, Any]:
        """Always the same members."""
        error = asdict(self.error) if self.error else None
        return {"action": self.step.action, "userid": self.step.userid, "status": self.what, "error": error}


@define
class Tally:
    """The running count."""

    rows: int
    """Steps to be done."""
    of: dict[What, int] = field(factory=dict[What, int], init=False)

    def add(self, result: Done, /) -> None:
        """Count a result."""
        self.of[result.what] = self.of.get(result.what, 0) + 1

    @property
    def done(self) -> int:
        """Steps with a result."""
        return sum(self.of.values())

    @property
    def failed(self) -> int:
        """Steps that are not done."""
        return self.done - self.of.get(What.DONE, 0)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.of.get(one, 0):,} {spoken(one)}" for one in What)
        return spoken("{counts} of {steps} steps", counts=counts, steps=f"{self.rows:,}")


@frozen
class Applying:
    """One run."""

    tm: TencentMeeting
    concurrency: int
    stopped: Callable[[], bool]
    """Once it says so no further call is begun."""
    ledger: Ledger | None = None

    async def write_down(self, calls: Sequence[Call]) -> None:
        """Put every call into the ledger before the first one is sent. Raises `LedgerError`."""
        if self.ledger is None:
            return
        for action, some in _by_kind(calls):
            keys = [call.key for call in some]
            await self._bulk(action).plan([call.operation for call in some], self.ledger, key=_in_turn(keys))

    async def results(self, calls: Sequence[Call]) -> AsyncGenerator[Done, None]:
        """Send them. Raises nothing but a cancellation: an end that was asked for leaves the others not sent."""
        failed: set[str] = set()
        for action, some in _by_kind(calls):
            able = [call for call in some if call.step.userid not in failed]
            told: set[str] = set()
            async for call, outcome in self._sent(action, able):
                done = _abandoned(call) if outcome is None else await self._result(call, outcome)
                told.add(call.key)
                if done.what != What.DONE:
                    failed.add(call.step.userid)
                yield done
            for call in some:
                if call.key not in told:
                    failed.add(call.step.userid)
                    yield Done(call.step, What.NOT_SENT)

    async def _sent(
        self, action: Action, calls: Sequence[Call]
    ) -> AsyncGenerator[tuple[Call, Outcome[Any] | None], None]:
        """The calls that were begun, with their outcomes; none where it was broken off before."""
        begun: list[Call] = []
        ended: set[int] = set()

        def requests() -> Iterator[Any]:
            for call in calls:
                if self.stopped():
                    return
                begun.append(call)
                yield call.operation

        try:
            async for outcome in self._bulk(action)(
                requests(),
                concurrency=self.concurrency,
                ledger=self.ledger,
                key=None if self.ledger is None else lambda _: begun[-1].key,
            ):
                ended.add(outcome.index)
                if not (isinstance(outcome, Rejected) and isinstance(outcome.error, Stopped)):
                    yield begun[outcome.index], outcome
        except asyncio.CancelledError:
            if not self.stopped():
                raise
        for index, call in enumerate(begun):
            if index not in ended:
                yield call, None

    async def _result(self, call: Call, outcome: Outcome[Any]) -> Done:
        if isinstance(outcome, Created):
            return Done(call.step, What.DONE)
        if isinstance(outcome, Rejected) and await self._is_there(call, outcome.error):
            return Done(call.step, What.DONE)
        what = What.REJECTED if isinstance(outcome, Rejected) else What.UNKNOWN
        return Done(call.step, what, Failure.of(outcome.error))

    async def _is_there(self, call: Call, error: TencentMeetingError) -> bool:
        """Whether a creation was refused because the user is there, just as wanted."""
        operation, code = call.operation, getattr(error, "code", None)
        if not isinstance(operation, CreateUser) or code not in _ALREADY:
            return False
        try:
            user = await self.tm.users.get(operator_id=operation.operator_id, userid=operation.userid)
        except TencentMeetingError:  # such as that there is nobody: then somebody else has the phone
            return False
        return as_wanted(operation, user)

    def _bulk(self, action: Action) -> BoundBulkCall[Any]:
        users = self.tm.users
        calls: Mapping[Action, BoundBulkCall[Any]] = {
            Action.ENABLE: users.set_enabled_many,
            Action.CREATE: users.create_many,
            Action.CHANGE: users.modify_many,
            Action.ROLE: self.tm.corp.set_role_many,
            Action.DISABLE: users.set_enabled_many,
            Action.DELETE: users.delete_many,
            Action.TRANSFER: users.delete_and_transfer_many,
        }
        return calls[action]


def _abandoned(call: Call) -> Done:
    """It was under way when the run was broken off."""
    message = spoken("broken off before its outcome was known")
    return Done(call.step, What.UNKNOWN, Failure("Interrupted", None, message, None))


def _in_turn(keys: Sequence[str]) -> Callable[[object], str]:
    upcoming = iter(keys)
    return lambda _: next(upcoming)


def _by_kind(calls: Sequence[Call]) -> Iterator[tuple[Action, list[Call]]]:
    order = list(Action)
    ordered = sorted(calls, key=lambda call: order.index(call.step.action))
    return ((action, list(some)) for action, some in groupby(ordered, lambda call: call.step.action))
