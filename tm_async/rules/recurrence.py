"""Rules of recurring meetings, and the arithmetic of the custom days (doc 1095/81181).

Which cap on occurrences holds? The pages say 200 for daily, Monday-to-Friday and weekly series and 50 for biweekly
and monthly ones (doc 1095/42417); an official client of 2026 says 500 for the first group; for custom rules nothing
is said. We hold requests to the pages, because a refusal here is clearer than one from the gateway, and let the
caller raise the cap for one rule (`Recurrence.daily(..., cap=500)`) where the account is known to have more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from tm_async.core.validation import instant
from tm_async.errors import Violation

__all__ = [
    "CHINA",
    "OCCURRENCE_CAPS",
    "count_occurrences",
    "first_day_in_mask",
    "occurrences_within_cap",
    "only_fields_of_its_kind",
    "until_after_start",
]

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""Weekday and date are judged here: the samples of doc 1095/81181 fit no other zone."""

OCCURRENCE_CAPS = {0: 200, 1: 200, 2: 200, 3: 50, 4: 50}
"""By recurring_type: daily, Monday to Friday, weekly, biweekly, monthly (doc 1095/42417). Custom: not stated."""


def only_fields_of_its_kind(rule: Any) -> Iterator[Violation]:
    """The customized_* fields are ignored unless the rule is a custom one, which needs a type and a step."""
    custom = rule.recurring_type == 5
    needed = ("customized_recurring_type", "customized_recurring_step")
    for name in (*needed, "customized_recurring_days"):
        if not custom and getattr(rule, name) is not None:
            yield Violation(
                name,
                "custom-recurrence",
                "has an effect only with recurring_type=5",
                "仅在 recurring_type=5 时有效",
                page="1095/81181",
            )
    for name in needed:
        if custom and getattr(rule, name) is None:
            yield Violation(
                name,
                "custom-recurrence",
                "is required with recurring_type=5",
                "recurring_type=5 时必填",
                page="1095/81181",
            )
    for name in ("until_count", "customized_recurring_step"):
        value = getattr(rule, name)
        if value is not None and value < 1:
            yield Violation(name, "at-least-one", f"must be at least 1, not {value}", f"至少为 1，当前为 {value}", 1)


def until_after_start(meeting: Any) -> Iterator[Violation]:
    """A series whose last day lies before its first occurrence has none."""
    rule = meeting.recurring_rule
    if rule is None or meeting.start_time is None or not _ends_by_date(rule):
        return
    if instant(rule.until_date) < instant(meeting.start_time):
        yield Violation(
            "recurring_rule.until_date",
            "until-after-start",
            "must not be before start_time",
            "不能早于 start_time",
        )


def occurrences_within_cap(meeting: Any) -> Iterator[Violation]:
    """At most 200 or 50 occurrences, whether the series ends by count or by date (doc 1095/42417)."""
    rule = meeting.recurring_rule
    if rule is None:
        return
    cap = rule.cap if rule.cap is not None else OCCURRENCE_CAPS.get(int(rule.recurring_type or 0))
    if cap is None:
        return
    by_date = _ends_by_date(rule)
    if by_date and (meeting.start_time is None or int(rule.recurring_type or 0) not in OCCURRENCE_CAPS):
        return  # nobody can count them here
    count = _count_until(rule, meeting.start_time) if by_date else (rule.until_count or 0)
    if count > cap:
        yield Violation(
            f"recurring_rule.{'until_date' if by_date else 'until_count'}",
            "occurrences",
            f"gives {count} occurrences, at most {cap} for this kind of series",
            f"将产生 {count} 场会议，此类周期最多 {cap} 场",
            cap,
            "1095/42417",
        )


def count_occurrences(meeting: Any) -> int | None:
    """How many meetings a request makes, as far as that can be told; `None`: not of this kind of series."""
    rule = meeting.recurring_rule
    if rule is None:
        return 1
    if not _ends_by_date(rule):
        return int(rule.until_count or 7)  # the documented default
    return _count_until(rule, meeting.start_time) if int(rule.recurring_type or 0) in OCCURRENCE_CAPS else None


def _ends_by_date(rule: Any) -> bool:
    return (rule.until_type or 0) == 0 and rule.until_date is not None


def _count_until(rule: Any, start: datetime) -> int:
    """How many occurrences a series that is not custom has until its last moment."""
    until: datetime = rule.until_date
    days: int = (until - start).days
    if days < 0:
        return 0
    kind = int(rule.recurring_type or 0)
    if kind == 1:
        weekday: int = start.astimezone(CHINA).weekday()
        weeks, rest = divmod(days + 1, 7)
        return weeks * 5 + sum((weekday + offset) % 7 < 5 for offset in range(rest))
    if kind == 4:
        return _months_between(start.astimezone(CHINA), until.astimezone(CHINA))
    step: int = {0: 1, 2: 7, 3: 14}[kind]
    return days // step + 1


def _months_between(start: datetime, until: datetime) -> int:
    months = (until.year - start.year) * 12 + until.month - start.month
    return months + (1 if (until.day, until.time()) >= (start.day, start.time()) else 0)


def first_day_in_mask(meeting: Any) -> Iterator[Violation]:
    """The custom days must contain the day of the first meeting, else 190004 (doc 1095/81181).

    Judged in China time. How `time_zone` changes that is not documented, so a meeting with a zone of its own is
    refused only if the day is missing in both.
    """
    rule = meeting.recurring_rule
    if rule is None or meeting.start_time is None:
        return
    if rule.recurring_type != 5 or rule.customized_recurring_type in (None, 0):
        return
    mask = rule.customized_recurring_days or 0
    zones = (CHINA, *_own_zone(meeting))
    if not any(_first_bits(rule, meeting.start_time, zone) & ~mask == 0 for zone in zones):
        day = meeting.start_time.astimezone(CHINA)
        yield Violation(
            "recurring_rule.customized_recurring_days",
            "first-day",
            f"must contain the day of the first meeting, {day:%A %Y-%m-%d} in China time",
            f"必须包含首场会议当天（北京时间 {day:%Y-%m-%d}）",
            page="1095/81181",
        )


def _own_zone(meeting: Any) -> tuple[tzinfo, ...]:
    from zoneinfo import ZoneInfo

    try:
        return (ZoneInfo(meeting.time_zone),) if meeting.time_zone else ()
    except (KeyError, ValueError, OSError):
        return ()


def _first_bits(rule: Any, start: datetime, zone: tzinfo) -> int:
    """The bits that the first meeting's day sets: its weekday, its weekday and week, or its date."""
    day = start.astimezone(zone)
    weekday = 1 << (day.isoweekday() % 7)
    if rule.customized_recurring_type == 1:
        return weekday
    if rule.customized_recurring_type == 2:
        return weekday | 1 << (7 + (day.day - 1) // 7)
    return 1 << (day.day - 1)
