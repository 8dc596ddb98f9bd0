"""Requests as plain JSON, and back: what a ledger holds is what is sent, whenever it is read again."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import START, meeting
from tests.strategies import creates, json_values
from tm_async import CreateMeeting, GetMeeting, Recurrence, User, ValidationError
from tm_async.api.meetings import CancelMeeting, ListMeetings, MeetingKind
from tm_async.core.exchange import Gateway
from tm_async.core.jsonbytes import dump_any
from tm_async.core.operation import Operation
from tm_async.core.parse import keep, restore
from tm_async.core.prepare import prepare

GATEWAY = Gateway.parse("https://example.com/v1")


def through(operation: Operation[Any]) -> Operation[Any]:
    """As a ledger does it."""
    return restore(type(operation), json.loads(dump_any(keep(operation)).decode()))


@given(creates())
def test_a_creation_comes_back_equal(operation: CreateMeeting) -> None:
    again = through(operation)
    assert again == operation
    assert prepare(again, GATEWAY).body == prepare(operation, GATEWAY).body
    assert keep(again) == keep(operation), "and is known by the same key"


@pytest.mark.parametrize(
    "operation",
    [
        meeting(type=0),
        meeting(type=MeetingKind.QUICK, hosts=[User("a", is_anonymous=True, nick_name="b"), "1000"], invitees=[]),
        meeting(recurring_rule=Recurrence.daily(count=400, cap=500)),
        meeting(recurring_rule=Recurrence.daily(until=START + timedelta(days=9))),
        meeting(password="0012", location="", subject="12", enable_host_key=True, host_key="000001"),
        GetMeeting(meeting_id="007", userid="12"),
        ListMeetings(userid="a", pos=START, cursory=1796090400007),
        CancelMeeting(meeting_id="5", userid="a", reason_code=1, cancelled_is_done=True),
    ],
    ids=lambda operation: operation.spec.id,
)
def test_odd_ones_come_back_equal(operation: Operation[Any]) -> None:
    assert through(operation) == operation


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"])
def test_the_offset_of_a_time_is_kept(zone: str, fold: int) -> None:
    """Also in the hour that comes twice."""
    start = datetime(2038, 11, 7, 1, 30, tzinfo=ZoneInfo(zone), fold=fold)
    operation = meeting(start_time=start, end_time=start.astimezone(ZoneInfo("UTC")) + timedelta(hours=2))
    again: Any = through(operation)
    assert again.start_time.timestamp() == start.timestamp()
    assert again.start_time.utcoffset() == start.utcoffset()


KEPT = keep(meeting(password="1234"))


@given(st.dictionaries(st.sampled_from(sorted(KEPT)) | st.text(), json_values, max_size=5))
def test_what_is_damaged_is_a_request_or_a_validation_error(value: dict[str, Any]) -> None:
    for damaged in (value, KEPT | value):
        try:
            restore(CreateMeeting, damaged)
        except ValidationError as error:
            assert error.violations


@pytest.mark.parametrize("start", ["2037-12-01T10:00:00", "tomorrow", 2143245600, None])
def test_a_time_without_an_offset_is_refused(start: object) -> None:
    with pytest.raises(ValidationError, match="start_time"):
        restore(CreateMeeting, KEPT | {"start_time": start})


def test_what_tells_requests_apart_leaves_out_what_a_class_says_by_itself() -> None:
    """So that a later version with another default member knows the rows of an earlier one."""
    assert keep(meeting(), defaults=False) == keep(meeting(type=0, instanceid=1), defaults=False)
    assert set(keep(meeting(), defaults=False)) == {"userid", "subject", "start_time", "end_time"}


@given(creates(), creates())
def test_different_requests_stay_different(one: CreateMeeting, other: CreateMeeting) -> None:
    assert (keep(one, defaults=False) == keep(other, defaults=False)) == (one == other)
