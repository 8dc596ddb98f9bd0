"""Create, query by id, query by code and list (doc 1095/42417, 42418, 42421)."""

from collections.abc import Callable, Mapping
from itertools import islice

from tm_async.emulator.chapters.meetings import limits, wire
from tm_async.emulator.chapters.meetings.operations.booking import booked, check_series
from tm_async.emulator.chapters.meetings.operations.callers import (
    acting,
    actor,
    check_role,
    checked,
    number,
    reachable,
    registered,
)
from tm_async.emulator.chapters.meetings.operations.callers import meeting as meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.call import Answer, Call
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["HANDLERS", "create", "find", "get"]

PAGE = 20  # fixed (official docs, 2021)
DAY = 86400
CHINA_OFFSET = 8 * 3600


def create(call: Call) -> Answer:
    """`POST /v1/meetings` (doc 1095/42417)."""
    cleaned = checked(call)
    body = cleaned.value
    if problems := list(limits.create_problems(body)):
        raise Refused(190004, "; ".join(problems[:10]))
    creator = registered(call, acting(call, body["userid"], "userid"))
    # That an unregistered host is refused like a creator is not documented.
    hosts = [registered(call, host["userid"]) for host in body.get("hosts", ())]
    booking, unregistered = booked(call, body, creator, hosts)
    if booking.rule is not None:
        check_series(call, booking.creator)
    if call.quotas is not None:
        call.quotas.creation(booking.creator, call.now)
    meeting = call.state.create(booking, call.now)
    return Answer(
        value=wire.created(meeting, unregistered, call.people),
        committed=True,
        ignored=tuple(cleaned.ignored),
    )


def get(call: Call) -> Answer:
    """`GET /v1/meetings/{meeting_id}` (doc 1095/42418)."""
    userid = actor(call)
    return _one(call, meeting_of(call), userid, by_code=False)


def find(call: Call) -> Answer:
    """`GET /v1/meetings`: by code where `meeting_code` is given, else the user's list (doc 1095/42421)."""
    userid = actor(call)
    code = call.query.get("meeting_code")
    if code is None:
        return _page(call, userid)
    meeting = call.state.by_code(code, call.now)
    if meeting is None:
        raise Refused(9003, f"meeting_code {code[:40]!r} (nine digits, no separators) is not known")
    return _one(call, meeting, userid, by_code=True)


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "meetings.create": create,
    "meetings.get": get,
    "meetings.list": find,
}


def _one(call: Call, meeting: Meeting, userid: str, *, by_code: bool) -> Answer:
    """Creator or enterprise administrator (doc 1095/42418), else 9042."""
    reachable(call, meeting, code=9003 if by_code else 9042)
    check_role(call, meeting, userid)
    owner = userid == meeting.creator
    info = wire.detail(meeting, owner=owner, by_code=by_code, now=call.now, people=call.people)
    return Answer(value={"meeting_number": 1, "meeting_info_list": [info]})


def _page(call: Call, userid: str) -> Answer:
    query = call.query
    if query.get("page_type", "0") != "0":
        raise Refused(200004, "page_type other than 0 is not emulated", loud=True)
    every = query.get("is_show_all_sub_meetings", "0")
    if every not in {"0", "1"}:
        raise Refused(190004, f"is_show_all_sub_meetings is {every[:20]!r}, documented are 0 and 1")
    # Today 00:00 in Beijing by default (catalogue).
    today = int((call.now + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET)
    position = (number(query, "pos", 0) or today, number(query, "cursory", 0))
    rows = call.state.listed(userid, position, call.now)
    if (app := call.people.app) is not None:
        rows = (row for row in rows if row[2].app == app)
    shown = list(islice(rows, PAGE))
    following = next(rows, None)
    infos = [
        wire.listed(
            meeting,
            role=call.state.role(meeting, userid),
            every_occurrence=every == "1",
            now=call.now,
            people=call.people,
        )
        for _, _, meeting in shown
    ]
    return Answer(
        value={
            "meeting_number": len(infos),
            "meeting_info_list": infos,
            # The first row of the next page; what they are on the last page, and which non-zero number says
            # "more", is not documented.
            "remaining": int(following is not None),
            "next_pos": following[0] if following else 0,
            "next_cursory": following[1] if following else 0,
        }
    )
