"""The virtual background of a meeting. Pictures are not fetched: their size and form are not checked."""

from collections.abc import Callable, Mapping

from tm_async.emulator.chapters.meetings.backgrounds import Background
from tm_async.emulator.chapters.meetings.operations.callers import check_role, checked, registered
from tm_async.emulator.chapters.meetings.operations.operators import known, operator
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "set_virtual_background"]

CHOSEN = 1


def set_virtual_background(call: Call) -> Answer:
    """`POST /v1/meetings/{meeting_id}/virtual-background`: the creator's, while the meeting has not begun."""
    cleaned = checked(call)
    body = cleaned.value
    userid, meeting = operator(call, body), known(call, call.params["meeting_id"])
    check_role(call, meeting, userid, admin=False)
    _check_pending(call, meeting)
    # What a list without anybody, or an unregistered user in it, leads to is not documented.
    if body["type"] == CHOSEN and not body.get("users"):
        raise Refused(190004, "users is missing, type 1 is for chosen users")
    users = tuple(registered(call, name) for name in body.get("users", ())) if body["type"] == CHOSEN else None
    job = call.state.backgrounds.set(meeting.id, Background(body.get("image"), users))
    return Answer(value={"job_id": job}, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {"meetings.set_virtual_background": set_virtual_background}


def _check_pending(call: Call, meeting: Meeting) -> None:
    """Neither running nor ended; the codes are not documented."""
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if meeting.is_running:
        raise Refused(9102, f"meeting {meeting.id} is running")
    if not meeting.ahead(call.now):
        raise Refused(13603, f"meeting {meeting.id} is over")
