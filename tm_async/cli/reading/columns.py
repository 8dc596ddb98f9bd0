"""The columns of a table, derived from the operation class, and how a cell becomes a member of the wire's object."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from enum import Enum
from functools import cache
from typing import Any

from tm_async.api.meetings import CreateMeeting, Guest
from tm_async.cli.reading.moments import read_moment
from tm_async.cli.reading.problem import CellError
from tm_async.cli.words import in_both
from tm_async.core.codec import is_time, members

__all__ = [
    "DURATION",
    "KEY",
    "SECRET",
    "SERIES",
    "Kind",
    "kinds",
    "moment_paths",
    "moments_of",
    "read_cell",
    "read_minutes",
]

DURATION = "duration_minutes"
"""Instead of end_time."""
SERIES = "recurrence"
"""Instead of the members of recurring_rule."""
KEY = "key"
"""The user's own name of a row: no part of the request."""
SECRET = frozenset({"password", "host_key", "live_config.live_password"})
"""What is sent, and never shown or written anywhere but into a ledger."""

_CUT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2,3}", re.IGNORECASE)
"""What a spreadsheet makes of a long number: the digits that it does not show are lost in a CSV file."""


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
    return moments_of(CreateMeeting)


def moments_of(operation: type) -> tuple[str, ...]:
    """Dotted paths of the members of an operation that are moments."""
    return tuple(path for path, kind in _walk(operation, "") if kind is Kind.MOMENT)


def _walk(cls: type, prefix: str) -> Iterator[tuple[str, Kind]]:
    for name, said in members(cls).items():
        if is_time(said):
            yield prefix + name, Kind.MOMENT
        elif said.items is not None:
            yield prefix + name, Kind.GUESTS if said.items.tp is Guest else Kind.PEOPLE
        elif said.model is not None:
            yield from _walk(said.model, f"{prefix}{name}.")
        else:
            yield prefix + name, Kind.TRUTH if said.tp is bool else Kind.TEXT


# --- cells -------------------------------------------------------------------------------------------------------


def read_cell(kind: Kind, text: str, zone: tzinfo | None) -> Any:
    """The value of a cell that is not empty; local times are in `zone`. Raises `CellError`."""
    if kind is Kind.MOMENT:
        return read_moment(text, zone, of_row=True)
    if cut := next((part for part in re.split(r"[;；,，、\s-]", text) if _CUT.fullmatch(part)), None):
        raise CellError(
            *in_both(
                "{value} is a number that the spreadsheet has cut: make the column text, and type it in anew", value=cut
            )
        )
    return _READERS[kind](text)


def read_minutes(text: str) -> int:
    """A duration: `90`, `90 min`, `90分钟`, or `1:30` as a spreadsheet shows it. Raises `CellError`."""
    found = re.fullmatch(r"([0-9]{1,6})(?:\.0+)?\s*(?:min|minutes|分钟|分)?", text, re.IGNORECASE)
    clock = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::00)?", text)
    minutes = int(found[1]) if found else int(clock[1]) * 60 + int(clock[2]) if clock else 0
    if not minutes:
        raise CellError(*in_both("must be a whole number of minutes, at least 1"))
    return minutes


_TRUTHS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.lower()]
    except KeyError:
        raise CellError(*in_both("must be true or false")) from None


def _list(text: str) -> list[str]:
    """Separated by `;` or `,` as typed on a Western or a Chinese keyboard, `、`, or the end of a line."""
    return [item for part in re.split("[;；,，、\r\n]", text) if (item := part.strip())]


def _guests(text: str) -> list[dict[str, str]]:
    return [_guest(number, item) for number, item in enumerate(_list(text), 1)]


def _guest(number: int, text: str) -> dict[str, str]:
    phone, _, name = text.partition(" ")
    area, dash, digits = phone.partition("-")
    if not dash:
        raise CellError(*in_both("guest {number} must be written as 86-13800000000 Name", number=number))
    guest = {"area": area, "phone_number": digits}
    return {**guest, "guest_name": name.strip()} if name.strip() else guest


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.TRUTH: _truth,
    Kind.PEOPLE: _list,
    Kind.GUESTS: _guests,
}
