"""Special guests of a meeting: who enters without password and waiting room."""

from typing import TYPE_CHECKING

from tm_async.lazy import attach

if TYPE_CHECKING:
    from tm_async.api.guests.models import GuestList as GuestList
    from tm_async.api.guests.operations import ListGuests as ListGuests
    from tm_async.api.guests.operations import ListGuestsByCode as ListGuestsByCode
    from tm_async.api.guests.operations import ReplaceGuests as ReplaceGuests
    from tm_async.api.guests.operations import ReplaceGuestsByCode as ReplaceGuestsByCode
    from tm_async.api.guests.resource import Guests as Guests

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "models": ("GuestList",),
        "operations": (
            "ListGuests",
            "ListGuestsByCode",
            "ReplaceGuests",
            "ReplaceGuestsByCode",
        ),
        "resource": ("Guests",),
    },
)
