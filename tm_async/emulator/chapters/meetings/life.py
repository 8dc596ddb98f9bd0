"""The life of a meeting: people come and go, a host ends it.

Nothing starts by itself: a meeting runs while somebody is inside (states: official docs, 2023). It is over by the
clock once its scheduled end has come and nobody is inside.
"""

from collections.abc import Sequence

from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.attendance import Attendance, Session
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.waiting import Waiting
from tm_async.emulator.state import State

__all__ = ["PSTN", "VOIP", "admit", "dismiss", "enter", "occurrence"]

QUICK = 1
"""`type` of a quick meeting."""
ABOVE_SIX = 2
"""`participant_join_mute`: of those who come when six are there already."""
PSTN, VOIP = 0, 1
"""Both an `instanceid` and a `join_type`, of telephones and of everything else."""


def occurrence(meeting: Meeting, sub_meeting_id: str | None) -> Span | None:
    """The occurrence of this id, cancelled or not; for a one-off meeting itself, whatever the id."""
    if not meeting.occurrences:
        return meeting.spans[0]
    return next((span for span in meeting.occurrences if span.id == sub_meeting_id), None)


def enter(
    state: State, meeting: Meeting, span: Span, who: Attendance, now: float, *, waited: Sequence[Waiting] = (), by: str
) -> None:
    """Somebody comes in, muted where that is so for members; `by` lets in those who waited."""
    session = meeting.sessions.setdefault(span.id, Session())
    muted = session.switches.get("participant_join_mute", 0)
    if (muted == 1 or (muted == ABOVE_SIX and len(session.inside) >= 6)) and not meeting.is_host(who.userid):
        who.audio = False
    session.enter(who)
    news.joined(state, meeting, span, who, now, waited=waited, by=by)


def admit(state: State, meeting: Meeting, span: Span, stay: Waiting, now: float, by: str) -> None:
    """Somebody is let in from the waiting room."""
    stay.left = now
    who = Attendance(
        userid=stay.userid,
        name=stay.name,
        ms_open_id=stay.ms_open_id,
        instanceid=stay.instanceid,
        join_type=VOIP,
        joined=int(now),
        customer_data=stay.customer_data,
    )
    enter(state, meeting, span, who, now, waited=[stay], by=by)


def dismiss(state: State, meeting: Meeting, now: float, *, by: str, return_code: bool = False) -> None:
    """A host ends what runs of a meeting; the code of a quick one is always given back (doc 1095/57955)."""
    for span in meeting.spans:
        session = meeting.session(span)
        if session.is_running:
            gone = session.inside
            session.end(now)
            news.ended(state, meeting, span, gone, by, now)
    if return_code or meeting.type == QUICK:
        state.change(meeting, now, code_returned=True)
