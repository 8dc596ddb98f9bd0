"""Recurring meetings: the vendor's samples, caps, endings, and the mask against an independent expansion."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from dateutil.tz import tzstr
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import START, meeting
from tm_async import Recurrence, ValidationError, Weekday
from tm_async.api.meetings import CustomUnit, RecurrenceKind, UntilType
from tm_async.core.codec import to_wire
from tm_async.rules.occurrences import CHINA


def series(rule: Recurrence, start: datetime = START, **changes: Any) -> list[tuple[str, str]]:
    try:
        meeting(recurring_rule=rule, start_time=start, end_time=start + timedelta(hours=1), **changes)
    except ValidationError as error:
        return [(violation.field, violation.rule) for violation in error.violations]
    return []


def at(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


# doc 1095/81181: the three samples with a mask, their start times as printed there
def test_sample_every_three_weeks_on_monday_and_tuesday() -> None:
    rule = Recurrence.every_n_weeks(3, on=[Weekday.MONDAY, Weekday.TUESDAY])
    assert rule.customized_recurring_days == 6
    assert series(rule, at(1664183361)) == []


def test_sample_every_three_months_on_the_fourth_monday() -> None:
    rule = Recurrence.every_n_months_on_weekday(3, week=4, weekday=Weekday.MONDAY)
    assert rule.customized_recurring_days == 1026
    assert series(rule, at(1664204280)) == []


def test_sample_every_three_months_on_the_1st_and_26th() -> None:
    rule = Recurrence.every_n_months_on_dates(3, [1, 26])
    assert rule.customized_recurring_days == 33554433
    assert series(rule, at(1664199400)) == []


def test_a_custom_rule_on_the_wire() -> None:
    assert to_wire(Recurrence.every_n_weeks(3, [Weekday.MONDAY], count=5)) == {
        "recurring_type": 5, "until_type": 1, "until_count": 5,
        "customized_recurring_type": 1, "customized_recurring_step": 3, "customized_recurring_days": 2,
    }  # fmt: skip


def test_days_need_no_mask() -> None:
    rule = Recurrence.every_n_days(3)
    assert (rule.customized_recurring_type, rule.customized_recurring_days) == (CustomUnit.DAY, None)
    assert series(rule) == []


@pytest.mark.parametrize(
    "rule",
    [
        Recurrence.every_n_weeks(1, [Weekday.MONDAY]),  # START is a Tuesday
        Recurrence.every_n_weeks(1, []),
        Recurrence.every_n_months_on_weekday(1, week=2, weekday=Weekday.TUESDAY),
        Recurrence.every_n_months_on_weekday(1, week=1, weekday=Weekday.MONDAY),
        Recurrence.every_n_months_on_dates(1, [2, 3]),
        Recurrence(recurring_type=RecurrenceKind.CUSTOM, customized_recurring_type=1, customized_recurring_step=1),
    ],
)
def test_the_mask_must_contain_the_first_day(rule: Recurrence) -> None:
    assert series(rule) == [("recurring_rule.customized_recurring_days", "first-day")]


def test_the_day_is_judged_in_china_and_in_the_meetings_own_zone() -> None:
    late = datetime(2026, 12, 1, 20, tzinfo=UTC)  # Wednesday 04:00 in China, Tuesday in New York
    assert series(Recurrence.every_n_weeks(1, [Weekday.WEDNESDAY]), late) == []
    assert series(Recurrence.every_n_weeks(1, [Weekday.TUESDAY]), late) != []
    assert series(Recurrence.every_n_weeks(1, [Weekday.TUESDAY]), late, time_zone="America/New_York") == []


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    others=st.sets(st.sampled_from(list(Weekday))),
    dates=st.sets(st.integers(1, 31)),
)
def test_masks_that_contain_the_first_day_are_sound(start: datetime, others: set[Weekday], dates: set[int]) -> None:
    china = start.astimezone(CHINA)
    weekday = Weekday((china.weekday() + 1) % 7)
    nth = sum(1 for d in range(1, china.day + 1) if date(china.year, china.month, d).weekday() == china.weekday())
    assert series(Recurrence.every_n_weeks(2, {weekday, *others}), start) == []
    assert series(Recurrence.every_n_months_on_dates(2, {china.day, *dates}), start) == []
    assert series(Recurrence.every_n_months_on_weekday(2, week=nth, weekday=weekday), start) == []
    if weekday not in others:
        assert series(Recurrence.every_n_weeks(2, others), start) != []
    if china.day not in dates:
        assert series(Recurrence.every_n_months_on_dates(2, dates), start) != []


@pytest.mark.parametrize("week", [0, 6])
def test_weeks_are_one_to_five(week: int) -> None:
    with pytest.raises(ValidationError, match=r"no week \(1 to 5\)"):
        Recurrence.every_n_months_on_weekday(1, week=week, weekday=Weekday.MONDAY)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_dates_are_one_to_thirty_one(day: int) -> None:
    with pytest.raises(ValidationError, match=r"no date \(1 to 31\)"):
        Recurrence.every_n_months_on_dates(1, [day])


def test_seven_occurrences_by_default() -> None:
    rule = Recurrence.daily()
    assert (rule.until_type, rule.until_count, rule.until_date) == (UntilType.COUNT, 7, None)


def test_one_ending_only() -> None:
    with pytest.raises(ValidationError, match="count or until"):
        Recurrence.daily(count=3, until=START)


@pytest.mark.parametrize(
    ("build", "cap"),
    [
        (Recurrence.daily, 200),
        (Recurrence.weekdays, 200),
        (Recurrence.weekly, 200),
        (Recurrence.biweekly, 50),
        (Recurrence.monthly, 50),
    ],
)
def test_caps_by_count(build: Any, cap: int) -> None:
    assert series(build(count=cap)) == []
    assert series(build(count=cap + 1)) == [("recurring_rule.until_count", "occurrences")]
    assert series(build(count=500, cap=500)) == []
    assert series(build(count=501, cap=500)) == [("recurring_rule.until_count", "occurrences")]


def test_cap_by_date_as_in_the_documented_example() -> None:
    start = at(1609430400)
    assert series(Recurrence.daily(until=at(1626710399)), start) == []
    assert series(Recurrence.daily(until=at(1626710400)), start) == [("recurring_rule.until_date", "occurrences")]


@pytest.mark.parametrize(("build", "days", "cap"), [(Recurrence.weekly, 7, 200), (Recurrence.biweekly, 14, 50)])
def test_caps_by_date(build: Any, days: int, cap: int) -> None:
    last = START + timedelta(days=days * cap) - timedelta(seconds=1)
    assert series(build(until=last)) == []
    assert series(build(until=last + timedelta(seconds=1))) == [("recurring_rule.until_date", "occurrences")]


def test_monthly_cap_by_date() -> None:
    assert series(Recurrence.monthly(until=datetime(2042, 2, 1, 1, 59, 59, tzinfo=UTC))) == []
    assert series(Recurrence.monthly(until=datetime(2042, 2, 1, 2, 0, 0, tzinfo=UTC))) == [
        ("recurring_rule.until_date", "occurrences")
    ]


def test_a_series_must_not_end_before_it_begins() -> None:
    assert series(Recurrence.daily(until=START - timedelta(seconds=1))) == [
        ("recurring_rule.until_date", "until-after-start")
    ]
    assert series(Recurrence.daily(until=START)) == []


def test_custom_fields_without_a_custom_rule() -> None:
    assert series(Recurrence(customized_recurring_step=2)) == [
        ("recurring_rule.customized_recurring_step", "custom-recurrence")
    ]
    assert series(Recurrence(recurring_type=RecurrenceKind.CUSTOM)) == [
        ("recurring_rule.customized_recurring_type", "custom-recurrence"),
        ("recurring_rule.customized_recurring_step", "custom-recurrence"),
    ]


@pytest.mark.parametrize("count", [0, -1])
def test_at_least_one_occurrence(count: int) -> None:
    assert series(Recurrence.daily(count=count)) == [("recurring_rule.until_count", "at-least-one")]


def test_a_month_by_weeks_takes_one_of_each() -> None:
    def by_week(mask: int) -> Recurrence:
        return evolve(
            Recurrence.every_n_months_on_weekday(1, week=1, weekday=Weekday.TUESDAY), customized_recurring_days=mask
        )

    assert series(by_week(128 + 4)) == []
    for mask in (128 + 4 + 256, 128 + 4 + 2):
        assert series(by_week(mask)) == [("recurring_rule.customized_recurring_days", "one-week-and-weekday")]


def test_custom_rules_have_no_documented_cap() -> None:
    assert series(Recurrence.every_n_days(1, count=1000)) == []


def test_naive_last_day() -> None:
    assert series(Recurrence.daily(until=datetime(2026, 12, 5))) == [  # noqa: DTZ001
        ("recurring_rule.until_date", "aware-datetime")
    ]


# --- the zone ----------------------------------------------------------------------------------------------------


class PytzZone(tzinfo):
    """A zone as pytz has it: fixed to the offset of one moment, and with a name."""

    zone = "America/New_York"

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(hours=-5)

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (ZoneInfo("America/New_York"), "America/New_York"),
        (ZoneInfo("Asia/Tokyo"), "Asia/Tokyo"),
        (PytzZone(), "America/New_York"),
        (ZoneInfo("Asia/Shanghai"), None),
        (ZoneInfo("UTC"), None),
        (UTC, None),
        (timezone(timedelta(hours=-5)), None),
    ],
)
def test_the_zone_of_a_series_follows_from_its_start(zone: tzinfo, expected: str | None) -> None:
    start = datetime(2026, 12, 1, 10, tzinfo=zone)
    given = {"start_time": start, "end_time": start + timedelta(hours=1)}
    assert meeting(**given, recurring_rule=Recurrence.weekly()).time_zone == expected
    assert meeting(**given).time_zone is None, "a single meeting is a moment"
    assert meeting(**given, recurring_rule=Recurrence.weekly(), time_zone="Europe/Paris").time_zone == "Europe/Paris"


def test_a_zone_without_a_name_whose_clocks_change_needs_one() -> None:
    start = datetime(2026, 12, 1, 10, tzinfo=tzstr("EST5EDT"))
    assert series(Recurrence.weekly(), start) == [("time_zone", "zone-of-a-series")]
    assert series(Recurrence.weekly(), start, time_zone="America/New_York") == []
    meeting(start_time=start, end_time=start + timedelta(hours=1))
