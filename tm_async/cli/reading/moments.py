"""Moments as people write them: ISO 8601, with an offset or in a named zone."""

import re
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from tm_async.cli.reading.problem import CellError

__all__ = ["last_moment", "read_moment", "zone_named"]

_SPREADSHEET = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")
"""What Excel makes of `2027-01-05 10:00` when it saves the file: `2027/1/5 10:00`."""


def zone_named(name: str) -> ZoneInfo | None:
    """The zone, or `None` for a name that is none: the rules say so."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_moment(text: str, zone: tzinfo | None) -> datetime:
    """An aware moment. Without an offset the time is local in `zone`. Raises `CellError`."""
    moment = _parsed(text)
    if not 1970 < moment.year < 3000:
        raise CellError(f"{text!r} is too far away", f"{text!r} 超出范围")
    if moment.utcoffset() is not None:
        return moment
    if zone is None:
        raise CellError(
            f"{text!r} has no offset: write it like 2027-01-05T10:00+08:00, or give time_zone",
            f"{text!r} 没有时区偏移：请写成 2027-01-05T10:00+08:00，或填写 time_zone",
        )
    return _in_zone(moment, zone, text)


def last_moment(text: str, zone: tzinfo | None) -> datetime:
    """A moment, or the last second of a date in `zone`. Raises `CellError`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return read_moment(text, zone)
    return read_moment(f"{day}T23:59:59", zone)


def _parsed(text: str) -> datetime:
    try:
        if found := _SPREADSHEET.fullmatch(text):
            year, month, day, hour, minute, second = (int(part) for part in found.groups("0"))
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is a matter of the caller
        if re.match(r"\S{8,10}[ T]\S", text):  # a date alone is no moment
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise CellError(
        f"{text!r} must be an ISO 8601 date and time, like 2027-01-05T10:00+08:00",
        f"{text!r} 应为 ISO 8601 日期时间，例如 2027-01-05T10:00+08:00",
    )


def _in_zone(moment: datetime, zone: tzinfo, text: str) -> datetime:
    """A local time, unless the clocks skip it or strike it twice."""
    early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early
    skipped = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment
    what, what_zh = ("does not exist", "不存在") if skipped else ("happens twice", "出现两次")
    raise CellError(
        f"{text!r} {what} in {zone}, where the clocks change: write it with an offset",
        f"{text!r} 在 {zone} {what_zh}（夏令时切换）：请加上时区偏移",
    )
