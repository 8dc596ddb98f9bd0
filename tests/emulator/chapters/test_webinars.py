"""Webinars: made and changed, with guests and links of their own; people join and enrol as for meetings."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told, told_as
from tests.emulator.conftest import NOW, Caller, ThirdPartyApp
from tm_async.emulator import User

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]
BODY = {"subject": "Launch", "start_time": str(NOW + 3600), "end_time": str(NOW + 7200), "admission_type": 0}


def by(userid: str = "tester", **values: Any) -> dict[str, Any]:
    return {"userid": userid, "instanceid": 1, **values}


async def made(caller: Caller, **members: Any) -> dict[str, Any]:
    return await told(caller, "webinars.create", **by(**{**BODY, **members}))


async def refused(caller: Caller, name: str, webinar: str = "", **values: Any) -> tuple[int, int]:
    return code(await ask(caller, f"webinars.{name}", webinar, **values))


@pytest.fixture
async def webinar(caller: Caller) -> str:
    return str((await made(caller, sponsor="ACME", enable_manual_check=True))["meeting_id"])


async def test_made_and_looked_up(caller: Caller, webinar: str, pushed: Pushed) -> None:
    shown = await told(caller, "webinars.get", webinar, **by())
    assert (shown["subject"], shown["sponsor"], shown["status"]) == ("Launch", "ACME", "MEETING_STATE_INIT")
    assert shown["guest_join_link"] != shown["audience_join_link"]
    assert shown["manual_check_password"]
    assert await told(caller, "webinars.get", **by(meeting_code=shown["meeting_code"])) == shown
    await made(caller, cover_url="https://example.com/cover.png", activity_page=True)
    created, uploaded = await pushed()
    assert created["payload"][0]["meeting_info"]["meeting_type"] == 6
    assert uploaded["trace_id"] == caller.emulator.journal[-1].trace


async def test_its_description_is_shown_as_base64(caller: Caller) -> None:
    """As in the vendor's sample of 2021."""
    found = (await made(caller, description="ni hao", activity_page=True))["meeting_id"]
    assert (await told(caller, "webinars.get", found, **by()))["description"] == "bmkgaGFv"


async def test_it_is_recorded_as_a_meeting_is(caller: Caller) -> None:
    found = (await made(caller, media_setting={"auto_record_type": "cloud"}))["meeting_id"]
    caller.emulator.meetings.start(found)
    assert [one.meeting and one.meeting.id for one in caller.emulator.state.recordings] == [found]
    other = (await made(caller))["meeting_id"]
    await told(caller, "webinars.modify", other, **by(), media_setting={"auto_record_type": "cloud"})
    caller.emulator.meetings.start(other)
    assert caller.emulator.state.recordings.open(other)
    assert (await caller.detail(other))["settings"]["auto_record_type"] == "cloud"


async def test_its_states(caller: Caller, webinar: str) -> None:
    async def status() -> str:
        return str((await told(caller, "webinars.get", webinar, **by()))["status"])

    caller.emulator.clock_offset = 3600
    assert await status() == "MEETING_STATE_ABOUT_TO_START"
    caller.emulator.meetings.start(webinar)
    assert await status() == "MEETING_STATE_STARTED"
    reason = {"reason_code": 1, "reason_detail": "ill"}
    assert await refused(caller, "cancel", webinar, **by(), **reason) == (500, 13602)
    caller.emulator.meetings.end(webinar)
    assert await refused(caller, "cancel", webinar, **by(), **reason) == (500, 13603)
    other = (await made(caller, start_time=str(NOW + 7200), end_time=str(NOW + 9000)))["meeting_id"]
    assert await told(caller, "webinars.cancel", other, **by(), **reason) == {}
    assert await refused(caller, "cancel", other, **by(), **reason) == (500, 9007)
    assert await refused(caller, "modify", other, **by(), subject="x") == (500, 9007)


async def test_changed(caller: Caller, webinar: str, pushed: Pushed) -> None:
    changes = {"subject": "New", "hosts": [{"userid": "alice"}], "admission_type": 2, "password": "1234"}
    await told(caller, "webinars.modify", webinar, **by(), **changes)
    shown = await told(caller, "webinars.get", webinar, **by())
    assert (shown["subject"], shown["sponsor"], shown["password"]) == ("New", "ACME", "1234")
    assert [host.userid for host in caller.emulator.state.meetings[webinar].hosts] == ["alice"]
    await told(caller, "webinars.modify", webinar, **by(), admission_type=0)
    assert "password" not in await told(caller, "webinars.get", webinar, **by())
    assert [one["event"] for one in await pushed()] == ["meeting.updated"] * 2


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"start_time": str(NOW - 1801)}, (400, 190004)),
        ({"end_time": str(NOW)}, (400, 190004)),
        ({"start_time": "soon"}, (400, 190004)),
        ({"admission_type": 2}, (400, 190004)),
        ({"admission_type": 2, "password": "12"}, (400, 190004)),
        ({"hosts": [{"userid": "nobody"}]}, (500, 190001)),
        ({"sponsor": "x" * 41}, (400, 190004)),
    ],
)
async def test_what_cannot_be_made(caller: Caller, changed: dict[str, Any], expected: tuple[int, int]) -> None:
    assert await refused(caller, "create", **by(**{**BODY, **changed})) == expected


async def test_what_cannot_be_changed(caller: Caller, webinar: str) -> None:
    for changed in (
        {"start_time": str(NOW + 60)},
        {"start_time": str(NOW - 60), "end_time": str(NOW + 60)},
        {"start_time": str(NOW + 60), "end_time": "²"},
        {"admission_type": 2},
    ):
        assert await refused(caller, "modify", webinar, **by(), **changed) == (400, 190004)
    assert await refused(caller, "modify", webinar, **by("admin"), subject="x") == (403, 9042)
    meeting = (await caller.created())["meeting_id"]
    assert await refused(caller, "get", meeting, **by()) == (500, 9003)


async def test_a_meetings_change_makes_no_meeting_of_it(caller: Caller, webinar: str) -> None:
    personal = caller.emulator.meetings.add_personal("tester").id
    for meeting in (webinar, personal):
        await told(caller, "meetings.modify", meeting, **by(), subject="New")
    assert (await told(caller, "webinars.get", webinar, **by()))["subject"] == "New"
    kinds = [caller.emulator.state.meetings[each].meeting_type for each in (webinar, personal)]
    assert kinds == [6, 5]


async def test_it_moves_where_its_room_is_free(caller: Caller, webinar: str) -> None:
    room = caller.emulator.rooms.add("North").meeting_room_id
    later = (await caller.created(start_time=str(NOW + 9000), end_time=str(NOW + 10800)))["meeting_id"]
    for meeting in (webinar, later):
        await told(caller, "rooms.book", meeting, **operated(instanceid=None), meeting_room_id_list=[room])
    moved = {"start_time": str(NOW + 8000), "end_time": str(NOW + 9900)}
    assert await refused(caller, "modify", webinar, **by(), **moved) == (500, 20006)


async def test_guests_and_who_came(caller: Caller, webinar: str) -> None:
    guests = [
        {"guest_type": 1, "userid": "alice"},
        {"guest_type": 2, "area": "86", "phone_number": "13800000001", "guest_name": "G"},
    ]
    await told(caller, "webinars.set_guests", webinar, **by(), guests=guests)
    assert (await told(caller, "webinars.list_guests", webinar, **by()))["guests"] == guests
    assert await refused(caller, "set_guests", webinar, **by(), guests=[{"guest_type": 2}]) == (400, 190004)
    for who in ("tester", "alice", "bob"):
        caller.emulator.meetings.join(webinar, who)
    page = await told(caller, "meetings.list_participants", "", **operated(meetingId=webinar))
    assert [one["webinar_member_role"] for one in page["participants"]] == [0, 1, 4]


async def test_guests_of_an_apps_webinar(third: ThirdPartyApp) -> None:
    pair = await third.allowed("tester")
    me = {"userid": pair["open_id"], "instanceid": 1}
    webinar = (await told_as(third, pair, "webinars.create", **{**BODY, **me}))["meeting_id"]
    guests = [{"guest_type": 1, "userid": third.emulator.oauth.open_id("alice")}]
    await told_as(third, pair, "webinars.set_guests", webinar, **me, guests=guests)
    assert (await told_as(third, pair, "webinars.list_guests", webinar, **me))["guests"] == guests
    third.emulator.meetings.join(webinar, "alice")
    asking = {"operator_id": pair["open_id"], "operator_id_type": 2, "instanceid": 1, "meetingId": webinar}
    (alice,) = (await told_as(third, pair, "meetings.list_participants", **asking))["participants"]
    assert alice["webinar_member_role"] == 1, "a guest of the enterprise"


async def test_enrolment_is_that_of_meetings(caller: Caller) -> None:
    webinar = (await made(caller, admission_type=1))["meeting_id"]
    one = caller.emulator.meetings.enrol(webinar, "alice")
    imported = [{"userid": "bob"}]
    assert (await told(caller, "webinars.import_enrollments", webinar, **operated(), enroll_list=imported))[
        "total_count"
    ] == 1
    decided = {"action": 3, "enroll_id_list": [one.id]}
    assert (await told(caller, "webinars.approve_enrollments", webinar, **operated(), **decided))["handled_count"] == 1
    assert await refused(caller, "approve_enrollments", webinar, **operated(), action=3) == (400, 190004)
    page = await told(caller, "webinars.list_enrollments", webinar, **operated(page=1, page_size=300))
    assert [row["status"] for row in page["enroll_list"]] == [3, 3]
    found = await told(caller, "webinars.query_enroll_ids", webinar, **operated(), ms_open_id_list=[one.ms_open_id])
    assert [row["enroll_id"] for row in found["enroll_id_list"]] == [one.id]
    assert await told(caller, "webinars.query_enroll_ids", webinar, **by(ms_open_id_list=[one.ms_open_id])) == found
    assert (await told(caller, "webinars.approve_enrollments", webinar, **by(**decided)))["handled_count"] == 1
    assert await refused(caller, "query_enroll_ids", webinar, **by("alice", ms_open_id_list=["x"])) == (500, 107)
    assert await refused(caller, "query_enroll_ids", webinar, instanceid=1, ms_open_id_list=["x"]) == (400, 190004)
    gone = {"enroll_id_list": [{"enroll_id": one.id}]}
    assert (await told(caller, "webinars.delete_enrollments", webinar, **operated(), **gone))["total_count"] == 1
    public = (await made(caller))["meeting_id"]
    assert await refused(caller, "query_enroll_ids", public, **operated(), ms_open_id_list=["x"]) == (500, 101)
    meeting = (await caller.created(enable_enroll=True))["meeting_id"]
    assert await refused(caller, "list_enrollments", meeting, **operated(page=1, page_size=300)) == (500, 9003)


async def test_links_warm_up_and_preparation(caller: Caller, webinar: str, pushed: Pushed) -> None:
    asked = operated(meeting_id=webinar, is_webinar_guest=2, is_join_meeting=1, customer_data="data")
    for role in (2, 1, 2):
        await told(caller, "webinars.create_customer_url", **{**asked, "is_webinar_guest": role})
    page = await told(caller, "webinars.list_customer_urls", webinar, **operated(page=1, page_size=50, instanceid=None))
    assert page["total_count"] == 2
    shown = {"warm_up_picture": "https://example.com/soon.png", "warm_up_video": "https://example.com/soon.mp4"}
    await told(caller, "webinars.set_warm_up", webinar, **operated(), **shown)
    (event,) = await pushed()
    assert event["payload"][0]["warm_up_info"]["warm_up_video"] == "", "the picture goes before it"
    log = {"meetingId": webinar, "instanceid": None}
    assert await told(caller, "webinars.list_preparation_log", **operated(**log)) == {}
    assert await told(caller, "webinars.list_preparation_log", **operated("admin", **log)) == {}
    caller.emulator.seed_users(User("boss", admin=True))
    for userid in ("bob", "boss"):
        assert await refused(caller, "list_preparation_log", **operated(userid, **log)) == (403, 9042)


async def test_roles_in_it_have_an_event_of_their_own(caller: Caller, webinar: str, pushed: Pushed) -> None:
    caller.emulator.meetings.start(webinar)
    alice = caller.emulator.meetings.join(webinar, "alice")
    await pushed()
    target = {"to_operator_id": alice.ms_open_id, "to_operator_id_type": 4, "instanceid": alice.instanceid}
    assert await told(caller, "meeting_control.set_cohost", webinar, **operated(user=target, action=True)) == {}
    (event,) = await pushed()
    assert event["event"] == "webinar.participant-role-changed"
    assert event["payload"][0]["to_operator"]["userid"] == "alice"
