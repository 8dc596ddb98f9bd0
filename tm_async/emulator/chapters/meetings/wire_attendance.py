"""Shapes of the answers about who was inside, and about what took place."""

from typing import Any

from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.wire import status
from tm_async.emulator.chapters.webinars.state import Webinar
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.identities import Identities

__all__ = ["ended", "participant", "present", "realtime", "role", "scheduled", "took_place"]

MEMBER, CREATOR, HOST, CREATOR_AND_HOST, GUEST, GUEST_AND_HOST, CO_HOST, CREATOR_AND_CO_HOST = range(8)
"""`user_role` (official docs, 2021). That nobody here makes a guest the host, as the API can't either."""


ORDINARY, INTERNAL_GUEST, AUDIENCE = 0, 1, 4
"""`webinar_member_role`."""


def scheduled(meeting: Meeting, span: Span) -> dict[str, Any]:
    """The members about the meeting that both lists of participants begin with."""
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": base64_text(meeting.subject),
        "schedule_start_time": str(span.start),
        "schedule_end_time": str(span.end),
    }


def participant(
    meeting: Meeting, one: Attendance, people: Identities, webinar: Webinar | None = None
) -> dict[str, Any]:
    """One stay in the list of who attended (doc 1095/42701).

    `left_time` appears once somebody has left; what the gateway shows before that is not documented.
    """
    info = present(meeting, one, people)
    info["is_enterprise_user"] = one.userid is not None
    if webinar is not None:
        info["webinar_member_role"] = _webinar_role(meeting, one, webinar)
    if one.left is not None:
        info["left_time"] = str(one.left)
    if one.phone is not None and people.app is None:  # hashed with the SecretId, which an app of others has not
        info["phone"] = one.phone
    return info


def _webinar_role(meeting: Meeting, one: Attendance, webinar: Webinar) -> int:
    """Hosts are ordinary ones (not documented); people from outside are audience, whoever invited them."""
    if meeting.is_host(one.userid):
        return ORDINARY
    internal = one.userid is not None and any(guest.get("userid") == one.userid for guest in webinar.guests)
    return INTERNAL_GUEST if internal else AUDIENCE


def realtime(meeting: Meeting, span: Span, now: float) -> dict[str, Any]:
    """What the list of who is inside says of the meeting (doc 1095/72810)."""
    return {**scheduled(meeting, span), "status": status(meeting, now, span)}


def ended(meeting: Meeting, span: Span) -> dict[str, Any]:
    """One row of the list of ended meetings (doc 1095/53805): integers, as in the present documents.

    The times are those of what took place, of a meeting where nobody came the scheduled ones: not documented.
    """
    start, end = took_place(meeting, span)
    row: dict[str, Any] = {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "meeting_type": meeting.meeting_type,
        "start_time": start,
        "end_time": end,
    }
    if span.id:
        row["sub_meeting_id"] = span.id
    return row


def took_place(meeting: Meeting, span: Span) -> tuple[int, int]:
    """When it really began and ended, or was to."""
    session = meeting.session(span)
    began, finished = session.began, session.finished
    return (span.start, span.end) if began is None or finished is None else (began, finished)


def present(meeting: Meeting, one: Attendance, people: Identities) -> dict[str, Any]:
    """One stay in the list of who is inside (doc 1095/72810)."""
    info: dict[str, Any] = {
        "ms_open_id": one.ms_open_id,
        "user_name": base64_text(one.name),
        "user_role": role(meeting, one),
        "instanceid": one.instanceid,
        "join_type": one.join_type,
        "join_time": str(one.joined),
        "audio_state": one.audio,
        "video_state": one.video,
        "screen_shared_state": one.sharing,
    }
    if one.userid is not None:  # what it is for people from outside is not documented
        info["userid"] = people.name(one.userid)
        if people.app is not None:
            info["open_id"] = info["userid"]
    if one.customer_data is not None:
        info["customer_data"] = one.customer_data
    return info


def role(meeting: Meeting, one: Attendance) -> int:
    """What somebody is in the meeting. A host or guest who is a co-host, too, is shown as host or co-host."""
    host = any(person.userid == one.userid for person in meeting.hosts)
    if one.cohost and not host:
        return CREATOR_AND_CO_HOST if one.userid == meeting.creator else CO_HOST
    if one.userid is None:
        return GUEST
    if one.userid == meeting.creator:
        return CREATOR_AND_HOST if host else CREATOR
    return HOST if host else MEMBER
