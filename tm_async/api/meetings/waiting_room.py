"""The waiting room: who waits, who waited, and the welcome message."""

from typing import Annotated, ClassVar

from attrs import frozen

from tm_async import rules
from tm_async.api.meetings.waiting_room_models import (
    WaitingRoomMember,
    WaitingRoomPage,
    WaitingRoomRecord,
    WaitingRoomRecordsPage,
    WaitingRoomWelcome,
)
from tm_async.api.shared import OperatorType, UserId
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.rules import lists, pages
from tm_async.rules import waiting_room as own

__all__ = ["GetWaitingRoomWelcome", "ListWaitingRoom", "ListWaitingRoomRecords", "SetWaitingRoomWelcome"]


@frozen(kw_only=True)
class ListWaitingRoom(PagedOperation[WaitingRoomPage, WaitingRoomMember]):
    """List who is in the waiting room right now (doc 1095/58522).

    The creator only. Nobody is listed unless the waiting room is on and the meeting is running. A series goes by its
    own id; there is no occurrence to name.
    """

    spec = Spec(
        id="meetings.list_waiting_room",
        method="GET",
        path="/v1/meetings/{meeting_id}/waiting-room-participants",
        doc="1095/58522",
        repeat=Repeat.SAFE,
    )
    paging: ClassVar = Numbered(items="participants")

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    userid: UserId
    """The creator."""
    page_size: Annotated[int, lists.page_size(50, page="1095/58522")] | None = None
    """At most 50. The gateway's default is 10."""
    page: Annotated[int, pages.PAGE] | None = None
    """From 1."""


@frozen(kw_only=True)
class ListWaitingRoomRecords(PagedOperation[WaitingRoomRecordsPage, WaitingRoomRecord]):
    """List who came into the waiting room and left it, and when (doc 1095/80579).

    Before, during and after the meeting. The creator, the host and co-hosts may.
    """

    spec = Spec(
        id="meetings.list_waiting_room_records",
        method="GET",
        path="/v1/meeting/{meeting_id}/waiting-room",
        doc="1095/80579",
        repeat=Repeat.SAFE,
    )
    paging: ClassVar = Numbered(items="participants")

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: UserId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid (set by us), 2 open id (the SDKs only)."""
    page: Annotated[int, lists.page_up_to(2000, page=None)] = 1
    """From 1 to 2,000 (the page does not say how far)."""
    page_size: Annotated[int, lists.page_size(50, page="1095/80579")] = 50
    """At most 50."""


@frozen(kw_only=True)
class GetWaitingRoomWelcome(Operation[WaitingRoomWelcome]):
    """Get the welcome message of a waiting room (doc 1095/86896)."""

    spec = Spec(
        id="meetings.get_waiting_room_welcome",
        method="GET",
        path="/v1/meeting/{meeting_id}/waiting-room-welcome-message",
        doc="1095/86896",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: UserId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid (set by us), 2 open id."""


@frozen(kw_only=True)
class SetWaitingRoomWelcome(Operation[WaitingRoomWelcome]):
    """Set the message that people get in private when they come into the waiting room (no page known).

    The waiting room has to be on. The creator, the host, co-hosts and administrators with control rights may.
    """

    spec = Spec(
        id="meetings.set_waiting_room_welcome",
        method="POST",
        path="/v1/meeting/set-waiting-room-welcome-message",
        doc=None,
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: UserId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid (set by us), 2 open id."""
    enable_welcome: bool
    welcome_text: Annotated[str, own.WELCOME_TEXT]
    """At most 1,000 characters; `%NICKNAME%`, in capitals, stands for the reader's name in the meeting.

    Required by the sources, also to switch the message off.
    """
