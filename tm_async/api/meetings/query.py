"""Look meetings up, and list them."""

from typing import Annotated, Any, ClassVar

from attrs import field

from tm_async.api.meetings.alike import other_code, other_id
from tm_async.api.meetings.models import (
    Meeting,
)
from tm_async.api.shared import (
    OPERATOR_TYPE,
    ByCaller,
    Device,
    MeetingCode,
    MeetingId,
    OperatorType,
    UserId,
)
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Cursor, PagedOperation
from tm_async.core.wire import OpenIntEnum, Seconds
from tm_async.rules import lists

__all__ = ["FindMeeting", "GetMeeting", "ListMeetings", "MeetingsPage", "ShowOccurrences"]


class ShowOccurrences(OpenIntEnum):
    """`is_show_all_sub_meetings`. The gateway's default is the first one."""

    FIRST = 0
    ALL = 1


@answer
class MeetingsPage(AnswerModel):
    """One page of a list of meetings."""

    meeting_number: int | None = None
    meeting_info_list: tuple[Meeting, ...] = ()
    remaining: int | None = None
    """Another number than 0 while there is more."""
    next_pos: Seconds | None = None
    next_cursory: int | None = None


@operation
class GetMeeting(ByCaller, Operation[Meeting]):
    """Look up one meeting by its id (doc 1095/42418).

    The creator and administrators may; with OAuth only meetings that the same app created. The password is shown to
    the creator only. Give `operator_id` (the current form) or `userid` (the older one). A one-off meeting is
    shown until an hour after its end, others until 30 days after the scheduled one.
    """

    spec = Spec("meetings.get", "GET /v1/meetings/{meeting_id}", pick="meeting_info_list")

    meeting_id: MeetingId
    instanceid: Device = Device.PC

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's id."""
        return other_id(self.meeting_id, shown)


@mixin
class _ByUserOrRoom(ByCaller):
    operator_id: UserId | None = None
    """A Rooms device that asks: `RoomsId("...")`. The pages have no other kind here; a user asks by `userid`."""
    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """3 rooms id only; follows from `operator_id`."""
    userid: UserId | None = None
    """The user who asks."""


@operation
class FindMeeting(_ByUserOrRoom, Operation[Meeting]):
    """Look up one meeting by its code (doc 1095/42421).

    Finds nothing once the code was recycled, 30 days after the scheduled start; the id still works then.
    """

    spec = Spec("meetings.find", "GET /v1/meetings", documented_as="meetings.list", pick="meeting_info_list")

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""
    instanceid: Device = Device.PC

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's code."""
        return other_code(self.meeting_code, shown)


@operation
class ListMeetings(_ByUserOrRoom, PagedOperation[MeetingsPage, Meeting]):
    """List a user's meetings that are pending or running, by their start (doc 1095/42421).

    A series stands in the list once, at its next occurrence; all are in its `sub_meetings` where
    `is_show_all_sub_meetings` asks for them. With AK/SK every meeting of that user, with OAuth2 only those that the
    same app created. At most 20 a page; the gateway is known to repeat rows, which are left out.
    """

    spec = Spec("meetings.list", "GET /v1/meetings", documented_as="meetings.list")
    paging: ClassVar = Cursor(
        items="meeting_info_list",
        key=("meeting_id",),
        more="remaining",
        fields=(("pos", "next_pos"), ("cursory", "next_cursory")),
    )

    instanceid: Device = Device.PC
    pos: Seconds | None = None
    """Where to begin: a start time. The gateway's default is today 00:00 in China."""
    cursory: Annotated[int, lists.POSITION] | None = None
    """The second half of the cursor: a time of change, in milliseconds. Leave it to the paging."""
    is_show_all_sub_meetings: ShowOccurrences | None = None
