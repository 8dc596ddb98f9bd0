"""Meetings of a personal meeting number. Nothing of the API makes one; `Emulator.meetings.add_personal` does."""

from collections.abc import Iterator, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.state import PERSONAL, Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["list_pmi"]

LONGEST = 90 * 86400  # of the window (vendor's Python SDK 1.0.10)


@meetings.lists("list_pmi")
def list_pmi(asked: Asked, *, start_time: int = 0, end_time: int | None = None) -> Iterator[Mapping[str, Any]]:
    """The operator's own. Without a window all of them (not documented)."""
    if end_time is not None and end_time < start_time:  # not documented
        raise Refused(190004, f"end_time {end_time} is before start_time {start_time}")
    if end_time is not None and start_time and end_time - start_time > LONGEST:
        raise Refused(190004, f"{(end_time - start_time) // 86400} days from start_time to end_time, at most 90")
    # That a scheduled start within the window counts is not documented.
    mine = [
        meeting
        for meeting in asked.state.meetings.values()
        if (meeting.meeting_type, meeting.creator) == (PERSONAL, asked.operator)
        and start_time <= meeting.start
        and (end_time is None or meeting.start <= end_time)
    ]
    return (_shown(meeting) for meeting in sorted(mine, key=lambda meeting: meeting.start))


def _shown(meeting: Meeting) -> dict[str, Any]:
    """Without `status`: it is a number there, and no document says which number means what."""
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "start_time": meeting.start,
        "end_time": meeting.end,
    }
