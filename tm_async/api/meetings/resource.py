"""The chapter "meetings" on a client: `tm.meetings`."""

from tm_async.api.meetings.operations import CreateMeeting, FindMeeting, GetMeeting, ListMeetings
from tm_async.core.mount import BulkCall, Call, Pages, Resource

__all__ = ["Meetings"]


class Meetings(Resource):
    """Create meetings and look them up."""

    __slots__ = ()

    create = Call(CreateMeeting)
    create_many = BulkCall(CreateMeeting)
    get = Call(GetMeeting)
    find = Call(FindMeeting)
    list = Pages(ListMeetings)
