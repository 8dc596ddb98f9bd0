"""Rooms that are free, of a list that changes while it is read. Played by a sender."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.conftest import START
from tm_async.api.rooms import ListRoomMeetings, ListRooms, RoomMeetingsPage, Rooms, RoomsPage


class Moving:
    """A room is added while the list is read, so the last one of the first page is on the second one, too."""

    def __init__(self) -> None:
        self.since: set[datetime | None] = set()

    async def send(self, operation: Any) -> Any:
        if isinstance(operation, ListRoomMeetings):
            self.since.add(operation.start_time)
        if not isinstance(operation, ListRooms):
            return RoomMeetingsPage.from_wire({"total_page": 1})
        rooms = [["a", "b"], ["b", "c"]][(operation.page or 1) - 1]
        rows = [{"meeting_room_id": one, "meeting_room_name": one} for one in rooms]
        return RoomsPage.from_wire({"meeting_room_list": rows, "total_page": 2})


async def test_a_room_that_is_twice_in_the_list() -> None:
    found = Rooms(Moving()).find_free(START, START + timedelta(hours=1), operator_id="admin")
    assert [room.meeting_room_id async for room in found] == ["a", "b", "c"]


async def test_a_day_before_is_24_hours_also_when_clocks_change() -> None:
    """A meeting in a room lasts that long; by wall clocks it would be 23 hours of the night they are set forward."""
    moving, start = Moving(), datetime(2027, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    _ = [room async for room in Rooms(moving).find_free(start, start + timedelta(hours=1), operator_id="admin")]
    assert moving.since == {datetime(2027, 3, 27, 10, tzinfo=UTC)}
