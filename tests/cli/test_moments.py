import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.cli.reading.ago import moment_option
from tm_async.cli.reading.moments import first_moment, last_moment, read_moment
from tm_async.cli.reading.problem import CellError

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2027, 1, 5, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-05T10:00",
        "2027-01-05 10:00",
        "2027-01-05T10:00:00",
        "2027/1/5 10:00",
        "2027/01/05 10:00:00",
        "2027-1-5 10:00",
        "20270105T1000",
        "2027-01-05T10:00+08:00",
        "2027-01-05T02:00Z",
        "2027-01-05T02:00:00.000+00:00",
    ],
)
def test_ways_to_write_the_same_moment(text: str) -> None:
    assert read_moment(text, SHANGHAI) == TEN


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-W01-9T10:00", "2027/1/5 25:00", "10:00", "1800000000"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(CellError, match="ISO 8601"):
        read_moment(text, SHANGHAI)


def test_a_local_time_needs_a_zone() -> None:
    with pytest.raises(CellError, match="has no offset"):
        read_moment("2027-01-05T10:00", None)


@pytest.mark.parametrize(
    ("text", "problem"), [("2027-03-28T02:30", "does not exist"), ("2027-10-31T02:30", "happens twice")]
)
def test_local_times_while_clocks_change(text: str, problem: str) -> None:
    with pytest.raises(CellError, match=problem):
        read_moment(text, BERLIN)
    assert read_moment(f"{text}+02:00", BERLIN).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("text", ["0027-01-05T10:00Z", "9999-12-31T23:59Z"])
def test_far_away(text: str) -> None:
    with pytest.raises(CellError, match="too far away"):
        read_moment(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-99",
        "2026-02-30",
        "2026-13-01T10:00",
        "2026/2/29 10:00",
        "20260230",
        "20260230T1000",
        "2026年2月30日",
        "２０２６-２-３０",
    ],
)
@pytest.mark.parametrize("read", [read_moment, first_moment, last_moment])
def test_a_day_that_the_calendar_has_not(read: Callable[[str, tzinfo], datetime], text: str) -> None:
    with pytest.raises(CellError) as refused:
        read(text, SHANGHAI)
    assert refused.value.message == f"{text!r} names a day that the calendar has not"
    assert refused.value.message_zh == f"{text!r} 中的日期不存在"


def test_last_moment_of_a_date() -> None:
    assert last_moment("2027-01-05", SHANGHAI) == datetime(2027, 1, 5, 23, 59, 59, tzinfo=SHANGHAI)
    assert last_moment("2027-01-05T10:00", SHANGHAI) == TEN


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2999, 12, 30)),  # noqa: DTZ001 - the zone is drawn as well
    st.integers(-14 * 60, 14 * 60),
)
def test_every_aware_time_reads_back(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_moment(aware.isoformat(), None) == aware
    assert read_moment(aware.astimezone(UTC).isoformat(), SHANGHAI) == aware


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read_moment(text, SHANGHAI).utcoffset() is not None
    except CellError as error:
        assert error.message
        assert error.message_zh


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in Berlin."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone is the system's there")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def option(text: str, *, last: bool = False) -> datetime | None:
    return moment_option(last=last)(None, None, text)  # type: ignore[arg-type]


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-15", "2026-01-15T00:00:00+01:00", "2026-01-15T23:59:59+01:00"),
        ("2026-07-15", "2026-07-15T00:00:00+02:00", "2026-07-15T23:59:59+02:00"),
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        ("2026-07-15 12:00", "2026-07-15T12:00:00+02:00", "2026-07-15T12:00:00+02:00"),
        ("2026-07-15T12:00+08:00", "2026-07-15T06:00:00+02:00", "2026-07-15T06:00:00+02:00"),
    ],
)
def test_options_are_local_by_the_clocks_of_that_day(text: str, first: str, last: str) -> None:
    """Not by those of today."""
    for is_last, wanted in ((False, first), (True, last)):
        found = option(text, last=is_last)
        assert found is not None
        assert found.isoformat() == wanted


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-29 02:30", "'2026-03-29 02:30' does not exist in CET/CEST, where the clocks change"),
        ("2026-10-25 02:30", "'2026-10-25 02:30' happens twice in CET/CEST, where the clocks change"),
        ("1970-01-02", "too far away"),
    ],
)
def test_options_that_the_local_clocks_do_not_show_once(text: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        option(text)
