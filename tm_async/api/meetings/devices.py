"""Where a user's devices are."""

from collections.abc import Iterable
from typing import Annotated, cast

from attrs import field, frozen

from tm_async import rules
from tm_async.api.shared import Device, OperatorType, as_tuple
from tm_async.core.answer import AnswerModel
from tm_async.core.exchange import AuthMode
from tm_async.core.operation import Operation, Repeat, Spec

__all__ = ["DeviceMeeting", "DeviceMeetings", "QueryDeviceMeetings"]


@frozen(kw_only=True, slots=False, repr=False)
class DeviceMeeting(AnswerModel):
    """A meeting that one of the user's devices is in."""

    meeting_id: str = ""
    instanceid: Device | None = None


@frozen(kw_only=True, slots=False, repr=False)
class DeviceMeetings(AnswerModel):
    """Which of the meetings asked about the user's devices are in."""

    meeting_id_map: tuple[DeviceMeeting, ...] = ()
    """One entry for each device and meeting; empty: the user is in none of them."""


def _meeting_ids(ids: str | Iterable[str]) -> tuple[str, ...]:
    """The field is called meeting_id, so one id is as natural as several."""
    return (ids,) if isinstance(ids, str) else cast("tuple[str, ...]", as_tuple(ids))


def _devices(devices: Iterable[Device] | None) -> tuple[Device, ...] | None:
    return as_tuple(devices)


@frozen(kw_only=True)
class QueryDeviceMeetings(Operation[DeviceMeetings]):
    """Ask whether a user is in some meetings just now, and with which devices (doc 1095/76033).

    Only for meetings of the own enterprise. Accounts of MRA, Rooms and the mini program, and the audience of webinars,
    are not covered.
    """

    spec = Spec(
        id="meetings.query_device_meetings",
        method="POST",
        path="/v1/meetings/query/meetingid-for-device",
        doc="1095/76033",
        repeat=Repeat.SAFE,
        modes=frozenset({AuthMode.ENTERPRISE}),
    )

    operator_id: Annotated[str, rules.USERID]
    """The caller and, as no other member names anybody, the one asked about."""
    operator_id_type: OperatorType = OperatorType.USERID
    """1 (userid) only."""
    meeting_id: Annotated[tuple[str, ...], rules.NOT_EMPTY] = field(converter=_meeting_ids)
    """One id or several; how many a call takes is not documented."""
    instanceids: tuple[Device, ...] | None = field(default=None, converter=_devices)
    """The device types asked about; all if left out."""
