"""What is done to a running meeting: so far only its end (doc 1095/57955)."""

from collections.abc import Callable, Mapping

from tm_async.emulator.chapters.meetings.life import dismiss as end
from tm_async.emulator.chapters.meetings.operations.callers import check_role, checked, reachable
from tm_async.emulator.chapters.meetings.operations.callers import meeting as meeting_of
from tm_async.emulator.chapters.meetings.operations.operators import operator
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "dismiss"]


def dismiss(call: Call) -> Answer:
    """`POST /v1/meetings/{meeting_id}/dismiss`, by the creator or a host; the answer is empty (doc 1095/57955).

    The codes of a meeting that does not run, and of people inside, are not documented.
    """
    cleaned = checked(call)
    body = cleaned.value
    userid = operator(call, body)
    meeting = meeting_of(call)
    reachable(call, meeting)
    check_role(call, meeting, userid, admin=False, host=True)
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if not meeting.ahead(call.now):
        raise Refused(13603, f"meeting {meeting.id} is over")
    if not meeting.is_running:
        raise Refused(9002, f"meeting {meeting.id} does not run, nobody is inside")
    if body.get("force_dismiss_meeting", 1) == 0:  # a meeting runs only while somebody is inside
        raise Refused(9002, f"somebody is inside meeting {meeting.id}, and force_dismiss_meeting is 0")
    end(call.state, meeting, call.now, return_code=body.get("retrieve_code", 0) == 1)
    return Answer(value=None, committed=True, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {"meeting_control.dismiss": dismiss}
