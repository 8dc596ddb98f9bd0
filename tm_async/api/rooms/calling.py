"""Calling a room into a meeting, and how it answers."""

from typing import Annotated, ClassVar

from tm_async.api.acting import ByUserId
from tm_async.api.shared import AK_SK, Device, MeetingId, RoomId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.validation import Check
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import NOT_EMPTY, rooms

__all__ = [
    "CallRoom",
    "CallState",
    "CallStatus",
    "CancelCall",
    "GetCallStatus",
    "MraAddress",
    "RoomCall",
    "Signalling",
]


class CallState(OpenIntEnum):
    """`status` of a call to a room.

    The sources disagree on 2 (accepted, or entering) and on 5: it is "joined" on the page and "cancelled (Rooms only)"
    in the official SDKs and the event. Show the number, and decide nothing by it.
    """

    NO_ANSWER = 0
    """Within 60 seconds; or nothing was found."""
    NOT_CALLED = 1
    ENTERING = 2
    REJECTED = 3
    CALLING = 4
    JOINED_OR_CANCELLED = 5
    LEFT = 6


class Signalling(OpenIntEnum):
    """`protocol` of an address."""

    SIP = 1
    H323 = 2


@part
class MraAddress(Part):
    """Where a SIP or H.323 device is called."""

    protocol: Signalling
    dial_string: Annotated[str, NOT_EMPTY]
    """SIP: an IP address or URI. H.323: an IP address or E.164 number."""


@mixin
class _Callee(ByUserId):
    meeting_id: MeetingId
    meeting_room_id: RoomId | None = None
    """A room of the own enterprise: this, or mra_address."""
    mra_address: MraAddress | None = None
    """By address, hosts and co-hosts may call."""

    checks: ClassVar[tuple[Check, ...]] = (rooms.one_callee,)


@answer
class RoomCall(AnswerModel):
    """A call under way."""

    invite_id: str = ""
    """What cancels it. A call that failed may have none."""
    status: CallState | None = None
    """The page has 2 for "inviting" and 5 for "failed" here, and 1 in its sample: `get_call_status` tells."""


@operation
class CallRoom(_Callee, Operation[RoomCall]):
    """Call a room into a meeting (doc 1095/83261).

    Administrators of the creator's enterprise and people in the meeting may, for rooms of their own enterprise. Sent
    twice it rings twice; after an unclear answer ask `get_call_status`. Own codes: 10004 the call failed, 10002 the
    state could not be asked for.
    """

    spec = Spec("rooms.call", "PUT /v1/meeting-rooms/room-call", repeat=Repeat.UNSAFE, modes=AK_SK)

    meeting_id: Annotated[str, rooms.DIGITS]
    """A number in the tables, text in the page's sample, and sent as text: there are ids of more than 63 bits."""


@operation
class CancelCall(_Callee, Operation[None]):
    """Take a call to a room back (doc 1095/83262)."""

    spec = Spec("rooms.cancel_call", "PUT /v1/meeting-rooms/cancel-room-call", modes=AK_SK)

    invite_id: Annotated[str, NOT_EMPTY]
    """From the call's answer."""
    instance_id: Device = Device.PC


@answer
class CallStatus(AnswerModel):
    """How a called room answered."""

    status: CallState | None = None
    response_time: str = ""
    """Such as `2022/11/22 14:35:26`, in an unnamed time zone."""


@operation
class GetCallStatus(_Callee, Operation[CallStatus]):
    """Ask how a called room answered (doc 1095/83263)."""

    spec = Spec("rooms.get_call_status", "POST /v1/meeting-rooms/room-call-info", repeat=Repeat.SAFE, modes=AK_SK)

    instance_id: Device = Device.PC
