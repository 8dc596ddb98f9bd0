"""The chapter "corp_resources" on a client: `tm.corp_resources`."""

from tm_async.api import corp_resources
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["CorpResources"]


class CorpResources(Resource):
    """What members of the enterprise may use: starting meetings, large meetings, reserved virtual rooms."""

    list_bookers = Pages(lambda: corp_resources.ListBookers)
    set_bookers = Call(lambda: corp_resources.SetBookers)
    remove_bookers = Call(lambda: corp_resources.RemoveBookers)
    list_large_meeting_users = Pages(lambda: corp_resources.ListLargeMeetingUsers)
    set_large_meeting_users = Call(lambda: corp_resources.SetLargeMeetingUsers)
    remove_large_meeting_users = Call(lambda: corp_resources.RemoveLargeMeetingUsers)
    list_virtual_room_users = Pages(lambda: corp_resources.ListVirtualRoomUsers)
    set_virtual_room_users = Call(lambda: corp_resources.SetVirtualRoomUsers)
    remove_virtual_room_users = Call(lambda: corp_resources.RemoveVirtualRoomUsers)
