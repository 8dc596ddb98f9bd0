"""The columns of a CSV file, derived from the operation class, and how a cell becomes a member of the wire's object."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import attrs

from tm_async.api.meetings import CreateMeeting, Guest
from tm_async.cli.reading.moments import read_moment
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.core.codec import members, required_type
from tm_async.core.wire import TimeFormat

__all__ = ["DURATION", "KEY", "SERIES", "Kind", "check_header", "kinds", "moment_paths", "read_cell"]

DURATION = "duration_minutes"
"""Instead of end_time."""
SERIES = "recurrence"
"""Instead of the members of recurring_rule."""
KEY = "key"
"""The user's own name of a row: no part of the request."""


class Kind(Enum):
    """What a cell holds."""

    TEXT = "text"
    """Also numbers: the rules read them."""
    TRUTH = "true or false"
    MOMENT = "an ISO 8601 time"
    PEOPLE = "user ids"
    GUESTS = "guests"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every column that stands for one member; those of nested objects are dotted: `settings.auto_asr`."""
    return {path: kind for path, kind in _walk(CreateMeeting, "") if not path.startswith("recurring_rule.")}


@cache
def moment_paths() -> tuple[str, ...]:
    """Dotted paths of the members that are moments."""
    return tuple(path for path, kind in _walk(CreateMeeting, "") if kind is Kind.MOMENT)


def _walk(cls: type, prefix: str) -> Iterator[tuple[str, Kind]]:
    for name, annotation in members(cls).items():
        tp = required_type(annotation)
        notes = get_args(tp)[1:] if get_origin(tp) is Annotated else ()
        bare = required_type(get_args(tp)[0]) if notes else tp
        if any(isinstance(note, TimeFormat) for note in notes):
            yield prefix + name, Kind.MOMENT
        elif get_origin(bare) is tuple:
            yield prefix + name, Kind.GUESTS if get_args(bare)[0] is Guest else Kind.PEOPLE
        elif attrs.has(bare):
            yield from _walk(bare, f"{prefix}{name}.")
        else:
            yield prefix + name, Kind.TRUTH if bare is bool else Kind.TEXT


def check_header(header: list[str]) -> None:
    """Raise `FileProblem` for a header row that can't be meant."""
    if not any(header):
        raise FileProblem(
            "has no header row: the first row names the columns, such as userid,subject,start_time,end_time"
        )
    if len(header) == 1 and (wrong := next((sign for sign in ";\t|" if sign in header[0]), None)):
        raise FileProblem(f"has columns separated by {wrong!r}: they must be separated by commas")
    known = {*kinds(), DURATION, SERIES, KEY}
    for position, name in enumerate(header, 1):
        if name and name not in known:
            raise FileProblem(f"has an unknown column {name!r} (column {position}){_hint(name, known)}")
        if name and header.index(name) != position - 1:
            raise FileProblem(f"has the column {name!r} twice")
    needed = [name for name in ("userid", "subject", "start_time") if name not in header]
    if "end_time" not in header and DURATION not in header:
        needed.append(f"end_time (or {DURATION})")
    if needed:
        raise FileProblem(f"lacks the column{'s' * (len(needed) > 1)} {', '.join(needed)}")


def _hint(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


# --- cells -------------------------------------------------------------------------------------------------------


def read_cell(kind: Kind, text: str, zone: tzinfo | None) -> Any:
    """The value of a cell that is not empty; local times are in `zone`. Raises `CellError`."""
    return read_moment(text, zone) if kind is Kind.MOMENT else _READERS[kind](text)


def _truth(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise CellError("must be true or false", "应为 true 或 false") from None


def _list(text: str) -> list[str]:
    """Separated by `;`, as typed on a Western or a Chinese keyboard."""
    return [item for part in re.split("[;；]", text) if (item := part.strip())]


def _guests(text: str) -> list[dict[str, str]]:
    return [_guest(number, item) for number, item in enumerate(_list(text), 1)]


def _guest(number: int, text: str) -> dict[str, str]:
    phone, _, name = text.partition(" ")
    area, dash, digits = phone.partition("-")
    if not dash:
        raise CellError(
            f"guest {number} must be written as 86-13800000000 Name",
            f"第 {number} 位嘉宾应写成 86-13800000000 姓名",
        )
    guest = {"area": area, "phone_number": digits}
    return {**guest, "guest_name": name.strip()} if name.strip() else guest


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.TRUTH: _truth,
    Kind.PEOPLE: _list,
    Kind.GUESTS: _guests,
}
