"""The chapter "rooms" on a client: `tm.rooms`."""

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
