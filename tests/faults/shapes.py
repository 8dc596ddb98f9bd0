"""What a gateway may make of what it was sent: the emulator shows meetings as they are, and this changes that.

Within the emulator's process. What is kept stays as it was sent, so that it can be counted.
"""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from unicodedata import normalize
from zlib import crc32

from tm_async.emulator.chapters.meetings import wire
from tm_async.emulator.chapters.meetings.state import Meeting, Meetings, Row

__all__ = ["SHAPES", "shape_of", "use"]

Shown = dict[str, Any]

_CUT = 12
"""Characters of a subject that is cut."""
_LONG_AGO = 1_700_000_000_000
"""Milliseconds: the second half of a cursor lies behind it."""


def _subject(change: Callable[[str], str]) -> Callable[[Shown], Shown]:
    return lambda shown: shown | {"subject": change(shown["subject"])}


def _minutes(shown: Shown) -> Shown:
    return shown | {name: str(int(shown[name]) // 60 * 60) for name in ("start_time", "end_time")}


def _without(*names: str) -> Callable[[Shown], Shown]:
    return lambda shown: {name: value for name, value in shown.items() if name not in names}


def _no_creator(shown: Shown) -> Shown:
    return shown | ({"join_meeting_role": "hoster"} if "join_meeting_role" in shown else {})


def _in_the_plane(subject: str) -> str:
    """As a database does that knows three bytes of UTF-8."""
    return "".join(one for one in subject if ord(one) < 0x10000)


SHAPES: dict[str, Callable[[Shown], Shown]] = {
    "as sent": lambda shown: shown,
    "trimmed": _subject(lambda subject: " ".join(subject.split())),
    "upper case": _subject(str.upper),
    "lower case": _subject(str.lower),
    "narrow": _subject(lambda subject: normalize("NFKC", subject)),
    "cut": _subject(lambda subject: subject[:_CUT]),
    "without emoji": _subject(_in_the_plane),
    "escaped": _subject(escape),
    "minutes": _minutes,
    "no subject": _without("subject"),
    "no times": _without("start_time", "end_time"),
    "no creator": _no_creator,
    "unordered": lambda shown: shown,
}
"""By name, what is done to a meeting that an answer shows."""


def shape_of(userid: str) -> str:
    """How the meetings of `user0`, `user1` and so on are shown: each in another way."""
    return list(SHAPES)[int(userid.removeprefix("user")) % len(SHAPES)]


def use() -> None:
    """From now on the emulator of this process shows meetings so."""
    created, listed = wire.created, wire.listed

    def change(meeting: Meeting, shown: Shown) -> Shown:
        return SHAPES[shape_of(meeting.creator)](shown)

    def shaped(meeting: Meeting, *args: Any, **options: Any) -> Shown:
        body = created(meeting, *args, **options)
        return body | {"meeting_info_list": [change(meeting, info) for info in body["meeting_info_list"]]}

    wire.created = shaped
    wire.listed = lambda meeting, **options: change(meeting, listed(meeting, **options))
    Meetings.listed = _shuffled(Meetings.listed)  # type: ignore[method-assign]


def _shuffled(listed: Callable[[Meetings, str, tuple[int, int], float], Iterator[Row]]) -> Any:
    """From a start on, but by no order that means anything; the cursor counts in that one."""

    def shuffled(state: Meetings, userid: str, position: tuple[int, int], now: float) -> Iterator[Row]:
        if shape_of(userid) != "unordered":
            return listed(state, userid, position, now)
        begin, after = position
        meetings = (row[2] for row in listed(state, userid, (begin, 0), now))
        rows = ((begin, _LONG_AGO + crc32(meeting.id.encode()), meeting) for meeting in meetings)
        return iter(sorted((row for row in rows if row[1] >= after), key=lambda row: row[1]))

    return shuffled
