"""One room more for a meeting, by a call that replaces them all; and what stands where it can't be."""

from collections.abc import Collection
from contextlib import aclosing

from attrs import evolve, frozen

from tm_async._util.foreign import printable
from tm_async.api.meetings.models import Meeting
from tm_async.api.meetings.query import GetMeeting
from tm_async.api.rooms.booking import BookedRooms, BookRooms
from tm_async.api.rooms.finding import standing_in
from tm_async.api.rooms.lists import ListRooms, RoomMeeting
from tm_async.core.given import given
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator
from tm_async.errors import Conflict, PagingStalled, TencentMeetingError
from tm_async.errors.base import rebuild

__all__ = ["RoomOccupied", "Standing", "add_room", "booked_rooms"]


@frozen
class Standing:
    """What stands in a room."""

    meeting_room_id: str
    meeting: RoomMeeting


class RoomOccupied(Conflict):
    """A room is taken at the time of the meeting (21301); nothing was changed."""

    standing: tuple[Standing, ...]
    """What stands there, as far as it can be seen."""


async def booked_rooms(client: Sender, operator_id: str, meeting: Meeting) -> list[str]:
    """The rooms in whose lists the meeting stands: no call shows them by the meeting.

    A room that can't be read would be lost by replacing the list, so it is an error.
    """
    found: list[str] = []
    asked = ListRooms(operator_id=operator_id, page_size=50)
    async for room in Paginator(asked, client):
        if not room.meeting_room_id:
            message = "a room can't be read, and would be lost by replacing the list; nothing was changed"
            raise PagingStalled(message, operation=asked.spec.id)
        standing = await _standing(client, operator_id, room.meeting_room_id, meeting)
        if any(one.meeting.meeting_id == meeting.meeting_id for one in standing):
            found.append(room.meeting_room_id)
    return found


async def _standing(client: Sender, operator_id: str, meeting_room_id: str, meeting: Meeting) -> list[Standing]:
    if meeting.start_time is None or meeting.end_time is None:
        message = "when the meeting is can't be read, so nobody can tell which rooms it has; nothing was changed"
        raise PagingStalled(message, operation=GetMeeting.spec.id)
    there = standing_in(client, operator_id, meeting_room_id, meeting.start_time, meeting.end_time)
    async with aclosing(there) as found:
        return [Standing(meeting_room_id, one) async for one in found]


async def add_room(client: Sender, wanted: BookRooms, booked: Collection[str] | None) -> BookedRooms | None:
    """Read which rooms the meeting has, and replace them by these and what is wanted."""
    booked = given("booked", booked, Collection[str] | None, operation="rooms.add_room")
    asked = GetMeeting(meeting_id=wanted.meeting_id, operator_id=wanted.operator_id)
    meeting = None if booked is not None else await client.send(asked)
    before = booked if meeting is None else await booked_rooms(client, wanted.operator_id, meeting)
    before = dict.fromkeys(before or ())
    after = before | dict.fromkeys(wanted.meeting_room_id_list)
    if len(after) == len(before):
        return None
    try:
        return await client.send(evolve(wanted, meeting_room_id_list=list(after)))
    except Conflict as conflict:
        standing: list[Standing] = []
        try:
            if meeting is None:
                meeting = await client.send(asked)
            for room in wanted.meeting_room_id_list:
                standing += await _standing(client, wanted.operator_id, room, meeting)
        except TencentMeetingError:
            pass  # what stands there can't be seen; that something does is known
        raise _occupied(conflict, [one for one in standing if one.meeting.meeting_id != wanted.meeting_id]) from None


def _occupied(conflict: Conflict, standing: list[Standing]) -> TencentMeetingError:
    said = [
        f"room {one.meeting_room_id} has meeting {one.meeting.meeting_id}, {_span(one.meeting)}" for one in standing
    ]
    message = printable("; ".join([str(conflict.args[0]), *said]))
    return rebuild(RoomOccupied, (message,), {**conflict.__dict__, "standing": tuple(standing)})


def _span(meeting: RoomMeeting) -> str:
    return " to ".join("?" if one is None else one.isoformat() for one in (meeting.start_time, meeting.end_time))
