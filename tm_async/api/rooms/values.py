"""What several operations on rooms share: who acts, which room is meant, states."""

from typing import Annotated

from attrs import field

from tm_async.api.acting import ByUserId
from tm_async.api.shared import OperatorType, RoomId, type_from
from tm_async.core.declare import mixin
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import lists, pages
from tm_async.rules.rooms import OF_A_ROOM

__all__ = ["ListedByUserId", "OfRoom", "RoomLicence", "RoomLicenceTier", "RoomStatus"]


class RoomStatus(OpenIntEnum):
    """`meeting_room_status`."""

    NOT_ACTIVATED = 0
    NOT_BOUND = 1
    FREE = 2
    IN_USE = 3
    """"Trial" in one text of the official SDK."""
    OFFLINE = 4
    NOT_SIGNED_IN = 5
    """In the official SDKs only."""


class RoomLicence(OpenIntEnum):
    """`account_type` of a room."""

    ORDINARY = 0
    DEDICATED = 1
    TRIAL = 2


class RoomLicenceTier(OpenIntEnum):
    """`account_new_type` of a room."""

    BASIC = 0
    PROFESSIONAL = 1


@mixin
class ListedByUserId(ByUserId):
    """A list in pages of at most 50."""

    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50; the gateway's default is 20."""


@mixin
class OfRoom:
    """Which room is meant."""

    target_rooms_id: RoomId | None = None
    """The id of a room, or of a device in it: `RoomsId("...")`."""
    target_rooms_id_type: Annotated[OperatorType, OF_A_ROOM] | None = field(
        default=type_from("target_rooms_id", plain=OperatorType.MEETING_ROOM_ID)
    )
    """3 rooms_id, 5 meeting_room_id; follows from `target_rooms_id`."""
