"""Models of answers: read leniently, and only as far as somebody looks.

An answer keeps the JSON object that it came in. A member is read when it is first asked for, and then kept: most
callers of "create" want an id and a link, and pay for no more. What can't be read is as if it were missing, and
stays reachable in `extra`, together with members that this version does not know.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, cast

import attrs

from tm_async.core.annotations import required
from tm_async.core.classes import per_class
from tm_async.core.codec import UNREADABLE, converter, members
from tm_async.core.wire import is_array, is_object

__all__ = ["AnswerModel", "read_on_demand"]


class AnswerModel:
    """Base of the models of answers: attrs classes whose fields all have defaults."""

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Self:
        """An answer over a JSON object. Never fails on what is inside."""
        model = object.__new__(cls)
        model.__dict__["_wire"] = value
        return model

    @property
    def wire(self) -> Mapping[str, Any]:
        """The JSON object that it came in, for what reading changes: Base64 names, numbers, times."""
        found: Mapping[str, Any] = self.__dict__.get("_wire", {})
        return found

    @property
    def extra(self) -> dict[str, Any]:
        """Members that this version does not know, or could not read, as they came."""
        readers = _readers(type(self))
        return {
            name: value
            for name, value in self.__dict__.get("_wire", {}).items()
            if name not in readers or not _can_read(value, readers[name])
        }

    def __init__(self, **members: Any) -> None:
        """An answer of one's own, for tests."""
        for a in attrs.fields(cast("Any", type(self))):
            self.__dict__[a.name] = members.pop(a.name, a.default)
        if members:
            raise TypeError(f"{type(self).__name__} has no {', '.join(members)}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _readers(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _readers(type(self)))))

    def __setattr__(self, name: str, value: object) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __delattr__(self, name: str) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __repr__(self) -> str:
        """Only what is there: most members of most answers are missing."""
        shown = [
            f"{a.name}={a.repr(value) if callable(a.repr) else repr(value)}"
            for a in attrs.fields(cast("Any", type(self)))
            if (value := getattr(self, a.name)) != a.default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """attrs has made the class: its fields become members that are read on demand."""
        read_on_demand(cls, [one.name for one in attrs.fields(cast("Any", cls))])


def read_on_demand(cls: type[AnswerModel], names: Iterable[str]) -> None:
    """Make fields of a class members that are read when somebody looks."""
    for name in names:
        setattr(cls, name, _Member(name))


class _Member:
    """A field that nobody has looked at yet. What it finds goes into the object, and is found there from then on."""

    __slots__ = ("_name", "_reader")

    def __init__(self, name: str) -> None:
        self._name = name
        self._reader: _Reader | None = None

    def __get__(self, model: AnswerModel | None, owner: type[AnswerModel]) -> Any:
        if model is None:
            return self
        reader = self._reader
        if reader is None:
            reader = self._reader = _readers(owner)[self._name]
        read, tp, value = reader
        own = model.__dict__
        if "_wire" not in own:
            raise AttributeError(f"{owner.__name__!r} object has no attribute {self._name!r}")
        wire = own["_wire"].get(self._name)
        if wire is not None:
            try:  # noqa: SIM105 - `suppress` would cost as much as the reading
                value = read(wire, tp)
            except UNREADABLE:
                pass  # as if it were missing
        own[self._name] = value
        return value


_Reader = tuple[Callable[[Any, Any], Any], Any, Any]
"""What reads a member, its type, and the field's default."""


@per_class
def _readers(cls: type[Any]) -> dict[str, _Reader]:
    types = {name: required(tp) for name, tp in members(cls).items()}
    return {
        a.name: (converter.get_structure_hook(types[a.name]), types[a.name], a.default)
        if a.name in types
        else (_does_not_travel, None, a.default)
        for a in attrs.fields(cls)
    }


def _can_read(value: Any, reader: _Reader) -> bool:
    read, tp, _ = reader
    if value is None:
        return True
    try:
        found = read(value, tp)
    except UNREADABLE:
        return False
    return not is_array(value) or len(found) == len(value)  # a row that could not be read was left out


def _does_not_travel(value: Any, _: Any) -> Any:
    raise ValueError("no member of the wire")


def _is_answer(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, AnswerModel)


@converter.register_structure_hook_factory(_is_answer)
def _read_answer(cls: type[AnswerModel]) -> Callable[[Any, Any], AnswerModel]:
    def read(value: Any, _: Any) -> AnswerModel:
        if not is_object(value):
            raise ValueError("not an object")
        model = object.__new__(cls)  # as `from_wire`, without the call: pages have a hundred of them
        model.__dict__["_wire"] = value
        return model

    return read
