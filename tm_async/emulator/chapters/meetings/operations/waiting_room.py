"""The waiting room: who is in it, who was (doc 1095/80579), and its welcome text."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.waiting import Waiting, Welcome
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "get_waiting_room_welcome",
    "list_waiting_room",
    "list_waiting_room_records",
    "set_waiting_room_welcome",
]


@meetings.does("list_waiting_room", pages=True)
def list_waiting_room(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """Who waits now, for the creator."""
    meeting = own(asked, meeting_id, admin=False)
    waits = asked.state.waiting.inside(meeting.id) if meeting.is_running else []
    rows = [{**_person(asked, stay), "instanceid": stay.instanceid} for stay in waits]
    return {**_meeting(asked, meeting, 1), **asked.page(rows)}


@meetings.does("list_waiting_room_records", pages=True)
def list_waiting_room_records(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """Who came and went, for the creator and the hosts."""
    meeting = own(asked, meeting_id, admin=False, host=True)
    rows = [_record(asked, stay) for stay in asked.state.waiting.records(meeting.id)]
    return {**_meeting(asked, meeting, 1000), **asked.page(rows)}


@meetings.does("get_waiting_room_welcome")
def get_waiting_room_welcome(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """Who may ask is not documented: who may set it."""
    return _welcome(asked.state.waiting.welcome(own(asked, meeting_id, host=True).id))


@meetings.does("set_waiting_room_welcome")
def set_waiting_room_welcome(
    asked: Asked, *, meeting_id: str, enable_welcome: bool, welcome_text: str
) -> Mapping[str, Any]:
    """For creator, hosts and administrators; the room must be on."""
    meeting = own(asked, meeting_id, host=True)
    if not _has_waiting_room(meeting):  # the code is not documented
        raise Refused(190004, f"meeting {meeting.id} was made without settings.auto_in_waiting_room")
    welcome = Welcome(enable_welcome, welcome_text)
    asked.state.waiting.set_welcome(meeting.id, welcome)
    return _welcome(welcome)


def _has_waiting_room(meeting: Meeting) -> bool:
    """Whether people wait before they come in."""
    return bool(meeting.settings.get("auto_in_waiting_room"))


def _welcome(welcome: Welcome) -> Mapping[str, Any]:
    """As it was set: %NICKNAME% is filled in for those who wait, not here (not documented)."""
    return {"enable_welcome": welcome.enabled, "welcome_text": welcome.text}


def _meeting(asked: Asked, meeting: Meeting, unit: int) -> dict[str, Any]:
    """The meeting, or of a series the occurrence that runs or comes next; times in seconds or milliseconds."""
    span = meeting.current(meeting.ahead(asked.now)) or (meeting.spans or meeting.occurrences)[-1]
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": base64_text(meeting.subject),
        "schedule_start_time": span.start * unit,
        "schedule_end_time": span.end * unit,
    }


def _person(asked: Asked, stay: Waiting) -> dict[str, Any]:
    shown: dict[str, Any] = {"ms_open_id": stay.ms_open_id, "user_name": base64_text(stay.name)}
    if stay.userid is not None and stay.userid in asked.call.people.users:
        shown["userid"] = asked.call.people.name(stay.userid)
        if asked.call.people.app is not None:
            shown["open_id"] = shown["userid"]
    if stay.customer_data is not None:
        shown["customer_data"] = stay.customer_data
    return shown


def _record(asked: Asked, stay: Waiting) -> dict[str, Any]:
    shown = {**_person(asked, stay), "instanceid": str(stay.instanceid), "join_time": int(stay.joined * 1000)}
    # That left_time is left out while somebody waits is not documented.
    return shown if stay.left is None else {**shown, "left_time": int(stay.left * 1000)}
