"""What is worked out once for a class and kept, and quick access to many fields of its instances."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

__all__ = ["per_class", "values_of"]

ResultT = TypeVar("ResultT")


def per_class(function: Callable[[type[Any]], ResultT]) -> Callable[[type[Any]], ResultT]:
    """Remember the function's result for each class."""
    return cast("Callable[[type[Any]], ResultT]", cache(function))


def values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that gets all these attributes of an object at once, in their order."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda model: tuple(getattr(model, name) for name in names)
