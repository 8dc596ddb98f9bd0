"""attrs models <-> the wire's JSON, as the annotations of their fields say. One cattrs converter, ours alone.

Requests: a member whose value is `None` is left out. Answers: integers for strings and strings for integers are
read, and values of enums that we do not know are kept; see `core.answer`.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache, partial
from operator import eq
from typing import TYPE_CHECKING, Annotated, Any, cast

import attrs

from tm_async.core.annotations import Declared, declared, fields
from tm_async.core.base64text import read_base64
from tm_async.core.classes import per_class
from tm_async.core.moments import seconds
from tm_async.core.wire import In, OpenIntEnum, OpenStrEnum, TextForm, TimeFormat, is_array, is_object, wire_name

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "UNREADABLE",
    "Reader",
    "as_sent",
    "converter",
    "is_base64",
    "is_time",
    "members",
    "read_as",
    "read_moment",
    "read_when",
    "reader",
    "to_wire",
    "writer",
]

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What reading a value that is not what was documented can end with."""

Reader = Callable[[Any], Any]
"""Makes a value of what came. Raises one of `UNREADABLE`."""
Writer = Callable[[Any], Any]
"""Makes JSON of a value."""


def to_wire(model: object) -> Any:
    """A model as JSON objects with the wire's names."""
    return converter().unstructure(model)


def read_as(tp: Any, value: Any) -> Any:
    """A value of an answer, of this type. Raises one of `UNREADABLE`."""
    return reader(declared(tp))(value)


@per_class
def members(cls: type[Any]) -> Mapping[str, Declared]:
    """The fields of a class that travel."""
    return {name: said for name, said in fields(cls).items() if In.NOWHERE not in said.notes}


# --- times and enums ---------------------------------------------------------------------------------------------


def is_time(said: Declared) -> bool:
    """Whether a value is a moment on the wire."""
    return said.note(TimeFormat) is not None


def _read_seconds(value: Any) -> datetime:
    """A moment from UNIX seconds, whether they come as a number or as text."""
    return datetime.fromtimestamp(int(value), UTC)


def _read_milliseconds(value: Any) -> datetime:
    return datetime.fromtimestamp(int(value) // 1000, UTC) + timedelta(milliseconds=int(value) % 1000)


_MILLISECONDS_FROM = 10**11
"""As seconds that would be the year 5138, as milliseconds it is 1973: nothing is from either."""
_CHINA = timezone(timedelta(hours=8))
"""Of dates without an offset. No page says so; the vendor's signed example would be from its own future in UTC."""
_NUMBER = re.compile(r"-?[0-9]+", re.ASCII)


def read_moment(value: Any) -> datetime:
    """A moment in any of the forms. Raises `ValueError`, `TypeError`, `OverflowError` or `OSError`."""
    if type(value) is str:
        if not _NUMBER.fullmatch(value):
            moment = datetime.fromisoformat(value.replace("/", "-"))
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=_CHINA)
        value = int(value)
    if type(value) is float:
        value = int(value)
    if type(value) is not int:
        raise TypeError("not a moment")
    if abs(value) < _MILLISECONDS_FROM:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000)


def read_when(value: Any) -> datetime | None:
    """A moment of an answer, in any of the forms; 0 is none: of somebody who has not left, say.

    Whichever form is documented: the sources mix seconds and milliseconds up, and no moment looks like two of them.
    In one step for seconds, which most are.
    """
    try:
        number = int(value)
    except ValueError:
        return read_moment(value)
    if 1 < number < _MILLISECONDS_FROM:
        return datetime.fromtimestamp(number, UTC)
    return read_moment(value) if number else None


def _milliseconds(moment: datetime) -> int:
    return seconds(moment) * 1000 + moment.microsecond // 1000


_TIME_READERS: Mapping[TimeFormat, Reader] = {
    TimeFormat.SECONDS_TEXT: _read_seconds,
    TimeFormat.SECONDS: _read_seconds,
    TimeFormat.MILLISECONDS_TEXT: _read_milliseconds,
    TimeFormat.MILLISECONDS: _read_milliseconds,
    TimeFormat.ANY: read_moment,
}
_TIME_WRITERS: Mapping[TimeFormat, Writer] = {
    TimeFormat.SECONDS_TEXT: lambda moment: str(seconds(moment)),
    TimeFormat.SECONDS: seconds,
    TimeFormat.MILLISECONDS_TEXT: lambda moment: str(_milliseconds(moment)),
    TimeFormat.MILLISECONDS: _milliseconds,
}


_TOLD_APART = {
    TimeFormat.SECONDS_TEXT: 1_000_000,
    TimeFormat.SECONDS: 1_000_000,
    TimeFormat.MILLISECONDS_TEXT: 1_000,
    TimeFormat.MILLISECONDS: 1_000,
}
"""Microseconds below which two moments are one on the wire."""


def as_sent(model: object) -> None:
    """Cut the moments of a new request to what is sent of them.

    Whatever a request is compared with (an answer, a row of a list, a ledger's entry, another request, its own rules)
    is then compared as the wire says it. Leaves alone what is no moment: the rules will name it.
    """
    for name, grain in _moments(type(model)):
        moment = getattr(model, name)
        if isinstance(moment, datetime) and (given := moment.microsecond) and (rest := given % grain):
            object.__setattr__(model, name, moment.replace(microsecond=given - rest))


@per_class
def _moments(cls: type[Any]) -> tuple[tuple[str, int], ...]:
    forms = ((name, said.note(TimeFormat)) for name, said in members(cls).items())
    return tuple((name, _TOLD_APART[form]) for name, form in forms if form is not None)


def is_base64(said: Declared) -> bool:
    """Whether a value is text that comes as Base64."""
    return TextForm.BASE64 in said.notes


@per_class
def _enum_reader(tp: type[Any]) -> Reader:
    listed = {member.value: member for member in cast("Iterable[Enum]", tp)}
    plain = _read_int if issubclass(tp, int) else _read_text

    def read(value: Any) -> Any:
        member = listed.get(value)  # nearly always; the rest takes ten times as long
        if member is None and value == "":
            raise ValueError("nothing")
        return tp(plain(value)) if member is None else member

    return read


# --- plain values of answers -------------------------------------------------------------------------------------

_TRUTH = {"0": False, "1": True, "false": False, "true": True}


def _read_text(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value) is float and value.is_integer():
        value = int(value)  # of whoever has no other numbers: an id never ends in `.0`
    if type(value) in (int, float):
        return str(value)
    raise ValueError("not text")


def _read_userid(value: Any) -> str:
    return _read_text(value["userid"] if is_object(value) else value)


def _read_int(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) in (str, bool) or (type(value) is float and value.is_integer()):
        return int(value)
    raise ValueError("not an integer")


def _read_bool(value: Any) -> bool:
    return value if type(value) is bool else _TRUTH[str(value).lower()]


_PLAIN: Mapping[Any, Reader] = {str: _read_text, int: _read_int, bool: _read_bool}


def reader(said: Declared) -> Reader:
    """What reads a value of an answer, as the converter has it; found once for each member."""
    tp = _hooked(said)
    hook = converter().get_structure_hook(tp)
    return hook.of(tp) if isinstance(hook, _Hook) else lambda value: hook(value, tp)


def _list_reader(read_one: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not is_array(value):
            if not is_object(value):
                raise ValueError("not a list")
            value = [value]  # as some gateways write a list of one
        try:
            return tuple([read_one(one) for one in value])
        except UNREADABLE:
            return tuple(readable(value))

    def readable(value: list[Any]) -> Iterator[Any]:
        """One bad row must not hide the others; `extra` has the list as it came."""
        for one in value:
            try:
                found = read_one(one)
            except UNREADABLE:
                continue
            yield found

    return read


# --- models ------------------------------------------------------------------------------------------------------


def writer(cls: type, names: Iterable[str]) -> Writer:
    """What writes these fields of a model as members of an object. `None` is left out."""
    known = members(cls)
    written = {name: (wire_name(name, known[name].notes), _encoder(known[name])) for name in names}

    def write(model: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, value in model.__dict__.items():
            if value is not None and name in written:
                called, encode = written[name]
                out[called] = value if encode is None else encode(value)
        return out

    return write


def _encoder(said: Declared) -> Writer | None:
    """What turns a value into JSON; `None` for what is JSON already, as every request has much of it, and for files."""
    tp = _hooked(said)
    if tp in (str, int, bool, bytes) or _is_open_enum(tp):
        return None
    if said.items is not None:
        encode = _encoder(said.items)
        return list if encode is None else lambda items: [encode(item) for item in items]
    model = said.model if said.options else None
    if model is None:
        return converter().get_unstructure_hook(tp)
    first, write = next(iter(members(model))), converter().get_unstructure_hook(model)
    return lambda value: {first: str(value)} if isinstance(value, str) else write(value)  # a text is its first member


# --- the converter ------------------------------------------------------------------------------------------------


class _Hook:
    """A hook of cattrs for structuring, which is told the type with each value; `of` is told it once."""

    def __init__(self, of: Callable[[Any], Reader]) -> None:
        self.of = of

    def __call__(self, value: Any, tp: Any) -> Any:
        return self.of(tp)(value)


@cache
def converter() -> "Converter":
    """What cattrs does for us. Made for the first value: whoever only imports a chapter does without.

    Of what is not named here, cattrs knows by itself.
    """
    from cattrs import Converter

    made = Converter()
    for plain, read in _PLAIN.items():
        made.register_structure_hook(plain, _always(read))
    for kind in (OpenIntEnum, OpenStrEnum):  # by class: a hook of `int` or `str` would win over a predicate
        made.register_structure_hook(kind, _Hook(_enum_reader))
    made.register_structure_hook_factory(_has_reader, _model_hook)
    made.register_unstructure_hook_factory(attrs.has, _model_writer)
    made.register_structure_hook_factory(_is_list, _list_hook)
    for form, read in _TIME_READERS.items():
        made.register_structure_hook_func(partial(eq, _MOMENTS[form]), _always(read))
    for form, write in _TIME_WRITERS.items():
        made.register_unstructure_hook_func(partial(eq, _MOMENTS[form]), write)
    made.register_structure_hook_func(partial(eq, _BASE64), _always(_read_base64))
    made.register_structure_hook_func(partial(eq, _USERID), _always(_read_userid))
    made.register_unstructure_hook_func(partial(eq, _BASE64), _write_base64)
    return made


_MOMENTS: Mapping[TimeFormat, Any] = {form: Annotated[datetime, form] for form in TimeFormat}
_BASE64: Any = Annotated[str, TextForm.BASE64]
_USERID: Any = Annotated[str, TextForm.USERID]


def _hooked(said: Declared) -> Any:
    """A type as hooks know it: with that of its notes which changes its form on the wire."""
    form = said.note(TimeFormat)
    if form is not None:
        return _MOMENTS[form]
    if TextForm.USERID in said.notes:
        return _USERID
    return _BASE64 if is_base64(said) else said.tp


def _always(read: Reader) -> _Hook:
    return _Hook(lambda _: read)


def _is_list(tp: Any) -> bool:
    return declared(tp).items is not None


def _list_hook(tp: Any) -> _Hook:
    return _always(_list_reader(reader(cast("Declared", declared(tp).items))))


def _model_hook(tp: Any) -> _Hook:
    return _always(tp.__reader__())


def _model_writer(cls: type[Any]) -> Writer:
    return writer(cls, members(cls))


def _read_base64(value: Any) -> str:
    return read_base64([_read_text(value)])[0]


def _write_base64(text: str) -> str:
    return b2a_base64(text.encode(), newline=False).decode()


def _has_reader(tp: Any) -> bool:
    return hasattr(tp, "__reader__")


def _is_open_enum(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, OpenIntEnum | OpenStrEnum)
