"""The waiting room: who waits, who waited, and the welcome message."""

from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.meetings.waiting_room_models import (
    WaitingRoomMember,
    WaitingRoomPage,
    WaitingRoomRecord,
    WaitingRoomRecordsPage,
    WaitingRoomWelcome,
)
from tm_async.api.shared import OPERATOR_TYPE, ByOperator, MeetingId, OperatorType, UserId
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.rules import lists, pages
from tm_async.rules.limits import characters

__all__ = ["GetWaitingRoomWelcome", "ListWaitingRoom", "ListWaitingRoomRecords", "SetWaitingRoomWelcome"]


@operation
class ListWaitingRoom(PagedOperation[WaitingRoomPage, WaitingRoomMember]):
    """List who is in the waiting room right now (doc 1095/58522).

    The creator only. Nobody is listed unless the waiting room is on and the meeting is running. A series goes by its
    own id; there is no occurrence to name.
    """

    spec = Spec("meetings.list_waiting_room", "GET /v1/meetings/{meeting_id}/waiting-room-participants")
    paging: ClassVar = Numbered(items="participants")

    meeting_id: MeetingId
    userid: UserId
    """The creator."""
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50. The gateway's default is 10."""
    page: Annotated[int, pages.PAGE] | None = None
    """From 1."""


@operation
class ListWaitingRoomRecords(ByOperator, PagedOperation[WaitingRoomRecordsPage, WaitingRoomRecord]):
    """List who came into the waiting room and left it, and when (doc 1095/80579).

    Before, during and after the meeting. The creator, the host and co-hosts may.
    """

    spec = Spec("meetings.list_waiting_room_records", "GET /v1/meeting/{meeting_id}/waiting-room")
    paging: ClassVar = Numbered(items="participants")

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id (the SDKs only)."""
    page: Annotated[int, lists.page_up_to(2000, page=None)] = 1
    """From 1 to 2,000 (the page does not say how far)."""
    page_size: Annotated[int, lists.page_size(50)] = 50
    """At most 50."""


@operation
class GetWaitingRoomWelcome(ByOperator, Operation[WaitingRoomWelcome]):
    """Get the welcome message of a waiting room (doc 1095/86896)."""

    spec = Spec("meetings.get_waiting_room_welcome", "GET /v1/meeting/{meeting_id}/waiting-room-welcome-message")

    meeting_id: MeetingId


@operation
class SetWaitingRoomWelcome(ByOperator, Operation[WaitingRoomWelcome]):
    """Set the message that people get in private when they come into the waiting room (no page known).

    The waiting room has to be on. The creator, the host, co-hosts and administrators with control rights may.
    """

    spec = Spec(
        "meetings.set_waiting_room_welcome", "POST /v1/meeting/set-waiting-room-welcome-message", repeat=Repeat.SAFE
    )

    meeting_id: MeetingId
    enable_welcome: bool
    welcome_text: Annotated[str, characters(1000, page="1095/86896")]
    """At most 1,000 characters; `%NICKNAME%`, in capitals, stands for the reader's name in the meeting.

    Required by the sources, also to switch the message off.
    """
