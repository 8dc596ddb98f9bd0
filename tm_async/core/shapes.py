"""What is worked out once for all objects that look alike: most requests of a program have the same members."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, TypeVar

__all__ = ["Shapes", "values_of"]

_KEPT = 256
"""Shapes of one class; beyond that they are forgotten, and worked out again."""

ShapeT = TypeVar("ShapeT", bound=Hashable)
PlanT = TypeVar("PlanT")


class Shapes(dict[ShapeT, PlanT], Generic[ShapeT, PlanT]):
    """`shapes[shape]` is what `plan(shape)` said when it was first asked."""

    def __init__(self, plan: Callable[[ShapeT], PlanT]) -> None:
        super().__init__()
        self._plan = plan

    def __missing__(self, shape: ShapeT) -> PlanT:
        if len(self) >= _KEPT:
            self.clear()
        plan = self[shape] = self._plan(shape)
        return plan


def values_of(names: Iterable[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """A function that takes these items out of a mapping, in this order."""
    wanted = tuple(names)
    if len(wanted) > 1:
        found: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*wanted)
        return found
    return lambda items: tuple(items[name] for name in wanted)  # `itemgetter` makes no tuple of one, or none
