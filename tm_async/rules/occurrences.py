"""How many meetings a series makes, counted without walking through them."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any

from tm_async.core.moments import earlier

__all__ = [
    "BIWEEKLY",
    "BY_DAY",
    "BY_MONTH_DATE",
    "BY_MONTH_WEEK",
    "BY_WEEK",
    "CHINA",
    "CUSTOM",
    "DAILY",
    "MONTHLY",
    "WEEKDAYS",
    "WEEKLY",
    "count_occurrences",
    "own_zone",
]

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""Weekday and date are judged here: the samples of doc 1095/81181 fit no other zone."""

DAILY, WEEKDAYS, WEEKLY, BIWEEKLY, MONTHLY, CUSTOM = range(6)
"""recurring_type"""
BY_DAY, BY_WEEK, BY_MONTH_WEEK, BY_MONTH_DATE = range(4)
"""customized_recurring_type"""


def own_zone(meeting: Any) -> tuple[tzinfo, ...]:
    """That of its `time_zone`; none where it has none, or one that this machine does not know."""
    from zoneinfo import ZoneInfo

    try:
        return (ZoneInfo(meeting.time_zone),) if meeting.time_zone else ()
    except (KeyError, ValueError, OSError):
        return ()


def count_occurrences(meeting: Any) -> int | None:
    """How many meetings a request makes. `None`: it does not say so (by default they end seven days from now).

    `until_date` is the last moment at which one may begin: the documented bound of a daily series, its first start
    and 200 days less a second, fits that at every hour. A month without the day is skipped, as is documented of a
    fifth week (doc 1095/81181).
    """
    rule = meeting.recurring_rule
    if rule is None:
        return 1
    if rule.until_type == 1:
        return int(rule.until_count or 7)  # the documented default
    if rule.until_date is None or meeting.start_time is None:
        return None
    first = meeting.start_time.astimezone(next(iter(own_zone(meeting)), CHINA))
    last = _last_day(first, rule.until_date)
    return _count(rule, first.date(), last) if first.date() <= last else 0


def _last_day(first: datetime, until: datetime) -> date:
    """The last day on which a meeting can begin at the hour of the first one, by the clocks of its zone."""
    day = until.astimezone(first.tzinfo).date()
    hour = first.timetz().replace(fold=0)  # which of two equal hours the first one has, says nothing of other days
    return day - timedelta(days=1) if earlier(until, datetime.combine(day, hour)) else day


def _count(rule: Any, first: date, last: date) -> int:
    kind = int(rule.recurring_type or 0)
    if kind == WEEKDAYS:
        return _by_weeks(first, last, 1, range(5))
    if kind == MONTHLY:
        return _by_months(first, last, 1, lambda _: [first.day])
    if kind == CUSTOM:
        return _count_custom(rule, first, last)
    return _every({WEEKLY: 7, BIWEEKLY: 14}.get(kind, 1), first.toordinal(), last.toordinal())


def _count_custom(rule: Any, first: date, last: date) -> int:
    step, mask = max(rule.customized_recurring_step or 1, 1), rule.customized_recurring_days or 0
    unit = int(rule.customized_recurring_type or 0)
    if unit == BY_WEEK:
        return _by_weeks(first, last, step, [day for day in range(7) if mask >> (day + 1) % 7 & 1])
    if unit == BY_MONTH_WEEK:
        return _by_months(first, last, step, lambda weekday: [_nth(first, weekday)])
    if unit == BY_MONTH_DATE:
        dates = [day for day in range(1, 32) if mask >> day - 1 & 1]
        return _by_months(first, last, step, lambda _: dates)
    return _every(step, first.toordinal(), last.toordinal())


def _every(days: int, first: int, last: int) -> int:
    """Every so many days; a day is its number since the first of all, a Monday."""
    return (last - first) // days + 1 if first <= last else 0


def _by_weeks(first: date, last: date, step: int, weekdays: Iterable[int]) -> int:
    """Every `step` weeks from the first day's on, Monday 0; that weeks begin on Monday is not documented."""
    begin = first.toordinal()
    days = (begin - first.weekday() + weekday for weekday in weekdays)
    return sum(_every(7 * step, day if day >= begin else day + 7 * step, last.toordinal()) for day in days)


def _by_months(first: date, last: date, step: int, dates: Callable[[int], Iterable[int]]) -> int:
    """Every `step` months on the dates that a month has which begins on a given weekday."""
    count = 0
    for ahead in range(first.month - 1, last.month + 12 * (last.year - first.year), step):
        year, month = first.year + ahead // 12, ahead % 12 + 1
        weekday, length = monthrange(year, month)
        days = (date(year, month, day) for day in dates(weekday) if day <= length)
        count += sum(first <= day <= last for day in days)
    return count


def _nth(first: date, weekday: int) -> int:
    """The date of the same weekday and week in a month that begins on `weekday`."""
    return 1 + (first.weekday() - weekday) % 7 + (first.day - 1) // 7 * 7
