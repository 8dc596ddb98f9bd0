"""The chapter "rooms" on a client: `tm.rooms`."""

from collections.abc import AsyncGenerator, Collection
from datetime import datetime

from tm_async.api import rooms
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Rooms"]


class Rooms(Resource):
    """Meeting rooms: found, booked for meetings, called into them, and the devices in them."""

    list = Pages(lambda: rooms.ListRooms)
    get = Call(lambda: rooms.GetRoom)
    modify = Call(lambda: rooms.ModifyRoom)
    get_config = Call(lambda: rooms.GetRoomConfig)
    modify_config = Call(lambda: rooms.ModifyRoomConfig)
    get_background = Call(lambda: rooms.GetBackground)
    set_background = Call(lambda: rooms.SetBackground)
    get_by_screencast_code = Call(lambda: rooms.GetByScreencastCode)
    list_meetings = Pages(lambda: rooms.ListRoomMeetings)
    book = Call(lambda: rooms.BookRooms)
    release = Call(lambda: rooms.ReleaseRooms)
    call = Call(lambda: rooms.CallRoom)
    cancel_call = Call(lambda: rooms.CancelCall)
    get_call_status = Call(lambda: rooms.GetCallStatus)
    list_devices = Pages(lambda: rooms.ListDevices)
    list_controllers = Pages(lambda: rooms.ListControllers)
    list_alarms = Pages(lambda: rooms.ListAlarms)
    create_active_code = Call(lambda: rooms.CreateActiveCode)
    get_inventory = Call(lambda: rooms.GetInventory)
    get_account_statistics = Call(lambda: rooms.GetRoomStatistics)

    # --- built on the calls above ---------------------------------------------------------------------------------

    def find_free(
        self,
        start: datetime,
        end: datetime,
        *,
        operator_id: str,
        capacity: int | None = None,
        city: str | None = None,
        building: str | None = None,
    ) -> "AsyncGenerator[rooms.ListedRoom]":
        """Find rooms that are free from `start` to `end`, the smallest that hold `capacity` people first.

        `async for room in tm.rooms.find_free(...)`: the list of rooms is read first, 50 a call, then the meetings of
        one room after the other, as far as somebody looks. With `city` or `building`, rooms whose location has them in
        it are looked up, too, a call for each. Left out are rooms that are closed for bookings, or not activated. Free
        is what is free when it is asked; `book` decides.

        Raises `ValidationError` for a time that can't be booked (15 minutes to 24 hours), and the errors of a call.
        """
        wanted = rooms.WantedRoom(start=start, end=end, capacity=capacity, city=city, building=building)
        return rooms.free_rooms(self.client, operator_id, wanted)

    async def add_room(
        self, *, meeting_id: str, operator_id: str, meeting_room_id: str, booked: Collection[str] | None = None
    ) -> "rooms.BookedRooms | None":
        """Book one room more for a meeting: reads which ones it has, and books those with this one.

        No call shows the rooms of a meeting. So the meetings of every room are read, a call for each, unless `booked`
        names the rooms that it has: `book` and this answer them. Returns `None` where the meeting has the room already.
        Between reading and booking another change gets lost.

        Raises `RoomOccupied`, which has what stands there; `PagingStalled` for a list that can't be read in full:
        nothing was changed; and the errors of a call.
        """
        wanted = rooms.BookRooms(operator_id=operator_id, meeting_id=meeting_id, meeting_room_id_list=[meeting_room_id])
        return await rooms.add_room(self.client, wanted, booked)

    async def remove_room(self, *, meeting_id: str, operator_id: str, meeting_room_id: str) -> None:
        """Give one room of a meeting back, and leave it the others: `release`, which takes those that go."""
        await self.release(operator_id=operator_id, meeting_id=meeting_id, meeting_room_id_list=[meeting_room_id])

    async def wait_answer(
        self,
        *,
        meeting_id: str,
        operator_id: str,
        meeting_room_id: str | None = None,
        mra_address: "rooms.MraAddress | None" = None,
        within: float = 60.0,
        every: float = 2.0,
        answers: "rooms.RoomAnswers | None" = None,
    ) -> "rooms.CallStatus":
        """Wait for a called room to answer: asks `every` so many seconds, and at once when `answers` hears of it.

        Returns the first status that is neither "calling" nor "not called". The sources disagree on what 2 and 5 mean,
        see `CallState`: show the number. Raises `DeadlineExceeded` after `within` seconds (official texts let a room
        ring for 60), and the errors of a call. The room rings on: `cancel_call` ends that.
        """
        asked = rooms.GetCallStatus(
            operator_id=operator_id,
            meeting_id=meeting_id,
            meeting_room_id=meeting_room_id,
            mra_address=mra_address,
        )
        return await rooms.wait_answer(self.client, asked, within=within, every=every, answers=answers)
