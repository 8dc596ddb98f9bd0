"""Whether what the gateway shows of a meeting is what a request asked for.

The gateway may have changed what it was sent, and no page says how: trimmed, folded or cut a subject, taken characters
out of it or escaped them, set times to whole minutes. So there is something between "the same" and "another one".
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from enum import IntEnum
from json import loads
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from tm_async.core.base64text import read_base64
from tm_async.core.codec import UNREADABLE, read_when
from tm_async.core.moments import seconds
from tm_async.core.wire import is_array, is_object

__all__ = [
    "Fit",
    "fold",
    "minute",
    "other_code",
    "other_id",
    "other_meeting",
    "series_fit",
    "span_fit",
    "subject_fit",
]

_MINUTE = 60
_DAY = timedelta(days=1).total_seconds()
_HOUR = 3600


class Fit(IntEnum):
    """How what is shown fits what was asked for."""

    OTHER = 0
    """It can't have come of it."""
    NEARLY = 1
    """It can have come of it, if the gateway changed or left out what it was sent."""
    SAME = 2


def fold(subject: str) -> str:
    """What is left of a subject when case, width, accents, spaces, punctuation and pictures are not looked at."""
    from html import unescape  # whose table of names few calls need

    plain = normalize("NFKD", normalize("NFKD", unescape(subject)).upper().casefold())
    return "".join(filter(str.isalnum, plain))


def subject_fit(asked: str, shown: str) -> Fit:
    """The same text; or nearly: folded, one is the other with some characters left out. Nothing shown may be any."""
    if asked == shown:
        return Fit.SAME
    wanted = fold(asked)
    return Fit.NEARLY if any(_left_out(wanted, fold(one)) for one in _readings(shown)) else Fit.OTHER


def _left_out(*folded: str) -> bool:
    """Whether one is the other with some characters left out."""
    short, long = sorted(folded, key=len)
    rest = iter(long)
    return all(one in rest for one in short)


def _readings(shown: str) -> Iterator[str]:
    """What a text may stand for: the gateway has Base64 in some answers, and others escape what is not ASCII."""
    yield shown
    if not shown.isascii():
        return
    (text,) = read_base64([shown])
    if text != shown:
        yield text
    if "%" in shown:
        yield unquote(shown)
    if "\\u" in shown:
        with suppress(ValueError):
            yield str(loads(f'"{shown}"'))


def minute(moment: datetime) -> int:
    """The minute that a moment lies in: equal for all that a gateway which cuts to minutes makes the same."""
    return seconds(moment) // _MINUTE


def _moment_fit(asked: datetime, shown: datetime | None) -> Fit:
    """The same second; or nearly: a whole minute, less than one away. One that is not shown may be any."""
    if shown is None:
        return Fit.NEARLY
    there = seconds(shown)
    apart = there - seconds(asked)
    if apart == 0:
        return Fit.SAME
    return Fit.NEARLY if abs(apart) < _MINUTE and there % _MINUTE == 0 else Fit.OTHER


def span_fit(asked: Any, start: datetime | None, end: datetime | None) -> Fit:
    """The times of a scheduled meeting."""
    return min(_moment_fit(asked.start_time, start), _moment_fit(asked.end_time, end))


def series_fit(asked: Any, start: datetime | None, end: datetime | None) -> Fit:
    """The times of a series, which stands at its next occurrence: days later, and of the same length.

    Its hour may shift with daylight saving. Nearly: another hour, too, as a sample of the vendor's page has it (doc
    1095/42417: an answer that begins 6 h 17 min after what the request says).
    """
    if start is None or end is None:
        return Fit.NEARLY
    later = seconds(start) - seconds(asked.start_time)
    longer = (seconds(end) - seconds(start)) - (seconds(asked.end_time) - seconds(asked.start_time))
    if later >= 0 and longer == 0 and later % _DAY in (0, _HOUR, _DAY - _HOUR):
        return Fit.SAME
    as_long = abs(longer) < _MINUTE or _wall_seconds(asked, start, end) == _wall_seconds(asked)
    return Fit.NEARLY if later > -_DAY and as_long else Fit.OTHER


def _wall_seconds(asked: Any, start: datetime | None = None, end: datetime | None = None) -> float:
    """How long it is by the clock on the wall, which daylight saving sets."""
    zone = ZoneInfo(asked.time_zone) if asked.time_zone else asked.start_time.tzinfo
    first, last = ((start or asked.start_time), (end or asked.end_time))
    return (last.astimezone(zone).replace(tzinfo=None) - first.astimezone(zone).replace(tzinfo=None)).total_seconds()


def other_meeting(asked: Any, shown: Mapping[str, Any]) -> str | None:
    """What tells that a new meeting is not the one that was asked for: another subject, or other times.

    Says nothing of the times of quick meetings, which begin at once, and of series (see `series_fit`).
    """
    subject = shown.get("subject")
    if subject != asked.subject and isinstance(subject, str) and not subject_fit(asked.subject, subject):
        return "its subject is another one"
    if asked.recurring_rule is not None or asked.type != 0:
        return None
    for name, moment in (("start_time", asked.start_time), ("end_time", asked.end_time)):
        value = shown.get(name)
        if value == str(seconds(moment)):  # as it was sent: nearly always, and quickly told
            continue
        try:
            there = read_when(value)
        except UNREADABLE:
            continue
        if there is not None and not _moment_fit(moment, there):
            return f"its {name} is another one"
    return None


def other_id(meeting_id: str, shown: Any) -> str | None:
    """What tells that an answer is about another meeting than the one with this id. `shown`: the meeting, or a body."""
    for one in _meetings(shown):
        there = one.get("meeting_id")
        if type(there) in (str, int) and there and str(there) != meeting_id:
            return "it shows another meeting"
    return None


def other_code(meeting_code: str, shown: Mapping[str, Any]) -> str | None:
    """What tells that an answer is about another meeting than the one with this code."""
    there = shown.get("meeting_code")
    digits = "".join(filter(str.isdigit, str(there))) if isinstance(there, str | int) else ""
    return "it shows another meeting" if digits and digits != meeting_code else None


def _meetings(shown: Any) -> list[Mapping[str, Any]]:
    if not is_object(shown):
        return []
    listed = shown.get("meeting_info_list")
    return [one for one in (shown, *(listed if is_array(listed) else ())) if is_object(one)]
