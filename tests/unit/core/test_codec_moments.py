"""Moments in the forms in which events have them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.core.codec import read_moment

NOON = datetime(2020, 12, 30, 7, 26, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (1609313201, NOON),
        ("1609313201", NOON),
        (1609313201.0, NOON),
        (1609313201465, NOON + timedelta(milliseconds=465)),
        ("1609313201465", NOON + timedelta(milliseconds=465)),
        ("2020-12-30T15:26:41+08:00", NOON),
        ("2020-12-30T07:26:41Z", NOON),
        ("2020-12-30 15:26:41", NOON),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_forms(value: Any, wanted: datetime) -> None:
    found = read_moment(value)
    assert found == wanted
    assert found.tzinfo is not None


@pytest.mark.parametrize(
    "value", [None, True, [], {}, "", "yesterday", "1" * 19, "１", "1e9", 10**30, float("nan"), float("inf")]
)
def test_what_is_no_moment(value: Any) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        read_moment(value)


@given(st.datetimes(min_value=datetime(1974, 1, 1), max_value=datetime(5000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_seconds_and_milliseconds_are_told_apart(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read_moment(int(whole.timestamp())) == whole
    milliseconds = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert read_moment(int(whole.timestamp()) * 1000 + moment.microsecond // 1000) == milliseconds
