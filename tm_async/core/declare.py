"""How the classes of the API are declared: an operation, a part of a request, a mixin of fields, an answer.

    @operation
    class GetUser(ByOperator, Operation[User]):
        \"""Look up a user (doc 1095/43669).\"""

        spec = Spec("users.get", "GET /v1/users/{userid}")

        userid: UserId

All of them are frozen and take their fields by name. A field of a request that is a list says `Collection[X]`: any
collection will do, and it is kept as a tuple. Type checkers see the same, as `dataclass_transform` tells them.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform, get_origin

import attrs

from tm_async._util.values import frozen
from tm_async.core.annotations import Converted, Declared, declared, defaults
from tm_async.core.answer import AnswerModel, read_on_demand
from tm_async.core.codec import as_sent

__all__ = ["Converted", "Part", "answer", "as_tuple", "mixin", "operation", "part"]

T = TypeVar("T")
ItemT = TypeVar("ItemT")

_USUAL = (list, tuple)


def as_tuple(items: Iterable[ItemT] | None) -> tuple[ItemT, ...] | None:
    """Any collection as a tuple. Text is left alone: it is one id, not many letters, and the rules will say so."""
    if items.__class__ in _USUAL:  # nearly always, and cheaper than to ask an abstract class
        usual: Any = items
        return tuple(usual)
    given: object = items
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | dict | AnswerModel):
        return tuple(given)
    return cast("tuple[ItemT, ...] | None", given)


def _converter(tp: Any) -> Callable[[Any], Any] | None:
    """What converts a field of this type."""
    said = declared(tp)
    own = _conversion(said)
    if own is not None:
        return lambda value: None if value is None else own(value)
    if said.items is None:
        return None
    each = _conversion(said.items)
    if each is None:
        return as_tuple

    def convert(items: Any) -> Any:
        given = as_tuple(items)
        return tuple(map(each, given)) if isinstance(given, tuple) else given

    return convert


def _conversion(said: Declared) -> Callable[[Any], Any] | None:
    found = said.note(Converted)
    return None if found is None else found.by


def _converted(_: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """The fields of a class, each with the converter that its type asks for."""
    return [one if cast("Any", one).inherited else one.evolve(converter=_converter(one.type)) for one in fields]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def operation(cls: type[T]) -> type[T]:
    """Declare an operation of the API: a class that derives from `Operation[Result]`.

    Its fields are in the order in which its violations are told: what the path names, those of mixins, its own.
    """
    return frozen(kw_only=True, slots=False, field_transformer=_path_first)(cls)


def _path_first(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    spec: Any = getattr(cls, "spec", None)
    return sorted(_converted(cls, fields), key=lambda one: spec is None or f"{{{one.name}}}" not in spec.path)


@frozen(slots=False)
class Part:
    """Base of the objects inside requests: it makes them attrs classes for type checkers, too (`attrs.evolve`)."""

    def __attrs_post_init__(self) -> None:
        as_sent(self)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def part(cls: type[T]) -> type[T]:
    """Declare an object inside a request. `checks` may have rules across its fields."""
    return frozen(kw_only=True, slots=False, field_transformer=_converted)(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def mixin(cls: type[T]) -> type[T]:
    """Declare fields, with their rules, that several operations have. Those that take it add its `checks` to theirs."""
    return frozen(kw_only=True, slots=False, field_transformer=_converted)(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def answer(cls: type[T]) -> type[T]:
    """Declare an object of an answer: a class that derives from `AnswerModel`, whose fields all have defaults.

    Its methods are those of `AnswerModel`, also where it takes its fields from a part of a request: making them anew
    for each class would be most of what an import costs.
    """
    own: dict[str, Any] = vars(cls).get("__annotations__", {})
    said = {name: vars(cls).get(name, attrs.NOTHING) for name, tp in own.items() if get_origin(tp) is not ClassVar}
    bases = [base for base in reversed(cls.__mro__) if "__attrs_attrs__" in vars(base)]
    known = {name: default for base in bases for name, default in defaults(base).items()}
    known |= {name: getattr(value, "_default", value) for name, value in said.items()}  # that of `attrs.field`, too
    read_on_demand(cast("type[AnswerModel]", cls), known)
    for name in ("__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__"):
        if name not in vars(cls):
            setattr(cls, name, vars(AnswerModel)[name])
    made: Any = cls
    made.__defaults__, made.__attrs_attrs__ = known, _FieldsOnDemand(said)
    return cls


class _FieldsOnDemand:
    """The fields of an answer as attrs describes them, once asked: to make them would be most of an import's cost."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    def __get__(self, _: object, cls: type[Any]) -> Any:
        owner: Any = next(base for base in cls.__mro__ if vars(base).get("__attrs_attrs__") is self)
        members = {name: value for name, value in self.said.items() if value is not attrs.NOTHING}
        twin = type(owner.__name__, owner.__bases__, {"__annotations__": owner.__annotations__, **members})
        described: Any = attrs.define(slots=False, init=False, repr=False, eq=False, kw_only=True)(twin)
        fields: Any = described.__attrs_attrs__
        owner.__attrs_attrs__ = fields
        return fields
