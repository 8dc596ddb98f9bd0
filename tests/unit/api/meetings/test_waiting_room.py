"""The waiting room: who waits, who waited, the welcome message."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tests.unit.api.playing import meetings, targets
from tm_async import Device
from tm_async.api.meetings import (
    GetWaitingRoomWelcome,
    ListWaitingRoom,
    ListWaitingRoomRecords,
    SetWaitingRoomWelcome,
)
from tm_async.api.shared import OperatorType

START = datetime.fromtimestamp(1_796_000_000, UTC)
NAME = b64encode("张三".encode()).decode()


def test_the_list_of_those_who_wait() -> None:
    path = "/v1/meetings/12%2F3/waiting-room-participants"
    assert sent(ListWaitingRoom(meeting_id="12/3", userid="a")) == ("GET", f"{path}?userid=a", None)
    full = ListWaitingRoom(meeting_id="12/3", userid="a", page_size=50, page=2)
    assert sent(full)[1] == f"{path}?userid=a&page_size=50&page=2"


def test_the_log() -> None:
    path = "/v1/meeting/123/waiting-room"
    assert sent(ListWaitingRoomRecords(meeting_id="123", operator_id="a")) == (
        "GET",
        f"{path}?operator_id=a&operator_id_type=1&page=1&page_size=50",
        None,
    )
    full = ListWaitingRoomRecords(
        meeting_id="123", operator_id="o", operator_id_type=OperatorType.OPEN_ID, page=2000, page_size=1
    )
    assert sent(full)[1] == f"{path}?operator_id=o&operator_id_type=2&page=2000&page_size=1"


def test_the_welcome_message() -> None:
    assert sent(GetWaitingRoomWelcome(meeting_id="123", operator_id="a")) == (
        "GET",
        "/v1/meeting/123/waiting-room-welcome-message?operator_id=a&operator_id_type=1",
        None,
    )
    change = SetWaitingRoomWelcome(
        meeting_id="123", operator_id="a", enable_welcome=True, welcome_text="你好，%NICKNAME%"
    )
    assert sent(change) == (
        "POST",
        "/v1/meeting/set-waiting-room-welcome-message",
        {
            "meeting_id": "123",
            "operator_id": "a",
            "operator_id_type": 1,
            "enable_welcome": True,
            "welcome_text": "你好，%NICKNAME%",
        },
    )
    off = SetWaitingRoomWelcome(meeting_id="1", operator_id="a", enable_welcome=False, welcome_text="")
    assert (sent(off)[2]["enable_welcome"], sent(off)[2]["welcome_text"]) == (False, "")


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        (ListWaitingRoom, {"meeting_id": "1", "userid": "a"}),
        (ListWaitingRoomRecords, {"meeting_id": "1", "operator_id": "a"}),
    ],
)
def test_pages(operation: Any, given: dict[str, Any]) -> None:
    for good in ({"page": 1}, {"page": 2000}, {"page_size": 1}, {"page_size": 50}):
        assert broken(operation, **given, **good) == []
    assert broken(operation, **given, page=0) == [("page", "page-number")]
    for size in (0, 51):
        assert broken(operation, **given, page_size=size) == [("page_size", "page-size")]
    assert broken(operation, **given | {"meeting_id": ""}) == [("meeting_id", "not-empty")]


def test_a_bound_that_only_the_log_has() -> None:
    assert broken(ListWaitingRoomRecords, meeting_id="1", operator_id="a", page=2001) == [("page", "page-number")]
    assert broken(ListWaitingRoom, meeting_id="1", userid="a", page=2001) == []


def test_rules_of_the_welcome_message() -> None:
    given: dict[str, Any] = {"meeting_id": "1", "operator_id": "a", "enable_welcome": True}
    for text in ("", "x" * 1000, "好" * 1000):
        assert broken(SetWaitingRoomWelcome, **given, welcome_text=text) == []
    assert broken(SetWaitingRoomWelcome, **given, welcome_text="好" * 1001) == [("welcome_text", "characters")]
    wrong = {"meeting_id": "", "operator_id": "", "enable_welcome": 1, "welcome_text": None}
    assert broken(SetWaitingRoomWelcome, **wrong) == [
        ("operator_id", "userid"),
        ("meeting_id", "not-empty"),
        ("enable_welcome", "type"),
        ("welcome_text", "required"),
    ]
    assert broken(GetWaitingRoomWelcome, meeting_id="", operator_id="a") == [("meeting_id", "not-empty")]


async def test_lists_page_by_page() -> None:
    chapter, transport = meetings(
        {"participants": [{"ms_open_id": "x"}], "total_page": 2},
        {"participants": [{"ms_open_id": "y"}], "total_page": 2},
    )
    assert [row.ms_open_id async for row in chapter.list_waiting_room(meeting_id="1", userid="a")] == ["x", "y"]
    path = "/v1/meetings/1/waiting-room-participants?userid=a"
    assert targets(transport) == [path, f"{path}&page=2"]

    chapter, transport = meetings(
        {"participants": [{"ms_open_id": "x", "join_time": 1}], "total_page": 2},
        {"participants": [{"ms_open_id": "x", "join_time": 2}], "total_page": 2},
    )
    log = await chapter.list_waiting_room_records(meeting_id="1", operator_id="a").collect()
    assert [row.ms_open_id for row in log] == ["x", "x"], "who came twice stands there twice"
    assert [target[-19:] for target in targets(transport)] == ["page=1&page_size=50", "page=2&page_size=50"]


def test_an_answer_about_those_who_wait() -> None:
    page = answered(
        ListWaitingRoom(meeting_id="1", userid="a"),
        {
            "meeting_id": 18357763596888459343,
            "meeting_code": "806146667",
            "subject": NAME,
            "schedule_start_time": 1796000000,
            "schedule_end_time": "1796003600",
            "total_count": 2,
            "total_page": "1",
            "current_page": 1,
            "current_size": 2,
            "participants": [
                {
                    "userid": "a",
                    "open_id": "o",
                    "ms_open_id": "ms",
                    "uuid": "u",
                    "user_name": NAME,
                    "instanceid": 1,
                    "app_version": "3.0",
                    "customer_data": "c",
                },
                {"instanceid": 99, "brand_new": 1},
            ],
        },
    )
    assert (page.meeting_id, page.meeting_code, page.subject) == ("18357763596888459343", "806146667", "张三")
    assert (page.schedule_start_time, page.schedule_end_time) == (START, START + timedelta(hours=1))
    assert (page.total_count, page.total_page, page.current_page, page.current_size) == (2, 1, 1, 2)
    first, second = page.participants
    assert (first.userid, first.open_id, first.ms_open_id, first.uuid) == ("a", "o", "ms", "u")
    assert (first.user_name, first.app_version, first.customer_data) == ("张三", "3.0", "c")
    assert first.instanceid is Device.PC
    assert (second.userid, second.user_name, second.instanceid) == (None, "", 99)
    assert (page.extra, first.extra, second.extra) == ({}, {}, {"brand_new": 1})
    assert answered(ListWaitingRoom(meeting_id="1", userid="a"), {}).participants == ()


def test_a_log_counts_in_milliseconds() -> None:
    page = answered(
        ListWaitingRoomRecords(meeting_id="1", operator_id="a"),
        {
            "meeting_id": "1",
            "meeting_code": "806146667",
            "subject": NAME,
            "schedule_start_time": 1796000000000,
            "schedule_end_time": "1796003600000",
            "total_page": 1,
            "participants": [
                {"user_name": NAME, "instanceid": "9", "join_time": 1796000000123, "left_time": "1796000001000"},
                {"user_name": "Ann", "instanceid": 3, "join_time": "soon"},
            ],
        },
    )
    assert (page.schedule_start_time, page.schedule_end_time) == (START, START + timedelta(hours=1))
    first, second = page.participants
    assert first.instanceid is Device.VOIP_SIP
    assert first.join_time == START + timedelta(milliseconds=123)
    assert first.left_time == START + timedelta(seconds=1)
    assert (second.user_name, second.instanceid, second.join_time, second.left_time) == (
        "Ann",
        Device.ANDROID,
        None,
        None,
    )
    assert second.extra == {"join_time": "soon"}


def test_an_answer_about_the_welcome_message() -> None:
    get = GetWaitingRoomWelcome(meeting_id="1", operator_id="a")
    welcome = answered(get, {"enable_welcome": "true", "welcome_text": "你好，%NICKNAME%"})
    assert (welcome.enable_welcome, welcome.welcome_text) == (True, "你好，%NICKNAME%")
    change = SetWaitingRoomWelcome(meeting_id="1", operator_id="a", enable_welcome=False, welcome_text="")
    assert (answered(change, {}).enable_welcome, answered(change, {}).welcome_text) == (None, "")
