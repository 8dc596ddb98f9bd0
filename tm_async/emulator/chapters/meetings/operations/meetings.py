"""Create, query by id, query by code and list (doc 1095/42417, 42418, 42421)."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from tm_async.emulator.chapters.meetings import limits, news, wire
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations.booking import BOOKED, booked, check_series
from tm_async.emulator.chapters.meetings.operations.reach import by_code, check_role, own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.pages import position_of, token_page, token_size
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["create", "find", "get"]

PAGE = 20  # fixed (official docs, 2021)
DAY = 86400
CHINA_OFFSET = 8 * 3600


@meetings.does("create", attributes=BOOKED)
def create(asked: Asked, **body: Any) -> Mapping[str, Any]:
    """`POST /v1/meetings` (doc 1095/42417). Of `timezone`, which one client sends, nothing is known."""
    if problems := list(limits.create_problems(asked.given)):
        raise Refused(190004, "; ".join(problems[:10]))
    # That an unregistered host is refused like a creator is not documented.
    hosts = [registered(asked.call, host["userid"]) for host in body.get("hosts", ())]
    booking, unregistered = booked(asked.call, body, asked.operator, hosts)
    if booking.rule is not None:
        check_series(asked.call, booking.creator)
    if asked.call.quotas is not None:
        asked.call.quotas.creation(booking.creator, asked.now)
    meeting = asked.state.create(booking, asked.now)
    news.created(asked.state, meeting, asked.operator, asked.now)
    return wire.created(meeting, unregistered, asked.call.people)


@meetings.does("get")
def get(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """For the creator and administrators (doc 1095/42418)."""
    return _one(asked, own(asked, meeting_id), found_by_code=False)


@meetings.does("list")
def find(
    asked: Asked,
    *,
    meeting_code: str | None = None,
    pos: int = 0,
    cursory: int = 0,
    is_show_all_sub_meetings: int = 0,
) -> Mapping[str, Any]:
    """By code where `meeting_code` is given, else the user's list (doc 1095/42421)."""
    if meeting_code is not None:
        meeting = by_code(asked, meeting_code)
        check_role(asked, meeting)
        return _one(asked, meeting, found_by_code=True)
    if pos < 0 or cursory < 0:
        raise Refused(190004, "pos and cursory must not be negative")
    # Today 00:00 in Beijing by default (catalogue).
    today = int((asked.now + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET)
    position = (pos or today, cursory)
    if asked.by_token and (continued := position_of(asked.given, places=2)):
        position = (continued[0], continued[1])
    return _page(asked, position, every_occurrence=is_show_all_sub_meetings == 1)


def _one(asked: Asked, meeting: Meeting, *, found_by_code: bool) -> Mapping[str, Any]:
    owner = asked.operator == meeting.creator
    info = wire.detail(meeting, owner=owner, by_code=found_by_code, now=asked.now, people=asked.call.people)
    return {"meeting_number": 1, "meeting_info_list": [info]}


def _page(asked: Asked, position: tuple[int, int], *, every_occurrence: bool) -> Mapping[str, Any]:
    people, rows = asked.call.people, asked.state.listed(asked.operator, position, asked.now)
    if people.app is not None:
        rows = (row for row in rows if row[2].app == people.app)
    shown = list(islice(rows, token_size(asked.call.operation, asked.given) if asked.by_token else PAGE))
    following = next(rows, None)
    infos = [
        wire.listed(
            meeting,
            role=asked.state.role(meeting, asked.operator),
            every_occurrence=every_occurrence,
            now=asked.now,
            people=people,
        )
        for _, _, meeting in shown
    ]
    if asked.by_token:
        number = {"meeting_number": len(infos)}
        return {**number, **token_page(asked.call.operation, infos, following[:2] if following else None)}
    return {
        "meeting_number": len(infos),
        "meeting_info_list": infos,
        # The first row of the next page; what they are on the last page, and which non-zero number says
        # "more", is not documented.
        "remaining": int(following is not None),
        "next_pos": following[0] if following else 0,
        "next_cursory": following[1] if following else 0,
    }
