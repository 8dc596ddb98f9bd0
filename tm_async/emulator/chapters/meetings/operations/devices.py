"""Which of a user's devices are in which meetings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.reach import meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["query_device_meetings"]

NOT_COVERED = frozenset({8, 9, 20, 21, 22, 30, 32, 33})
"""Mini program, MRA and Rooms (vendor's Python SDK 1.0.10)."""


@meetings.does("query_device_meetings")
def query_device_meetings(
    asked: Asked, *, meeting_id: Sequence[str], instanceids: Sequence[int] = ()
) -> Mapping[str, Any]:
    """The operator's own devices, in these meetings."""
    if not meeting_id:  # not documented
        raise Refused(190004, "meeting_id is empty")
    there = [meeting_of(asked, each) for each in dict.fromkeys(meeting_id)]
    found = [
        {"meeting_id": meeting.id, "instanceid": device}
        for meeting in there
        for device in _inside(meeting, asked.operator)
        if device not in NOT_COVERED and (not instanceids or device in instanceids)
    ]
    return {"meeting_id_map": found}


def _inside(meeting: Meeting, userid: str) -> Iterable[int]:
    """Kinds of the devices with which a user is in a meeting, in whichever occurrence."""
    inside = (one for span in meeting.spans for one in meeting.session(span).inside)
    return dict.fromkeys(one.instanceid for one in inside if one.userid == userid)
