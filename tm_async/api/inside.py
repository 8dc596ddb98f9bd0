"""What the chapters about running meetings share: who acts upon one."""

from typing import Annotated

from attrs import field

from tm_async import rules
from tm_async.api.shared import OPERATOR_TYPE, ByOperator, Device, OperatorType, UserId
from tm_async.core.declare import mixin

__all__ = ["ByUser", "InMeeting"]


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
