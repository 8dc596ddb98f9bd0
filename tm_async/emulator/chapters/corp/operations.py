"""Account-level lists (doc 1095/52490, 52492, 53224, 52494) and roles (doc 1095/59998, 60000).

Not documented, and chosen here: lists are in order of creation; a user has one role, so that another one takes its
place; the code for who is no administrator and asks for a list is 9042. New meetings show at once, not after half a
minute.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.corp.state import Role
from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.recordings.operations import ANY, KINDS, row_of
from tm_async.emulator.chapters.recordings.reach import check_seconds, in_time
from tm_async.emulator.chapters.users.user import ADMIN_ROLE, DISABLED, NORMAL_ROLE, NOT_ACTIVATED, User
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["corp", "delete_role", "give_role", "meetings", "records", "roles", "users"]

ENDED, RUNNING, UPCOMING = 1, 2, 3
STATUS = {"1": 1, "3": 2, "4": 0}
"""Of the users chapter, as account-level lists show it."""

corp: Chapter[Role] = Chapter("corp", by=administrator, acting="operator_userid")


@corp.lists("list_meetings")
def meetings(
    asked: Asked,
    *,
    meeting_state: int,
    meeting_code: str = "",
    userid: str = "",
    start_time: int = 0,
    end_time: int = 2**63,
) -> Iterator[Mapping[str, Any]]:
    """Ended ones per session, in milliseconds. Whether a meeting has to begin within the times is not documented."""
    list_of = {ENDED: _ended, RUNNING: _running, UPCOMING: _upcoming}[meeting_state]
    for meeting in asked.state.meetings.values():
        if meeting.cancelled or meeting_code not in {"", meeting.code}:
            continue
        if meeting_state == RUNNING and userid not in {"", meeting.creator}:
            continue
        for began, row in list_of(meeting, asked.now):
            if start_time <= began <= end_time:
                yield _row(asked, meeting) | row


def _row(asked: Asked, meeting: Meeting) -> dict[str, Any]:
    creator = asked.state.users.get(meeting.creator)
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "userid": meeting.creator,
        "userid_type": 1,
        "nick_name": creator.username or creator.userid if creator else "",
        "meeting_type": meeting.meeting_type,
    }


_Rows = Iterator[tuple[int, dict[str, Any]]]


def _ended(meeting: Meeting, now: float) -> _Rows:
    for span in meeting.spans:
        session = meeting.session(span)
        if session.began is not None and session.finished is not None and not session.is_running:
            people = {one.ms_open_id for one in session.attendances}
            yield (
                session.began,
                {
                    "start_time": session.began * 1000,
                    "end_time": session.finished * 1000,
                    "participants_num": len(people),
                    "meeting_duration": (session.finished - session.began) * 1000,
                    **({"sub_meeting_id": span.id} if span.id else {}),
                },
            )


def _running(meeting: Meeting, now: float) -> _Rows:
    return (_booked(meeting, span, RUNNING) for span in meeting.spans if meeting.session(span).is_running)


def _upcoming(meeting: Meeting, now: float) -> _Rows:
    """Of a series the next occurrence."""
    ahead = [span for span in meeting.ahead(now) if not meeting.session(span).is_running]
    return (_booked(meeting, span, UPCOMING) for span in ahead[:1])


def _booked(meeting: Meeting, span: Span, state: int) -> tuple[int, dict[str, Any]]:
    times = {"start_time": span.start, "end_time": span.end}
    return span.start, {**times, "meeting_state": state, "online_member_num": len(meeting.session(span).inside)}


@corp.lists("list_records")
def records(asked: Asked, *, start_time: int, end_time: int, query_record_type: int = 1) -> Iterator[Mapping[str, Any]]:
    """By when the recording began; that `subject` is plain here is not documented either."""
    check_seconds(start_time, end_time)
    for one in asked.state.recordings:
        of_the_kind = query_record_type == ANY or one.kind == KINDS[query_record_type]
        if of_the_kind and in_time(one.began, start_time, end_time):
            yield row_of(asked, one).having(userid=one.owner, subject=one.name)


@corp.lists("list_users")
def users(
    asked: Asked,
    *,
    user_name: str = "",
    userid: str = "",
    uuid: str = "",
    status: int | None = None,
    role_code: str = "",
) -> Iterator[Mapping[str, Any]]:
    """Filters hold all together, and exactly (not documented)."""
    for user in asked.state.users.values():
        row = asked.state.users.show(user)
        row["status"] = STATUS[user.status]
        row["departments"] = [
            {
                "id": one["department_id"],
                "name": one["department_name"],
                "full_name": one["department_full_name"],
                "is_main": one["is_main"],
            }
            for one in row["department_list"]
        ]
        wanted = {"user_name": user_name, "userid": userid, "uuid": uuid, "role_code": role_code}
        if status in {None, row["status"]} and all(value in {"", row[name]} for name, value in wanted.items()):
            yield row


# --- roles ------------------------------------------------------------------------------------------------------------


@corp.lists("list_roles")
def roles(asked: Asked) -> Iterator[Mapping[str, Any]]:
    """With how many have each."""
    for role in asked.state.roles.values():
        yield {
            "role_code": role.role_code,
            "role_name": role.role_name,
            "role_desc": role.role_desc,
            "role_member_nu": len(_members(asked, role.role_code)),
        }


@corp.does("add_role", "set_role", forbidden=190442)
def give_role(asked: Asked, *, role_code: str, users: list[str]) -> None:
    """To all of them or to nobody."""
    there = asked.state.users
    asked.state.roles.find(role_code)
    found = [there.find(userid) for userid in dict.fromkeys(users)]
    for user in found:
        for refused, code, problem in (
            (user.status == NOT_ACTIVATED, 60002, "is not activated"),
            (user.status == DISABLED, 60001, "is disabled"),
            (user.userid == there.super_admin, 60003, "is the super administrator"),
        ):
            if refused:
                raise Refused(code, f"{user.userid!r} {problem}")
    for user in found:
        there.put(_with_role(user, role_code))


@corp.does("delete_role", forbidden=190442)
def delete_role(asked: Asked, *, role_code: str) -> None:
    """Who had it is an ordinary member then (not documented)."""
    if asked.state.roles.find(role_code).built_in:
        raise Refused(190004, f"{role_code[:64]!r} is built in")
    for user in _members(asked, role_code):
        asked.state.users.put(_with_role(user, NORMAL_ROLE))
    asked.state.roles.remove(role_code)


def _members(asked: Asked, role_code: str) -> list[User]:
    return [user for user in asked.state.users.values() if user.role_code == role_code]


def _with_role(user: User, role_code: str) -> User:
    return evolve(user, admin=role_code == ADMIN_ROLE, role="" if role_code in {ADMIN_ROLE, NORMAL_ROLE} else role_code)
