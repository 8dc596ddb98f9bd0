"""`Emulator.meetings`: what a test does in place of people and machines. Come, go, end, enrol, wait, measure.

A mistake is a `ValueError` that begins with its field.
"""

import hashlib
from collections.abc import Sequence

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.attendance import Attendance, Session
from tm_async.emulator.chapters.meetings.enrolment import Registration
from tm_async.emulator.chapters.meetings.life import PSTN, VOIP, dismiss, enter, occurrence
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import PERSONAL, Booking, Meeting, Person
from tm_async.emulator.chapters.meetings.temporary import ms_open_id
from tm_async.emulator.chapters.meetings.waiting import Waiting
from tm_async.emulator.kernel.times import FARTHEST

__all__ = ["MeetingsHandle"]

HOUR = 3600


class MeetingsHandle:
    """Brings about what the API only reports."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def start(self, meeting_id: str, *, sub_meeting_id: str | None = None) -> Attendance:
        """Let the creator enter, so that the meeting runs; of a series, its next occurrence or the one given."""
        return self.join(meeting_id, self._backend.meeting(meeting_id).creator, sub_meeting_id=sub_meeting_id)

    def join(
        self,
        meeting_id: str,
        userid: str | None = None,
        *,
        name: str | None = None,
        sub_meeting_id: str | None = None,
        instanceid: int = 1,
        phone: str | None = None,
        customer_data: str | None = None,
        audio: bool = False,
        video: bool = False,
        sharing: bool = False,
    ) -> Attendance:
        """Let a registered user enter, or without `userid` somebody from outside the enterprise.

        `name` is what the meeting shows, by default the userid. Of a series the running or else the next occurrence
        is meant, unless `sub_meeting_id` says which. `instanceid` is the device: 1 a PC, 0 a telephone. `phone` is
        kept as the hash that answers show. Password, waiting room and who may join are not looked at.
        """
        meeting = self._open(meeting_id)
        span = self._joined(meeting, sub_meeting_id)
        session = meeting.session(span)
        if userid is not None and userid not in self._backend.state.users:
            raise ValueError(f"userid: {userid!r} is not registered, join others by name")
        if userid is not None and any((one.userid, one.instanceid) == (userid, instanceid) for one in session.inside):
            raise ValueError(f"userid: {userid!r} is inside already, on this device")
        who = userid or f"guest {len(session.attendances)} of {span.id}"
        _check_open(meeting, session, userid, ms_open_id(meeting.id, who))
        now = self._backend.clock()
        waited = self._backend.state.waiting.leave(meeting.id, userid or name or "guest", now)
        attendance = Attendance(
            userid=userid,
            name=name or userid or "guest",
            ms_open_id=waited[0].ms_open_id if waited else ms_open_id(meeting.id, who),
            instanceid=instanceid,
            join_type=PSTN if instanceid == PSTN else VOIP,
            joined=int(now),
            phone=None if phone is None else self._hashed(phone),
            customer_data=customer_data,
            audio=audio,
            video=video,
            sharing=sharing,
        )
        # Who lets in those who waited is nobody's act here: the creator stands for it.
        enter(self._backend.state, meeting, span, attendance, now, waited=waited, by=meeting.creator)
        return attendance

    def leave(
        self,
        meeting_id: str,
        userid: str | None = None,
        *,
        ms_open_id: str | None = None,
        sub_meeting_id: str | None = None,
    ) -> list[Attendance]:
        """Let a user leave, on every device; somebody from outside by the `ms_open_id` that `join` returned."""
        if (userid is None) == (ms_open_id is None):
            raise ValueError("userid: either this or ms_open_id is expected")
        meeting = self._backend.meeting(meeting_id)
        span, session = self._running(meeting, sub_meeting_id)
        gone = [one for one in session.inside if ms_open_id == one.ms_open_id or userid == one.userid is not None]
        if not gone:
            field, who = ("userid", userid) if ms_open_id is None else ("ms_open_id", ms_open_id)
            raise ValueError(f"{field}: {who!r} is not inside")
        now = self._backend.clock()
        for one in gone:
            one.left = int(now)
        news.left(self._backend.state, meeting, span, gone, now)
        return gone

    def end(self, meeting_id: str, *, return_code: bool = False) -> None:
        """Let a host end the running meeting for all; `return_code` gives its code back, a quick one's always is."""
        meeting = self._backend.meeting(meeting_id)
        if not meeting.is_running:
            raise ValueError("meeting_id: nobody is inside")
        dismiss(self._backend.state, meeting, self._backend.clock(), by=meeting.creator, return_code=return_code)

    def enrol(
        self,
        meeting_id: str,
        userid: str | None = None,
        *,
        nick_name: str | None = None,
        answers: Sequence[str | Sequence[str]] = (),
    ) -> Registration:
        """Somebody registers by themselves: a user, or without `userid` somebody from outside the enterprise."""
        meeting = self._backend.meeting(meeting_id)
        self._check_user(userid)
        if not meeting.switches.get("enable_enroll"):
            raise ValueError("meeting_id: made without enable_enroll, or as a webinar without admission_type 1")
        now = self._backend.clock()
        if not meeting.ahead(now):
            raise ValueError("meeting_id: the meeting is over or was cancelled")
        enrolments = self._backend.state.enrolments
        made = enrolments.enrol(meeting.id, userid, nick_name=nick_name, answers=answers, now=now)
        news.enrolled(self._backend.state, meeting, made, now)
        return made

    def cancel_enrolment(self, meeting_id: str, enroll_id: int) -> None:
        """Somebody who registered, or was imported, takes that back."""
        meeting, enrolments = self._backend.meeting(meeting_id), self._backend.state.enrolments
        gone = next((one for one in enrolments.of(meeting.id) if one.id == enroll_id), None)
        if gone is None:
            raise ValueError(f"enroll_id: {enroll_id} is no registration of this meeting")
        enrolments.remove(meeting.id, [enroll_id])
        news.enrolment_canceled(self._backend.state, meeting, gone, self._backend.clock())

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
        meeting = self._backend.meeting(meeting_id)
        self._check_user(userid)
        on = meeting.settings.get("auto_in_waiting_room")
        if not (on or any(session.switches.get("auto_waiting_room") for session in meeting.sessions.values())):
            raise ValueError("meeting_id: the meeting was made without settings.auto_in_waiting_room")
        now = self._backend.clock()
        if not meeting.ahead(now):
            raise ValueError("meeting_id: the meeting is over or was cancelled")
        for session in meeting.sessions.values():
            _check_open(meeting, session, userid, ms_open_id(meeting.id, userid or name or "guest"))
        stay = self._backend.state.waiting.enter(
            meeting.id,
            userid,
            name=name or userid or "guest",
            instanceid=instanceid,
            customer_data=customer_data,
            now=now,
        )
        news.began_waiting(self._backend.state, meeting, stay, now)
        return stay

    def stop_waiting(self, meeting_id: str, userid: str) -> None:
        """A user, or somebody of that name from outside, leaves the waiting room without coming in."""
        meeting = self._backend.meeting(meeting_id)
        now = self._backend.clock()
        gone = self._backend.state.waiting.leave(meeting.id, userid, now)
        if not gone:
            raise ValueError(f"userid: {userid!r} is not in the waiting room")
        for stay in gone:
            news.stopped_waiting(self._backend.state, meeting, stay, now)

    def add_personal(
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
        for name, moment in (("start", start), ("end", end)):
            if not abs(moment - int(now)) <= FARTHEST:
                raise ValueError(f"{name}: at most {FARTHEST} seconds from now")
        if end <= start:
            raise ValueError(f"end: {end} is not after the start {start}")
        booking = Booking(
            creator=userid,
            subject=subject,
            type=0,
            meeting_type=PERSONAL,
            start=start,
            end=end,
            hosts=(Person(userid),),
        )
        meeting = state.create(booking, now, code=state.users.room(userid).pmi_code)
        news.created(state, meeting, userid, now)
        return meeting

    def _open(self, meeting_id: str) -> Meeting:
        meeting = self._backend.meeting(meeting_id)
        if meeting.cancelled:
            raise ValueError("meeting_id: the meeting was cancelled")
        if meeting.is_recycled(self._backend.clock()):
            raise ValueError("meeting_id: the meeting code was given back, nobody can enter")
        return meeting

    def _joined(self, meeting: Meeting, sub_meeting_id: str | None) -> Span:
        if sub_meeting_id is None and meeting.occurrences:
            span = meeting.current(meeting.ahead(self._backend.clock()))
            if span is None:
                raise ValueError("sub_meeting_id: every occurrence is over, say which one is meant")
            return span
        span = occurrence(meeting, sub_meeting_id)
        if span is None or span.cancelled or (sub_meeting_id and not meeting.occurrences):
            raise ValueError(f"sub_meeting_id: {sub_meeting_id!r} is no occurrence of this meeting")
        return span

    def _running(self, meeting: Meeting, sub_meeting_id: str | None) -> tuple[Span, Session]:
        for span in meeting.spans:
            if sub_meeting_id in {None, span.id} and meeting.session(span).is_running:
                return span, meeting.session(span)
        raise ValueError("meeting_id: nobody is inside")

    def _hashed(self, phone: str) -> str:
        """As participants show it (official docs, 2021)."""
        return hashlib.sha256(f"{phone}/{self._backend.account.secret_id}".encode()).hexdigest()

    def _check_user(self, userid: str | None) -> None:
        if userid is not None and userid not in self._backend.state.users:
            raise ValueError(f"userid: {userid!r} is not registered")


def _check_open(meeting: Meeting, session: Session, userid: str | None, temporary: str) -> None:
    """Whether hosts have shut this one out. That a lock is none for hosts is not documented."""
    if temporary in session.barred:
        raise ValueError("userid: was removed from the meeting and may not come back")
    if session.switches.get("meeting_locked") and not meeting.is_host(userid):
        raise ValueError("meeting_id: the meeting is locked")
    if session.switches.get("only_enterprise_user_allowed") and userid is None:
        raise ValueError("userid: only people of the enterprise are let in")
