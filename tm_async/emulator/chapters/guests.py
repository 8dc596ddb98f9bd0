"""Guests of a meeting, by its id and by its code (official docs, 2021). For the creator only."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.limits import guest_problems
from tm_async.emulator.chapters.meetings.operations.callers import check_role, checked, reachable
from tm_async.emulator.chapters.meetings.operations.operators import asked, known, user
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "replace", "show"]


def show(call: Call) -> Answer:
    """`GET /v1/guests/{meeting_id}` and `GET /v1/guests?meeting_code=`."""
    meeting = _own(call, asked(call))
    value = {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "guests": [dict(guest) for guest in meeting.guests],
    }
    return Answer(value=value)


def replace(call: Call) -> Answer:
    """`PUT /v1/guests/{meeting_id}`, and `PUT /v1/guests` with the code in the body.

    The list is overwritten, an empty one clears it; also while the meeting runs and afterwards (not documented).
    """
    cleaned = checked(call)
    body = cleaned.value
    meeting = _own(call, body)
    if problems := list(guest_problems(body["guests"])):
        raise Refused(190004, "; ".join(problems[:10]))
    call.state.change(meeting, call.now, guests=tuple(body["guests"]))
    return Answer(value={}, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "guests.list": show,
    "guests.list_by_code": show,
    "guests.replace": replace,
    "guests.replace_by_code": replace,
}


def _own(call: Call, values: Mapping[str, Any]) -> Meeting:
    """The meeting that is meant, where its creator asks. The pages list no codes; they are those of other meetings."""
    userid, code = user(call, values), values.get("meeting_code")
    meeting = known(call, call.params["meeting_id"]) if code is None else _by_code(call, code)
    check_role(call, meeting, userid, admin=False)
    return meeting


def _by_code(call: Call, code: str) -> Meeting:
    meeting = call.state.by_code(code, call.now)
    if meeting is None:
        raise Refused(9003, f"meeting_code {code[:40]!r} (nine digits, no separators) is not known")
    reachable(call, meeting, code=9003)
    return meeting
