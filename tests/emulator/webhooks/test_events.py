"""What happens to meetings is pushed, as the pages of the events have it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, operated
from tests.emulator.conftest import NOW, Caller

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]


def names(pushed: list[dict[str, Any]]) -> list[str]:
    return [one["event"] for one in pushed]


def item(pushed: list[dict[str, Any]], event: str) -> dict[str, Any]:
    """The only item of the only event of that name."""
    (found,) = [one for one in pushed if one["event"] == event]
    (only,) = found["payload"]
    return only


async def test_a_created_meeting(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created(subject="周会")
    (told,) = await pushed()
    assert list(told) == ["event", "trace_id", "payload"]
    found = item([told], "meeting.created")
    assert found["operate_time"] == NOW * 1000
    assert found["operator"]["userid"] == "tester"
    assert found["meeting_info"] == {
        "meeting_id": info["meeting_id"],
        "meeting_code": info["meeting_code"],
        "subject": "周会",
        "creator": found["meeting_info"]["creator"],
        "meeting_type": 0,
        "start_time": NOW + 3600,
        "end_time": NOW + 7200,
        "meeting_create_mode": 0,
        "meeting_create_from": 6,
    }
    assert found["meeting_info"]["creator"]["user_name"] == "tester"


async def test_what_is_refused_is_not_told(caller: Caller, pushed: Pushed) -> None:
    assert (await caller.create(subject=None)).status_code != 200
    assert await pushed() == []


async def test_changed_and_cancelled(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created()
    await pushed()
    path = f"/v1/meetings/{info['meeting_id']}"
    body = {"userid": "tester", "instanceid": 1, "subject": "neu"}
    assert (await caller.send("PUT", path, json.dumps(body).encode())).status_code == 200
    assert item(await pushed(), "meeting.updated")["meeting_info"]["subject"] == "neu"
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1, "reason_detail": "ill"}
    assert (await caller.send("POST", f"{path}/cancel", json.dumps(body).encode())).status_code == 200
    assert item(await pushed(), "meeting.canceled")["cancel_reason"] == "ill"


async def test_from_the_first_to_the_end(caller: Caller, pushed: Pushed) -> None:
    meetings = caller.emulator.meetings
    info = await caller.created()
    await pushed()
    guest = meetings.join(info["meeting_id"], name="Guest", customer_data="c-1")
    told = await pushed()
    assert names(told) == ["meeting.participant-joined", "meeting.participant-status-update"]
    joined = item(told, "meeting.participant-joined")
    plain = {"user_name": "Guest", "nick_name": "Guest"}
    assert joined["operator"] == {**plain, "ms_open_id": guest.ms_open_id, "instance_id": "1"}
    assert joined["extend_info"] == {"customer_data": "c-1"}
    presence = item(told, "meeting.participant-status-update")
    assert "operator" not in presence
    assert presence["meeting_info"]["meeting_participant_status"] == presence["meeting_info"]["meeting_id_type"] == 0

    meetings.start(info["meeting_id"])
    told = await pushed()
    assert names(told) == ["meeting.started", "meeting.participant-joined"]
    assert item(told, "meeting.started")["operator"]["userid"] == "tester"

    meetings.leave(info["meeting_id"], ms_open_id=guest.ms_open_id)
    assert names(await pushed()) == ["meeting.participant-left"]
    meetings.end(info["meeting_id"])
    told = await pushed()
    assert names(told) == ["meeting.participant-left", "meeting.participant-status-update", "meeting.end"]
    assert item(told, "meeting.end")["meeting_end_type"] == 0


async def test_the_name_used_in_the_meeting_is_told_of_participants(caller: Caller, pushed: Pushed) -> None:
    meetings = caller.emulator.meetings
    info = await caller.created()
    meetings.start(info["meeting_id"])
    meetings.join(info["meeting_id"], "alice", name="Al")
    told = await pushed()
    assert "nick_name" not in item(told, "meeting.started")["operator"]
    _, alice = [one["payload"][0]["operator"] for one in told if one["event"] == "meeting.participant-joined"]
    assert (alice["user_name"], alice["nick_name"]) == ("alice", "Al")


async def test_a_recording_tells_its_network_and_some_numbers_as_text(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.recordings.start(info["meeting_id"])
    caller.emulator.recordings.stop(info["meeting_id"])
    await pushed()
    caller.emulator.clock_offset += 600
    told = await pushed()
    network = {event: item(told, event)["meeting_info"]["media_set_type"] for event in names(told)}
    assert network == {"recording.completed": "1", "smart.transcripts": 1, "smart.fullsummary": 1, "smart.minutes": 1}
    starts = {event: item(told, event)["meeting_info"]["start_time"] for event in names(told)}
    assert starts["smart.transcripts"] == str(NOW + 3600)
    assert starts["smart.minutes"] == NOW + 3600


async def test_a_recording_is_there_when_that_is_told(caller: Caller, pushed: Pushed) -> None:
    """Also where what was said last takes longer than the meeting lasted."""
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    recording = caller.emulator.recordings.start(info["meeting_id"])
    caller.emulator.recordings.say(info["meeting_id"], "Hello", "tester", seconds=30)
    caller.emulator.recordings.stop(info["meeting_id"])
    await pushed()
    asked = operated(meeting_record_id=recording, instanceid=None)
    for _ in range(20):
        caller.emulator.clock_offset += 10
        if events := names(await pushed()):
            break
    assert events == ["recording.completed"]
    assert (await ask(caller, "recordings.list_addresses", **asked)).status_code == 200


async def test_what_is_due_first_is_told_first(caller: Caller, pushed: Pushed) -> None:
    """However far the clock is moved at once."""
    for _ in range(2):
        caller.emulator.recordings.add("tester", done=False)
        caller.emulator.clock_offset += 30
    caller.emulator.clock_offset += 600
    smart = ["smart.transcripts", "smart.fullsummary", "smart.minutes"]
    assert names(await pushed()) == ["recording.completed"] * 2 + smart * 2


async def test_a_recording_of_a_series_tells_which_occurrence(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created(meeting_type=1, recurring_rule={"until_type": 1, "until_count": 2})
    caller.emulator.meetings.start(info["meeting_id"])
    caller.emulator.recordings.start(info["meeting_id"])
    shown = item(await pushed(), "recording.started")["meeting_info"]
    times = {"sub_meeting_start_time": NOW + 3600, "sub_meeting_end_time": NOW + 7200}
    assert shown | times | {"sub_meeting_id": str(NOW + 3600)} == shown


async def test_the_last_leaves_after_the_scheduled_end(caller: Caller, pushed: Pushed) -> None:
    meetings = caller.emulator.meetings
    for late, expected in ((0, []), (7200, [1])):
        info = await caller.created()
        meetings.start(info["meeting_id"])
        caller.emulator.clock_offset += late
        meetings.leave(info["meeting_id"], "tester")
        ends = [one["payload"][0]["meeting_end_type"] for one in await pushed() if one["event"] == "meeting.end"]
        assert ends == expected


async def test_dismissed_by_a_call(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created()
    caller.emulator.meetings.start(info["meeting_id"])
    await pushed()
    body = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1, "reason_code": 1}
    answer = await caller.send("POST", f"/v1/meetings/{info['meeting_id']}/dismiss", json.dumps(body).encode())
    assert answer.status_code == 200, answer.text
    assert item(await pushed(), "meeting.end")["operator"]["userid"] == "tester"


async def test_the_waiting_room(caller: Caller, pushed: Pushed) -> None:
    meetings = caller.emulator.meetings
    info = await caller.created(settings={"auto_in_waiting_room": True})
    await pushed()
    for userid in ("alice", "bob"):
        meetings.wait(info["meeting_id"], userid)
    told = await pushed()
    assert names(told) == ["meeting.participant-joined-waiting-room"] * 2
    meetings.stop_waiting(info["meeting_id"], "bob")
    gone = item(await pushed(), "meeting.participant-left-waiting-room")
    assert gone["to_operator"]["userid"] == "bob"
    meetings.join(info["meeting_id"], "alice")
    admitted = item(await pushed(), "meeting.participant-admitted")
    assert (admitted["operator"]["userid"], admitted["to_operator"]["userid"]) == ("tester", "alice")


async def test_an_enrolment(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created(enable_enroll=True)
    await pushed()
    made = caller.emulator.meetings.enrol(info["meeting_id"], "alice")
    found = item(await pushed(), "enroll.enroll")
    assert found["enroll_info"] == {"meeting_id": info["meeting_id"], "enroll_id": made.id, "answer_list": []}
    assert "meeting_info" not in found


async def test_personal_meetings_are_told_when_they_come(caller: Caller, pushed: Pushed) -> None:
    caller.emulator.meetings.add_personal("alice")
    found = item(await pushed(), "meeting.created")
    assert (found["meeting_info"]["meeting_type"], found["meeting_info"]["meeting_create_from"]) == (5, 1)


async def test_an_enrolment_is_cancelled(caller: Caller, pushed: Pushed) -> None:
    meetings = caller.emulator.meetings
    info = await caller.created(enable_enroll=True)
    made = meetings.enrol(info["meeting_id"], "alice")
    await pushed()
    meetings.cancel_enrolment(info["meeting_id"], made.id)
    found = item(await pushed(), "enroll.cancel")
    assert found["operator"]["userid"] == "alice"
    assert found["enroll_info"] == {"meeting_id": info["meeting_id"], "enroll_id": made.id}
    with pytest.raises(ValueError, match="enroll_id"):
        meetings.cancel_enrolment(info["meeting_id"], made.id)
    again = meetings.enrol(info["meeting_id"], "alice")
    assert again.id != made.id


async def test_a_background_is_a_job_with_a_result(caller: Caller, pushed: Pushed) -> None:
    info = await caller.created()
    await pushed()
    who = {"operator_id": "tester", "operator_id_type": 1, "instanceid": 1}
    body = {**who, "type": 0, "image": "https://example.com/1"}
    path = f"/v1/meetings/{info['meeting_id']}/virtual-background"
    answer = await caller.send("POST", path, json.dumps(body).encode())
    assert answer.status_code == 200, answer.text
    found = item(await pushed(), "meeting.job-results")
    assert found["job_id"] == answer.json()["job_id"]
    assert (found["job_type"], found["total_job_status"]) == ("UPLOAD", True)
    assert found["job_info"] == {"success": [{"content": "https://example.com/1"}], "failed": []}
    assert found["meeting_info"]["meeting_id"] == info["meeting_id"]


async def test_what_users_allow_an_app(caller: Caller, pushed: Pushed) -> None:
    oauth = caller.emulator.oauth
    oauth.withdraw("alice")
    assert await pushed() == [], "there was nothing to withdraw"
    oauth.code("alice")
    found = item(await pushed(), "oauth.auth-user")
    name = oauth.open_id("alice")
    assert [found["operator"][one] for one in ("userid", "open_id", "role_type")] == ["alice", name, 0]
    assert found["oauth_open_id_list"] == [{"open_id": name}]
    assert found["app_info"] == {"sdk_id": int(oauth.app.sdk_id), "app_name": oauth.app.name}
    oauth.withdraw("alice")
    found = item(await pushed(), "oauth.cancel-auth")
    assert found["cancel_open_id_list"] == [{"open_id": name}]
    assert found["app_info"]["sdk_id"] == oauth.app.sdk_id, "text, other than in the other event"
