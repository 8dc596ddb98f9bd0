"""What the chapters about running meetings share: who acts upon one."""

from typing import Annotated

from attrs import field

from tm_async import rules
from tm_async.api.shared import OPERATOR_TYPE, ByOperator, Device, OperatorType, UserId, type_from
from tm_async.core.declare import mixin
from tm_async.rules.rooms import OF_A_ROOM

__all__ = ["ByUser", "InMeeting", "OfRoomsDevice"]


@mixin
class InMeeting(ByOperator):
    """Who acts upon a running meeting, and with which device."""

    operator_id: Annotated[str, rules.NOT_EMPTY]
    """Who acts. A userid, an `OpenId("...")`, or an `MsOpenId("...")` of that meeting."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id, 4 ms_open_id; follows from `operator_id`."""
    instanceid: Device = Device.PC
    """The device of who acts."""


@mixin
class ByUser:
    """Who acts, in the older form, and with which device."""

    userid: UserId
    """Who acts."""
    instanceid: Device = Device.PC


@mixin
class OfRoomsDevice:
    """Which Rooms device created the meeting, where one did."""

    target_rooms_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The id of the Rooms device that created the meeting, or of its room: `MeetingRoomId("...")`. Needed then."""
    target_rooms_id_type: Annotated[OperatorType, OF_A_ROOM] | None = field(
        default=type_from("target_rooms_id", plain=OperatorType.ROOMS_ID)
    )
    """3 rooms_id, 5 meeting_room_id; follows from `target_rooms_id`."""
