"""What a test does in place of people and machines: enrol, wait, meet personally, measure.

A mistake is a `ValueError` that begins with its field.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings.enrolment import Registration
from tm_async.emulator.chapters.meetings.state import PERSONAL, Booking, Meeting, Person
from tm_async.emulator.chapters.meetings.waiting import Waiting

__all__ = ["Stage"]

HOUR = 3600


class Stage:
    """Brings about what the API only reports."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def enrol(
        self,
        meeting_id: str,
        userid: str | None = None,
        *,
        nick_name: str | None = None,
        answers: Sequence[str | Sequence[str]] = (),
    ) -> Registration:
        """Somebody registers by themselves: a user, or without `userid` somebody from outside the enterprise."""
        meeting = self._meeting(meeting_id)
        self._check_user(userid)
        if not meeting.switches.get("enable_enroll"):
            raise ValueError("meeting_id: the meeting was made without enable_enroll")
        now = self._backend.clock()
        if not meeting.ahead(now):
            raise ValueError("meeting_id: the meeting is over or was cancelled")
        enrolments = self._backend.state.enrolments
        return enrolments.enrol(meeting.id, userid, nick_name=nick_name, answers=answers, now=now)

    def wait(
        self,
        meeting_id: str,
        userid: str | None = None,
        *,
        name: str | None = None,
        instanceid: int = 1,
        customer_data: str | None = None,
    ) -> Waiting:
        """Somebody enters the waiting room: a user, or without `userid` somebody from outside of that name."""
        meeting = self._meeting(meeting_id)
        self._check_user(userid)
        if not meeting.settings.get("auto_in_waiting_room"):
            raise ValueError("meeting_id: the meeting was made without settings.auto_in_waiting_room")
        now = self._backend.clock()
        if not meeting.ahead(now):
            raise ValueError("meeting_id: the meeting is over or was cancelled")
        return self._backend.state.waiting.enter(
            meeting.id,
            userid,
            name=name or userid or "guest",
            instanceid=instanceid,
            customer_data=customer_data,
            now=now,
        )

    def stop_waiting(self, meeting_id: str, userid: str) -> None:
        """A user, or somebody of that name from outside, leaves the waiting room without coming in."""
        meeting = self._meeting(meeting_id)
        if not self._backend.state.waiting.leave(meeting.id, userid, self._backend.clock()):
            raise ValueError(f"userid: {userid!r} is not in the waiting room")

    def add_personal_meeting(
        self,
        userid: str,
        *,
        subject: str = "Personal meeting",
        start: int | None = None,
        end: int | None = None,
    ) -> Meeting:
        """A meeting of the user's personal meeting number, now and for an hour unless said otherwise.

        Times are UNIX seconds. All such meetings of a user have the same meeting code.
        """
        self._check_user(userid)
        state, now = self._backend.state, self._backend.clock()
        start = int(now) if start is None else start
        end = start + HOUR if end is None else end
        if end <= start:
            raise ValueError(f"end: {end} is not after the start {start}")
        codes = (meeting.code for meeting in state.meetings.values() if _is_personal(meeting, userid))
        booking = Booking(
            creator=userid,
            subject=subject,
            type=0,
            meeting_type=PERSONAL,
            start=start,
            end=end,
            hosts=(Person(userid),),
        )
        return state.create(booking, now, code=next(codes, None))

    def seed_answer(
        self,
        operation: str,
        meeting_id: str,
        answer: Mapping[str, Any],
        *,
        sub_meeting_id: str | None = None,
    ) -> None:
        """Lay down what `meetings.get_quality`, `meetings.get_qos` or `meetings.export_chat` shall answer.

        Pages, counters and filters are made from its `participants`.
        """
        self._backend.state.answers.seed(operation, self._meeting(meeting_id).id, sub_meeting_id, answer)

    def _meeting(self, meeting_id: str) -> Meeting:
        meeting = self._backend.state.meetings.get(meeting_id)
        if meeting is None:
            raise ValueError(f"meeting_id: {meeting_id!r} is not known")
        return meeting

    def _check_user(self, userid: str | None) -> None:
        if userid is not None and userid not in self._backend.state.users:
            raise ValueError(f"userid: {userid!r} is not registered")


def _is_personal(meeting: Meeting, userid: str) -> bool:
    return meeting.meeting_type == PERSONAL and meeting.creator == userid
