"""Moments in order and in seconds, also where the clocks of a zone are set."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.core.moments import earlier, instant, seconds

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [UTC, BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("Pacific/Apia"), timezone(timedelta(hours=-9, minutes=-30))]
FROM, TO = datetime(1971, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001
moments = st.builds(
    datetime.replace,
    st.datetimes(FROM, TO, timezones=st.sampled_from(ZONES), allow_imaginary=True),
    fold=st.integers(0, 1),
)
about = st.timedeltas(timedelta(days=-2), timedelta(days=2))


@given(moments)
def test_seconds_are_those_of_python(moment: datetime) -> None:
    assert seconds(moment) == int(moment.timestamp())


@given(moments, about, st.sampled_from(ZONES))
def test_the_order_is_that_of_utc(first: datetime, apart: timedelta, zone: ZoneInfo) -> None:
    second = (first.astimezone(UTC) + apart).astimezone(zone)
    assert earlier(first, second) == (first.astimezone(UTC) < second.astimezone(UTC))
    assert earlier(second, first) == (second.astimezone(UTC) < first.astimezone(UTC))


@given(moments, about)
def test_the_order_by_the_clocks_of_one_zone(first: datetime, apart: timedelta) -> None:
    second = first + apart
    assert earlier(first, second) == (first.astimezone(UTC) < second.astimezone(UTC))


def test_the_later_of_two_equal_hours_comes_later() -> None:
    """On 26 October 2036 clocks in Berlin are set from 3 back to 2."""
    once, again = (datetime(2036, 10, 26, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    assert earlier(once, again)
    assert not earlier(again, once)
    assert earlier(once.replace(minute=59), again.replace(minute=0))
    assert instant(again) - instant(once) == 3600


@pytest.mark.parametrize("naive", [datetime(2037, 1, 1), datetime(2036, 12, 31)])  # noqa: DTZ001
def test_a_naive_moment_has_no_place(naive: datetime) -> None:
    there = datetime(2037, 1, 1, tzinfo=UTC)
    for first, second in [(naive, there), (there, naive), (naive, naive)]:
        with pytest.raises(ValueError, match="no time zone"):
            earlier(first, second)
    with pytest.raises(TypeError):
        seconds(naive)
