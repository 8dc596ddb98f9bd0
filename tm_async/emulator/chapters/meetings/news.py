"""What meetings tell as events (doc 1095/113438): names, and the items of payloads, of the enterprise's own apps.

In which order the events of one act come is not documented.
"""

from collections.abc import Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.enrolment import Registration
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import PERSONAL, WEBINAR, Meeting
from tm_async.emulator.chapters.meetings.temporary import ms_open_id
from tm_async.emulator.chapters.meetings.waiting import Waiting
from tm_async.emulator.chapters.meetings.wire_attendance import role
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.state import State

__all__ = [
    "CLIENT",
    "REST_API",
    "asr_opened",
    "background_set",
    "began_waiting",
    "canceled",
    "created",
    "ended",
    "enrolled",
    "enrolment_canceled",
    "info_of",
    "joined",
    "left",
    "live_configured",
    "live_switched",
    "media_uploaded",
    "muted_all",
    "named",
    "occurrence",
    "phone",
    "put_back",
    "role_changed",
    "share_closed",
    "share_opened",
    "stopped_waiting",
    "updated",
    "warm_up_uploaded",
]

CLIENT, REST_API = 1, 6
"""`meeting_create_from`."""
BY_HOST, LAST_LEFT = 0, 1
"""`meeting_end_type`. 2 and 3, of meetings that are empty, are left out: nothing here ends by itself."""
LIVE_CONFIG = ("live_password", "enable_live_im", "enable_live_replay", "live_watermark")
"""What the event has of a stream's settings as the call has it."""
PICTURE = 2
"""`medium_type`."""
SOMEBODY, NOBODY = 0, 1
"""`meeting_participant_status`."""
MAIN_ROOM = {"meeting_id_type": 0}
"""There are no breakout rooms here."""

Members = dict[str, Any]


def created(state: State, meeting: Meeting, by: str, now: float) -> None:
    """A meeting exists (doc 1095/51614)."""
    _tell(state, "meeting.created", meeting, now, operator=_user(state, meeting, by))


def updated(state: State, meeting: Meeting, by: str, now: float) -> None:
    """Data of a meeting changed; not of a personal meeting number's (doc 1095/51615)."""
    if meeting.meeting_type != PERSONAL:
        _tell(state, "meeting.updated", meeting, now, operator=_user(state, meeting, by))


def canceled(state: State, meeting: Meeting, by: str, now: float, *, reason: str, sub_meeting_id: str | None) -> None:
    """A meeting was cancelled; not one of a personal meeting number (doc 1095/51616).

    That one occurrence is told in the same way, with its `sub_meeting_id`, is not documented. The reason stands beside
    `meeting_info`, as on the page; a delivery of 2023 had it inside.
    """
    if meeting.meeting_type == PERSONAL:
        return
    item: Members = {"operator": _user(state, meeting, by), **({"cancel_reason": reason} if reason else {})}
    inside = {"sub_meeting_id": sub_meeting_id} if sub_meeting_id else {}
    _tell(state, "meeting.canceled", meeting, now, inside, **item)


def joined(
    state: State, meeting: Meeting, span: Span, who: Attendance, now: float, *, waited: Sequence[Waiting], by: str
) -> None:
    """Somebody came in (doc 1095/51620), perhaps from the waiting room, the first of all, or the first host."""
    person, plain = _participant(state, who), _attendant(state, who)
    for _ in waited[:1]:
        host = _user(state, meeting, by)
        _tell(state, "meeting.participant-admitted", meeting, now, operator=host, to_operator=person, **_extended(who))
    hosts = {meeting.creator, *(host.userid for host in meeting.hosts)}
    stays = meeting.session(span).attendances  # looked at as far as it takes: there may be many thousands
    if who.userid in hosts and not any(_other(one, who) and one.userid in hosts for one in stays):
        _tell(state, "meeting.started", meeting, now, operator=plain)
    _tell(state, "meeting.participant-joined", meeting, now, operator=person, **_extended(who))
    if not any(_other(one, who) for one in stays):
        _presence(state, meeting, span, SOMEBODY, now)


def _other(one: Attendance, who: Attendance) -> bool:
    """Whether this is somebody else who is inside."""
    return one.left is None and one is not who


def left(state: State, meeting: Meeting, span: Span, gone: Sequence[Attendance], now: float) -> None:
    """People went (doc 1095/51622), and with the last one, after the scheduled end, the meeting is over."""
    _gone(state, meeting, gone, now)
    _emptied(state, meeting, span, gone, now)


def _emptied(state: State, meeting: Meeting, span: Span, gone: Sequence[Attendance], now: float) -> None:
    if not gone or meeting.session(span).is_running:
        return
    _presence(state, meeting, span, NOBODY, now)
    if now >= span.end:
        last = _attendant(state, gone[-1])
        _tell(state, "meeting.end", meeting, now, operator=last, meeting_end_type=LAST_LEFT)


def ended(state: State, meeting: Meeting, span: Span, gone: Sequence[Attendance], by: str, now: float) -> None:
    """A host ended it for all (doc 1095/51619), so that everybody left."""
    _gone(state, meeting, gone, now)
    _presence(state, meeting, span, NOBODY, now)
    _tell(state, "meeting.end", meeting, now, operator=_user(state, meeting, by), meeting_end_type=BY_HOST)


def began_waiting(state: State, meeting: Meeting, who: Waiting, now: float) -> None:
    """Somebody came into the waiting room (doc 1095/51627)."""
    operator = _participant(state, who)
    _tell(state, "meeting.participant-joined-waiting-room", meeting, now, operator=operator, **_extended(who))


def stopped_waiting(state: State, meeting: Meeting, who: Waiting, now: float) -> None:
    """Somebody left the waiting room without coming in. No document has a text of `leave_reason`."""
    person = _participant(state, who)
    _tell(state, "meeting.participant-left-waiting-room", meeting, now, operator=person, to_operator=person)


def put_back(state: State, meeting: Meeting, span: Span, gone: Sequence[Attendance], by: str, now: float) -> None:
    """People were sent back to the waiting room (doc 1095/53868); without those inside the meeting runs no longer."""
    host = _user(state, meeting, by)
    for one in gone:
        person = _participant(state, one)
        _tell(state, "meeting.participant-put-in-waiting-room", meeting, now, operator=host, to_operator=person)
    _emptied(state, meeting, span, gone, now)


def role_changed(state: State, meeting: Meeting, who: Attendance, by: str, now: float) -> None:
    """Somebody became a co-host, or is none any more (doc 1095/64639; of a webinar 64640)."""
    person = {**_participant(state, who), "user_role": role(meeting, who)}
    kind = "webinar" if meeting.meeting_type == WEBINAR else "meeting"
    operator = _user(state, meeting, by)
    _tell(state, f"{kind}.participant-role-changed", meeting, now, operator=operator, to_operator=person)


def muted_all(state: State, meeting: Meeting, by: str, now: float, *, muted: bool, may_unmute: bool) -> None:
    """Everybody was muted, or that was lifted (doc 1095/70218)."""
    inside: Members = {**MAIN_ROOM, **({"allow_unmute_self": may_unmute} if muted else {})}
    event = "meeting.mute-all" if muted else "meeting.unmute-all"
    _tell(state, event, meeting, now, inside, operator=_user(state, meeting, by))


def share_opened(state: State, meeting: Meeting, who: Attendance, now: float) -> None:
    """Somebody shares a screen (doc 1095/59453)."""
    operator = _attendant(state, who)
    _tell(state, "meeting.share-screen-open", meeting, now, MAIN_ROOM | _hosts(state, meeting), operator=operator)


def share_closed(state: State, meeting: Meeting, who: Attendance, now: float) -> None:
    """Somebody shares no longer; that this is the operator, where a host ended it, is not documented."""
    operator = _attendant(state, who)
    _tell(state, "meeting.share-screen-close", meeting, now, MAIN_ROOM | _hosts(state, meeting), operator=operator)


def live_switched(state: State, meeting: Meeting, now: float, *, on: bool) -> None:
    """The stream began (doc 1095/59456) or ended (official docs, 2021), by the creator's hand."""
    event = "meeting.live-started" if on else "meeting.live-stopped"
    operator = _user(state, meeting, meeting.creator)
    _tell(state, event, meeting, now, _hosts(state, meeting), operator=operator)


def live_configured(state: State, meeting: Meeting, platforms: Sequence[Any], by: str, now: float) -> None:
    """The stream's settings changed (doc 1095/63549): texts are Base64 here, and 2 stands for no watermark."""
    config = dict(meeting.live or {})
    shown = {name: config[name] for name in LIVE_CONFIG if name in config}
    shown |= {name: base64_text(config[name]) for name in ("live_subject", "live_summary") if name in config}
    if option := config.get("live_watermark", {}).get("watermark_opt"):
        shown["live_watermark"] = {"watermark_opt": 2 * option}
    shown["push_stream_info"] = [{name: each[name] for name in ("platform_type", "push_address")} for each in platforms]
    members: Members = {"operator": _user(state, meeting, by), "live_config": shown}
    _tell(state, "meeting.live-config-update", meeting, now, _hosts(state, meeting), **members)


def media_uploaded(state: State, meeting: Meeting, urls: Sequence[str], now: float, *, trace: str) -> None:
    """Pictures that came by the API were found good (doc 1095/81489): told under the trace of that call."""
    rows = [{"upload_status": True, "error_msg": "", "medium_type": PICTURE, "medium_url": url} for url in urls]
    about: Members = {"event_upload_status": True, "upload_info": rows}
    _tell(state, "meeting.medium-uploaded", meeting, now, trace=trace, **about)


def warm_up_uploaded(state: State, meeting: Meeting, shown: Members, now: float) -> None:
    """What the audience sees before a webinar was found good (doc 1095/79826)."""
    info = {"upload_status": True, "error_msg": "", **shown}
    _tell(state, "webinar.warm-up-uploaded", meeting, now, warm_up_info=info)


def asr_opened(state: State, meeting: Meeting, by: str, now: float) -> None:
    """The transcription was switched on (doc 1095/105662). No document has an event for off."""
    operator = _user(state, meeting, by)
    _tell(state, "meeting.open-asr", meeting, now, _hosts(state, meeting), operator=operator)


def phone(state: State, meeting: Meeting, by: str, status: str, now: float) -> None:
    """A phone that somebody had called rings, was answered, or no longer rings (doc 1095/80737)."""
    operator = _user(state, meeting, by)
    _tell(state, "meeting.phone.participant-status-updated", meeting, now, operator=operator, status=status)


def enrolled(state: State, meeting: Meeting, who: Registration, now: float) -> None:
    """Somebody enrolled (vendor's documentation, copy of 2021-11). There is no `meeting_info`."""
    answers = [
        {
            "question_id": number,
            "question_content": answered.question.title or "",
            "answer_type": answered.question.type,
            "is_required": 2 if answered.question.required else 1,
            "answer_content": list(answered.content),
        }
        for number, answered in enumerate(who.answers, 1)
    ]
    _enrolment(state, "enroll.enroll", meeting, who, now, answer_list=answers)


def enrolment_canceled(state: State, meeting: Meeting, who: Registration, now: float) -> None:
    """Somebody enrols no longer (doc 1095/62026). Whether what an API call removes is told is not documented."""
    _enrolment(state, "enroll.cancel", meeting, who, now)


def _enrolment(state: State, event: str, meeting: Meeting, who: Registration, now: float, **members: Any) -> None:
    operator = {} if who.userid is None else {"operator": named(state, who.userid)}
    info = {"meeting_id": meeting.id, "enroll_id": who.id, **members}
    state.news.tell(event, {"operate_time": int(now * 1000), **operator, "enroll_info": info})


def background_set(state: State, meeting: Meeting, job_id: str, image: str | None, now: float) -> None:
    """The job that a new background is has succeeded (vendor's documentation, copy of 2022-23).

    What `request_id` is, and the `type` of a part, no document says; of the default picture there is no address.
    """
    done = {"success": [] if image is None else [{"content": image}], "failed": []}
    job: Members = {"job_id": job_id, "job_type": "UPLOAD", "total_job_status": True, "error_msg": "", "job_info": done}
    _tell(state, "meeting.job-results", meeting, now, **job)


def _gone(state: State, meeting: Meeting, gone: Sequence[Attendance], now: float) -> None:
    for one in gone:
        person = _participant(state, one)
        _tell(state, "meeting.participant-left", meeting, now, operator=person, **_extended(one))


def _presence(state: State, meeting: Meeting, span: Span, status: int, now: float) -> None:
    """Somebody is in, or nobody any more; without an operator (doc 1095/109636)."""
    inside: Members = {"meeting_participant_status": status, **MAIN_ROOM, **occurrence(span)}
    _tell(state, "meeting.participant-status-update", meeting, now, inside)


def occurrence(span: Span) -> Members:
    """What some events tell of an occurrence of a series."""
    if not span.id:
        return {}
    return {"sub_meeting_id": span.id, "sub_meeting_start_time": span.start, "sub_meeting_end_time": span.end}


def _tell(
    state: State,
    event: str,
    meeting: Meeting,
    now: float,
    inside: Members | None = None,
    trace: str | None = None,
    **members: Any,
) -> None:
    info = {**info_of(state, meeting), **(inside or {})}
    state.news.tell(event, {"operate_time": int(now * 1000), **members, "meeting_info": info}, trace=trace)


def info_of(state: State, meeting: Meeting) -> Members:
    """What every event of a meeting tells of it."""
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "creator": named(state, meeting.creator),
        "meeting_type": meeting.meeting_type,
        "start_time": meeting.start,
        "end_time": meeting.end,
        "meeting_create_mode": int(meeting.type == 1),
        "meeting_create_from": CLIENT if meeting.meeting_type == PERSONAL else REST_API,
    }


def _hosts(state: State, meeting: Meeting) -> Members:
    return {"hosts": [named(state, host.userid) for host in meeting.hosts]}


def _extended(who: Attendance | Waiting) -> Members:
    return {} if who.customer_data is None else {"extend_info": {"customer_data": who.customer_data}}


def _participant(state: State, who: Attendance | Waiting) -> Members:
    """In the events of participants since 2025: with the name used in the meeting."""
    return {**_attendant(state, who), "nick_name": who.name}


def _user(state: State, meeting: Meeting, userid: str) -> Members:
    """Somebody who acts from without: the device of a call is not documented, that of the API is none."""
    return {**named(state, userid), "ms_open_id": ms_open_id(meeting.id, userid)}


def _attendant(state: State, who: Attendance | Waiting) -> Members:
    """The userid stands there for people of the enterprise only; `user_name` is plain text, other than in answers."""
    known = {"user_name": who.name} if who.userid is None else named(state, who.userid)
    return {**known, "ms_open_id": who.ms_open_id, "instance_id": str(who.instanceid)}


def named(state: State, userid: str) -> Members:
    """A user of the enterprise."""
    user = state.users.get(userid)  # None: deleted meanwhile
    if user is None:
        return {"userid": userid}
    return {"userid": userid, "user_name": user.username or userid, "uuid": user.uuid}
