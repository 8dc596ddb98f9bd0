"""Meetings of a personal meeting number. Nothing of the API makes one; `Emulator.meetings.add_personal` does."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.operators import asked, operator
from tm_async.emulator.chapters.meetings.state import PERSONAL, Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.pages import numbered
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "list_personal"]

PAGE = 20
LONGEST = 90 * 86400  # of the window (vendor's Python SDK 1.0.10)


def list_personal(call: Call) -> Answer:
    """`GET /v1/pmi-meetings`: the operator's own. Without a window all of them (not documented)."""
    query = asked(call)
    page, userid = numbered(query, size=PAGE, most=PAGE), operator(call, query)
    start, end = query.get("start_time", 0), query.get("end_time")
    if end is not None and end < start:  # not documented
        raise Refused(190004, f"end_time {end} is before start_time {start}")
    if end is not None and "start_time" in query and end - start > LONGEST:
        raise Refused(190004, f"{(end - start) // 86400} days from start_time to end_time, at most 90")
    # That a scheduled start within the window counts is not documented.
    mine = [
        meeting
        for meeting in call.state.meetings.values()
        if (meeting.meeting_type, meeting.creator) == (PERSONAL, userid)
        and start <= meeting.start
        and (end is None or meeting.start <= end)
    ]
    value = page.of(sorted(mine, key=lambda meeting: meeting.start), "meeting_info_list")
    value["meeting_info_list"] = [_shown(meeting) for meeting in value["meeting_info_list"]]
    return Answer(value=value)


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {"meetings.list_pmi": list_personal}


def _shown(meeting: Meeting) -> dict[str, Any]:
    """Without `status`: it is a number there, and no document says which number means what."""
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "start_time": meeting.start,
        "end_time": meeting.end,
    }
