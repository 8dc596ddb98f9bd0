"""List and replace invitees (doc 1095/63648, 63659)."""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.limits import INVITEES_LISTED
from tm_async.emulator.chapters.meetings.operations.booking import invited
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting, Person
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["list_invitees", "set_invitees"]


@meetings.does("list_invitees")
def list_invitees(asked: Asked, *, meeting_id: str, pos: int = 0) -> Mapping[str, Any]:
    """200 a page from `pos` on (doc 1095/63648)."""
    if pos < 0:
        raise Refused(190004, f"pos is {pos}, at least 0")
    invitees = _own(asked, meeting_id).invitees
    if asked.by_token:
        return asked.page([_shown(asked, person) for person in invitees])
    shown = invitees[pos : pos + INVITEES_LISTED]
    more = pos + len(shown) < len(invitees)
    return {
        "has_remaining": more,
        "next_pos": pos + len(shown) if more else 0,  # what it is on the last page is not documented
        "invitees": [_shown(asked, person) for person in shown],
    }


@meetings.does("set_invitees")
def set_invitees(asked: Asked, *, meeting_id: str, invitees: Sequence[Mapping[str, Any]] = ()) -> Mapping[str, Any]:
    """The whole list, absent or empty clears (doc 1095/63659)."""
    meeting = _own(asked, meeting_id)
    if meeting.cancelled:
        raise Refused(500274, f"meeting {meeting.id} was cancelled")
    if meeting.is_running or not meeting.ahead(asked.now):  # that "started" covers "over" is not documented
        raise Refused(500273, f"meeting {meeting.id} is running or over")
    people, unregistered = invited(asked.call, {"invitees": invitees})
    asked.state.change(meeting, asked.now, invitees=people)
    return {"user_non_registered": list(unregistered)}


def _own(asked: Asked, meeting_id: str) -> Meeting:
    """Creator only; an unknown meeting is 190457 on both pages."""
    return own(asked, meeting_id, admin=False, unknown=190457)


def _shown(asked: Asked, person: Person) -> dict[str, Any]:
    shown = {"userid": asked.call.people.name(person.userid)}
    return shown if person.nick_name is None else {**shown, "nick_name": person.nick_name}
