"""Control of a running meeting (doc 1095/57944 to 57955, 67794, 106034).

Not documented, and chosen here: 190455 for a meeting that does not run; a target that is not there is passed over, as
one on another device is (doc 1095/57955), and so is one that an operation is not for. Hosts stay unmuted when
everybody is muted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.attendance import Attendance, Session
from tm_async.emulator.chapters.meetings.life import PSTN, admit
from tm_async.emulator.chapters.meetings.life import dismiss as end
from tm_async.emulator.chapters.meetings.operations.reach import own, running
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "control",
    "dismiss",
    "kickout",
    "mute",
    "rename",
    "set_asr",
    "set_cohost",
    "set_doc_permission",
    "set_status",
    "set_video",
    "stop_screen_share",
    "waiting_room",
]

control: Chapter[Meeting] = Chapter("meeting_control")

Target = Mapping[str, Any]
MRA = 9
ROOMS = (20, 21, 22)
ADMIT, PUT_BACK, REMOVE = 1, 2, 3


@control.does("mute")
def mute(asked: Asked, *, meeting_id: str, user: Target, mute: bool) -> None:
    """Whether unmuting asks the person first is not documented: it opens the microphone."""
    _, _, session = running(asked, meeting_id)
    for one in _targets(session, [user]):
        one.audio = not mute


@control.does("set_video")
def set_video(asked: Asked, *, meeting_id: str, user: Target, video: bool = False) -> None:
    """A telephone has no video to stop; that it is a device of 9104 is not documented."""
    _, _, session = running(asked, meeting_id)
    if video and user["instanceid"] != MRA:
        raise Refused(190004, "video can be true for MRA devices only")
    if user["instanceid"] == PSTN:
        raise Refused(9104, "a telephone has no video")
    for one in _targets(session, [user]):
        one.video = video


@control.does("stop_screen_share")
def stop_screen_share(asked: Asked, *, meeting_id: str, user: Target) -> None:
    """Of those who share; MRA devices are passed over."""
    meeting, _, session = running(asked, meeting_id)
    for one in _targets(session, [user]):
        if one.sharing and one.instanceid != MRA:
            one.sharing = False
            news.share_closed(asked.state, meeting, one, asked.now)


@control.does("rename")
def rename(asked: Asked, *, meeting_id: str, users: Sequence[Target]) -> None:
    """All or nobody; the creator counts as a host here."""
    meeting, _, session = running(asked, meeting_id)
    if asked.operator != meeting.creator and not any(one.userid == asked.operator for one in session.inside):
        raise Refused(190455, f"{asked.operator!r} is not inside meeting {meeting.id}")
    names = {(user["ms_open_id"], user["instanceid"]): user.get("nick_name", "") for user in users}
    renamed = [one for one in session.inside if (one.ms_open_id, one.instanceid) in names]
    if not meeting.is_host(asked.operator) and any(one.cohost or meeting.is_host(one.userid) for one in renamed):
        raise Refused(9042, "a co-host renames neither hosts nor co-hosts")
    for one in renamed:
        one.name = names[one.ms_open_id, one.instanceid]


@control.does("set_cohost")
def set_cohost(asked: Asked, *, meeting_id: str, user: Target, action: bool) -> None:
    """Not by co-hosts. Telephones are passed over."""
    meeting, _, session = running(asked, meeting_id, cohost=False)
    for one in _targets(session, [user]):
        if one.cohost is not action and one.instanceid != PSTN:
            one.cohost = action
            news.role_changed(asked.state, meeting, one, asked.operator, asked.now)


@control.does("kickout")
def kickout(
    asked: Asked, *, meeting_id: str, users: Sequence[Target], allow_rejoin: bool, reason: str | None = None
) -> None:
    """Those who may not come back stay out as long as what runs of the meeting lives on, on every device."""
    meeting, span, session = running(asked, meeting_id)
    if not reason and any(user["instanceid"] == MRA for user in users):
        raise Refused(190004, "reason is required for MRA devices")
    gone = _targets(session, users)
    for one in gone:
        one.left = int(asked.now)
        _bar(session, one.ms_open_id, allow_rejoin=allow_rejoin)
    if gone:
        news.left(asked.state, meeting, span, gone, asked.now)


@control.does("waiting_room")
def waiting_room(
    asked: Asked, *, meeting_id: str, users: Sequence[Target], operate_type: int, allow_rejoin: bool = True
) -> None:
    """In and out also before the start, as the official command line says; who is let in makes the meeting run."""
    if operate_type == PUT_BACK:
        _put_back(asked, meeting_id, users)
        return
    meeting = own(asked, meeting_id, admin=False, host=True, cohost=True)
    span = meeting.current(meeting.ahead(asked.now))
    if span is None:
        raise Refused(13603, f"meeting {meeting.id} is over")
    wanted = _pairs(users)
    for stay in asked.state.waiting.inside(meeting.id):
        if (stay.ms_open_id, stay.instanceid) not in wanted:
            continue
        if operate_type == ADMIT:
            admit(asked.state, meeting, span, stay, asked.now, asked.operator)
        else:
            stay.left = asked.now
            again = allow_rejoin or stay.instanceid == MRA  # it has no effect for these (doc 1095/57954)
            _bar(meeting.sessions.setdefault(span.id, Session()), stay.ms_open_id, allow_rejoin=again)
            news.stopped_waiting(asked.state, meeting, stay, asked.now)


def _put_back(asked: Asked, meeting_id: str, users: Sequence[Target]) -> None:
    meeting, span, session = running(asked, meeting_id)
    if any(user["instanceid"] in ROOMS for user in users):
        raise Refused(9103, "a Rooms device cannot wait")
    gone = [one for one in _targets(session, users) if one.instanceid != PSTN]
    for one in gone:
        one.left = int(asked.now)
        asked.state.waiting.enter(
            meeting.id,
            one.userid,
            name=one.name,
            instanceid=one.instanceid,
            customer_data=one.customer_data,
            now=asked.now,
            known_as=one.ms_open_id,
        )
    news.put_back(asked.state, meeting, span, gone, asked.operator, asked.now)


@control.does("set_status", attributes=(
    *("participant_join_mute", "meeting_locked", "hide_meeting_code_password", "allow_chat", "share_screen"),
    *("enable_red_envelope", "only_enterprise_user_allowed", "play_ivr_on_join", "auto_waiting_room"),
))  # fmt: skip
def set_status(
    asked: Asked, *, meeting_id: str, mute_all: bool | None = None, allow_unmute_by_self: bool = True, **switches: Any
) -> None:
    """That people may unmute themselves unless it is said is not documented."""
    meeting, _, session = running(asked, meeting_id)
    session.switches |= switches
    if mute_all is None:
        return
    session.switches |= {"mute_all": mute_all, "allow_unmute_by_self": allow_unmute_by_self or not mute_all}
    if mute_all:
        for one in session.inside:
            one.audio = one.audio and meeting.is_host(one.userid)
    may = session.switches["allow_unmute_by_self"]
    news.muted_all(asked.state, meeting, asked.operator, asked.now, muted=mute_all, may_unmute=may)


@control.does("set_doc_permission")
def set_doc_permission(asked: Asked, *, meeting_id: str, enable_upload_doc: bool) -> None:
    """Nobody uploads documents here: it is kept with the other switches."""
    running(asked, meeting_id)[2].switches["enable_upload_doc"] = enable_upload_doc


@control.does("set_asr")
def set_asr(asked: Asked, *, meeting_id: str, is_open: bool, open_asr_view: int = 0) -> Mapping[str, Any]:
    """By the creator or a host: the sources name one each. The texts of `message` are not documented."""
    meeting, _, session = running(asked, meeting_id, cohost=False)
    if is_open and not session.switches.get("asr"):
        news.asr_opened(asked.state, meeting, asked.operator, asked.now)
    session.switches |= {"asr": is_open, "asr_view": is_open and open_asr_view == 0}
    return {"code": 0, "message": "success"}


@control.does("dismiss")
def dismiss(
    asked: Asked,
    *,
    meeting_id: str,
    force_dismiss_meeting: int = 1,
    retrieve_code: int = 0,
    reason_code: int = 0,
    reason_detail: str = "",
) -> None:
    """Nobody ever sees the reason (doc 1095/57955).

    The codes of a meeting that does not run, and of people inside, are not documented.
    """
    meeting = own(asked, meeting_id, admin=False, host=True, cohost=True)
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if not meeting.ahead(asked.now):
        raise Refused(13603, f"meeting {meeting.id} is over")
    if not meeting.is_running:
        raise Refused(9002, f"meeting {meeting.id} does not run, nobody is inside")
    if force_dismiss_meeting == 0:  # a meeting runs only while somebody is inside
        raise Refused(9002, f"somebody is inside meeting {meeting.id}, and force_dismiss_meeting is 0")
    end(asked.state, meeting, asked.now, by=asked.operator, return_code=retrieve_code == 1)


def _pairs(users: Sequence[Target]) -> set[tuple[str, int]]:
    """Ids and devices. What a target without an id leads to is not documented."""
    if not all(user.get("to_operator_id") for user in users):
        raise Refused(190004, "to_operator_id is missing")
    return {(user["to_operator_id"], user["instanceid"]) for user in users}


def _targets(session: Session, users: Sequence[Target]) -> list[Attendance]:
    """Those of them who are inside, on that very device."""
    wanted = _pairs(users)
    return [one for one in session.inside if (one.ms_open_id, one.instanceid) in wanted]


def _bar(session: Session, who: str, *, allow_rejoin: bool) -> None:
    if not allow_rejoin:
        session.barred.add(who)
