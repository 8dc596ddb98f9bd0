"""Frozen values whose class costs little to make: attrs generates no source for what a first call never asks.

Comparison, hash and `repr` of an attrs class are Python source, compiled when the class is made, which takes longer
than all the rest of it. Here every class has the same three functions, which do as the generated ones would.
"""

from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["frozen"]

if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """`attrs.frozen`, but for how the three come about. Members of the class's own win, as there."""
        if cls is None:
            return partial(frozen, **options)
        own = vars(cls)
        made = attrs.frozen(cls, eq=False, repr=False, **options)
        for name in ("__eq__", "__hash__", "__repr__"):
            if name not in own:
                setattr(made, name, vars(_Value)[name])
        return made


class _Value:
    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        kind: Any = self.__class__
        values = _compared(kind)
        return values(self) == values(other)

    def __hash__(self) -> int:
        kind: Any = self.__class__
        return hash((kind, _compared(kind)(self)))

    @recursive_repr("...")
    def __repr__(self) -> str:
        kind: Any = self.__class__
        shown = ", ".join(f"{name}={show(getattr(self, name))}" for name, show in _shown(kind))
        return f"{kind.__qualname__.rpartition('>.')[2]}({shown})"


@cache
def _compared(cls: type[Any]) -> Callable[[Any], object]:
    names = [one.name for one in attrs.fields(cls) if one.eq]
    return attrgetter(*names) if names else type


@cache
def _shown(cls: type[Any]) -> tuple[tuple[str, Callable[[Any], str]], ...]:
    fields: Any = attrs.fields(cls)
    return tuple((one.name, repr if one.repr is True else one.repr) for one in fields if one.repr)
