"""What must not be done twice, and is looked for where no clear answer comes."""

from typing import TypeVar

from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.outcome import Absent, Found, Looked
from tm_async.errors import OutcomeUnknown, TencentMeetingError

__all__ = ["send_once"]

ResultT = TypeVar("ResultT")


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
