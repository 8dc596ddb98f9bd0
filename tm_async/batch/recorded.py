"""Outcomes and requests as a ledger keeps them, and back."""

from collections.abc import Mapping
from time import time
from typing import Any

from tm_async._util.clocks import Doubt
from tm_async.batch.ledger.protocol import Entry, State
from tm_async.batch.written import read_back
from tm_async.core.codec import read_as
from tm_async.core.lookup import Likeness, lookup_of
from tm_async.core.operation import Operation, result_type
from tm_async.core.outcome import Created, Outcome, Rejected, Unknown
from tm_async.core.wire import is_object
from tm_async.errors import (
    AnswerError,
    ApiError,
    Conflict,
    InvalidRequest,
    LedgerError,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RecordedError,
    TencentMeetingError,
    ValidationError,
    WrongState,
)

__all__ = ["doubt_of", "is_like", "outcome_of", "record_of", "recorded_error", "state_of"]

_ABOUT_THE_ITEM = (ValidationError, InvalidRequest, NotFound, PermissionDenied, WrongState, Conflict)
"""Refusals that come again for the same item. Everything else (network, keys, quotas) says nothing about it."""


def state_of(outcome: Outcome[Any]) -> State:
    """The state in which an item is left by an outcome."""
    if isinstance(outcome, Created):
        return State.CREATED
    if isinstance(outcome, Unknown):
        return State.UNKNOWN
    error = outcome.error
    about_the_item = isinstance(error, _ABOUT_THE_ITEM) or type(error) is ApiError
    return State.REJECTED if about_the_item and not error.may_retry else State.PENDING


def record_of(outcome: Outcome[Any]) -> dict[str, object]:
    """What is written down: of a result what its lookup says may be kept, of an error its words."""
    if isinstance(outcome, Created):
        wire: Mapping[str, Any] = getattr(outcome.result, "wire", {})
        kept = lookup_of(type(outcome.request)).kept
        result = {name: wire[name] for name in kept if wire.get(name) is not None}
        return {"result": result, "trace_id": outcome.trace_id, "looked_up": outcome.looked_up}
    return _words(outcome.error)


def _words(error: TencentMeetingError) -> dict[str, object]:
    cause = error.cause if isinstance(error, OutcomeUnknown) else error
    return {
        "error": type(cause).__name__,
        "code": cause.code if isinstance(cause, ApiError) else None,
        "trace_id": cause.trace_id if isinstance(cause, AnswerError) else None,
        "message": str(cause.args[0]) if cause.args else "",
    }


def outcome_of(entry: Entry, request: Operation[Any], index: int) -> Outcome[Any]:
    """The outcome of an entry with a final state."""
    said = entry.outcome
    trace_id = said.get("trace_id")
    trace = trace_id if isinstance(trace_id, str) else None
    if entry.state is State.CREATED:
        kept = said.get("result")
        wanted = result_type(type(request))
        result = None if wanted is type(None) else read_as(wanted, kept if is_object(kept) else {})
        looked_up = said.get("looked_up") is True
        return Created(index=index, request=request, result=result, trace_id=trace, looked_up=looked_up)
    return Rejected(index=index, request=request, error=recorded_error(said, request.spec.id))


def recorded_error(said: Mapping[str, object], operation: str | None = None) -> RecordedError:
    """The error that an earlier run wrote down."""
    code, trace_id = said.get("code"), said.get("trace_id")
    return RecordedError(
        str(said.get("message") or "no reason is recorded"),
        name=str(said.get("error") or "an error"),
        code=code if isinstance(code, int) else None,
        trace_id=trace_id if isinstance(trace_id, str) else None,
        operation=operation,
    )


def is_like(entry: Entry, likeness: Likeness, operation: type[Operation[Any]]) -> bool:
    """Whether an entry can't be told apart from a request that has this likeness."""
    try:
        found = read_back(entry.request, operation)
    except LedgerError:  # nobody knows
        return True
    return lookup_of(operation).likeness(found) == likeness


def doubt_of(entry: Entry) -> Doubt:
    """When an entry that was just claimed may have been under way before, as the ledger's clock counts it."""
    if entry.claimed_at is None:
        return Doubt.ago(max(0.0, time() - (entry.since or 0.0)), 0.0)
    marks = (entry.claimed_at if mark is None else mark for mark in (entry.since, entry.until))
    began, ended = (max(0.0, entry.claimed_at - mark) for mark in marks)
    return Doubt.ago(max(began, ended), ended)
