"""Models of answers: read leniently, and only as far as somebody looks.

An answer keeps the JSON object that it came in. A member is read when it is first asked for, and then kept: most
callers of "create" want an id and a link, and pay for no more. What can't be read is as if it were missing, and
stays reachable in `extra`, together with members that this version does not know.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self, cast

import attrs

from tm_async.core.annotations import Declared, defaults
from tm_async.core.base64text import read_base64
from tm_async.core.classes import per_class
from tm_async.core.codec import UNREADABLE, Reader, is_base64, is_time, members, read_when, reader
from tm_async.core.wire import is_array, is_object, wire_names

__all__ = ["AnswerModel", "read_on_demand"]


class AnswerModel:
    """Base of the models of answers: attrs classes whose fields all have defaults."""

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Self:
        """An answer over a JSON object. Never fails on what is inside."""
        model = object.__new__(cls)
        model.__dict__["_wire"] = value
        return model

    @classmethod
    def __reader__(cls) -> Reader:
        """What reads one out of an answer; see `core.codec`."""

        def read(value: Any) -> AnswerModel:
            if not is_object(value):
                raise ValueError("not an object")
            model = object.__new__(cls)  # as `from_wire`, without the call: pages have a hundred of them
            model.__dict__["_wire"] = value
            return model

        return read

    @property
    def wire(self) -> Mapping[str, Any]:
        """The JSON object that it came in, for what reading changes: Base64 names, numbers, times."""
        found: Mapping[str, Any] = self.__dict__.get("_wire", {})
        return found

    @property
    def extra(self) -> dict[str, Any]:
        """Members that this version does not know, or could not read, as they came."""
        readings = {name: one for one in _readings(type(self)).values() for name in (one.name, *one.others)}
        return {
            name: value
            for name, value in self.__dict__.get("_wire", {}).items()
            if name not in readings or not _can_read(value, readings[name])
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
        return all(getattr(self, name) == getattr(other, name) for name in _readings(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _readings(type(self)))))

    def __setattr__(self, name: str, value: object) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __delattr__(self, name: str) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def to_dict(self, *, secrets: bool = False) -> dict[str, Any]:
        """Every documented member as plain JSON: always all of them, whatever came and whatever was read.

        Times are ISO 8601 in UTC, enums their values, lists and answers inside likewise; what is missing is what the
        member says then, `None` mostly. Passwords and host keys are `***`, unless `secrets` is true. `wire` has what
        came, `extra` what is not documented.
        """
        from tm_async.core.mapping import mapping

        return mapping(self, secrets=secrets)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The items of `to_dict()`: `dict(answer)` is that, and so is what FastAPI makes of a returned answer."""
        return iter(self.to_dict().items())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from tm_async.core.mapping import core_schema

        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from tm_async.core.mapping import json_schema

        return json_schema(cls)

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

    __slots__ = ("_name", "_reading")

    def __init__(self, name: str) -> None:
        self._name = name
        self._reading: _Reading | None = None

    def __get__(self, model: AnswerModel | None, owner: type[AnswerModel]) -> Any:
        if model is None:
            return self
        reading = self._reading
        if reading is None:
            reading = self._reading = _reading(owner, self._name)
        read, name, value, others = reading
        own = model.__dict__
        try:
            wire = own["_wire"].get(name)
        except KeyError:
            raise AttributeError(f"{owner.__name__!r} object has no attribute {self._name!r}") from None
        if others and wire in _NOTHING:
            wire = _said_otherwise(own["_wire"], others, wire)
        if wire is not None:
            try:  # noqa: SIM105 - `suppress` would cost as much as the reading
                value = read(wire)
            except UNREADABLE:
                pass  # as if it were missing
        own[self._name] = value
        return value


_NOTHING: tuple[Any, ...] = (None, "", [])
"""What says nothing, so that another name may."""


def _said_otherwise(wire: Mapping[str, Any], others: Sequence[str], value: Any) -> Any:
    """What a member says by one of its other names; else that it says nothing, in whichever way."""
    found = [value, *map(wire.get, others)]
    return next((one for one in found if one not in _NOTHING), next((one for one in found if one is not None), None))


class _Reading(NamedTuple):
    """How a member is read: by what, from which member of the object, and what it is otherwise."""

    read: Reader
    name: str
    default: Any
    others: tuple[str, ...] = ()
    """Further names of that member; see `AlsoNamed`."""


def _reading(cls: type[Any], name: str) -> _Reading:
    said = members(cls).get(name)
    if said is None:
        return _Reading(_does_not_travel, name, defaults(cls)[name])
    own, *others = wire_names(name, said.notes)
    return _Reading(_reader_of(said), own, defaults(cls)[name], tuple(others))


@per_class
def _readings(cls: type[Any]) -> dict[str, _Reading]:
    return {name: _reading(cls, name) for name in defaults(cls)}


def _reader_of(said: Declared) -> Reader:
    if is_time(said):
        return read_when
    read = reader(said)
    row: Any = None if said.items is None else said.items.tp
    encoded = [name for name, one in members(row).items() if is_base64(one)] if _is_answer(row) else []
    return _deciding_together(read, encoded) if encoded else read


def _deciding_together(read: Reader, names: Sequence[str]) -> Reader:
    """Reads rows, and of them at once what may be Base64 or not: that is the same in all of them."""

    def read_rows(value: Any) -> Any:
        rows = read(value)
        for name in names:
            told = [(row.__dict__, text) for row in rows if isinstance(text := row.wire.get(name), str)]
            for (own, _), text in zip(told, read_base64(text for _, text in told), strict=True):
                own[name] = text
        return rows

    return read_rows


def _can_read(value: Any, reading: _Reading) -> bool:
    if value is None or value == "":  # which says nothing, whatever the member is
        return True
    try:
        found = reading.read(value)
    except UNREADABLE:
        return False
    return not is_array(value) or len(found) == len(value)  # a row that could not be read was left out


def _does_not_travel(value: Any) -> Any:
    raise ValueError("no member of the wire")


def _is_answer(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, AnswerModel)
