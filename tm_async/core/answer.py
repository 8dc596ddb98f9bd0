"""Models of answers: read leniently, and only as far as somebody looks.

An answer keeps the JSON object that it came in. A member is read when it is first asked for, and then kept: most
callers of "create" want an id and a link, and pay for no more. What can't be read is as if it were missing, and
stays reachable in `extra`, together with members that this version does not know.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self, cast

import attrs

from tm_async.core.classes import per_class
from tm_async.core.codec import converter, members, required_type
from tm_async.core.wire import is_object

__all__ = ["AnswerModel"]

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError)


class AnswerModel:
    """Base of the models of answers: attrs classes whose fields all have defaults."""

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Self:
        """An answer over a JSON object. Never fails on what is inside."""
        model = object.__new__(cls)
        model.__dict__["_wire"] = value
        return model

    @property
    def extra(self) -> dict[str, Any]:
        """Members that this version does not know, or could not read, as they came."""
        readers = _readers(type(self))
        return {
            name: value
            for name, value in self.__dict__.get("_wire", {}).items()
            if name not in readers or not readers[name].can_read(value)
        }

    def __repr__(self) -> str:
        """Only what is there: most members of most answers are missing."""
        shown = [
            f"{a.name}={a.repr(value) if callable(a.repr) else repr(value)}"
            for a in attrs.fields(cast("Any", type(self)))
            if (value := getattr(self, a.name)) != a.default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    if not TYPE_CHECKING:  # for type checkers the fields are all there is

        def __getattr__(self, name: str) -> Any:
            reader = _readers(type(self)).get(name)
            wire = self.__dict__.get("_wire")
            if reader is None or wire is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = self.__dict__[name] = reader(wire.get(name))
            return value


@attrs.frozen
class _Reader:
    """Reads one member: its value on the wire, or the field's default."""

    read: Callable[[Any, Any], Any]
    tp: Any
    default: Any

    def __call__(self, value: Any) -> Any:
        if value is not None:
            try:
                return self.read(value, self.tp)
            except _UNREADABLE:
                pass
        return self.default

    def can_read(self, value: Any) -> bool:
        try:
            return value is None or self.read(value, self.tp) is not self
        except _UNREADABLE:
            return False


@per_class
def _readers(cls: type[Any]) -> dict[str, _Reader]:
    types = {name: required_type(tp) for name, tp in members(cls).items()}
    return {
        a.name: _Reader(converter.get_structure_hook(types[a.name]), types[a.name], a.default)
        if a.name in types
        else _Reader(_does_not_travel, None, a.default)
        for a in attrs.fields(cls)
    }


def _does_not_travel(value: Any, _: Any) -> Any:
    raise ValueError("no member of the wire")


def _is_answer(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, AnswerModel)


@converter.register_structure_hook_factory(_is_answer)
def _read_answer(cls: type[AnswerModel]) -> Callable[[Any, Any], AnswerModel]:
    def read(value: Any, _: Any) -> AnswerModel:
        if not is_object(value):
            raise ValueError("not an object")
        return cls.from_wire(value)

    return read
