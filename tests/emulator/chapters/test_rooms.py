"""Rooms: seeded, activated, booked, called, and devices that go and come back."""

import json
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wemeet_openapi import Client
from wemeet_openapi.service.meeting_room import api, model

from tests.emulator.calls import ask, code, told
from tests.emulator.chapters.conftest import Answering, Refusing
from tests.emulator.chapters.meetings.test_vendor import call, client
from tests.emulator.conftest import NOW, Caller
from tests.emulator.webhooks.conftest import pushed, receiver, subscribed
from tm_async.emulator import Emulator
from tm_async.emulator.chapters.meetings.state import Booking, Person
from tm_async.emulator.chapters.rooms.calendar import check_free, meetings_in
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.state import State

__all__ = ["client", "pushed", "receiver", "subscribed"]

HOUR = 3600


@pytest.fixture
def rooms(emulator: Emulator) -> Any:
    emulator.rooms.add("North 1", meeting_room_id="1", city="Xi'an", building="A", floor="3", capacity=4)
    emulator.rooms.add("North 2", meeting_room_id="2", capacity=12)
    emulator.rooms.add("South", meeting_room_id="3", capacity=30, bookable=False, activated=False)
    return emulator.rooms


async def test_rooms_are_listed_by_name(rooms: Any, answer: Answering) -> None:
    page = await answer("rooms.list", meeting_room_name="north", page_size=1)
    assert (page["total_count"], page["total_page"]) == (2, 2)
    (row,) = page["meeting_room_list"]
    assert row["meeting_room_location"] == "Xi'an-A-3"
    assert (row["meeting_room_status"], row["scheduled_status"], row["participant_number"]) == (2, 1, 4)
    rows = (await answer("rooms.list", meeting_room_name="South"))["meeting_room_list"]
    assert [(row["meeting_room_status"], row["scheduled_status"]) for row in rows] == [(0, 0)]


async def test_a_device_is_activated_by_a_code(rooms: Any, answer: Answering, refusal: Refusing) -> None:
    first = (await answer("rooms.create_active_code", meeting_room_id="3"))["active_code"]
    second = (await answer("rooms.create_active_code", meeting_room_id="3"))["active_code"]
    with pytest.raises(ValueError, match="code: activates no room"):
        rooms.activate(first)
    rooms.activate(second)
    assert await _status(answer, "3") == 1
    rooms.connect("3")
    assert await _status(answer, "3") == 2
    assert (await answer("rooms.get_account_statistics"))["pro_used_count"] == 3
    assert (await answer("rooms.get_inventory"))["normal_used_count"] == 3
    assert await refusal("rooms.create_active_code", meeting_room_id="9") == 20201
    assert await refusal("rooms.get", meeting_room_id="9") == 190004


async def _status(answer: Answering, room: str) -> int:
    status: int = (await answer("rooms.get", meeting_room_id=room))["hardware_info"]["meeting_room_status"]
    return status


async def test_a_room_is_changed(rooms: Any, answer: Answering, refusal: Refusing) -> None:
    info = {"meeting_room_name": "东厅", "meeting_room_type": 0}
    more = {"desc": "5rWL6K+V", "admin_password_enabled": True, "admin_password": "pw", "device": ["TV", "MIC"]}
    given: dict[str, Any] = {"meeting_room_id": "3", "instance_id": 1}
    await answer("rooms.modify", **given, meeting_room_info=info | more, scheduled_status=True, is_allow_call=False)
    shown = await answer("rooms.get", meeting_room_id="3")
    assert (shown["scheduled_status"], shown["is_allow_call"]) == (1, False)
    basics = shown["basic_info"]
    assert (basics["meeting_room_name"], basics["desc"], basics["admin_password"]) == ("东厅", "5rWL6K+V", "cHc=")
    wrong: list[dict[str, Any]] = [
        {"city": "Xi'an"},
        {"admin_password_enabled": True},
        {"meeting_room_type": 2},
        {"meeting_room_name": "会" * 19},
        {"city": "a", "building": "b", "floor": "3-4"},
        {"label": ["a"] * 11},
        {"label": ["a" * 41]},
        {"participant_number": 10**9},
        {"desc": "é"},
    ]
    for each in wrong:
        assert await refusal("rooms.modify", **given, meeting_room_info=info | each) == 190004
    assert (await answer("rooms.get", meeting_room_id="3"))["basic_info"] == basics
    await answer("rooms.modify", **given, meeting_room_info=info | {"use_password": True, "password": "older"})
    assert (await answer("rooms.get", meeting_room_id="3"))["basic_info"]["admin_password"] == "b2xkZXI="


async def test_settings_and_background(rooms: Any, answer: Answering, refusal: Refusing) -> None:
    given: dict[str, Any] = {"meeting_room_id": "1", "instance_id": 1}
    await answer("rooms.modify_config", **given, meeting_settings={"caption": False})
    shown = (await answer("rooms.get_config", **given))["meeting_settings"]
    assert (shown["caption"], shown["water_mark"]) == (False, 2)
    psw = {"room_pmi": True, "room_pmi_settings": {"room_pmi_psw": "12"}}
    assert await refusal("rooms.modify_config", **given, meeting_settings=psw) == 190004
    assert (await answer("rooms.set_background", meeting_room_id="1", background_image="https://x/y.png"))["job_id"]
    assert (await answer("rooms.get_background", meeting_room_id="1"))["background_image"] == "https://x/y.png"
    found = await answer("rooms.get_by_screencast_code", screencast_code=rooms.show_code("1"))
    assert (found["meeting_room_id"], found["api_password"]) == ("1", "")


async def test_who_is_no_administrator(rooms: Any, caller: Caller) -> None:
    who = {"operator_id": "tester", "operator_id_type": 1}
    assert code(await ask(caller, "rooms.list", **who)) == (403, 9042)
    listing = {**who, "target_rooms_id": "1", "target_rooms_id_type": 5, "instanceid": 1}
    assert code(await ask(caller, "rooms.list_meetings", **listing)) == (403, 9042)


# --- bookings --------------------------------------------------------------------------------------------------------


Book = Callable[..., Awaitable[Any]]


@pytest.fixture
def book(caller: Caller, rooms: Any) -> Book:
    """`await book(meeting, "1", "2")`: 0, or the error_code."""

    async def call(meeting: dict[str, Any], *ids: str, by: str = "tester", operation: str = "book") -> int:
        who = {"operator_id": by, "operator_id_type": 1, "meeting_room_id_list": list(ids)}
        done = await ask(caller, f"rooms.{operation}", meeting["meeting_id"], **who)
        return 0 if done.status_code == 200 else code(done)[1]

    return call


async def test_no_two_meetings_stand_in_a_room_at_once(caller: Caller, book: Book, answer: Answering) -> None:
    first, beside = [await caller.created() for _ in range(2)]
    after = await caller.created(start_time=str(NOW + 2 * HOUR), end_time=str(NOW + 3 * HOUR))
    assert await book(first, "1", "2") == 0
    assert await book(first, "1", "2") == 0, "its own booking does not stand in its way"
    assert await book(beside, "1") == 21301
    assert await book(after, "1") == 0
    assert await _stand(answer, "1") == [first["meeting_id"], after["meeting_id"]]
    assert await book(first, "2") == 0, "the list is replaced"
    assert await book(beside, "1") == 0
    for since in ({"start_time": NOW}, {}):
        assert await _stand(answer, "1", **since, end_time=NOW + 2 * HOUR) == [beside["meeting_id"]]
    assert await book(beside, "1", operation="release") == 0
    assert await _stand(answer, "1") == [after["meeting_id"]]
    assert await book(first, "2", by="admin", operation="release") == 0


async def _stand(answer: Answering, room: str, **values: Any) -> list[str]:
    listing: dict[str, Any] = {"target_rooms_id": room, "target_rooms_id_type": 5, "instanceid": 1, **values}
    return [one["meeting_id"] for one in (await answer("rooms.list_meetings", **listing))["meeting_info_list"]]


async def test_the_room_itself_may_ask(caller: Caller, rooms: Any, book: Book) -> None:
    info = await caller.created()
    await book(info, "1")
    (device,) = [each.rooms_id for each in rooms if each.meeting_room_id == "1"]
    for who, kind in (("1", 5), (device, 3)):
        page = await told(caller, "rooms.list_meetings", operator_id=who, operator_id_type=kind, instanceid=1)
        assert [one["meeting_id"] for one in page["meeting_info_list"]] == [info["meeting_id"]]
    many = {"start_time": 0, "end_time": 91 * 86400}
    asked = await ask(caller, "rooms.list_meetings", operator_id="1", operator_id_type=5, instanceid=1, **many)
    assert code(asked) == (400, 190004)


async def test_what_can_not_be_booked(caller: Caller, rooms: Any, book: Book) -> None:
    info = await caller.created()
    assert await book(info, "9") == 20201
    assert await book(info, "3") == 20003
    rooms.add("Not activated", meeting_room_id="4", activated=False)
    assert await book(info, "4") == 20003
    assert await book(info) == 190004
    assert await book(info, "1", by="bob") == 9102
    assert await book({"meeting_id": "5"}, "1") == 201003
    assert await book({"meeting_id": "5"}, "1", operation="release") == 9003
    for seconds, expected in ((899, 20001), (900, 0), (86400, 0), (86401, 20001)):
        one = await caller.created(start_time=str(NOW + 50 * HOUR), end_time=str(NOW + 50 * HOUR + seconds))
        assert await book(one, "1") == expected
        await book(one, "1", operation="release")
    daily = {"recurring_type": 0, "until_type": 1, "until_count": 3}
    assert await book(await caller.created(meeting_type=1, recurring_rule=daily), "1") == 20002


async def test_the_state_of_the_meeting(caller: Caller, book: Book, answer: Answering) -> None:
    info = await caller.created()
    await book(info, "1")
    caller.emulator.meetings.start(info["meeting_id"])
    assert await book(info, "2") == 14151
    caller.emulator.meetings.end(info["meeting_id"])
    assert await book(info, "2") == 14152
    assert await _stand(answer, "1") == [info["meeting_id"]], "ending a meeting releases no room"
    other = await caller.created()
    await book(other, "2")
    gone = {"userid": "tester", "instanceid": 1, "reason_code": 1}
    await caller.send("POST", f"/v1/meetings/{other['meeting_id']}/cancel", json.dumps(gone).encode())
    assert await book(other, "2") == 9007
    assert await book(await caller.created(), "2") == 0


async def test_a_booked_meeting_moves_where_its_room_is_free(caller: Caller, book: Book) -> None:
    first = await caller.created()
    later = {"start_time": str(NOW + 2 * HOUR), "end_time": str(NOW + 3 * HOUR)}
    await book(first, "1")
    await book(await caller.created(**later), "1")
    body: dict[str, Any] = {"userid": "tester", "instanceid": 1, **later}
    path = f"/v1/meetings/{first['meeting_id']}"
    assert code(await caller.send("PUT", path, json.dumps(body).encode())) == (500, 20006)
    body |= {"start_time": str(NOW + 4 * HOUR), "end_time": str(NOW + 5 * HOUR)}
    assert (await caller.send("PUT", path, json.dumps(body).encode())).status_code == 200


# --- calls and devices -----------------------------------------------------------------------------------------------


TERMINAL = {"mra_address": {"protocol": 1, "dial_string": "sip:board@192.0.2.7"}}


@pytest.fixture
async def ring(caller: Caller, rooms: Any) -> Callable[..., Awaitable[Any]]:
    """`await ring("call", meeting_room_id="1")`: the answer of an operation on a call, or the error_code."""
    meeting = await caller.created(hosts=["alice"])
    caller.emulator.meetings.start(meeting["meeting_id"])

    async def send(operation: str, **values: Any) -> Any:
        who = {"operator_id": "tester", "operator_id_type": 1, "meeting_id": meeting["meeting_id"], "instance_id": 1}
        if operation == "call":
            del who["instance_id"]
        done = await ask(caller, f"rooms.{operation}", **{**who, **values})
        return done.json() if done.status_code == 200 else code(done)[1]

    return send


async def test_a_room_is_called_and_enters(ring: Any, rooms: Any, answer: Answering, pushed: Any) -> None:
    room = {"meeting_room_id": "1"}
    assert await ring("get_call_status", **room) == {"status": 0}
    assert (await ring("call", **room))["status"] == 2
    assert (await ring("get_call_status", **room))["status"] == 4
    rooms.answer("1")
    told = next(one for one in await pushed() if one["event"] == "room.response")["payload"][0]
    assert type(told["operate_time"]) is str
    event = told["room_response_event"]
    assert (event["meeting_room_id"], event["response_event"]["response_status"]) == ("1", "2")
    status = await ring("get_call_status", **room)
    assert (status["status"], len(status["response_time"])) == (2, 19)
    assert await _status(answer, "1") == 3
    rooms.leave("1")
    devices = (await answer("rooms.list_devices"))["device_info_list"]
    assert all(one["app_version"] for one in devices), "as in the vendor's sample"
    assert (await ring("get_call_status", **room))["status"] == 6
    with pytest.raises(ValueError, match="callee: '1' is in no meeting"):
        rooms.leave("1")


async def test_other_ends_of_a_call(ring: Any, rooms: Any, caller: Caller, pushed: Any) -> None:
    room = {"meeting_room_id": "1"}
    invite = (await ring("call", **room))["invite_id"]
    assert await ring("cancel_call", **room, invite_id="5") == 190004
    assert await ring("cancel_call", **room, invite_id=invite) == {}
    assert (await ring("get_call_status", **room))["status"] == 5
    await ring("call", **room)
    rooms.disconnect("1")
    with pytest.raises(ValueError, match="callee: the device of '1' is offline"):
        rooms.answer("1")
    rooms.connect("1")
    rooms.answer("1", accept=False)
    assert (await ring("get_call_status", **room))["status"] == 3
    await ring("call", **room)
    caller.emulator.clock_offset = 60
    await ring("call", **room)
    caller.emulator.clock_offset = 120
    assert (await ring("get_call_status", **room))["status"] == 0
    with pytest.raises(ValueError, match="callee: '1' does not ring"):
        rooms.answer("1")
    events = [one["payload"][0] for one in await pushed() if one["event"] == "room.response"]
    assert [one["room_response_event"]["response_event"]["response_status"] for one in events] == ["5", "3", "0", "0"]


async def test_a_terminal_is_called_by_its_address(ring: Any, rooms: Any) -> None:
    await ring("call", **TERMINAL, operator_id="alice")
    assert rooms.answer("sip:board@192.0.2.7").instanceid == 9
    assert (await ring("get_call_status", **TERMINAL))["status"] == 2
    assert await ring("call", **TERMINAL, operator_id="bob") == 9042
    assert await ring("call", **TERMINAL, meeting_room_id="1") == 190004
    assert await ring("call") == 190004


async def test_who_can_not_be_called_or_call(ring: Any, rooms: Any, caller: Caller) -> None:
    assert await ring("call", meeting_room_id="3") == 10004
    rooms.add("Quiet", meeting_room_id="5", callable=False)
    assert await ring("call", meeting_room_id="5") == 10004
    assert await ring("call", meeting_room_id="9") == 190004
    assert await ring("call", meeting_room_id="1", operator_id="bob") == 9042
    assert await ring("call", meeting_room_id="1", meeting_id="abc") == 190004
    other = await caller.created()
    assert (await ring("call", meeting_room_id="1", meeting_id=other["meeting_id"], operator_id="admin"))["status"] == 2


async def test_devices_go_and_come_back(rooms: Any, answer: Answering, pushed: Any) -> None:
    rooms.add_controller("1", "Panel")
    rooms.set_parts("1", camera=False)
    rooms.alarm("2", "cpu_occupancy_rate_overtop")
    await pushed()
    rooms.disconnect("1")
    assert await _status(answer, "1") == 4
    (row, _) = (await answer("rooms.list_devices"))["device_info_list"]
    assert row["device_monitor_info"] == {"camera_status": False, "microphone_status": True, "speaker_status": True}
    (panel,) = (await answer("rooms.list_controllers", controller_name="pan"))["controller_info_list"]
    assert (panel["status"], panel["rooms_id"]) == ("0", row["rooms_id"])
    for target in ({"target_rooms_id": "1", "target_rooms_id_type": 5}, {}):
        found = (await answer("rooms.list_alarms", **target))["monitor_info_list"]
        assert (found[0]["meeting_room_id"], found[0]["health_status"]) == (1, 2)
        assert [one["health_code"] for one in found[0]["alarm_info_list"]] == ["device_off_line"]
    assert [one["health_status"] for one in found] == [2, 1]
    rooms.connect("1")
    assert await _status(answer, "1") == 2
    told = [one["payload"][0]["room_event"]["alert_event"] for one in await pushed() if one["event"] == "room.alert"]
    assert [(one["alert_kind"], one["device_connect_status"]) for one in told] == [(0, "OFFLINE"), (1, "ONLINE")]


def test_mistakes_of_tests(rooms: Any) -> None:
    for act, problem in (
        (lambda: rooms.add("x", meeting_room_id="1"), "meeting_room_id: '1' exists already"),
        (lambda: rooms.add("x", meeting_room_id="a"), "meeting_room_id: is not made of digits"),
        (lambda: rooms.connect("9"), "meeting_room_id: '9' is not known"),
        (lambda: rooms.connect("3"), "meeting_room_id: '3' has no device"),
        (lambda: rooms.recover("1", "x"), "code: 'x' is not raised"),
    ):
        with pytest.raises(ValueError, match=problem):
            act()
    rooms.disconnect("1")
    with pytest.raises(ValueError, match="is not online"):
        rooms.disconnect("1")
    rooms.alarm("2", "x")
    with pytest.raises(ValueError, match="code: 'x' is raised already"):
        rooms.alarm("2", "x")


# --- what holds for any bookings -------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.sets(st.sampled_from("123"), min_size=1)))


@given(SPANS)
def test_a_room_never_has_two_meetings_at_once(spans: list[tuple[int, int, set[str]]]) -> None:
    """In hours: when, how long, and in which rooms. What is refused is what overlaps, and it changes nothing."""
    state = State([], Random(0))
    stand: list[tuple[int, int, set[str]]] = []
    for start, hours, rooms in spans:
        booking = Booking(
            creator="a", subject="s", type=0, meeting_type=0, start=start, end=start + hours, hosts=(Person("a"),)
        )
        meeting = state.create(booking, 0.0)
        overlapping = [one for one in stand if one[0] < start + hours and start < one[0] + one[1] and one[2] & rooms]
        try:
            check_free(state, meeting, rooms, meeting.start, meeting.end)
        except Refused:
            assert overlapping
        else:
            assert not overlapping
            state.rooms.book(meeting.id, sorted(rooms))
            stand.append((start, hours, rooms))
    for room in "123":
        found = meetings_in(state, room)
        assert all(before.end <= after.start for before, after in pairwise(found))
        assert len(found) == sum(room in rooms for _, _, rooms in stand)


async def test_the_vendors_client_books_a_room(client: Client, emulator: Emulator) -> None:
    """Unchanged: its requests are taken, and it reads the answers."""
    emulator.clock_offset = time.time() - NOW  # it reads the real clock
    room = emulator.rooms.add("North", city="Xi'an", building="A", floor="1").meeting_room_id
    start = int(time.time()) + HOUR
    booking = Booking(
        creator="a", subject="s", type=0, meeting_type=0, start=start, end=start + HOUR, hosts=(Person("a"),)
    )
    meeting, rooms = emulator.state.create(booking, start), client.meeting_room_api
    by: dict[str, Any] = {"operator_id": "admin", "operator_id_type": 1}
    body: Any = model.V1MeetingsMeetingIdBookRoomsPostRequest(meeting_room_id_list=[room], **by)
    booked = await call(
        rooms.v1_meetings_meeting_id_book_rooms_post,
        api.ApiV1MeetingsMeetingIdBookRoomsPostRequest(meeting_id=meeting.id, body=body),
    )
    assert [one.meeting_room_location for one in booked.meeting_room_list] == ["Xi'an-A-1"]
    listing = api.ApiV1MeetingRoomsOperatorIdMeetingsGetRequest(room, "5", "1")
    stand = await call(rooms.v1_meeting_rooms_operator_id_meetings_get, listing)
    assert [one.meeting_id for one in stand.meeting_info_list] == [meeting.id]
    body = model.V1MeetingRoomsRoomCallPutRequest(meeting_id=int(meeting.id), meeting_room_id=room, **by)
    called = await call(rooms.v1_meeting_rooms_room_call_put, api.ApiV1MeetingRoomsRoomCallPutRequest(body=body))
    assert (called.status, bool(called.invite_id)) == (2, True)
