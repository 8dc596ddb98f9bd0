"""Requests as JSON: what is sent, what is left out, and that nothing gets lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from tests.conftest import START, meeting
from tests.strategies import creates
from tm_async import CreateMeeting, Guest, LiveConfig, Recurrence, Settings, User
from tm_async.api.meetings import AutoRecord, LiveWatermark, LiveWatermarkOption
from tm_async.core.codec import read_as, to_wire
from tm_async.core.declare import Part, part
from tm_async.core.jsonbytes import dump
from tm_async.core.parse import parse
from tm_async.core.wire import Milliseconds, MillisecondsText


def test_the_smallest_meeting() -> None:
    assert to_wire(meeting()) == {
        "userid": "tester",
        "instanceid": 1,
        "subject": "周会",
        "type": 0,
        "start_time": "2143245600",
        "end_time": "2143249200",
    }


def test_a_full_meeting() -> None:
    full = meeting(
        hosts=["tester", User("bob", nick_name="Bob")],
        invitees=[],
        guests=[Guest(area="86", phone_number="13800000000", guest_name="张")],
        settings=Settings(
            mute_enable_join=False, auto_record_type=AutoRecord.CLOUD, enable_host_pause_auto_record=False
        ),
        recurring_rule=Recurrence.weekly(until=START + timedelta(days=28), cap=500),
        enable_live=True,
        live_config=LiveConfig(
            enable_live_password=True,
            live_password="s",
            live_watermark=LiveWatermark(watermark_opt=LiveWatermarkOption.NONE),
        ),
    )
    assert json.loads(dump(to_wire(full))) == {
        "userid": "tester",
        "instanceid": 1,
        "subject": "周会",
        "type": 0,
        "start_time": "2143245600",
        "end_time": "2143249200",
        "hosts": [{"userid": "tester"}, {"userid": "bob", "nick_name": "Bob"}],
        "invitees": [],
        "guests": [{"area": "86", "phone_number": "13800000000", "guest_name": "张"}],
        "settings": {"mute_enable_join": False, "auto_record_type": "cloud", "enable_host_pause_auto_record": False},
        "recurring_rule": {"recurring_type": 2, "until_type": 0, "until_date": 2145664800},
        "meeting_type": 1,
        "enable_live": True,
        "live_config": {
            "enable_live_password": True,
            "live_password": "s",
            "live_watermark": {"watermark_opt": 1},
        },
    }


def test_times_are_moments_whatever_their_zone() -> None:
    china = datetime(2037, 12, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert to_wire(meeting(start_time=china))["start_time"] == "2143245600"
    assert to_wire(meeting(start_time=START + timedelta(microseconds=999_999)))["start_time"] == "2143245600"


def test_bytes_are_compact_utf_8() -> None:
    assert dump({"subject": "周会", "n": 1}) == '{"subject":"周会","n":1}'.encode()


@given(creates())
def test_nothing_gets_lost_on_the_way(create: CreateMeeting) -> None:
    sent = json.loads(dump(to_wire(create)))
    again = parse(CreateMeeting, sent)
    assert json.loads(dump(to_wire(again))) == sent
    assert again.start_time == datetime.fromtimestamp(int(create.start_time.timestamp()), UTC)
    assert again.settings == create.settings
    assert again.recurring_rule == create.recurring_rule


@pytest.mark.parametrize("form", [Milliseconds, MillisecondsText])
def test_milliseconds_are_read_and_written_exactly(form: Any) -> None:
    kept: Any = part(type("Kept", (Part,), {"__annotations__": {"moment": form}}))
    for value in (0, 1, 999, 1_606_985_243_123, 4_102_444_799_999):
        for sent in (value, str(value)):
            moment = read_as(form, sent)
            written = to_wire(kept(moment=moment))["moment"]
            assert str(written) == str(value)
            assert isinstance(written, str) is (form is MillisecondsText)


@pytest.mark.parametrize(("came", "read"), [(212341.0, "212341"), (212341, "212341"), (1.5, "1.5"), ("1.0", "1.0")])
def test_a_number_where_text_is_documented(came: object, read: str) -> None:
    assert read_as(str, came) == read
