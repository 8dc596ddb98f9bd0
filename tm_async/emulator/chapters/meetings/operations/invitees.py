"""List and replace invitees (doc 1095/63648, 63659)."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.limits import INVITEES_LISTED, INVITEES_REPLACED
from tm_async.emulator.chapters.meetings.operations.booking import invited
from tm_async.emulator.chapters.meetings.operations.callers import (
    acting,
    actor,
    check_role,
    checked,
    number,
    reachable,
    registered,
)
from tm_async.emulator.chapters.meetings.operations.callers import meeting as meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting, Person
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "list_invitees", "set_invitees"]


def list_invitees(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/invitees`: 200 a page from `pos` on (doc 1095/63648)."""
    userid = actor(call)
    if call.query.get("page_type", "0") != "0":
        raise Refused(200004, "page_type other than 0 is not emulated", loud=True)
    pos = number(call.query, "pos", 0)
    meeting = _own(call, userid)
    shown = meeting.invitees[pos : pos + INVITEES_LISTED]
    more = pos + len(shown) < len(meeting.invitees)
    return Answer(
        value={
            "has_remaining": more,
            "next_pos": pos + len(shown) if more else 0,  # what it is on the last page is not documented
            "invitees": [_shown(call, person) for person in shown],
        }
    )


def set_invitees(call: Call) -> Answer:
    """`PUT /v1/meetings/{meeting_id}/invitees`: the whole list, absent or empty clears (doc 1095/63659)."""
    cleaned = checked(call)
    body = cleaned.value
    if (count := len(body.get("invitees", ()))) > INVITEES_REPLACED:
        raise Refused(190004, f"{count} invitees, at most {INVITEES_REPLACED}")
    meeting = _own(call, registered(call, acting(call, body["userid"], "userid")))
    if meeting.cancelled:
        raise Refused(500274, f"meeting {meeting.id} was cancelled")
    if meeting.is_running or not meeting.ahead(call.now):  # that "started" covers "over" is not documented
        raise Refused(500273, f"meeting {meeting.id} is running or over")
    people, unregistered = invited(call, body)
    call.state.change(meeting, call.now, invitees=people)
    return Answer(value={"user_non_registered": list(unregistered)}, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.list_invitees": list_invitees,
    "meetings.set_invitees": set_invitees,
}


def _own(call: Call, userid: str) -> Meeting:
    """Creator only; an unknown meeting is 190457 on both pages."""
    meeting = meeting_of(call, unknown=190457)
    reachable(call, meeting)
    check_role(call, meeting, userid, admin=False)
    return meeting


def _shown(call: Call, person: Person) -> dict[str, Any]:
    shown = {"userid": call.people.name(person.userid)}
    if person.nick_name is not None:
        shown["nick_name"] = person.nick_name
    return shown
