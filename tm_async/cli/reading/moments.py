"""Moments as people and spreadsheets write them: ISO 8601, Chinese, or days since 1900; in a named zone if need be."""

import re
import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from unicodedata import normalize
from zoneinfo import ZoneInfo

from tm_async.cli.reading.problem import CellError, NoMoment
from tm_async.cli.words import in_both

__all__ = ["LOCAL", "first_moment", "last_moment", "read_moment", "zone_named"]

_NUMBERS = re.compile(
    r"(\d{4})(?:[-/.]|年\s*)(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})日?"
    r"(?:\s+|T|(?<=日)\s*)(?P<half>[AP]M|[上下]午)?\s*"
    r"(\d{1,2})(?::|[时点]\s*(?=\d|$))(\d{2})?分?(?::?(\d{2})秒?)?\s*(?P<late>[AP]M)?",
    re.IGNORECASE,
)
"""What Excel and WPS make of `2027-01-05 10:00` as the system is set: `2027/1/5 10:00`, `2027年1月5日 10:00`."""
_DATE = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_DAY = re.compile(rf"{_DATE}(?!\d)|(\d{{4}})(\d\d)(\d\d)(?![\d.])")
"""What a text begins with that names a day."""
_DAYS = re.compile(r"[2-7][0-9]{4}\.[0-9]+")
"""What they make of it in a column that is not for dates: days since 1899-12-30, from 1954 to 2118."""
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - the zone is a matter of the caller


class _Local(tzinfo):
    """The zone of the machine, which has no name that is the same everywhere: its clocks at any time, not today's."""

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, _: datetime | None, /) -> None:
        """Nobody asks."""

    def tzname(self, _: datetime | None, /) -> str:
        return str(self)

    def fromutc(self, moment: datetime, /) -> datetime:
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    def __str__(self) -> str:
        return "/".join(dict.fromkeys(time.tzname))


LOCAL: tzinfo = _Local()


def zone_named(name: str) -> ZoneInfo | None:
    """The zone, or `None` for a name that is none: the rules say so."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_moment(text: str, zone: tzinfo | None, *, of_row: bool = False) -> datetime:
    """An aware moment. Without an offset the time is local in `zone`. Raises `CellError`.

    `of_row`: in a file of rows, whose reader has more ways to say the zone.
    """
    moment = _parsed(text)
    if not 1970 < moment.year < 3000:
        raise CellError(*in_both("{text} is too far away", text=repr(text)))
    if moment.utcoffset() is not None:
        return moment
    if zone is None and of_row:
        raise CellError(
            *in_both(
                "{text} has no offset: write it like 2027-01-05T10:00+08:00, or give time_zone "
                "(--time-zone: for all rows)",
                text=repr(text),
            )
        )
    if zone is None:
        raise CellError(*in_both("{text} has no offset: write it like 2027-01-05T10:00+08:00", text=repr(text)))
    return _in_zone(moment, zone, text)


def first_moment(text: str, zone: tzinfo | None) -> datetime:
    """A moment, or the first second of a date in `zone`. Raises `CellError`."""
    return _within(text, zone, "00:00:00")


def last_moment(text: str, zone: tzinfo | None) -> datetime:
    """A moment, or the last second of a date in `zone`. Raises `CellError`."""
    return _within(text, zone, "23:59:59")


def _within(text: str, zone: tzinfo | None, time: str) -> datetime:
    found = re.fullmatch(_DATE, text)
    try:
        day = date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        return read_moment(text, zone)
    return read_moment(f"{day}T{time}", zone)


def _parsed(text: str) -> datetime:
    plain = normalize("NFKC", text)
    if (found := _DAY.match(plain)) and not _is_day(found):
        raise CellError(*in_both("{text} names a day that the calendar has not", text=repr(text)))
    if re.fullmatch(f"{_DATE}|[2-7][0-9]{{4}}", plain):
        raise CellError(*in_both("{text} is a date without a time; midnight is 2027-01-05T00:00", text=repr(text)))
    try:
        if found := _NUMBERS.fullmatch(plain):
            return _of_numbers(found)
        if _DAYS.fullmatch(plain):
            return _of_days(float(plain))
        if re.match(r"\S{8,10}[ T]\S", plain):
            return datetime.fromisoformat(plain)
    except ValueError:
        pass
    raise NoMoment(*in_both("{text} must be an ISO 8601 date and time, like 2027-01-05T10:00+08:00", text=repr(text)))


def _is_day(found: re.Match[str]) -> bool:
    try:
        date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        return False
    return True


def _of_numbers(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3, 5, 6, 7))
    half = (found["half"] or found["late"] or "").upper()
    if half:
        if not 1 <= hour <= 12 or (found["half"] and found["late"]):
            raise ValueError(half)
        hour = hour % 12 + 12 * (half in {"PM", "下午"})
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is a matter of the caller


def _of_days(days: float) -> datetime:
    return _DAY_0 + timedelta(seconds=round(days * 86400))


def _in_zone(moment: datetime, zone: tzinfo, text: str) -> datetime:
    """A local time, unless the clocks skip it or strike it twice."""
    early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early
    skipped = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment
    raise CellError(
        *(
            in_both(
                "{text} does not exist in {zone}, where the clocks change: write it with an offset",
                text=repr(text),
                zone=zone,
            )
            if skipped
            else in_both(
                "{text} happens twice in {zone}, where the clocks change: write it with an offset",
                text=repr(text),
                zone=zone,
            )
        )
    )
