"""Rooms that are free: the lists of rooms and of their meetings read, as far as somebody looks."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

from tm_async.api.rooms.details import GetRoom, RoomBasics
from tm_async.api.rooms.lists import ListedRoom, ListRoomMeetings, ListRooms, RoomMeeting
from tm_async.api.rooms.values import RoomStatus
from tm_async.api.shared import Switch
from tm_async.core.declare import Part, part
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator
from tm_async.core.validation import on_page, violations
from tm_async.errors import ValidationError
from tm_async.rules import NOT_EMPTY, rooms
from tm_async.rules.limits import at_least

__all__ = ["WantedRoom", "free_rooms", "standing_in"]

_LONGEST = timedelta(days=1)
"""What stands in a room lasts no longer (doc 1095/55313)."""


@part
class WantedRoom(Part):
    """Which rooms are looked for. Raises `ValidationError` where none can be meant."""

    start: datetime
    end: datetime
    capacity: Annotated[int, at_least(1, page=None)] | None = None
    city: Annotated[str, NOT_EMPTY] | None = None
    building: Annotated[str, NOT_EMPTY] | None = None

    checks: ClassVar = (rooms.bookable_time,)

    def __attrs_post_init__(self) -> None:
        if found := violations(self):
            raise ValidationError(on_page(found, None), operation="rooms.find_free")

    def may_fit(self, room: ListedRoom) -> bool:
        """Whether a room is large enough, not closed for bookings, and has a location with these names in it."""
        place = room.meeting_room_location.casefold()
        return (
            room.scheduled_status != Switch.OFF
            and room.meeting_room_status != RoomStatus.NOT_ACTIVATED
            and (self.capacity is None or (room.participant_number or 0) >= self.capacity)
            and all(part is None or part.casefold() in place for part in (self.city, self.building))
        )

    def is_there(self, basics: RoomBasics | None) -> bool:
        """Whether that is the city and the building of a room."""
        return basics is not None and all(
            wanted is None or wanted.casefold() == found.casefold()
            for wanted, found in ((self.city, basics.city), (self.building, basics.building))
        )


def _order(room: ListedRoom) -> Any:
    return room.participant_number or 0, room.meeting_room_name, room.meeting_room_id


async def free_rooms(client: Sender, operator_id: str, wanted: WantedRoom) -> AsyncGenerator[ListedRoom]:
    """Rooms that fit, the smallest first, as soon as it is known that each is free. No meeting is kept."""
    listed = Paginator(ListRooms(operator_id=operator_id, page_size=50), client)
    fitting = {room.meeting_room_id: room async for room in listed if wanted.may_fit(room)}  # a list may move on
    for room in sorted(fitting.values(), key=_order):
        if wanted.city or wanted.building:
            shown = await client.send(GetRoom(operator_id=operator_id, meeting_room_id=room.meeting_room_id))
            if not wanted.is_there(shown.basic_info):
                continue
        standing = standing_in(client, operator_id, room.meeting_room_id, wanted.start, wanted.end)
        async with aclosing(standing) as found:
            if await anext(found, None) is None:
                yield room


async def standing_in(
    client: Sender, operator_id: str, meeting_room_id: str, start: datetime, end: datetime
) -> AsyncGenerator[RoomMeeting]:
    """The meetings that stand in a room between two moments.

    Whether the gateway lists those that began before is not documented: it is asked for a day more. A meeting without
    times might stand there.
    """
    since = start.astimezone(UTC) - _LONGEST  # of 24 hours, whatever the clocks do
    asked = ListRoomMeetings(operator_id=operator_id, target_rooms_id=meeting_room_id, start_time=since, end_time=end)
    async for one in Paginator(asked, client):
        if (one.start_time is None or one.start_time < end) and (one.end_time is None or one.end_time > start):
            yield one
