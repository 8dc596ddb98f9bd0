"""Annotations, taken apart once: the tree that the codec, the rules, parsing, the command line and the pages walk."""

from collections.abc import Callable, Collection, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from tm_async._util.values import frozen
from tm_async.core.classes import per_class

__all__ = ["Converted", "Declared", "declared", "defaults", "fields", "is_union"]

NoteT = TypeVar("NoteT")


@frozen
class Converted:
    """How what is given becomes what is kept, beside a type or the type of a list's items. `None` stays `None`."""

    by: Callable[[Any], Any]
    takes: Any = None
    """What may be given, for readers; `None`: what is kept."""


@frozen
class Declared:
    """What an annotation says of a value."""

    tp: Any
    """Without `None`, and without what stands beside it: `str`, an enum, a class of ours, a list, a union."""
    optional: bool = False
    notes: tuple[Any, ...] = ()
    """What stands beside it in `Annotated`."""
    items: "Declared | None" = None
    """Of a list (`Collection[X]` in requests, `tuple[X, ...]` in answers; a tuple at run time): each element."""
    options: tuple["Declared", ...] = ()
    """Of a union: what it may be."""

    def note(self, kind: type[NoteT]) -> NoteT | None:
        """What of this kind stands beside it."""
        return next((one for one in self.notes if isinstance(one, kind)), None)

    @property
    def model(self) -> type[Any] | None:
        """The class of ours that it is or may be."""
        return next((one.tp for one in (self, *self.options) if attrs.has(one.tp)), None)


def is_union(tp: Any) -> bool:
    """Whether a type is one of several."""
    return get_origin(tp) in (Union, UnionType)


def declared(tp: Any) -> Declared:
    """An annotation taken apart."""
    optional, notes = tp is NoneType, ()
    while (beside := get_origin(tp) is Annotated) or (is_union(tp) and NoneType in get_args(tp)):
        if beside:
            tp, *outer = get_args(tp)
            notes = (*outer, *notes)
        else:
            optional, tp = True, Union[tuple(arg for arg in get_args(tp) if arg is not NoneType)]  # noqa: UP007
    inside = get_args(tp)
    if get_origin(tp) in (tuple, Collection):
        return Declared(tp, optional, notes, declared(inside[0]))
    return Declared(tp, optional, notes, None, tuple(map(declared, inside)) if is_union(tp) else ())


@per_class
def fields(cls: type[Any]) -> Mapping[str, Declared]:
    """The fields of a class, by name. A class may know more of them than their annotations, `__more_said__`."""
    hints = get_type_hints(cls, include_extras=True)
    said = {name: declared(hints[name]) for name in defaults(cls)}
    more: Callable[[Mapping[str, Declared]], Mapping[str, Declared]] | None = getattr(cls, "__more_said__", None)
    return said if more is None else more(said)


@per_class
def defaults(cls: type[Any]) -> Mapping[str, Any]:
    """What each field of a class is if nothing is said, as attrs has it; an answer says so without attrs."""
    made = next(base for base in cls.__mro__ if "__attrs_attrs__" in vars(base))
    said: Mapping[str, Any] | None = vars(made).get("__defaults__")
    return {one.name: one.default for one in attrs.fields(cls)} if said is None else said
