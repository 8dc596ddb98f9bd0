"""The chapter "corp" on a client: `tm.corp`."""

from tm_async.api import corp
from tm_async.batch.mount import BulkCall
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Corp"]


class Corp(Resource):
    """The whole account, for administrators: its meetings, recordings and users, and the roles of these."""

    list_meetings = Pages(lambda: corp.ListCorpMeetings)
    list_records = Pages(lambda: corp.ListCorpRecords)
    list_users = Pages(lambda: corp.ListCorpUsers)
    list_roles = Pages(lambda: corp.ListRoles)
    add_role = Call(lambda: corp.AddRole)
    add_role_many = BulkCall(lambda: corp.AddRole)
    set_role = Call(lambda: corp.SetRole)
    set_role_many = BulkCall(lambda: corp.SetRole)
    delete_role = Call(lambda: corp.DeleteRole)
