"""Which of a user's devices are in which meetings."""

from collections.abc import Callable, Iterable, Mapping

from tm_async.emulator.chapters.meetings.operations.callers import checked
from tm_async.emulator.chapters.meetings.operations.operators import known, operator
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "query_device_meetings"]

NOT_COVERED = frozenset({8, 9, 20, 21, 22, 30, 32, 33})
"""Mini program, MRA and Rooms (vendor's Python SDK 1.0.10)."""


def query_device_meetings(call: Call) -> Answer:
    """`POST /v1/meetings/query/meetingid-for-device`: the operator's own devices, in these meetings."""
    cleaned = checked(call)
    body = cleaned.value
    userid = operator(call, body)
    if not body["meeting_id"]:  # not documented
        raise Refused(190004, "meeting_id is empty")
    meetings = [known(call, meeting_id) for meeting_id in dict.fromkeys(body["meeting_id"])]
    wanted = body.get("instanceids")
    found = [
        {"meeting_id": meeting.id, "instanceid": device}
        for meeting in meetings
        for device in _inside(meeting, userid)
        if device not in NOT_COVERED and (not wanted or device in wanted)
    ]
    return Answer(value={"meeting_id_map": found}, ignored=tuple(cleaned.ignored))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {"meetings.query_device_meetings": query_device_meetings}


def _inside(meeting: Meeting, userid: str) -> Iterable[int]:
    """Kinds of the devices with which a user is in a meeting, in whichever occurrence."""
    inside = (one for span in meeting.spans for one in meeting.session(span).inside)
    return dict.fromkeys(one.instanceid for one in inside if one.userid == userid)
