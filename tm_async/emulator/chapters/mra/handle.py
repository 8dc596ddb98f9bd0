"""`Emulator.mra`: what a test does in place of MRA devices.

A mistake is a `ValueError` that begins with its field.
"""

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.handle import MeetingsHandle

__all__ = ["MraHandle"]

MRA = 9


class MraHandle:
    """Brings devices into meetings."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def join(
        self,
        meeting_id: str,
        name: str = "MRA device",
        *,
        sub_meeting_id: str | None = None,
        ip: str | None = None,
        audio: bool = False,
        video: bool = False,
        sharing: bool = False,
    ) -> Attendance:
        """Let a device enter a running meeting; `emulator.meetings.leave` lets it go, by its `ms_open_id`."""
        meeting = self._backend.state.meetings.get(meeting_id)
        if meeting is not None and not meeting.is_running:
            raise ValueError("meeting_id: the meeting does not run, emulator.meetings.start has the creator enter")
        one = MeetingsHandle(self._backend).join(
            meeting_id,
            name=name,
            sub_meeting_id=sub_meeting_id,
            instanceid=MRA,
            audio=audio,
            video=video,
            sharing=sharing,
        )
        one.ip = ip
        return one
