"""What the chapters about running meetings share: who acts upon one."""

from typing import Annotated, TypeVar

from attrs import field

from tm_async import rules
from tm_async.api.shared import OPERATOR_TYPE, ByOperator, Device, OperatorType, UserId
from tm_async.core.declare import mixin
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Found, Looked
from tm_async.errors import OutcomeUnknown, TencentMeetingError

__all__ = ["ByUser", "InMeeting", "send_once"]

ResultT = TypeVar("ResultT")


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


async def send_once(client: Sender, operation: Operation[ResultT]) -> ResultT:
    """Send what must not be done twice. Where no clear answer comes, look for what it made, as docs/retries.md says.

    What is certainly not there is sent once more. Raises `OutcomeUnknown` where looking does not settle it.
    """
    try:
        return await client.send(operation)
    except OutcomeUnknown as error:
        try:
            looked: Looked[ResultT] = await error.reconcile()
        except TencentMeetingError as trouble:
            raise error from trouble
        if isinstance(looked, Found):
            return looked.result
        if not isinstance(looked, Absent):
            raise
    return await client.send(operation)
