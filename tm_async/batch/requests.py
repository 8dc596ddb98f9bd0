"""The requests of a batch: what may be given, and the operation that each stands for."""

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from tm_async.core.operation import Operation
from tm_async.core.typewords import Words, wrong_type
from tm_async.errors import ValidationError, Violation

__all__ = ["Requests", "build", "check_requests"]

ResultT = TypeVar("ResultT")

Requests = Iterable[Operation[ResultT] | Mapping[str, Any]] | AsyncIterable[Operation[ResultT] | Mapping[str, Any]]
"""Requests of a bulk call: operations, or mappings of an operation's arguments."""
_SOME: Words = ("an iterable of requests", "请求的可迭代对象")


def check_requests(requests: Any) -> None:
    """Raise `ValidationError` for what holds no requests: text is letters, and a mapping is one of them."""
    if isinstance(requests, str | bytes | Mapping) or not isinstance(requests, Iterable | AsyncIterable):
        raise ValidationError([wrong_type("requests", _SOME, cast("object", requests))])


def build(operation: Callable[..., Operation[ResultT]], request: object) -> Operation[ResultT]:
    """The operation that a request of a batch stands for. Raises `ValidationError`."""
    if isinstance(operation, type) and isinstance(request, operation):
        return cast("Operation[ResultT]", request)
    name = getattr(operation, "__name__", "an operation")
    given = type(request).__name__
    problem = f"must be {name} or a mapping of its arguments, not {given}"
    problem_zh = f"应为 {name} 或其参数的映射，而不是 {given}"
    if isinstance(request, Mapping):
        try:
            return operation(**cast("Mapping[str, Any]", request))
        except ValidationError:
            raise
        except Exception as error:  # noqa: BLE001 - a missing or unknown argument, or a broken iterable in one
            if isinstance(error, TypeError):
                from tm_async.core.shown import tell_parameters

                tell_parameters(error, operation)
            problem = f"{type(error).__name__}: {error}"
            problem_zh = f"参数有误（{problem}）"
    raise ValidationError([Violation("request", "arguments", problem, problem_zh)])
