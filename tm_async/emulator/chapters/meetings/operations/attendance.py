"""Who attended, who is inside, and which meetings are over (doc 1095/42701, 72810, 53805)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tm_async.emulator.chapters.meetings import wire_attendance as wire
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.life import occurrence
from tm_async.emulator.chapters.meetings.operations.callers import (
    acting,
    actor,
    check_role,
    number,
    reachable,
    registered,
)
from tm_async.emulator.chapters.meetings.operations.callers import meeting as meeting_of
from tm_async.emulator.chapters.meetings.operations.operators import asked, operator
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.pages import numbered
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "list_ended", "list_participants", "list_realtime_participants"]

DAY = 86400
ATTENDED_AT_ONCE = 100  # official docs, 2021
ATTENDED_IN_ALL = 50_000  # rows within reach (official docs, 2021)
ATTENDED_WINDOW = 31 * DAY  # official docs, 2021
ATTENDED_BY_DEFAULT = 90 * DAY  # where neither end is given (official docs, 2021)
INSIDE_AT_ONCE, INSIDE_LAST_PAGE = 50, 2000  # vendor's Java SDK 1.0.12
ENDED_AT_ONCE = 20  # official docs, 2021
ENDED_WINDOW = 90 * DAY  # doc 1095/53805
ENDED_BY_DEFAULT = 31 * DAY  # "the last month", and from the only end that is given (official docs, 2021)


def list_participants(call: Call) -> Answer:
    """`GET /v1/meetings/{meetingId}/participants`: every stay, in the order of their coming (doc 1095/42701)."""
    query = call.query
    userid = actor(call, device=False)
    _check_paging(query)
    pos = number(query, "pos", 0)
    # A default of size is not documented; the most is taken.
    size = number(query, "size", ATTENDED_AT_ONCE, least=1, most=ATTENDED_AT_ONCE)
    meeting = meeting_of(call, parameter="meetingId")
    reachable(call, meeting)
    check_role(call, meeting, userid)
    span = _one_occurrence(meeting, query.get("sub_meeting_id"))
    stays = _stays(call, meeting, span)[:ATTENDED_IN_ALL]
    shown = stays[pos : pos + size]
    more = pos + len(shown) < len(stays)
    return Answer(
        value={
            **wire.scheduled(meeting, span),
            "total_count": len(stays),
            "has_remaining": more,
            "next_pos": pos + len(shown) if more else 0,  # what it is on the last page is not documented
            "participants": [wire.participant(meeting, one, call.people) for one in shown],
        }
    )


def list_realtime_participants(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}/real-time-participants` (doc 1095/72810)."""
    query = asked(call)
    userid = operator(call, query)
    page = numbered(query, size=INSIDE_AT_ONCE, most=INSIDE_AT_ONCE, last=INSIDE_LAST_PAGE)
    meeting = meeting_of(call)
    reachable(call, meeting)
    check_role(call, meeting, userid, host=True)
    span = _one_occurrence(meeting, query.get("sub_meeting_id"))
    inside = [wire.present(meeting, one, call.people) for one in meeting.session(span).inside]
    return Answer(value={**wire.realtime(meeting, span, call.now), **page.of(inside, "participants")})


def list_ended(call: Call) -> Answer:
    """`GET /v1/history/meetings/{userid}`: what a user created or attended, the latest first (doc 1095/53805).

    Of a series every occurrence is a row. The order is not documented.
    """
    query = call.query
    _check_paging(query)
    userid = registered(call, acting(call, call.params["userid"], "userid"))
    if query.get("operator_id") and actor(call, device=False) != userid:  # the code is not documented
        raise Refused(190004, "operator_id must repeat the userid of the path")
    page = numbered(
        {name: number(query, name) for name in ("page", "page_size")}, size=ENDED_AT_ONCE, most=ENDED_AT_ONCE
    )
    window = _window(query, call.now, most=ENDED_WINDOW, default=ENDED_BY_DEFAULT)
    code = query.get("meeting_code")
    rows = [
        (began, meeting.changed, wire.ended(meeting, span))
        for meeting, span in _over(call, userid)
        if window[0] <= (began := wire.took_place(meeting, span)[0]) <= window[1] and code in {None, "", meeting.code}
    ]
    rows.sort(key=lambda row: row[:2], reverse=True)
    return Answer(value=page.of([row for _, _, row in rows], "meeting_info_list"))


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.list_participants": list_participants,
    "meetings.list_realtime_participants": list_realtime_participants,
    "meetings.list_ended": list_ended,
}


def _check_paging(query: Mapping[str, str]) -> None:
    if query.get("page_type", "0") != "0":
        raise Refused(200004, "page_type other than 0 is not emulated", loud=True)


def _one_occurrence(meeting: Meeting, sub_meeting_id: str | None) -> Span:
    """Mandatory of a series (official docs, 2021); of a one-off meeting it has no effect. Codes: not documented."""
    if meeting.occurrences and not sub_meeting_id:
        raise Refused(190004, f"sub_meeting_id is missing, meeting {meeting.id} is a series")
    span = occurrence(meeting, sub_meeting_id)
    if span is None:
        raise Refused(190004, f"sub_meeting_id {str(sub_meeting_id)[:40]!r} is no occurrence of meeting {meeting.id}")
    return span


def _stays(call: Call, meeting: Meeting, span: Span) -> Sequence[Attendance]:
    """Those who came within the window, which has no effect on a series (official docs, 2021)."""
    stays = meeting.session(span).attendances
    if meeting.occurrences:
        return stays
    query = call.query
    default = ATTENDED_BY_DEFAULT if not query.get("start_time") and not query.get("end_time") else ATTENDED_WINDOW
    start, end = _window(query, call.now, most=ATTENDED_WINDOW, default=default)
    return [one for one in stays if start <= one.joined <= end]


def _window(query: Mapping[str, str], now: float, *, most: int, default: int) -> tuple[int, int]:
    """From `start_time` to `end_time`, both counted in. Where one is missing, `default` away from the other."""
    first, last = query.get("start_time"), query.get("end_time")
    if first and last:
        start, end = number(query, "start_time"), number(query, "end_time")
        if not 0 <= end - start <= most:
            raise Refused(190004, f"from {start} to {end} are not 0 to {most // DAY} days")
        return start, end
    if first:
        start = number(query, "start_time")
        return start, start + default
    end = number(query, "end_time", int(now))
    return end - default, end


def _over(call: Call, userid: str) -> Iterator[tuple[Meeting, Span]]:
    """What is over of the meetings that a user created or attended."""
    app = call.people.app
    for meeting in call.state.meetings.values():
        if app is not None and meeting.app != app:
            continue
        for span in () if _never(meeting) else meeting.spans:
            if not meeting.is_past(span, call.now):
                continue
            if meeting.creator == userid or any(one.userid == userid for one in meeting.session(span).attendances):
                yield meeting, span


def _never(meeting: Meeting) -> bool:
    """Whether a one-off meeting was cancelled; of a cancelled series what is over has taken place."""
    return meeting.cancelled and not meeting.occurrences
