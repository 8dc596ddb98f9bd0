"""The chapter "guests" on a client: `tm.guests`."""

from tm_async.api import guests
from tm_async.core.mount import Call, Resource

__all__ = ["Guests"]


class Guests(Resource):
    """Special guests, who enter without password and waiting room."""

    list = Call(lambda: guests.ListGuests)
    list_by_code = Call(lambda: guests.ListGuestsByCode)
    replace = Call(lambda: guests.ReplaceGuests)
    replace_by_code = Call(lambda: guests.ReplaceGuestsByCode)
