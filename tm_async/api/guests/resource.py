"""The chapter "guests" on a client: `tm.guests`."""

from tm_async.api.guests.operations import ListGuests, ListGuestsByCode, ReplaceGuests, ReplaceGuestsByCode
from tm_async.core.mount import Call, Resource

__all__ = ["Guests"]


class Guests(Resource):
    """Special guests, who enter without password and waiting room."""

    __slots__ = ()

    list = Call(ListGuests)
    list_by_code = Call(ListGuestsByCode)
    replace = Call(ReplaceGuests)
    replace_by_code = Call(ReplaceGuestsByCode)
