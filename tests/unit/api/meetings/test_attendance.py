"""Attendance: who came, who is inside, which meetings are over, the chat."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tests.unit.api.playing import meetings, targets
from tm_async import Device
from tm_async.api.meetings import (
    ExportChat,
    JoinMethod,
    ListEndedMeetings,
    ListOccurrenceParticipants,
    ListParticipants,
    ListRealtimeParticipants,
    MeetingStatus,
    MeetingType,
    ParticipantRole,
    WebinarRole,
)
from tm_async.api.shared import OperatorType
from tm_async.core.exchange import AuthMode
from tm_async.core.parse import parse

START = datetime.fromtimestamp(1_796_000_000, UTC)
DAY = timedelta(days=1)


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


# --- what is sent ------------------------------------------------------------------------------------------------


def test_participants() -> None:
    path = "/v1/meetings/123/participants"
    assert sent(ListParticipants(meeting_id="123", userid="tester")) == ("GET", f"{path}?userid=tester", None)
    assert sent(ListParticipants(meeting_id="123", operator_id="a"))[1] == f"{path}?operator_id=a&operator_id_type=1"
    full = ListParticipants(
        meeting_id="1/3",
        operator_id="open",
        operator_id_type=OperatorType.OPEN_ID,
        userid="tester",
        start_time=START,
        end_time=START + DAY,
        pos=0,
        size=100,
    )
    assert sent(full)[1] == (
        "/v1/meetings/1%2F3/participants?operator_id=open&userid=tester&operator_id_type=2"
        "&start_time=1796000000&end_time=1796086400&pos=0&size=100"
    )


def test_participants_of_an_occurrence() -> None:
    short = ListOccurrenceParticipants(meeting_id="123", sub_meeting_id="1796000000", userid="tester")
    assert sent(short)[:2] == ("GET", "/v1/meetings/123/participants?userid=tester&sub_meeting_id=1796000000")
    full = ListOccurrenceParticipants(
        meeting_id="123", sub_meeting_id="7", operator_id="a", userid="tester", pos=100, size=1
    )
    assert sent(full)[1] == (
        "/v1/meetings/123/participants?operator_id=a&userid=tester&sub_meeting_id=7&operator_id_type=1&pos=100&size=1"
    )


def test_an_occurrence_can_be_neither_forgotten_nor_misplaced() -> None:
    series: Any = ListOccurrenceParticipants
    with pytest.raises(TypeError, match="sub_meeting_id"):
        series(meeting_id="123", userid="tester")
    assert broken(series, meeting_id="123", userid="a", sub_meeting_id="") == [("sub_meeting_id", "not-empty")]
    assert broken(series, meeting_id="123", userid="a", sub_meeting_id=None) == [("sub_meeting_id", "required")]
    one: Any = ListParticipants
    with pytest.raises(TypeError, match="sub_meeting_id"):
        one(meeting_id="123", userid="tester", sub_meeting_id="7")
    with pytest.raises(TypeError, match="start_time"):  # the gateway would ignore it
        series(meeting_id="123", userid="tester", sub_meeting_id="7", start_time=START)


def test_people_inside() -> None:
    path = "/v1/meetings/123/real-time-participants"
    assert sent(ListRealtimeParticipants(meeting_id="123", operator_id="a")) == (
        "GET",
        f"{path}?operator_id=a&operator_id_type=1&page=1&page_size=50",
        None,
    )
    full = ListRealtimeParticipants(
        meeting_id="123",
        sub_meeting_id="7",
        operator_id="r",
        operator_id_type=OperatorType.ROOMS_ID,
        page=2000,
        page_size=1,
    )
    assert sent(full)[1] == f"{path}?operator_id=r&sub_meeting_id=7&operator_id_type=3&page=2000&page_size=1"


def test_ended_meetings() -> None:
    assert sent(ListEndedMeetings(userid="张 san")) == (
        "GET",
        "/v1/history/meetings/%E5%BC%A0%20san?page_size=20&page=1",
        None,
    )
    full = ListEndedMeetings(
        userid="a",
        operator_id="a",
        meeting_code="806-146 667",
        start_time=START,
        end_time=START + DAY,
        page_size=5,
        page=3,
    )
    assert sent(full)[1] == (
        "/v1/history/meetings/a?operator_id=a&operator_id_type=1&meeting_code=806146667"
        "&start_time=1796000000&end_time=1796086400&page_size=5&page=3"
    )


def test_the_chat() -> None:
    path = "/v1/meeting/123/im-details"
    assert sent(ExportChat(meeting_id="123", operator_id="a")) == (
        "GET",
        f"{path}?operator_id=a&operator_id_type=1",
        None,
    )
    assert sent(ExportChat(meeting_id="123", sub_meeting_id="7", operator_id="a"))[1] == (
        f"{path}?operator_id=a&operator_id_type=1&sub_meeting_id=7"
    )
    assert ExportChat.spec.modes == {AuthMode.ENTERPRISE}


def test_requests_from_text() -> None:
    asked = parse(ListRealtimeParticipants, {"meeting_id": "1", "operator_id": "a", "page": "2", "page_size": 50})
    assert (asked.page, asked.operator_id_type) == (2, OperatorType.USERID)
    over = parse(ListEndedMeetings, {"userid": "a", "start_time": "1796000000", "meeting_code": "806 146 667"})
    assert (over.start_time, over.meeting_code) == (START, "806146667")


# --- rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", [ListParticipants, ListOccurrenceParticipants])
def test_rules_of_attendance(operation: Any) -> None:
    given: dict[str, Any] = {"meeting_id": "1", "userid": "a"}
    if operation is ListOccurrenceParticipants:
        given["sub_meeting_id"] = "7"
    for good in ({"size": 1}, {"size": 100}, {"pos": 0}, {"pos": 49_999}):
        assert broken(operation, **given | good) == []
    for bad, rule in (({"size": 0}, "page-size"), ({"size": 101}, "page-size"), ({"pos": -1}, "position")):
        assert broken(operation, **given | bad) == [(next(iter(bad)), rule)]
    assert broken(operation, **given | {"meeting_id": ""}) == [("meeting_id", "not-empty")]
    assert broken(operation, **given | {"userid": None}) == [("userid", "caller")]
    assert broken(operation, **given | {"userid": "1"}) == [("userid", "userid")]
    assert broken(operation, **given | {"operator_id": "a", "operator_id_type": None}) == [
        ("operator_id_type", "caller")
    ]


def test_rules_of_the_list_of_people_inside() -> None:
    given: dict[str, Any] = {"meeting_id": "1", "operator_id": "a"}
    for good in ({"page": 1}, {"page": 2000}, {"page_size": 1}, {"page_size": 50}):
        assert broken(ListRealtimeParticipants, **given | good) == []
    bad = {"meeting_id": "", "sub_meeting_id": "", "operator_id": "1", "page": 2001, "page_size": 51}
    assert broken(ListRealtimeParticipants, **bad) == [
        ("meeting_id", "not-empty"),
        ("operator_id", "userid"),
        ("sub_meeting_id", "not-empty"),
        ("page", "page-number"),
        ("page_size", "page-size"),
    ]
    assert broken(ListRealtimeParticipants, **given | {"page": 0, "page_size": 0}) == [
        ("page", "page-number"),
        ("page_size", "page-size"),
    ]
    assert broken(ListRealtimeParticipants, **given | {"page": True, "page_size": "50"}) == [
        ("page", "type"),
        ("page_size", "type"),
    ]


def test_rules_of_ended_meetings() -> None:
    for good in ({"page": 1}, {"page": 2001}, {"page_size": 1}, {"page_size": 20}, {"meeting_code": None}):
        assert broken(ListEndedMeetings, userid="a", **good) == []
    bad = {"userid": "", "meeting_code": "12x", "page": 0, "page_size": 21}
    assert broken(ListEndedMeetings, **bad) == [
        ("userid", "userid"),
        ("meeting_code", "meeting-code-digits"),
        ("page_size", "page-size"),
        ("page", "page-number"),
    ]
    assert broken(ListEndedMeetings, userid="a", meeting_code=806146667) == [("meeting_code", "type")]
    assert broken(ExportChat, meeting_id="", operator_id="a", sub_meeting_id="") == [
        ("meeting_id", "not-empty"),
        ("sub_meeting_id", "not-empty"),
    ]


@pytest.mark.parametrize(
    ("operation", "given"),
    [(ListParticipants, {"meeting_id": "1", "userid": "a"}), (ListEndedMeetings, {"userid": "a"})],
)
def test_spans_of_time(operation: Any, given: dict[str, Any]) -> None:
    for span in ((START, None), (None, START), (START, START), (START, START + 400 * DAY)):
        assert broken(operation, **given, start_time=span[0], end_time=span[1]) == []
    wrong = {"start_time": START, "end_time": START - timedelta(seconds=1)}
    assert broken(operation, **given, **wrong) == [("end_time", "end-not-before-start")]
    naive = {"start_time": START.replace(tzinfo=None), "end_time": START}
    assert broken(operation, **given, **naive) == [("start_time", "aware-datetime")]


# --- lists -------------------------------------------------------------------------------------------------------


def stay(name: str, join: int, left: int, **more: Any) -> dict[str, Any]:
    return {"userid": name, "join_time": str(join), "left_time": str(left), **more}


async def test_attendance_reads_like_one_list() -> None:
    """Somebody who came twice stands there twice."""
    chapter, transport = meetings(
        {"participants": [stay("a", 1, 2), stay("b", 1, 9)], "has_remaining": True, "next_pos": 2},
        {"participants": [stay("a", 3, 4)], "has_remaining": False, "next_pos": 0},
    )
    rows = [row async for row in chapter.list_occurrence_participants(meeting_id="9", sub_meeting_id="7", userid="t")]
    assert [row.userid for row in rows] == ["a", "b", "a"]
    path = "/v1/meetings/9/participants?userid=t&sub_meeting_id=7"
    assert targets(transport) == [path, f"{path}&pos=2"]


async def test_attendance_of_more_than_31_days_comes_in_pieces() -> None:
    """Who was inside where two pieces touch is listed once, even if the time of leaving was set meanwhile."""
    alike = {"userid": "", "ms_open_id": "x", "join_time": "1798678300"}
    chapter, transport = meetings(
        {"participants": [stay("a", 1_796_000_000, 1_796_000_900)], "has_remaining": True, "next_pos": 1},
        {"participants": [alike | {"left_time": "0"}], "has_remaining": False},
        {
            "participants": [alike | {"left_time": "1798678600"}, alike | {"ms_open_id": "y", "left_time": "1"}],
            "has_remaining": False,
        },
    )
    listed = chapter.list_participants(meeting_id="9", userid="t", start_time=START, end_time=START + 32 * DAY)
    assert [row.ms_open_id for row in await listed.collect()] == [None, "x", "y"]
    path = "/v1/meetings/9/participants?userid=t"
    seam, end = 1_796_000_000 + 31 * 86_400, 1_796_000_000 + 32 * 86_400
    assert targets(transport) == [
        f"{path}&start_time=1796000000&end_time={seam}",
        f"{path}&start_time=1796000000&end_time={seam}&pos=1",
        f"{path}&start_time={seam}&end_time={end}",
    ]


@pytest.mark.parametrize(("days", "pieces"), [(31, 1), (32, 2), (62, 2), (63, 3)])
async def test_pieces_of_attendance(days: int, pieces: int) -> None:
    chapter, transport = meetings(*[{"participants": []}] * pieces)
    listed = chapter.list_participants(meeting_id="9", userid="t", start_time=START, end_time=START + days * DAY)
    assert await listed.collect() == []
    assert len(transport.requests) == pieces


async def test_ended_meetings_of_more_than_90_days_come_in_pieces() -> None:
    def over(identity: str, start: int) -> dict[str, Any]:
        return {"meeting_id": identity, "start_time": start, "end_time": start + 60}

    seam = 1_796_000_000 + 90 * 86_400
    chapter, transport = meetings(
        {"meeting_info_list": [over("1", 1_796_000_000), over("pmi", 1_796_003_600)], "total_page": 2},
        {"meeting_info_list": [over("pmi", seam)], "total_page": 2},
        {"meeting_info_list": [over("pmi", seam), over("pmi", seam + 60)], "total_page": 1},
    )
    listed = chapter.list_ended(userid="a", start_time=START, end_time=START + 91 * DAY)
    assert [row.meeting_id for row in await listed.collect()] == ["1", "pmi", "pmi", "pmi"]
    path = "/v1/history/meetings/a"
    assert targets(transport) == [
        f"{path}?start_time=1796000000&end_time={seam}&page_size=20&page=1",
        f"{path}?start_time=1796000000&end_time={seam}&page_size=20&page=2",
        f"{path}?start_time={seam}&end_time={seam + 86_400}&page_size=20&page=1",
    ]


async def test_people_inside_page_by_page() -> None:
    chapter, transport = meetings(
        {"participants": [{"ms_open_id": "x"}], "total_page": 2, "status": "MEETING_STATE_STARTED"},
        {"participants": [{"ms_open_id": "y"}], "total_page": 2},
    )
    listed = chapter.list_realtime_participants(meeting_id="9", operator_id="a")
    assert [row.ms_open_id for row in await listed.collect()] == ["x", "y"]
    assert [target[-19:] for target in targets(transport)] == ["page=1&page_size=50", "page=2&page_size=50"]


# --- answers -----------------------------------------------------------------------------------------------------


def test_an_attendance() -> None:
    page = answered(
        ListParticipants(meeting_id="1", userid="a"),
        {
            "meeting_id": "18357763596888459343",
            "meeting_code": "806146667",
            "subject": base64("周会"),
            "schedule_start_time": "1796000000",
            "schedule_end_time": "1796003600",
            "has_remaining": False,
            "next_pos": 0,
            "total_count": 1,
            "participants": [
                {
                    "userid": "tester",
                    "user_name": base64("张三"),
                    "open_id": "open",
                    "ms_open_id": "ms",
                    "uuid": "u",
                    "phone": "ab" * 32,
                    "join_time": "1796000005",
                    "left_time": "1796000305",
                    "instanceid": 1,
                    "user_role": 3,
                    "join_type": 1,
                    "webinar_member_role": 4,
                    "ip": "192.0.2.1",
                    "location": "深圳",
                    "link_type": "UDP",
                    "net": "WIFI",
                    "app_version": "3.0.1",
                    "audio_state": True,
                    "video_state": False,
                    "screen_shared_state": False,
                    "is_enterprise_user": True,
                    "customer_data": "x",
                }
            ],
        },
    )
    assert (page.meeting_id, page.meeting_code, page.subject) == ("18357763596888459343", "806146667", "周会")
    assert page.schedule_start_time == START
    assert page.schedule_end_time == START + timedelta(hours=1)
    assert (page.has_remaining, page.next_pos, page.total_count) == (False, 0, 1)
    (row,) = page.participants
    assert (row.userid, row.user_name, row.open_id, row.ms_open_id, row.uuid) == ("tester", "张三", "open", "ms", "u")
    assert row.join_time == START + timedelta(seconds=5)
    assert row.left_time == START + timedelta(seconds=305)
    assert row.instanceid is Device.PC
    assert row.user_role is ParticipantRole.CREATOR_AND_HOST
    assert row.join_type is JoinMethod.VOIP
    assert row.webinar_member_role is WebinarRole.AUDIENCE
    assert (row.audio_state, row.video_state, row.screen_shared_state, row.is_enterprise_user) == (
        True,
        False,
        False,
        True,
    )
    assert (row.ip, row.location, row.link_type, row.net) == ("192.0.2.1", "深圳", "UDP", "WIFI")
    assert (row.phone, row.app_version, row.customer_data) == ("ab" * 32, "3.0.1", "x")
    assert page.extra == row.extra == {}


def test_an_odd_attendance() -> None:
    """Numbers as text, text as numbers, members missing, values that no source lists, names that are no Base64."""
    page = answered(
        ListOccurrenceParticipants(meeting_id="1", sub_meeting_id="7", userid="a"),
        {
            "meeting_id": 123,
            "has_remaining": "true",
            "next_pos": "5",
            "schedule_start_time": 1796000000,
            "participants": [
                {"user_name": "张三", "user_role": "6", "instanceid": "99", "join_time": 1796000000, "join_type": 77},
                {"userid": None, "user_name": "", "left_time": "gone", "audio_state": 1, "brand_new": [1]},
                {},
            ],
        },
    )
    assert (page.meeting_id, page.has_remaining, page.next_pos, page.subject) == ("123", True, 5, "")
    assert page.schedule_start_time == START
    first, second, third = page.participants
    assert (first.user_name, first.join_time) == ("张三", START)
    assert first.user_role is ParticipantRole.CO_HOST
    assert (first.instanceid, first.join_type) == (99, 77)
    assert first.instanceid is not None
    assert not first.instanceid.documented
    assert (second.userid, second.user_name, second.left_time, second.audio_state) == (None, "", None, True)
    assert second.extra == {"left_time": "gone", "brand_new": [1]}
    assert (third.userid, third.user_name, third.join_time, third.user_role, third.left_time) == (
        None,
        "",
        None,
        None,
        None,
    )
    empty = answered(ListParticipants(meeting_id="1", userid="a"), {})
    assert (empty.participants, empty.has_remaining, empty.meeting_id) == ((), None, "")


def test_an_answer_about_the_people_inside() -> None:
    page = answered(
        ListRealtimeParticipants(meeting_id="1", operator_id="a"),
        {
            "meeting_id": "1",
            "meeting_code": "806146667",
            "subject": base64("Weekly"),
            "status": "MEETING_STATE_STARTED",
            "schedule_start_time": "1796000000",
            "schedule_end_time": "1796003600",
            "total_count": "1",
            "total_page": 1,
            "current_page": 1,
            "current_size": 1,
            "participants": [
                {"user_name": base64("张三"), "user_role": 2, "join_time": "1796000000", "instanceid": 82}
            ],
        },
    )
    assert (page.subject, page.total_count, page.total_page) == ("Weekly", 1, 1)
    assert page.status is MeetingStatus.STARTED
    assert page.schedule_end_time == START + timedelta(hours=1)
    (row,) = page.participants
    assert (row.user_name, row.instanceid) == ("张三", Device.HARMONYOS_TABLET)
    assert row.user_role is ParticipantRole.HOST
    assert page.extra == row.extra == {}


@pytest.mark.parametrize("moment", [1796000000, "1796000000"])
def test_an_ended_meeting(moment: object) -> None:
    """The table and the samples differ about the type of the times."""
    page = answered(
        ListEndedMeetings(userid="a"),
        {
            "current_page": 1,
            "current_size": 2,
            "total_count": 2,
            "total_page": 1,
            "meeting_info_list": [
                {
                    "meeting_id": "1",
                    "meeting_code": "806146667",
                    "subject": "abcd",
                    "meeting_type": 1,
                    "sub_meeting_id": "7",
                    "start_time": moment,
                    "end_time": moment,
                },
                {"meeting_type": 3, "meeting_id": 2},
            ],
        },
    )
    assert (page.current_page, page.current_size, page.total_count, page.total_page) == (1, 2, 2, 1)
    first, second = page.meeting_info_list
    assert (first.meeting_id, first.meeting_code, first.sub_meeting_id) == ("1", "806146667", "7")
    assert first.subject == "abcd", "plain here, other than in attendance"
    assert first.meeting_type is MeetingType.RECURRING
    assert first.start_time == first.end_time == START
    assert (second.meeting_id, second.meeting_type, second.start_time) == ("2", 3, None)


def test_a_chat_and_its_link_that_is_kept_out_of_sight() -> None:
    chat = answered(
        ExportChat(meeting_id="1", operator_id="a"),
        {
            "download_file": [
                {"start_time": "1796000000", "end_time": 1796003600, "download_url": "https://example.com/f?sign=s"},
                {},
            ]
        },
    )
    first, second = chat.download_file
    assert (first.start_time, first.end_time) == (START, START + timedelta(hours=1))
    assert first.download_url == "https://example.com/f?sign=s"
    assert "sign" not in repr(chat)
    assert second.download_url is None
    assert answered(ExportChat(meeting_id="1", operator_id="a"), {}).download_file == ()
