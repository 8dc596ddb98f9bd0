"""Guests of a meeting, by its id and by its code (official docs, 2021). For the creator only."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.limits import guest_problems
from tm_async.emulator.chapters.meetings.operations.reach import by_code, check_role, meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["guests", "replace", "replace_by_code", "show", "show_by_code"]

guests: Chapter[Meeting] = Chapter("guests")


@guests.does("list")
def show(asked: Asked, *, meeting_id: str) -> Mapping[str, Any]:
    """By id."""
    return _shown(_own(asked, meeting_of(asked, meeting_id)))


@guests.does("list_by_code")
def show_by_code(asked: Asked, *, meeting_code: str) -> Mapping[str, Any]:
    """By code."""
    return _shown(_own(asked, by_code(asked, meeting_code)))


@guests.does("replace")
def replace(asked: Asked, *, meeting_id: str, guests: list[dict[str, str]]) -> None:
    """The list is overwritten, an empty one clears it; while the meeting runs and afterwards, too (not documented)."""
    _replace(asked, _own(asked, meeting_of(asked, meeting_id)), guests)


@guests.does("replace_by_code")
def replace_by_code(asked: Asked, *, meeting_code: str, guests: list[dict[str, str]]) -> None:
    """With the code in the body."""
    _replace(asked, _own(asked, by_code(asked, meeting_code)), guests)


def _own(asked: Asked, meeting: Meeting) -> Meeting:
    """The pages list no codes; they are those of other meetings."""
    check_role(asked, meeting, admin=False)
    return meeting


def _shown(meeting: Meeting) -> Mapping[str, Any]:
    return {
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "subject": meeting.subject,
        "guests": [dict(guest) for guest in meeting.guests],
    }


def _replace(asked: Asked, meeting: Meeting, guests: list[dict[str, str]]) -> None:
    if problems := list(guest_problems(guests)):
        raise Refused(190004, "; ".join(problems[:10]))
    asked.state.change(meeting, asked.now, guests=tuple(guests))
