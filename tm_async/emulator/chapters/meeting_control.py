"""Running meetings: so far only how a host ends one."""

from tm_async.emulator.chapters.meetings.life import dismiss as end
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["dismiss", "meeting_control"]

meeting_control: Chapter[Meeting] = Chapter("meeting_control")


@meeting_control.does("dismiss", empty=True)
def dismiss(
    asked: Asked,
    *,
    meeting_id: str,
    force_dismiss_meeting: int = 1,
    retrieve_code: int = 0,
    reason_code: int = 0,
    reason_detail: str = "",
) -> None:
    """By the creator or a host; nobody ever sees the reason (doc 1095/57955).

    The codes of a meeting that does not run, and of people inside, are not documented.
    """
    meeting = own(asked, meeting_id, admin=False, host=True)
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if not meeting.ahead(asked.now):
        raise Refused(13603, f"meeting {meeting.id} is over")
    if not meeting.is_running:
        raise Refused(9002, f"meeting {meeting.id} does not run, nobody is inside")
    if force_dismiss_meeting == 0:  # a meeting runs only while somebody is inside
        raise Refused(9002, f"somebody is inside meeting {meeting.id}, and force_dismiss_meeting is 0")
    end(asked.state, meeting, asked.now, by=asked.operator, return_code=retrieve_code == 1)
