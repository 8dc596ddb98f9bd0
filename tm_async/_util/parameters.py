"""A function that takes what another one takes, without spelling it again."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

__all__ = ["takes_as"]

P = ParamSpec("P")
ResultT = TypeVar("ResultT")


def takes_as(
    other: Callable[P, object],
) -> Callable[[Callable[..., Coroutine[Any, Any, ResultT]]], Callable[P, Coroutine[Any, Any, ResultT]]]:
    """Declare a coroutine function to take what `other` takes; for type checkers, editors and `inspect` alike."""

    def declare(
        function: Callable[..., Coroutine[Any, Any, ResultT]],
    ) -> Callable[P, Coroutine[Any, Any, ResultT]]:
        returned, declared = function.__annotations__["return"], inspect.signature(other)
        function.__annotations__ = {**other.__annotations__, "return": returned}
        vars(function)["__signature__"] = declared.replace(return_annotation=returned)
        return function

    return declare
