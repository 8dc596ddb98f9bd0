"""The special guests of a meeting, by its id or by its code.

Only the creator may look at the list and replace it, and only the business, enterprise and education editions have it.
"""

from collections.abc import Collection

from tm_async.api.guests.models import GuestList
from tm_async.api.meetings.models import Guest
from tm_async.api.shared import Device, MeetingCode, MeetingId, UserId
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Repeat, Spec

__all__ = ["ListGuests", "ListGuestsByCode", "ReplaceGuests", "ReplaceGuestsByCode"]


@operation
class ListGuests(Operation[GuestList]):
    """List the special guests of a meeting (doc 1095/54308)."""

    spec = Spec("guests.list", "GET /v1/guests/{meeting_id}")

    meeting_id: MeetingId
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC


# A second run leaves the same list, but is another of the day's ten changes: repeating is left to the caller.
@operation
class ReplaceGuests(Operation[None]):
    """Replace all special guests of a meeting (doc 1095/93438).

    The list given is the whole new list: an empty one clears it, and to add somebody you send the others too. Ten
    changes a day, and ten times as a guest for one person: beyond that the meeting no longer shows in the guest's
    list. How many guests a call takes is not documented; to create a meeting takes 2,000.
    """

    spec = Spec("guests.replace", "PUT /v1/guests/{meeting_id}", repeat=Repeat.UNSAFE)

    meeting_id: MeetingId
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC
    guests: Collection[Guest]
    """The whole new list. There is no default: to clear the list, give an empty one."""


@operation
class ListGuestsByCode(Operation[GuestList]):
    """List the special guests of a meeting by its code (no page known).

    Known from the vendor's pages of 2021 and in no official SDK; `list` is the current form.
    """

    spec = Spec("guests.list_by_code", "GET /v1/guests")

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC


@operation
class ReplaceGuestsByCode(Operation[None]):
    """Replace all special guests of a meeting by its code (doc 1095/93438).

    As `replace`, and in no official SDK. The list given is the whole new list: an empty one clears it.
    """

    spec = Spec("guests.replace_by_code", "PUT /v1/guests", repeat=Repeat.UNSAFE)

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""
    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC
    guests: Collection[Guest]
    """The whole new list. There is no default: to clear the list, give an empty one."""
