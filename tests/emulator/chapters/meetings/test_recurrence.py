"""Expansion of rules, on the samples of doc 1095/81181 and on the limits of doc 1095/42417."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.emulator.chapters.meetings.recurrence import MaskError, Rule, RuleError, Span, expand
from tm_async.emulator.kernel.times import CHINA

NOW = 1_664_000_000  # Saturday 2022-09-24 14:13:20 in China
HOUR = 3600


def starts(rule: Rule, start: int, now: float = NOW, zone: object = CHINA) -> list[str]:
    spans = expand(rule, start, start + HOUR, now=now, zone=zone)  # type: ignore[arg-type]
    assert all(span.end - span.start == HOUR for span in spans)
    return [datetime.fromtimestamp(span.start, CHINA).strftime("%m-%d %H:%M") for span in spans]


def custom(kind: int, step: int, days: int = 0, **more: int) -> Rule:
    return Rule(
        recurring_type=5,
        customized_recurring_type=kind,
        customized_recurring_step=step,
        customized_recurring_days=days,
        **{"until_type": 1, "until_count": 4, **more},
    )


def china(year: int, month: int, day: int, hour: int = 10) -> int:
    return int(datetime(year, month, day, hour, tzinfo=CHINA).timestamp())


def test_every_three_weeks_monday_and_tuesday() -> None:
    assert starts(custom(1, 3, 6), 1664183361) == ["09-26 17:09", "09-27 17:09", "10-17 17:09", "10-18 17:09"]


def test_every_three_months_fourth_monday() -> None:
    assert starts(custom(2, 3, 1026), 1664204280) == [
        "09-26 22:58",
        "12-26 22:58",
        "03-27 22:58",
        "06-26 22:58",
    ]


def test_every_three_months_on_the_first_and_twenty_sixth() -> None:
    assert starts(custom(3, 3, 33554433), 1664199400) == [
        "09-26 21:36",
        "12-01 21:36",
        "12-26 21:36",
        "03-01 21:36",
    ]


def test_every_three_days() -> None:
    seven = custom(0, 3, until_count=7)
    assert starts(seven, 1664162868)[:3] == ["09-26 11:27", "09-29 11:27", "10-02 11:27"]
    assert len(starts(seven, 1664162868)) == 7


def test_three_week_step_until_the_default_date_yields_one() -> None:
    assert starts(custom(1, 3, 2, until_type=0), 1664183361) == ["09-26 17:09"]


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        (custom(1, 1, 4), 1664183361),  # Tuesday only, the first is a Monday
        (custom(2, 1, 2 | 512), 1664204280),  # third Monday, the first is the fourth
        (custom(2, 1, 4 | 1024), 1664204280),
        (custom(3, 1, 1), 1664199400),  # on the 1st, the first is the 26th
        (custom(3, 1), 1664199400),
    ],
)
def test_mask_must_contain_the_first_day(rule: Rule, start: int) -> None:
    with pytest.raises(MaskError):
        expand(rule, start, start + HOUR, now=NOW)


def test_month_by_weeks_takes_one_weekday_only() -> None:
    with pytest.raises(RuleError, match="one weekday"):
        expand(custom(2, 1, 1026 | 4), 1664204280, 1664204280 + HOUR, now=NOW)


def test_days_are_those_of_china() -> None:
    early = china(2022, 9, 27, 1)  # still Monday in UTC
    assert starts(custom(1, 1, 4), early)[0] == "09-27 01:00"
    with pytest.raises(MaskError):
        starts(custom(1, 1, 2), early)


def test_daily_weekdays_weekly_biweekly_monthly() -> None:
    friday = china(2022, 9, 30)
    days = {kind: starts(Rule(recurring_type=kind, until_type=1, until_count=3), friday) for kind in (0, 1, 2, 3, 4)}
    assert days == {
        0: ["09-30 10:00", "10-01 10:00", "10-02 10:00"],
        1: ["09-30 10:00", "10-03 10:00", "10-04 10:00"],
        2: ["09-30 10:00", "10-07 10:00", "10-14 10:00"],
        3: ["09-30 10:00", "10-14 10:00", "10-28 10:00"],
        4: ["09-30 10:00", "10-30 10:00", "11-30 10:00"],
    }


def test_weekdays_from_a_weekend_begin_on_monday() -> None:
    assert starts(Rule(recurring_type=1, until_type=1, until_count=2), china(2022, 10, 1)) == [
        "10-03 10:00",
        "10-04 10:00",
    ]
    assert starts(Rule(recurring_type=1), china(2030, 6, 1)) == ["06-03 10:00"]


def test_months_without_the_day_are_skipped() -> None:
    monthly = Rule(recurring_type=4, until_type=1, until_count=4)
    assert starts(monthly, china(2022, 10, 31)) == [
        "10-31 10:00",
        "12-31 10:00",
        "01-31 10:00",
        "03-31 10:00",
    ]
    fifth = starts(custom(2, 1, 2 | 2048), china(2022, 10, 31))
    assert fifth == ["10-31 10:00", "01-30 10:00", "05-29 10:00", "07-31 10:00"]
    leap = Rule(recurring_type=5, customized_recurring_type=3, customized_recurring_step=12,
                customized_recurring_days=1 << 28, until_type=1, until_count=2)  # fmt: skip
    assert starts(leap, china(2024, 2, 29)) == ["02-29 10:00", "02-29 10:00"]


def test_defaults() -> None:
    assert len(starts(Rule(until_type=1), china(2022, 9, 25))) == 7
    assert starts(Rule(), china(2022, 9, 25))[-1] == "10-01 10:00"  # today + 7 days
    assert starts(Rule(), china(2030, 1, 1)) == ["01-01 10:00"]


def test_until_date_is_the_last_moment_at_which_one_begins() -> None:
    start = china(2022, 9, 26)
    for until, last in ((china(2022, 9, 28, 10), "09-28 10:00"), (china(2022, 9, 28, 10) - 1, "09-27 10:00")):
        assert starts(Rule(until_date=until), start)[-1] == last
    with pytest.raises(RuleError, match="before the first"):
        starts(Rule(until_date=start - 1), start)


def test_documented_cap_by_date() -> None:
    first = 1609430400
    bound = first + 200 * 86400 - 1
    assert bound == 1626710399
    assert len(starts(Rule(until_date=bound), first)) == 200
    with pytest.raises(RuleError, match="200"):
        starts(Rule(until_date=bound + 1), first)


@pytest.mark.parametrize(("kind", "cap"), [(0, 200), (1, 200), (2, 200), (3, 50), (4, 50)], ids=str)
def test_documented_caps_by_count(kind: int, cap: int) -> None:
    start = china(2022, 9, 26)
    assert len(starts(Rule(recurring_type=kind, until_type=1, until_count=cap), start)) == cap
    for count in (0, -1, cap + 1):
        with pytest.raises(RuleError, match="until_count"):
            starts(Rule(recurring_type=kind, until_type=1, until_count=count), start)


@pytest.mark.parametrize("step", [0, -1, 1001])
def test_step(step: int) -> None:
    with pytest.raises(RuleError, match="step"):
        starts(custom(0, step), china(2022, 9, 26))


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_a_series_ends_one_day(kind: int) -> None:
    start = china(2022, 9, 26)
    mask = {1: 2, 2: 1026, 3: 1 << 25}.get(kind, 0)
    with pytest.raises(RuleError, match="beyond 2299"):
        starts(custom(kind, 1000, mask, until_count=50 if kind > 1 else 200), start)


def test_until_date_in_milliseconds() -> None:
    with pytest.raises(RuleError, match="UNIX seconds"):
        starts(Rule(until_date=1664183361000), 1664183361)
    ignored = Rule(until_type=1, until_count=1, until_date=1664183361000)
    assert len(starts(ignored, 1664183361)) == 1


def test_time_zone_keeps_the_local_hour_across_daylight_saving() -> None:
    zone = ZoneInfo("America/New_York")
    start = int(datetime(2022, 11, 5, 9, tzinfo=zone).timestamp())
    spans = expand(Rule(until_type=1, until_count=2), start, start + HOUR, now=NOW, zone=zone)
    assert [datetime.fromtimestamp(span.start, zone).hour for span in spans] == [9, 9]
    assert spans[1].start - spans[0].start == 25 * HOUR


@given(
    start=st.integers(0, 4_000_000_000),
    kind=st.integers(0, 4),
    count=st.integers(1, 50),
)
def test_occurrences_are_ordered_and_keep_the_clock_time(start: int, kind: int, count: int) -> None:
    spans = expand(Rule(recurring_type=kind, until_type=1, until_count=count), start, start + 60, now=0)
    assert len(spans) == count
    assert spans == sorted(spans, key=lambda span: span.start)
    assert len({span.start for span in spans}) == count
    assert all((span.start - start) % 86400 == 0 for span in spans)
    first = datetime.fromtimestamp(start, UTC).astimezone(CHINA)
    if kind != 1 or first.isoweekday() <= 5:
        assert spans[0] == Span(start, start + 60)
    else:
        assert spans[0].start - start <= timedelta(days=2).total_seconds()
