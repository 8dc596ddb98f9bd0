"""The virtual background of a meeting. Pictures are not fetched: their size and form are not checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.backgrounds import Background
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["set_virtual_background"]

CHOSEN = 1


@meetings.does("set_virtual_background")
def set_virtual_background(
    asked: Asked,
    *,
    meeting_id: str,
    type: int,  # noqa: A002 - the document's name
    image: str | None = None,
    users: Sequence[str] = (),
) -> Mapping[str, Any]:
    """The creator's, while the meeting has not begun."""
    meeting = own(asked, meeting_id, admin=False)
    _check_pending(asked, meeting)
    # What a list without anybody, or an unregistered user in it, leads to is not documented.
    if type == CHOSEN and not users:
        raise Refused(190004, "users is missing, type 1 is for chosen users")
    chosen = tuple(registered(asked.call, name) for name in users) if type == CHOSEN else None
    job_id = asked.state.backgrounds.set(meeting.id, Background(image, chosen))
    news.background_set(asked.state, meeting, job_id, image, asked.now)
    return {"job_id": job_id}


def _check_pending(asked: Asked, meeting: Meeting) -> None:
    """Neither running nor ended; the codes are not documented."""
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if meeting.is_running:
        raise Refused(9102, f"meeting {meeting.id} is running")
    if not meeting.ahead(asked.now):
        raise Refused(13603, f"meeting {meeting.id} is over")
