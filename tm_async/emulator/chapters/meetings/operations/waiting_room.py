"""The waiting room: who is in it, who was (doc 1095/80579), and its welcome text."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.callers import check_role, checked
from tm_async.emulator.chapters.meetings.operations.operators import asked, known, operator, user
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.waiting import Waiting, Welcome
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.pages import numbered
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "get_welcome", "list_records", "list_waiting", "set_welcome"]

PAGE = 10  # official docs, 2021
RECORDS_PAGE = 20  # vendor's Python SDK 1.0.10
LARGEST_PAGE = 50
LAST_PAGE = 2000  # of the records
WELCOME = 1000  # characters (vendor's Python SDK 1.0.10)


def list_waiting(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/waiting-room-participants`: who waits now, for the creator."""
    query = asked(call)
    page, userid = numbered(query, size=PAGE, most=LARGEST_PAGE), user(call, query)
    meeting = known(call, call.params["meeting_id"])
    check_role(call, meeting, userid, admin=False)
    waits = call.state.waiting.inside(meeting.id) if _has_waiting_room(meeting) and meeting.is_running else []
    value = page.of(waits, "participants")
    value["participants"] = [{**_person(call, stay), "instanceid": stay.instanceid} for stay in value["participants"]]
    return Answer(value={**_meeting(call, meeting, 1), **value})


def list_records(call: Call) -> Answer:
    """`GET /v1/meeting/{meeting_id}/waiting-room`: who came and went, for the creator and the hosts."""
    query = asked(call)
    if query.get("page_type", 0) != 0:
        raise Refused(200004, "page_type other than 0 is not emulated", loud=True)
    page = numbered(query, size=RECORDS_PAGE, most=LARGEST_PAGE, last=LAST_PAGE)
    userid, meeting = operator(call, query), known(call, call.params["meeting_id"])
    check_role(call, meeting, userid, admin=False, host=True)
    value = page.of(call.state.waiting.records(meeting.id), "participants")
    value["participants"] = [_record(call, stay) for stay in value["participants"]]
    return Answer(value={**_meeting(call, meeting, 1000), **value})


def get_welcome(call: Call) -> Answer:
    """`GET /v1/meeting/{meeting_id}/waiting-room-welcome-message`. Who may ask is not documented: who may set it."""
    userid, meeting = operator(call, asked(call)), known(call, call.params["meeting_id"])
    check_role(call, meeting, userid, host=True)
    return _welcome(call.state.waiting.welcome(meeting.id), committed=False)


def set_welcome(call: Call) -> Answer:
    """`POST /v1/meeting/set-waiting-room-welcome-message`: creator, hosts, administrators; the room must be on."""
    cleaned = checked(call)
    body = cleaned.value
    userid, meeting = operator(call, body), known(call, body["meeting_id"])
    check_role(call, meeting, userid, host=True)
    if len(body["welcome_text"]) > WELCOME:
        raise Refused(190004, f"welcome_text has {len(body['welcome_text'])} characters, at most {WELCOME}")
    if not _has_waiting_room(meeting):  # the code is not documented
        raise Refused(190004, f"meeting {meeting.id} was made without settings.auto_in_waiting_room")
    welcome = Welcome(body["enable_welcome"], body["welcome_text"])
    call.state.waiting.set_welcome(meeting.id, welcome)
    return _welcome(welcome, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.list_waiting_room": list_waiting,
    "meetings.list_waiting_room_records": list_records,
    "meetings.get_waiting_room_welcome": get_welcome,
    "meetings.set_waiting_room_welcome": set_welcome,
}


def _has_waiting_room(meeting: Meeting) -> bool:
    """Whether people wait before they come in."""
    return bool(meeting.settings.get("auto_in_waiting_room"))


def _welcome(welcome: Welcome, *, committed: bool, ignored: tuple[str, ...] = ()) -> Answer:
    """As it was set: %NICKNAME% is filled in for those who wait, not here (not documented)."""
    value = {"enable_welcome": welcome.enabled, "welcome_text": welcome.text}
    return Answer(value=value, committed=committed, ignored=ignored)


def _meeting(call: Call, meeting: Meeting, unit: int) -> dict[str, Any]:
    """The meeting, or of a series the occurrence that runs or comes next; times in seconds or milliseconds."""
    span = meeting.current(meeting.ahead(call.now)) or (meeting.spans or meeting.occurrences)[-1]
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": base64_text(meeting.subject),
        "schedule_start_time": span.start * unit,
        "schedule_end_time": span.end * unit,
    }


def _person(call: Call, stay: Waiting) -> dict[str, Any]:
    shown: dict[str, Any] = {"ms_open_id": stay.ms_open_id, "user_name": base64_text(stay.name)}
    if stay.userid is not None and stay.userid in call.people.users:
        shown["userid"] = call.people.name(stay.userid)
        if call.people.app is not None:
            shown["open_id"] = shown["userid"]
    if stay.customer_data is not None:
        shown["customer_data"] = stay.customer_data
    return shown


def _record(call: Call, stay: Waiting) -> dict[str, Any]:
    shown = {**_person(call, stay), "instanceid": str(stay.instanceid), "join_time": int(stay.joined * 1000)}
    # That left_time is left out while somebody waits is not documented.
    return shown if stay.left is None else {**shown, "left_time": int(stay.left * 1000)}
