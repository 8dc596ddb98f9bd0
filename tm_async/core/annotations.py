"""Reading annotations: what is optional, what is a list, and what stands beside a type in `Annotated`."""

from collections.abc import Callable, Collection
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from tm_async._util.values import frozen

__all__ = ["Converted", "bare", "is_list", "is_union", "item_of", "notes", "required", "without_none"]


@frozen
class Converted:
    """How what is given becomes what is kept, beside a type or the type of a list's items. `None` stays `None`."""

    by: Callable[[Any], Any]
    takes: Any = None
    """What may be given, for readers; `None`: what is kept."""


def is_union(tp: Any) -> bool:
    """Whether a type is one of several."""
    return get_origin(tp) in (Union, UnionType)


def without_none(tp: Any) -> tuple[bool, Any]:
    """Whether `None` is allowed, and the type without it."""
    if is_union(tp) and NoneType in get_args(tp):
        rest = tuple(arg for arg in get_args(tp) if arg is not NoneType)
        return True, rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time
    if get_origin(tp) is Annotated:
        inner, *beside = get_args(tp)
        optional, rest_type = without_none(inner)
        return optional, Annotated[(rest_type, *beside)] if optional else tp
    return tp is NoneType, tp


def required(tp: Any) -> Any:
    """A type without its `| None`."""
    return without_none(tp)[1]


def notes(tp: Any) -> tuple[Any, ...]:
    """What stands beside a type in `Annotated`."""
    return get_args(tp)[1:] if get_origin(tp) is Annotated else ()


def bare(tp: Any) -> Any:
    """A type without what stands beside it."""
    return get_args(tp)[0] if get_origin(tp) is Annotated else tp


def is_list(tp: Any) -> bool:
    """Whether a value is a list: `Collection[X]` in requests, `tuple[X, ...]` in answers; a tuple at run time."""
    return get_origin(tp) in (tuple, Collection)


def item_of(tp: Any) -> Any:
    """The type of a list's items."""
    return get_args(tp)[0]
