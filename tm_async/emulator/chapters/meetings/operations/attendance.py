"""Who attended, who is inside, and which meetings are over (doc 1095/42701, 72810, 53805)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings import wire_attendance as wire
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.life import occurrence
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.acting import operator
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["list_ended", "list_participants", "list_realtime_participants"]

DAY = 86400
ATTENDED_AT_ONCE = 100  # official docs, 2021
ATTENDED_IN_ALL = 50_000  # rows within reach (official docs, 2021)
ATTENDED_WINDOW = 31 * DAY  # official docs, 2021
ATTENDED_BY_DEFAULT = 90 * DAY  # where neither end is given (official docs, 2021)
ENDED_WINDOW = 90 * DAY  # doc 1095/53805
ENDED_BY_DEFAULT = 31 * DAY  # "the last month", and from the only end that is given (official docs, 2021)


@meetings.does("list_participants")
def list_participants(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    sub_meeting_id: str | None = None,
    pos: int = 0,
    size: int = ATTENDED_AT_ONCE,
    start_time: int = 0,
    end_time: int = 0,
) -> Mapping[str, Any]:
    """Every stay, in the order of their coming (doc 1095/42701). A default of size is not documented."""
    if size < 1 or pos < 0:
        raise Refused(190004, f"size is {size}, at least 1, and pos is {pos}, at least 0")
    meeting = own(asked, meetingId)
    span = _one_occurrence(meeting, sub_meeting_id)
    stays = _stays(asked, meeting, span, start_time, end_time)[:ATTENDED_IN_ALL]
    page: dict[str, Any]
    if asked.by_token:
        page = asked.page(stays)
    else:
        shown = stays[pos : pos + size]
        more = pos + len(shown) < len(stays)
        following = pos + len(shown) if more else 0  # what it is on the last page is not documented
        page = {"has_remaining": more, "next_pos": following, "participants": shown}
    webinar = asked.state.webinars.get(meeting.id)
    people = [wire.participant(meeting, one, asked.call.people, webinar) for one in page["participants"]]
    return {**wire.scheduled(meeting, span), "total_count": len(stays), **page, "participants": people}


@meetings.does("list_realtime_participants", pages=True)
def list_realtime_participants(
    asked: Asked, *, meeting_id: str, sub_meeting_id: str | None = None
) -> Mapping[str, Any]:
    """For the hosts and co-hosts, too (doc 1095/72810)."""
    meeting = own(asked, meeting_id, host=True, cohost=True)
    span = _one_occurrence(meeting, sub_meeting_id)
    inside = [wire.present(meeting, one, asked.call.people) for one in meeting.session(span).inside]
    return {**wire.realtime(meeting, span, asked.now), **asked.page(inside)}


@meetings.lists("list_ended", acting="userid")
def list_ended(
    asked: Asked,
    *,
    meeting_code: str = "",
    start_time: int = 0,
    end_time: int = 0,
    operator_id: str = "",
    operator_id_type: int = 0,
) -> Iterator[Mapping[str, Any]]:
    """What a user created or attended, the latest first (doc 1095/53805).

    Of a series every occurrence is a row. The order is not documented.
    """
    if operator_id and operator(asked.call, asked.given) != asked.operator:  # the code is not documented
        raise Refused(190004, "operator_id must repeat the userid of the path")
    first, last = _window(start_time, end_time, asked.now, most=ENDED_WINDOW, default=ENDED_BY_DEFAULT)
    rows = [
        (began, meeting.changed, wire.ended(meeting, span))
        for meeting, span in _over(asked, asked.operator)
        if first <= (began := wire.took_place(meeting, span)[0]) <= last and meeting_code in {"", meeting.code}
    ]
    return (row for _, _, row in sorted(rows, key=lambda row: row[:2], reverse=True))


def _one_occurrence(meeting: Meeting, sub_meeting_id: str | None) -> Span:
    """Mandatory of a series (official docs, 2021); of a one-off meeting it has no effect. Codes: not documented."""
    if meeting.occurrences and not sub_meeting_id:
        raise Refused(190004, f"sub_meeting_id is missing, meeting {meeting.id} is a series")
    span = occurrence(meeting, sub_meeting_id)
    if span is None:
        raise Refused(190004, f"sub_meeting_id {str(sub_meeting_id)[:40]!r} is no occurrence of meeting {meeting.id}")
    return span


def _stays(asked: Asked, meeting: Meeting, span: Span, first: int, last: int) -> Sequence[Attendance]:
    """Those who came within the window, which has no effect on a series (official docs, 2021)."""
    stays = meeting.session(span).attendances
    if meeting.occurrences:
        return stays
    default = ATTENDED_WINDOW if first or last else ATTENDED_BY_DEFAULT
    start, end = _window(first, last, asked.now, most=ATTENDED_WINDOW, default=default)
    return [one for one in stays if start <= one.joined <= end]


def _window(first: int, last: int, now: float, *, most: int, default: int) -> tuple[int, int]:
    """UNIX seconds, of which 0 stands for an end that was not given."""
    if first and last:
        if not 0 <= last - first <= most:
            raise Refused(190004, f"from {first} to {last} are not 0 to {most // DAY} days")
        return first, last
    if first:
        return first, first + default
    end = last or int(now)
    return end - default, end


def _over(asked: Asked, userid: str) -> Iterator[tuple[Meeting, Span]]:
    """What is over of the meetings that a user created or attended."""
    app = asked.call.people.app
    for meeting in asked.state.meetings.values():
        if app is not None and meeting.app != app:
            continue
        for span in () if _never(meeting) else meeting.spans:
            if not meeting.is_past(span, asked.now):
                continue
            if meeting.creator == userid or any(one.userid == userid for one in meeting.session(span).attendances):
                yield meeting, span


def _never(meeting: Meeting) -> bool:
    """Whether a one-off meeting was cancelled; of a cancelled series what is over has taken place."""
    return meeting.cancelled and not meeting.occurrences
