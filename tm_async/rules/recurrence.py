"""Rules of recurring meetings, and the arithmetic of the custom days (doc 1095/81181).

Which cap on occurrences holds? The pages say 200 for daily, Monday-to-Friday and weekly series and 50 for biweekly
and monthly ones (doc 1095/42417); an official client of 2026 says 500 for the first group; for custom rules nothing
is said. We hold requests to the pages, because a refusal here is clearer than one from the gateway, and let the
caller raise the cap for one rule (`Recurrence.daily(..., cap=500)`) where the account is known to have more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from tm_async.core.validation import about
from tm_async.errors import Violation
from tm_async.rules.neutral import asks
from tm_async.rules.occurrences import (
    BIWEEKLY,
    BY_DAY,
    BY_MONTH_WEEK,
    BY_WEEK,
    CHINA,
    CUSTOM,
    DAILY,
    MONTHLY,
    WEEKDAYS,
    WEEKLY,
    count_occurrences,
    own_zone,
)

__all__ = [
    "OCCURRENCE_CAPS",
    "first_day_in_mask",
    "occurrences_within_cap",
    "one_week_and_weekday",
    "only_fields_of_its_kind",
    "until_after_start",
    "zone_of_series",
    "zone_where_clocks_change",
]

OCCURRENCE_CAPS = {DAILY: 200, WEEKDAYS: 200, WEEKLY: 200, BIWEEKLY: 50, MONTHLY: 50}
"""By recurring_type (doc 1095/42417). Custom: not stated."""


def only_fields_of_its_kind(rule: Any) -> Iterator[Violation]:
    """The customized_* fields are ignored unless the rule is a custom one, which needs a type and a step."""
    custom = rule.recurring_type == CUSTOM
    needed = ("customized_recurring_type", "customized_recurring_step")
    for name in (*needed, "customized_recurring_days"):
        if not custom and asks(getattr(rule, name)):
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
    for name, counts in (("until_count", rule.until_type == 1), ("customized_recurring_step", custom)):
        value = getattr(rule, name)
        if value is not None and value < 1 and (counts or asks(value)):
            yield Violation(name, "at-least-one", f"must be at least 1, not {value}", f"至少为 1，当前为 {value}", 1)


def one_week_and_weekday(rule: Any) -> Iterator[Violation]:
    """A month by its weeks takes one weekday and one week (doc 1095/81181)."""
    if rule.recurring_type != CUSTOM or rule.customized_recurring_type != BY_MONTH_WEEK:
        return
    mask = rule.customized_recurring_days or 0
    if (mask & 127).bit_count() > 1 or (mask >> 7).bit_count() > 1:
        yield Violation(
            "customized_recurring_days",
            "one-week-and-weekday",
            "must be one weekday and one week",
            "只能是一个星期几和一个第几周",
            page="1095/81181",
        )


@about("recurring_rule")
def until_after_start(meeting: Any) -> Iterator[Violation]:
    """A series that ends before its first occurrence has none."""
    if count_occurrences(meeting) == 0:
        yield Violation(
            "recurring_rule.until_date",
            "until-after-start",
            "must not be before start_time",
            "不能早于 start_time",
        )


@about("recurring_rule")
def occurrences_within_cap(meeting: Any) -> Iterator[Violation]:
    """At most 200 or 50 occurrences, whether the series ends by count or by date (doc 1095/42417)."""
    rule = meeting.recurring_rule
    cap = rule.cap if rule.cap is not None else OCCURRENCE_CAPS.get(int(rule.recurring_type or 0))
    count = count_occurrences(meeting)
    if cap is not None and count is not None and count > cap:
        yield Violation(
            f"recurring_rule.{'until_count' if rule.until_type == 1 else 'until_date'}",
            "occurrences",
            f"gives {count} occurrences, at most {cap} for this kind of series",
            f"将产生 {count} 场会议，此类周期最多 {cap} 场",
            cap,
            "1095/42417",
        )


# --- the zone --------------------------------------------------------------------------------------------------------

_NOT_SENT = {"Asia/Shanghai", "UTC", "Etc/UTC"}
"""The zone that the gateway takes by itself, and the one that programs reckon in."""


def zone_of_series(meeting: Any) -> str | None:
    """The `time_zone` of a series by the zone of its start (`ZoneInfo`, or pytz): its clocks say when it repeats."""
    if meeting.recurring_rule is None:
        return None
    zone: Any = getattr(meeting.start_time, "tzinfo", None)
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    return name if isinstance(name, str) and name not in _NOT_SENT else None


@about("recurring_rule")
def zone_where_clocks_change(meeting: Any) -> Iterator[Violation]:
    """Without `time_zone` a series repeats by China's clocks: another hour, where other clocks change."""
    if meeting.time_zone is not None:
        return
    if len({(meeting.start_time + timedelta(days=days)).utcoffset() for days in range(0, 366, 30)}) > 1:
        yield Violation(
            "time_zone",
            "zone-of-a-series",
            "is required: the clocks of start_time change, and its zone has no name; or give it a ZoneInfo",
            "必填：start_time 所在时区有夏令时，且该时区没有名称；也可改用 ZoneInfo",
        )


# --- the mask --------------------------------------------------------------------------------------------------------


@about("recurring_rule", "start_time")
def first_day_in_mask(meeting: Any) -> Iterator[Violation]:
    """The custom days must contain the day of the first meeting, else 190004 (doc 1095/81181).

    Judged in China time. How `time_zone` changes that is not documented, so a meeting with a zone of its own is
    refused only if the day is missing in both.
    """
    rule = meeting.recurring_rule
    if rule.recurring_type != CUSTOM or rule.customized_recurring_type in (None, BY_DAY):
        return
    mask = rule.customized_recurring_days or 0
    zones = (CHINA, *own_zone(meeting))
    if not any(_first_bits(rule, meeting.start_time, zone) & ~mask == 0 for zone in zones):
        day = meeting.start_time.astimezone(CHINA)
        yield Violation(
            "recurring_rule.customized_recurring_days",
            "first-day",
            f"must contain the day of the first meeting, {day:%A %Y-%m-%d} in China time",
            f"必须包含首场会议当天（北京时间 {day:%Y-%m-%d}）",
            page="1095/81181",
        )


def _first_bits(rule: Any, start: datetime, zone: tzinfo) -> int:
    """The bits that the first meeting's day sets: its weekday, its weekday and week, or its date."""
    day = start.astimezone(zone)
    weekday = 1 << (day.isoweekday() % 7)
    if rule.customized_recurring_type == BY_WEEK:
        return weekday
    if rule.customized_recurring_type == BY_MONTH_WEEK:
        return weekday | 1 << (7 + (day.day - 1) // 7)
    return 1 << (day.day - 1)
