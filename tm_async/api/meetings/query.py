"""Look meetings up, and list them."""

from typing import Annotated, Any, ClassVar

from tm_async import rules
from tm_async.api.meetings.alike import other_code, other_id
from tm_async.api.meetings.models import (
    Meeting,
)
from tm_async.api.shared import (
    ByCaller,
    Device,
    MeetingCode,
    MeetingId,
    OperatorType,
    UserId,
)
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Cursor, PagedOperation
from tm_async.core.wire import Milliseconds, OpenIntEnum, Seconds
from tm_async.rules import meeting as across

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
    next_cursory: Milliseconds | None = None


@operation
class GetMeeting(ByCaller, Operation[Meeting]):
    """Look up one meeting by its id (doc 1095/42418).

    The creator and administrators may; with OAuth only meetings that the same app created. The password is shown to
    the creator only. Give `operator_id` (the current form) or `userid` (the older one).
    """

    spec = Spec("meetings.get", "GET /v1/meetings/{meeting_id}", pick="meeting_info_list")

    meeting_id: MeetingId
    instanceid: Device = Device.PC

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's id."""
        return other_id(self.meeting_id, shown)


@operation
class FindMeeting(Operation[Meeting]):
    """Look up one meeting by its code (doc 1095/42421).

    Finds nothing once the code was recycled, 30 days after the scheduled start; the id still works then.
    """

    spec = Spec("meetings.find", "GET /v1/meetings", documented_as="meetings.list", pick="meeting_info_list")

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""
    operator_id: Annotated[str, rules.USERID] | None = None
    operator_id_type: OperatorType | None = None
    """For this lookup the pages document 3 (rooms id) only."""
    userid: UserId | None = None
    instanceid: Device = Device.PC

    checks: ClassVar = (across.somebody_asks,)

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's code."""
        return other_code(self.meeting_code, shown)


@operation
class ListMeetings(PagedOperation[MeetingsPage, Meeting]):
    """List a user's meetings that are pending or running, by their start (doc 1095/42421).

    A series stands in the list once, at its next occurrence, unless `is_show_all_sub_meetings` asks for all of them.
    With AK/SK every meeting of that user, with OAuth2 only those that the same app created. At most 20 a page; the
    gateway is known to repeat rows, which are left out.
    """

    spec = Spec("meetings.list", "GET /v1/meetings", documented_as="meetings.list")
    paging: ClassVar = Cursor(
        items="meeting_info_list",
        key=("meeting_id",),
        more="remaining",
        fields=(("pos", "next_pos"), ("cursory", "next_cursory")),
    )

    operator_id: Annotated[str, rules.USERID] | None = None
    operator_id_type: OperatorType | None = None
    """For this list the pages document 3 (rooms id) only."""
    userid: UserId | None = None
    instanceid: Device = Device.PC
    pos: Seconds | None = None
    """Where to begin: a start time. The gateway's default is today 00:00 in China."""
    cursory: Milliseconds | None = None
    """The second half of the cursor: a time of change. Leave it to the paging."""
    is_show_all_sub_meetings: ShowOccurrences | None = None

    checks: ClassVar = (across.somebody_asks,)
