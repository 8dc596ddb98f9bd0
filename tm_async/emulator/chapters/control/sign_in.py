"""Sign-ins (doc 1095/92643 to 92646): one at a time in what runs of a meeting; those of all occurrences are listed."""

from collections.abc import Iterator, Mapping
from typing import Any

from tm_async.emulator.chapters.control.operations import control
from tm_async.emulator.chapters.meetings.attendance import SignIn
from tm_async.emulator.chapters.meetings.operations.reach import meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.wire_attendance import role
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["end_sign_in", "list_sign_in_records", "list_sign_ins", "start_sign_in"]

TIMED = 0
RUNNING, ENDED = 1, 2
NEVER = float("inf")


@control.does("start_sign_in")
def start_sign_in(
    asked: Asked, *, meeting_id: str, sign_type: int, sign_in_time: int, sign_in_specification: str = ""
) -> Mapping[str, Any]:
    """By the creator or a host."""
    meeting = _checked(asked, meeting_id, running=True)
    session = next(found for span in meeting.spans if (found := meeting.session(span)).is_running)
    if any(one.ends > asked.now for one in session.sign_ins):
        raise Refused(103, "a sign-in runs already")
    if sign_type == TIMED and sign_in_time < 1:  # not documented
        raise Refused(190004, f"sign_in_time is {sign_in_time}, at least 1")
    ends = asked.now + 60 * sign_in_time if sign_type == TIMED else NEVER
    number = sum(map(len, (one.sign_ins for one in meeting.sessions.values()))) + 1
    made = SignIn(id=f"S{meeting.code}{number}", text=sign_in_specification, begun=int(asked.now), ends=ends)
    session.sign_ins.append(made)
    return {"sign_in_id": made.id}


@control.does("end_sign_in")
def end_sign_in(asked: Asked, *, meeting_id: str, sign_in_id: str) -> None:
    """Before its time."""
    found = _sign_in(_checked(asked, meeting_id, running=True), sign_in_id)
    if found.ends <= asked.now:
        raise Refused(107, "the sign-in has ended")
    found.ends = asked.now


@control.lists("list_sign_ins")
def list_sign_ins(asked: Asked, *, meeting_id: str) -> list[Mapping[str, Any]]:
    """The latest first (not documented)."""
    meeting = _checked(asked, meeting_id)
    status = {one.id: RUNNING if one.ends > asked.now else ENDED for one in _all(meeting)}
    return [{**_shown(one), "sign_in_status": status[one.id]} for one in reversed(list(_all(meeting)))]


@control.does("list_sign_in_records", pages=True)
def list_sign_in_records(asked: Asked, *, meeting_id: str, sign_in_id: str) -> Mapping[str, Any]:
    """Names as they are: whether they are Base64, as in other answers, is not documented."""
    meeting = _checked(asked, meeting_id)
    found, people = _sign_in(meeting, sign_in_id), asked.call.people
    rows: list[Mapping[str, Any]] = []
    for one in found.signed.values():
        row = {"ms_open_id": one.ms_open_id, "user_name": one.name, "user_role": str(role(meeting, one))}
        if one.userid is not None:
            row["userid" if people.app is None else "open_id"] = people.name(one.userid)
        rows.append(row)
    return {**_shown(found), **asked.page(rows)}


def _checked(asked: Asked, meeting_id: str, *, running: bool = False) -> Meeting:
    """The meeting, where the creator asks, or a host: to look at sign-ins only one who is inside."""
    meeting = meeting_of(asked, meeting_id, unknown=500048)
    if not meeting.is_host(asked.operator):
        raise Refused(102, f"{asked.operator!r} is neither creator nor host of meeting {meeting.id}")
    inside = any(host.userid == asked.operator for host in meeting.hosts_inside)
    if not running and asked.operator != meeting.creator and not inside:
        raise Refused(101, f"{asked.operator!r} is not inside, and not the creator of meeting {meeting.id}")
    if running and not meeting.is_running:
        raise Refused(115, f"meeting {meeting.id} does not run")
    return meeting


def _all(meeting: Meeting) -> Iterator[SignIn]:
    return (one for session in meeting.sessions.values() for one in session.sign_ins)


def _sign_in(meeting: Meeting, sign_in_id: str) -> SignIn:
    found = next((one for one in _all(meeting) if one.id == sign_in_id), None)
    if found is None:
        raise Refused(116, f"sign_in_id {sign_in_id[:40]!r} is not known")
    return found


def _shown(one: SignIn) -> dict[str, Any]:
    return {"sign_in_id": one.id, "start_time": one.begun, "sign_in_specification": one.text}
