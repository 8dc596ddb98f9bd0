"""Where a user's devices are."""

from collections.abc import Collection
from typing import Annotated, Any

from attrs import field

from tm_async import rules
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, Device, OperatorType
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, as_tuple, operation
from tm_async.core.operation import Operation, Repeat, Spec

__all__ = ["DeviceMeeting", "DeviceMeetings", "QueryDeviceMeetings"]


@answer
class DeviceMeeting(AnswerModel):
    """A meeting that one of the user's devices is in."""

    meeting_id: str = ""
    instanceid: Device | None = None


@answer
class DeviceMeetings(AnswerModel):
    """Which of the meetings asked about the user's devices are in."""

    meeting_id_map: tuple[DeviceMeeting, ...] = ()
    """One entry for each device and meeting; empty: the user is in none of them."""


def _meeting_ids(ids: Any) -> Any:
    """The field is called meeting_id, so one id is as natural as several."""
    return (ids,) if isinstance(ids, str) else as_tuple(ids)


@operation
class QueryDeviceMeetings(Operation[DeviceMeetings]):
    """Ask whether a user is in some meetings just now, and with which devices (doc 1095/76033).

    Only for meetings of the own enterprise. Accounts of MRA, Rooms and the mini program, and the audience of webinars,
    are not covered.
    """

    spec = Spec(
        "meetings.query_device_meetings",
        "POST /v1/meetings/query/meetingid-for-device",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    operator_id: Annotated[str, rules.USERID]
    """The caller and, as no other member names anybody, the one asked about."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 (userid) only."""
    meeting_id: Annotated[Collection[str], Converted(_meeting_ids), rules.NOT_EMPTY]
    """One id or several; how many a call takes is not documented."""
    instanceids: Collection[Device] | None = None
    """The device types asked about; all if left out."""
