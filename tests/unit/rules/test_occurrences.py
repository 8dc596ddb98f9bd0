"""How many meetings a series makes: the client and the emulator against dateutil's `rrule`, for every kind of rule."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import meeting
from tm_async import Recurrence, ValidationError, Weekday
from tm_async.core.codec import to_wire
from tm_async.emulator.chapters.meetings.recurrence import Rule, RuleError, expand
from tm_async.rules.occurrences import count_occurrences

CHINA = "Asia/Shanghai"
ZONES = [CHINA, "America/New_York", "Australia/Lord_Howe", "UTC"]
DAYS = (SU, MO, TU, WE, TH, FR, SA)
"""As the vendor numbers them."""

starts = st.builds(
    lambda naive, zone: naive.replace(tzinfo=ZoneInfo(zone), microsecond=0),
    st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES),
).filter(lambda start: start.astimezone(UTC).astimezone(start.tzinfo) == start)  # no hour that the clocks skip


class Series:
    """One kind of series from a start: as ours, and as dateutil's."""

    def __init__(self, kind: str, start: datetime, step: int, others: frozenset[int]) -> None:
        weekday, week = (start.weekday() + 1) % 7, (start.day - 1) // 7 + 1
        weekdays = sorted({weekday, *(other % 7 for other in others)})
        dates = sorted({start.day, *others})
        plain: dict[str, tuple[Any, int, dict[str, Any]]] = {
            "daily": (Recurrence.daily, DAILY, {}),
            "weekdays": (Recurrence.weekdays, WEEKLY, {"byweekday": (MO, TU, WE, TH, FR)}),
            "weekly": (Recurrence.weekly, WEEKLY, {}),
            "biweekly": (Recurrence.biweekly, WEEKLY, {"interval": 2}),
            "monthly": (Recurrence.monthly, MONTHLY, {}),
        }
        custom: dict[str, tuple[Any, int, dict[str, Any]]] = {
            "days": (lambda **end: Recurrence.every_n_days(step, **end), DAILY, {}),
            "weeks": (
                lambda **end: Recurrence.every_n_weeks(step, map(Weekday, weekdays), **end),
                WEEKLY,
                {"byweekday": [DAYS[day] for day in weekdays]},
            ),
            "month by weeks": (
                lambda **end: Recurrence.every_n_months_on_weekday(step, week=week, weekday=Weekday(weekday), **end),
                MONTHLY,
                {"byweekday": DAYS[weekday](week)},
            ),
            "month by dates": (
                lambda **end: Recurrence.every_n_months_on_dates(step, dates, **end),
                MONTHLY,
                {"bymonthday": dates},
            ),
        }
        self.start = start
        self.build, frequency, given = plain[kind] if kind in plain else custom[kind]
        self.theirs = rrule(frequency, dtstart=start, **({"interval": step} if kind in custom else {}) | given)

    def until(self, until: datetime) -> list[datetime]:
        return list(self.theirs.replace(until=until))

    def ours(self, **end: Any) -> int | None:
        """How many the client counts; `None`: it refuses the request."""
        try:
            return count_occurrences(self._request(self.build(**end)))
        except ValidationError as error:
            assert {one.rule for one in error.violations} <= {"occurrences", "until-after-start"}, error
            return None

    def emulated(self, **end: Any) -> list[datetime] | None:
        """When the emulator's begin; `None`: it refuses the request."""
        rule, start = Rule(**to_wire(self.build(**end))), int(self.start.timestamp())
        try:
            spans = expand(rule, start, start + 60, now=0, zone=self.start.tzinfo)  # type: ignore[arg-type]
        except RuleError:
            return None
        return [datetime.fromtimestamp(span.start, UTC) for span in spans]

    def _request(self, rule: Recurrence) -> Any:
        zone: Any = self.start.tzinfo
        return meeting(
            start_time=self.start, end_time=self.start + timedelta(hours=1), recurring_rule=rule, time_zone=zone.key
        )


KINDS = ["daily", "weekdays", "weekly", "biweekly", "monthly", "days", "weeks", "month by weeks", "month by dates"]
any_series = st.builds(
    Series, st.sampled_from(KINDS), starts, st.integers(1, 5), st.frozensets(st.integers(1, 31), max_size=4)
)


def instants(moments: Sequence[datetime]) -> list[float]:
    return [moment.timestamp() for moment in moments]


@given(any_series, st.integers(1, 20), st.sampled_from([-1, 0, 1, 3600, 40_000]))
def test_until_a_moment_about_the_nth(series: Series, nth: int, seconds: int) -> None:
    about = list(islice(series.theirs, nth))[-1]
    until = datetime.fromtimestamp(about.timestamp() + seconds, UTC)
    expected = series.until(until)
    assert series.ours(until=until) == (len(expected) or None)
    found = series.emulated(until=until)
    assert found is None if not expected else found is not None and instants(found) == instants(expected)


@given(any_series, st.integers(1, 50))
def test_by_count(series: Series, count: int) -> None:
    assert series.ours(count=count) == count
    found = series.emulated(count=count)
    assert found is not None
    assert instants(found) == instants(list(islice(series.theirs, count)))


@example(datetime(2028, 5, 14, 2, fold=1, tzinfo=ZoneInfo("America/New_York")), "weekly", -1)  # the last: in a gap
@given(starts, st.sampled_from(["daily", "weekdays", "weekly", "biweekly", "monthly"]), st.sampled_from([-1, 0]))
def test_both_have_the_same_cap(start: datetime, kind: str, seconds: int) -> None:
    series = Series(kind, start, 1, frozenset())
    cap = 50 if kind in {"biweekly", "monthly"} else 200
    first_too_many = list(islice(series.theirs, cap + 1))[-1]
    until = datetime.fromtimestamp(first_too_many.timestamp() + seconds, UTC)
    found = series.emulated(until=until)
    assert (series.ours(until=until), found and len(found)) == ((cap, cap) if seconds else (None, None))


def test_a_month_without_the_day_is_skipped() -> None:
    start = datetime(2027, 1, 31, 10, tzinfo=ZoneInfo(CHINA))
    series = Series("monthly", start, 1, frozenset())
    until = datetime(2031, 6, 30, 23, 59, 59, tzinfo=ZoneInfo(CHINA))
    assert series.ours(until=until) == len(series.emulated(until=until) or ()) == 31


@pytest.mark.parametrize("hour", [0, 10])
def test_the_documented_bound_of_a_daily_series(hour: int) -> None:
    """Its first start, and 200 days less a second (doc 1095/42417; the sample begins at midnight in China)."""
    start = datetime(2021, 1, 1, hour, tzinfo=ZoneInfo(CHINA))
    series = Series("daily", start, 1, frozenset())
    last = datetime.fromtimestamp(start.timestamp() + 200 * 86400 - 1, UTC)
    assert series.ours(until=last) == len(series.emulated(until=last) or ()) == 200
    assert series.ours(until=last + timedelta(seconds=1)) is series.emulated(until=last + timedelta(seconds=1)) is None


def test_a_series_of_weekdays_that_ends_before_its_first_monday_is_none() -> None:
    saturday = datetime(2027, 1, 2, 10, tzinfo=ZoneInfo(CHINA))
    series = Series("weekdays", saturday, 1, frozenset())
    sunday = saturday + timedelta(days=1)
    assert series.ours(until=sunday) is series.emulated(until=sunday) is None


def test_a_far_end_is_counted_all_the_same() -> None:
    start = datetime(2027, 1, 31, 10, tzinfo=UTC)
    rule = Recurrence.every_n_months_on_dates(1, [31], until=datetime(9998, 1, 1, tzinfo=UTC))
    request = meeting(start_time=start, end_time=start + timedelta(hours=1), recurring_rule=rule)
    assert count_occurrences(request) == 7 * (9998 - 2027)
