"""Who came: attendance, the people inside right now, meetings that are over, and the chat.

Attendance is two calls. A series answers nothing useful without the occurrence, so `ListOccurrenceParticipants`
demands it, and `ListParticipants` has no place for one that could be forgotten. Filters on time have no effect on a
series; only the latter has them.
"""

from datetime import timedelta
from typing import Annotated, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.meetings.attendance_models import (
    Attendance,
    ChatExport,
    EndedMeeting,
    EndedMeetingsPage,
    Participant,
    ParticipantsPage,
    RealtimeParticipantsPage,
)
from tm_async.api.shared import (
    AK_SK,
    OPERATOR_TYPE,
    ByCaller,
    ByOperator,
    MeetingCode,
    MeetingId,
    OperatorType,
    UserId,
)
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Cursor, Numbered, PagedOperation, Window
from tm_async.core.wire import Seconds
from tm_async.rules import lists, pages

__all__ = [
    "ExportChat",
    "ListEndedMeetings",
    "ListOccurrenceParticipants",
    "ListParticipants",
    "ListRealtimeParticipants",
]

_ATTENDANCES = Cursor(items="participants", more="has_remaining", fields=(("pos", "next_pos"),))
_ATTENDANCE_KEY = (
    "userid",
    "open_id",
    "ms_open_id",
    "uuid",
    "phone",
    "user_name",
    "instanceid",
    "join_type",
    "join_time",
)
"""What tells two stays apart. Not the time of leaving: it is set while we read."""


@operation
class ListParticipants(ByCaller, PagedOperation[ParticipantsPage, Attendance]):
    """List who was in a meeting that is no series (doc 1095/42701).

    For a series there is `list_occurrence_participants`: without an occurrence the gateway refuses, or lists nobody.
    One row for each stay. The creator, hosts and administrators may (older sources: no hosts); with OAuth2 only for
    meetings that the same app created. Nobody is listed before the meeting starts. A span of more than 31 days is asked
    for piece by piece, and what two pieces repeat is left out; the present page says 90 days, all other sources 31.
    At most 50,000 rows can be reached in one piece.
    """

    spec = Spec(
        "meetings.list_participants",
        "GET /v1/meetings/{meeting_id}/participants",
        documented_as="meetings.list_participants",
    )
    paging: ClassVar = _ATTENDANCES
    window: ClassVar = Window(longest=timedelta(days=31), key=_ATTENDANCE_KEY)

    meeting_id: MeetingId
    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id, 3 rooms id. The page lists 3 only, and has `userid` for users; the SDKs all."""
    start_time: Seconds | None = None
    """Who joined from then on. The gateway's default is 31 days ago, or 90 if both are left out."""
    end_time: Seconds | None = None
    """Who joined until then. The gateway's default is now; a span of more than 31 days needs both."""
    pos: Annotated[int, lists.POSITION] | None = None
    """Where to begin; 0 by default. Leave it to the paging."""
    size: Annotated[int, lists.page_size(100)] | None = None
    """Rows a page, at most 100. The gateway's default is not documented."""

    checks: ClassVar = (lists.end_not_before_start,)


@operation
class ListOccurrenceParticipants(ByCaller, PagedOperation[ParticipantsPage, Attendance]):
    """List who was in one occurrence of a series (doc 1095/42701).

    One row for each stay. The creator, hosts and administrators may (older sources: no hosts); with OAuth2 only for
    meetings that the same app created. There is no filter on time, because the gateway ignores it for a series. At most
    50,000 rows can be reached.
    """

    spec = Spec(
        "meetings.list_occurrence_participants",
        "GET /v1/meetings/{meeting_id}/participants",
        documented_as="meetings.list_participants",
    )
    paging: ClassVar = _ATTENDANCES

    meeting_id: MeetingId
    """The series."""
    sub_meeting_id: MeetingId
    """The occurrence: from `sub_meetings` or `current_sub_meeting_id` of the meeting, or from the ended meetings."""
    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id, 3 rooms id. The page lists 3 only, and has `userid` for users; the SDKs all."""
    pos: Annotated[int, lists.POSITION] | None = None
    """Where to begin; 0 by default. Leave it to the paging."""
    size: Annotated[int, lists.page_size(100)] | None = None
    """Rows a page, at most 100. The gateway's default is not documented."""


@operation
class ListRealtimeParticipants(ByOperator, PagedOperation[RealtimeParticipantsPage, Participant]):
    """List who is in a meeting right now (doc 1095/72810).

    Those who left are not in it. Administrators, the creator, the host and co-hosts may.
    """

    spec = Spec("meetings.list_realtime_participants", "GET /v1/meetings/{meeting_id}/real-time-participants")
    paging: ClassVar = Numbered(items="participants")

    meeting_id: MeetingId
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The occurrence, required for a series."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id, 3 rooms id."""
    page: Annotated[int, lists.page_up_to(2000, page=None)] = 1
    """From 1 to 2,000 (the page does not say how far)."""
    page_size: Annotated[int, lists.page_size(50)] = 50
    """At most 50."""


@operation
class ListEndedMeetings(PagedOperation[EndedMeetingsPage, EndedMeeting]):
    """List the meetings of a user that are over, created and attended ones (doc 1095/53805).

    A meeting is not over before its planned end, nor while somebody is inside. The gateway takes at most 90 days at
    once; more is asked for piece by piece, and what two pieces repeat is left out. Without times it is the last month.
    """

    spec = Spec("meetings.list_ended", "GET /v1/history/meetings/{userid}")
    paging: ClassVar = Numbered(items="meeting_info_list")
    window: ClassVar = Window(
        longest=timedelta(days=90), key=("meeting_id", "sub_meeting_id", "start_time", "end_time")
    )

    userid: UserId
    """Whose meetings. With an operator_id, the same value."""
    operator_id: Annotated[str, rules.USERID] | None = None
    """The newer form, which the vendor prefers. Wins over userid."""
    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id."""
    meeting_code: MeetingCode | None = None
    """Only meetings of this code; spaces and dashes are removed."""
    start_time: Seconds | None = None
    """Only meetings planned to start from then on. With one of the two, the other is 31 days from it."""
    end_time: Seconds | None = None
    """Only meetings planned to start until then; it is the start that counts here, too."""
    page_size: Annotated[int, lists.page_size(20)] = 20
    """At most 20."""
    page: Annotated[int, pages.PAGE] = 1

    checks: ClassVar = (lists.end_not_before_start,)


@operation
class ExportChat(ByOperator, Operation[ChatExport]):
    """Get links to the public chat of a meeting (doc 1095/112924).

    Administrators only, where the enterprise archives the chat; AK/SK only.
    """

    spec = Spec("meetings.export_chat", "GET /v1/meeting/{meeting_id}/im-details", modes=AK_SK)

    meeting_id: MeetingId
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The occurrence of a series."""
