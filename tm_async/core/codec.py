"""attrs models <-> the wire's JSON. One cattrs converter, ours alone.

Requests: a member whose value is `None` is left out. Answers: integers for strings and strings for integers are
read, and values of enums that we do not know are kept; see `core.answer`.
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any, cast, get_type_hints

import attrs
from cattrs import Converter

from tm_async.core.annotations import bare, is_list, item_of, notes, required
from tm_async.core.classes import per_class
from tm_async.core.wire import In, OpenIntEnum, OpenStrEnum, TextForm, TimeFormat, is_array, wire_name

__all__ = [
    "UNREADABLE",
    "as_sent",
    "converter",
    "is_base64",
    "is_time",
    "members",
    "read_base64",
    "read_moment",
    "read_seconds",
    "read_time",
    "to_wire",
    "writer",
]

converter = Converter()

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What reading a value that is not what was documented can end with."""


def to_wire(model: object) -> Any:
    """A model as JSON objects with the wire's names."""
    return converter.unstructure(model)


@per_class
def members(cls: type[Any]) -> dict[str, Any]:
    """The fields of a class that travel, with their annotations."""
    hints = get_type_hints(cls, include_extras=True)
    return {a.name: hints[a.name] for a in attrs.fields(cls) if not _stays_here(hints[a.name])}


def _stays_here(tp: Any) -> bool:
    return In.NOWHERE in notes(tp)


# --- times and enums ---------------------------------------------------------------------------------------------


def _time_format(tp: Any) -> TimeFormat | None:
    return next((note for note in notes(tp) if isinstance(note, TimeFormat)), None)


def is_time(tp: Any) -> bool:
    """Whether an annotation is a moment on the wire."""
    return _time_format(tp) is not None


def read_time(value: Any) -> datetime:
    """A moment from UNIX seconds, whether they come as a number or as text."""
    return datetime.fromtimestamp(int(value), UTC)


def read_seconds(value: Any, _: Any) -> datetime:
    """`read_time` as a hook."""
    return read_time(value)


def _read_milliseconds(value: Any, _: Any) -> datetime:
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
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=_CHINA)
        value = int(value)
    if type(value) is float:
        value = int(value)
    if type(value) is not int:
        raise TypeError("not a moment")
    if abs(value) < _MILLISECONDS_FROM:
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _has(form: TimeFormat) -> Callable[[Any], bool]:
    return lambda tp: _time_format(tp) is form


_Times = tuple[TimeFormat, Callable[[Any, Any], datetime], Callable[[datetime], Any]]
_TIMES: tuple[_Times, ...] = (
    (TimeFormat.SECONDS_TEXT, read_seconds, lambda moment: str(_seconds(moment))),
    (TimeFormat.SECONDS, read_seconds, _seconds),
    (TimeFormat.MILLISECONDS_TEXT, _read_milliseconds, lambda moment: str(_milliseconds(moment))),
    (TimeFormat.MILLISECONDS, _read_milliseconds, _milliseconds),
)
for _form, _from_wire, _to_wire in _TIMES:
    converter.register_structure_hook_func(_has(_form), _from_wire)
    converter.register_unstructure_hook_func(_has(_form), _to_wire)
converter.register_structure_hook_func(_has(TimeFormat.ANY), lambda value, _: read_moment(value))


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
        if isinstance(moment, datetime) and (rest := moment.microsecond % grain):
            object.__setattr__(model, name, moment.replace(microsecond=moment.microsecond - rest))


@per_class
def _moments(cls: type[Any]) -> tuple[tuple[str, int], ...]:
    forms = ((name, _time_format(required(tp))) for name, tp in members(cls).items())
    return tuple((name, _TOLD_APART[form]) for name, form in forms if form is not None)


def is_base64(tp: Any) -> bool:
    """Whether an annotation is text that comes as Base64."""
    return TextForm.BASE64 in notes(tp)


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What is in no name: then it was not Base64, but looked like it."""


def read_base64(values: Iterable[Any]) -> list[str]:
    """The texts of one member, in all rows of a list. One that is not Base64 proves that none of them is.

    Alone, `aida` looks like Base64 as well; beside a name in Chinese characters it is a name. Raises `ValueError`.
    """
    plain = [_read_text(value, str) for value in values]
    texts = list(map(_decoded, plain))
    return plain if None in texts else cast("list[str]", texts)


def _decoded(plain: str) -> str | None:
    try:
        text = a2b_base64(plain, strict_mode=True).decode()
    except ValueError:
        return None
    return None if (plain and not text) or _CONTROL.search(text) else text


converter.register_structure_hook_func(is_base64, lambda value, _: read_base64([value])[0])
converter.register_unstructure_hook_func(is_base64, lambda text: b2a_base64(text.encode(), newline=False).decode())


def _is_open_enum(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, (OpenIntEnum, OpenStrEnum))


@per_class
def _listed(tp: type[Any]) -> dict[Any, Any]:
    return {member.value: member for member in cast("Iterable[Enum]", tp)}


def _read_enum(value: Any, tp: Any) -> Any:
    member = _listed(tp).get(value)  # nearly always; the rest takes ten times as long
    if member is not None:
        return member
    return tp(_read_int(value, int) if issubclass(tp, int) else _read_text(value, str))


# By class: they are subclasses of int and str, whose hooks would win over a predicate.
converter.register_structure_hook(OpenIntEnum, _read_enum)
converter.register_structure_hook(OpenStrEnum, _read_enum)
converter.register_unstructure_hook_func(_is_open_enum, lambda value: value)


# --- plain values of answers -------------------------------------------------------------------------------------

_TRUTH = {"0": False, "1": True, "false": False, "true": True}


def _read_text(value: Any, _: Any) -> str:
    if type(value) is str:
        return value
    if type(value) in (int, float):
        return str(value)
    raise ValueError("not text")


def _read_int(value: Any, _: Any) -> int:
    if type(value) is int:
        return value
    if type(value) in (str, bool) or (type(value) is float and value.is_integer()):
        return int(value)
    raise ValueError("not an integer")


def _read_bool(value: Any, _: Any) -> bool:
    return value if type(value) is bool else _TRUTH[str(value).lower()]


for _type, _read in ((str, _read_text), (int, _read_int), (bool, _read_bool)):
    converter.register_structure_hook(_type, _read)


@converter.register_structure_hook_factory(is_list)
def _read_tuple(tp: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    item = item_of(tp)
    hook = converter.get_structure_hook(item)

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if not is_array(value):
            raise ValueError("not a list")
        try:
            return tuple([hook(one, item) for one in value])
        except UNREADABLE:
            return tuple(_readable(value))

    def _readable(value: list[Any]) -> Iterator[Any]:
        """One bad row must not hide the others; `extra` has the list as it came."""
        for one in value:
            try:
                found = hook(one, item)
            except UNREADABLE:
                continue
            yield found

    return read


# --- models ------------------------------------------------------------------------------------------------------


def writer(cls: type, names: Iterable[str]) -> Callable[[Any], dict[str, Any]]:
    """What writes these fields of a model as members of an object. `None` is left out."""
    types = members(cls)
    fields = [(name, wire_name(name, notes(types[name])), _encoder(required(types[name]))) for name in names]

    def write(model: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, called, encode in fields:
            value = getattr(model, name)
            if value is not None:
                out[called] = value if encode is None else encode(value)
        return out

    return write


def _encoder(tp: Any) -> Callable[[Any], Any] | None:
    """What turns a value into JSON; `None` for what is JSON already, as every request has much of it, and for files."""
    plain = tp if is_time(tp) or is_base64(tp) else bare(tp)
    return None if plain in (str, int, bool, bytes) or _is_open_enum(plain) else converter.get_unstructure_hook(tp)


@converter.register_unstructure_hook_factory(is_list)
def _write_tuple(tp: Any) -> Callable[[tuple[Any, ...]], list[Any]]:
    encode = _encoder(item_of(tp))
    return list if encode is None else lambda items: [encode(item) for item in items]


@converter.register_unstructure_hook_factory(attrs.has)
def _write_model(cls: type) -> Callable[[Any], dict[str, Any]]:
    return writer(cls, members(cls))
