"""Sending many operations of one class: one outcome each, and no request can spoil another."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from typing import Any, TypeVar, cast

from tm_async.batch.bounded import bounded
from tm_async.core.exchange import Answer
from tm_async.core.mount import Requests
from tm_async.core.operation import Operation
from tm_async.core.outcome import Created, Outcome, Rejected, Unknown
from tm_async.errors import ExchangeFailed, TencentMeetingError, ValidationError, Violation

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
        except ValidationError as error:
            return Rejected(index=index, request=request, error=error)
        try:
            answer = await exchange(built)
        except TencentMeetingError as error:
            if error.outcome_unknown:
                return Unknown(index=index, request=built, error=error)
            return Rejected(index=index, request=built, error=error)
        except Exception as error:  # noqa: BLE001 - a hook or strategy of the caller's failed: the others go on
            failure = ExchangeFailed(f"unexpected {type(error).__name__}: {error}", operation=built.spec.id)
            failure.__cause__ = error
            return Unknown(index=index, request=built, error=failure)
        return Created(index=index, request=built, result=answer.result, trace_id=answer.trace_id)

    return bounded(send, requests, concurrency=concurrency, as_completed=as_completed)


def _build(operation: Callable[..., Operation[ResultT]], request: object) -> Operation[ResultT]:
    if isinstance(operation, type) and isinstance(request, operation):
        return cast("Operation[ResultT]", request)
    name = getattr(operation, "__name__", "an operation")
    problem = f"must be {name} or a mapping of its arguments, not {type(request).__name__}"
    if isinstance(request, Mapping):
        try:
            return operation(**cast("Mapping[str, Any]", request))
        except ValidationError:
            raise
        except Exception as error:  # noqa: BLE001 - a missing or unknown argument, or a broken iterable in one
            problem = f"{type(error).__name__}: {error}"
    raise ValidationError([Violation("request", "arguments", problem, problem)])
