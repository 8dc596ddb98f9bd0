"""What is worked out once for a class and kept."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

__all__ = ["per_class"]

ResultT = TypeVar("ResultT")


def per_class(function: Callable[[type[Any]], ResultT]) -> Callable[[type[Any]], ResultT]:
    """Remember the function's result for each class."""
    return cast("Callable[[type[Any]], ResultT]", cache(function))
