"""`Emulator.pstn`: what a test does in place of people whose phones ring.

A mistake is a `ValueError` that begins with its field.
"""

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.handle import MeetingsHandle
from tm_async.emulator.chapters.meetings.life import PSTN
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.pstn.life import turn
from tm_async.emulator.chapters.pstn.state import ANSWERED, MISSED, RINGING, PhoneCall

__all__ = ["PstnHandle"]


class PstnHandle:
    """Answers phones and hangs them up. `area` is the calling code, by default China's."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def answer(self, meeting_id: str, phone: str, *, area: int = 86) -> Attendance:
        """Somebody answers, and is in the meeting."""
        meeting, call = self._call(meeting_id, area, phone, RINGING)
        who = MeetingsHandle(self._backend).join(
            meeting_id, name=call.nick_name or phone, instanceid=PSTN, phone=phone, audio=True
        )
        call.ms_open_id = who.ms_open_id
        turn(self._backend.state, meeting, call, ANSWERED, self._backend.clock())
        return who

    def decline(self, meeting_id: str, phone: str, *, area: int = 86) -> PhoneCall:
        """Nobody answers, or somebody declines: the two can't be told apart."""
        meeting, call = self._call(meeting_id, area, phone, RINGING)
        turn(self._backend.state, meeting, call, MISSED, self._backend.clock())
        return call

    def hang_up(self, meeting_id: str, phone: str, *, area: int = 86) -> PhoneCall:
        """Somebody who answered hangs up, and leaves the meeting."""
        _, call = self._call(meeting_id, area, phone, ANSWERED)
        MeetingsHandle(self._backend).leave(meeting_id, ms_open_id=call.ms_open_id)
        return call

    def _call(self, meeting_id: str, area: int, phone: str, state: str) -> tuple[Meeting, PhoneCall]:
        meeting = self._backend.meeting(meeting_id)
        for call in self._backend.state.phones.of(meeting_id):
            if (call.area, call.phone, call.state) == (area, phone, state):
                return meeting, call
        raise ValueError(f"phone: {phone!r} {'does not ring' if state == RINGING else 'is not in the meeting'}")
