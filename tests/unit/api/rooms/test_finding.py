"""Rooms that are free, of a list that changes while it is read. Played by a sender."""

from datetime import timedelta
from typing import Any

from tests.conftest import START
from tm_async.api.rooms import ListRooms, RoomMeetingsPage, Rooms, RoomsPage


class Moving:
    """A room is added while the list is read, so the last one of the first page is on the second one, too."""

    async def send(self, operation: Any) -> Any:
        if not isinstance(operation, ListRooms):
            return RoomMeetingsPage.from_wire({"total_page": 1})
        rooms = [["a", "b"], ["b", "c"]][(operation.page or 1) - 1]
        rows = [{"meeting_room_id": one, "meeting_room_name": one} for one in rooms]
        return RoomsPage.from_wire({"meeting_room_list": rows, "total_page": 2})


async def test_a_room_that_is_twice_in_the_list() -> None:
    found = Rooms(Moving()).find_free(START, START + timedelta(hours=1), operator_id="admin")
    assert [room.meeting_room_id async for room in found] == ["a", "b", "c"]
