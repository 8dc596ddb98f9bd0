"""Sending many operations of one class: one outcome each, and no request can spoil another."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from typing import Any, TypeVar, cast

from tm_async.batch.bounded import bounded
from tm_async.core.exchange import Answer
from tm_async.core.mount import Requests
from tm_async.core.operation import Operation
from tm_async.core.outcome import Created, Outcome, Rejected, Unknown
from tm_async.core.rule import Violation
from tm_async.errors import TencentMeetingError, ValidationError

__all__ = ["send_many"]

ResultT = TypeVar("ResultT")


def send_many(
    exchange: Callable[[Operation[ResultT]], Coroutine[Any, Any, Answer[ResultT]]],
    operation: Callable[..., Operation[ResultT]],
    requests: Requests[ResultT],
    *,
    concurrency: int,
    as_completed: bool,
) -> AsyncGenerator[Outcome[ResultT], None]:
    """Yield one outcome per request, at most `concurrency` under way at a time."""

    async def send(index: int, request: object) -> Outcome[ResultT]:
        try:
            built = _build(operation, request)
        except TencentMeetingError as error:
            return Rejected(index=index, request=request, error=error)
        try:
            answer = await exchange(built)
        except TencentMeetingError as error:
            if error.outcome_unknown:
                return Unknown(index=index, request=built, error=error)
            return Rejected(index=index, request=built, error=error)
        return Created(index=index, request=built, result=answer.result, trace_id=answer.trace_id)

    return bounded(send, requests, concurrency=concurrency, as_completed=as_completed)


def _build(operation: Callable[..., Operation[ResultT]], request: object) -> Operation[ResultT]:
    if isinstance(request, Operation):
        return cast("Operation[ResultT]", request)
    try:
        if isinstance(request, Mapping):
            return operation(**request)
        problem = f"must be an operation or a mapping of its arguments, not {type(request).__name__}"
    except TypeError as error:  # a missing or unknown argument
        problem = str(error)
    raise ValidationError([Violation("request", "arguments", problem, problem)])
