"""The special guests of a meeting, by its id or by its code.

Only the creator may look at the list and replace it, and only the business, enterprise and education editions have it.
"""

from collections.abc import Iterable
from typing import Annotated, cast

from attrs import field, frozen

from tm_async import rules
from tm_async.api.guests.models import GuestList
from tm_async.api.meetings.models import Guest
from tm_async.api.shared import Device, UserId, as_tuple, clean_code
from tm_async.core.operation import Operation, Repeat, Spec

__all__ = ["ListGuests", "ListGuestsByCode", "ReplaceGuests", "ReplaceGuestsByCode"]


def _guests(guests: Iterable[Guest]) -> tuple[Guest, ...]:
    return cast("tuple[Guest, ...]", as_tuple(guests))


@frozen(kw_only=True)
class ListGuests(Operation[GuestList]):
    """List the special guests of a meeting (doc 1095/54308)."""

    spec = Spec(
        id="guests.list",
        method="GET",
        path="/v1/guests/{meeting_id}",
        doc="1095/54308",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC


# A second run leaves the same list, but is another of the day's ten changes: repeating is left to the caller.
@frozen(kw_only=True)
class ReplaceGuests(Operation[None]):
    """Replace all special guests of a meeting (doc 1095/93438).

    The list given is the whole new list: an empty one clears it, and to add somebody you send the others too. Ten
    changes a day, and ten times as a guest for one person: beyond that the meeting no longer shows in the guest's
    list. How many guests a call takes is not documented; to create a meeting takes 2,000.
    """

    spec = Spec(
        id="guests.replace",
        method="PUT",
        path="/v1/guests/{meeting_id}",
        doc="1095/93438",
        repeat=Repeat.UNSAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC
    guests: tuple[Guest, ...] = field(converter=_guests)
    """The whole new list. There is no default: to clear the list, give an empty one."""


@frozen(kw_only=True)
class ListGuestsByCode(Operation[GuestList]):
    """List the special guests of a meeting by its code (no page known).

    Known from the vendor's pages of 2021 and in no official SDK; `list` is the current form.
    """

    spec = Spec(
        id="guests.list_by_code",
        method="GET",
        path="/v1/guests",
        doc=None,
        repeat=Repeat.SAFE,
    )

    meeting_code: Annotated[str, rules.MEETING_CODE] = field(converter=clean_code)
    """9 digits; spaces and dashes are removed."""
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC


@frozen(kw_only=True)
class ReplaceGuestsByCode(Operation[None]):
    """Replace all special guests of a meeting by its code (doc 1095/93438).

    As `replace`, and in no official SDK. The list given is the whole new list: an empty one clears it.
    """

    spec = Spec(
        id="guests.replace_by_code",
        method="PUT",
        path="/v1/guests",
        doc="1095/93438",
        repeat=Repeat.UNSAFE,
    )

    meeting_code: Annotated[str, rules.MEETING_CODE] = field(converter=clean_code)
    """9 digits; spaces and dashes are removed."""
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC
    guests: tuple[Guest, ...] = field(converter=_guests)
    """The whole new list. There is no default: to clear the list, give an empty one."""
