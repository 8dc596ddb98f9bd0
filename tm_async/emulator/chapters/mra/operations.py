"""MRA devices in a running meeting (doc 1095/81282, 81307, 81309, 81310).

Not documented, and chosen here: the creator, the hosts, co-hosts inside and administrators may. A meeting that does not
run is 190455, a device that is not inside 202007, as for `get_status`; 190004 where a layout forbids another default.
Focus layouts are not emulated.
"""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings import wire_attendance as wire
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["get_status", "hangup", "mra", "raise_hand", "set_default_layout"]

mra: Chapter[Meeting] = Chapter("mra")


@mra.does("get_status")
def get_status(asked: Asked, *, meeting_id: str, user_ms_open_id: str, user_instance_id: int) -> Mapping[str, Any]:
    """Of anybody inside; whether `name` is Base64, as it is in other answers, is not documented."""
    meeting, _, one = _inside(asked, meeting_id, user_ms_open_id, user_instance_id)
    return View(wire.present(meeting, one, asked.call.people)).having(
        name=one.name, ip=one.ip, default_layout=one.layout, raise_hands_state=one.hand
    )


@mra.does("set_default_layout")
def set_default_layout(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    user: Mapping[str, Any],
    default_layout: int,
    default_novideo_user: int,
) -> None:
    """Not while a custom or personal layout is shown (doc 1095/81307). No answer shows members without video."""
    one, looks = _device(asked, meetingId, user), asked.state.stages.of(meetingId)
    if looks.applied or (one.ms_open_id, one.instanceid) in looks.given:
        raise Refused(190004, "a layout is applied to the meeting, or to the device")
    one.layout, one.without_video = default_layout, default_novideo_user


@mra.does("hangup")
def hangup(asked: Asked, *, meetingId: str, user: Mapping[str, Any]) -> None:  # noqa: N803 - the document's name
    """It leaves; the last one inside takes the meeting's running with it."""
    meeting, span, one = _inside(asked, meetingId, user["ms_open_id"], user["instanceid"])
    one.left = int(asked.now)
    news.left(asked.state, meeting, span, [one], asked.now)


@mra.does("raise_hand")
def raise_hand(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    user: Mapping[str, Any],
    raise_hand: bool,
) -> None:
    """Up or down, also where it is so already."""
    _device(asked, meetingId, user).hand = raise_hand


def _device(asked: Asked, meeting_id: str, user: Mapping[str, Any]) -> Attendance:
    return _inside(asked, meeting_id, user["ms_open_id"], user["instanceid"])[2]


def _inside(asked: Asked, meeting_id: str, ms_open_id: str, instanceid: int) -> tuple[Meeting, Span, Attendance]:
    """Who is inside by that name and with that kind of device, in whichever occurrence."""
    meeting = own(asked, meeting_id, host=True, cohost=True)
    if not meeting.is_running:
        raise Refused(190455, f"meeting {meeting.id} does not run, nobody is inside")
    for span in meeting.spans:
        for one in meeting.session(span).inside:
            if (one.ms_open_id, one.instanceid) == (ms_open_id, instanceid):
                return meeting, span, one
    raise Refused(202007, f"{ms_open_id[:64]!r} is not inside with a device of type {instanceid}")
