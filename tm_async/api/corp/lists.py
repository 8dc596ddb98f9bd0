"""Lists of the whole account: meetings, recordings, users. For administrators, with a right in the console.

They count against a quota of their own, `Quotas.account_lists`: 100 calls a minute, 10 on older pages.
"""

from datetime import timedelta
from typing import Annotated, Any, ClassVar

from attrs import field, frozen

from tm_async.api.acting import ByUserId
from tm_async.api.counted import Counted
from tm_async.api.meetings.models import MeetingType
from tm_async.api.recordings.listing import RecordFile
from tm_async.api.recordings.values import RecordingState, RecordTypeFilter
from tm_async.api.shared import AK_SK, MeetingCode, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Spec
from tm_async.core.paging import Cursor, Numbered, PagedOperation, Window
from tm_async.core.wire import AlsoNamed, Milliseconds, Moment, OpenIntEnum, Seconds, masked
from tm_async.rules import NOT_EMPTY, lists, pages
from tm_async.rules.limits import at_least

__all__ = [
    "CorpDepartment",
    "CorpMeeting",
    "CorpMeetingsPage",
    "CorpRecord",
    "CorpRecordFile",
    "CorpRecordsPage",
    "CorpUser",
    "CorpUserStatus",
    "CorpUsersPage",
    "CreatorType",
    "ListCorpMeetings",
    "ListCorpRecords",
    "ListCorpUsers",
    "MeetingPhase",
]


class MeetingPhase(OpenIntEnum):
    """`meeting_state`: which meetings are listed."""

    ENDED = 1
    RUNNING = 2
    UPCOMING = 3


class CreatorType(OpenIntEnum):
    """`userid_type`: what kind of id the creator's is."""

    USERID = 1
    ROOMS_ID = 3


@answer
class CorpMeeting(AnswerModel):
    """A meeting of the account; ended ones are listed per media session."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    userid: str = ""
    """Of the creator."""
    userid_type: CreatorType | None = None
    nick_name: str = ""
    start_time: Moment | None = None
    """Milliseconds on the wire for ended meetings, seconds otherwise."""
    end_time: Moment | None = None
    """Milliseconds on the wire for ended meetings, seconds otherwise."""
    online_member_num: int | None = None
    """Not of ended meetings."""
    meeting_state: MeetingPhase | None = None
    meeting_type: MeetingType | None = None
    """Of ended meetings 0, 1 and 6 only (doc 1095/52492)."""
    participants_num: int | None = None
    """Of ended meetings only."""
    meeting_duration: int | None = None
    """Milliseconds; of ended meetings only."""
    user_meeting_duration: int | None = None
    """Milliseconds; of ended meetings only."""
    sub_meeting_id: str | None = None
    """The occurrence, of an ended series only."""


@answer
class CorpMeetingsPage(Counted):
    """One page of the account's meetings."""

    meeting_info_list: tuple[CorpMeeting, ...] = ()


@operation
class ListCorpMeetings(ByUserId, PagedOperation[CorpMeetingsPage, CorpMeeting]):
    """List the meetings of the whole account that are over, running or to come (doc 1095/52490).

    At most 100,000 rows, says the page; what becomes of more is not documented, so ask for shorter times. A new
    booking shows up after up to 30 seconds.
    """

    spec = Spec("corp.list_meetings", "GET /v1/corp/meetings", modes=AK_SK)
    paging: ClassVar = Numbered(items="meeting_info_list")

    meeting_state: MeetingPhase
    page_size: Annotated[int, at_least(1, page=None)] = 20
    """Rows a page; neither a default nor a bound is documented."""
    page: Annotated[int, pages.PAGE] = 1
    meeting_code: MeetingCode | None = None
    userid: UserId | None = None
    """Meetings that this user created; of running ones only."""
    start_time: Seconds | None = None
    """The booked start, of ended meetings the start of the session."""
    end_time: Seconds | None = None

    checks: ClassVar = (lists.end_not_before_start,)


# --- recordings -------------------------------------------------------------------------------------------------------


@answer
class CorpRecordFile(RecordFile):
    """A file of a recording."""

    view_address: str | None = field(default=None, repr=masked)
    download_address: str | None = field(default=None, repr=masked)
    """Good for 6 hours."""


@answer
class CorpRecord(AnswerModel):
    """The recordings of a meeting."""

    meeting_record_id: str = ""
    meeting_id: str = ""
    meeting_code: str = ""
    userid: str = ""
    """Of the meeting's creator; empty for devices."""
    media_start_time: Milliseconds | None = None
    subject: str = ""
    state: RecordingState | None = None
    record_files: tuple[CorpRecordFile, ...] = ()
    """Once transcoded."""

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The ids of its files."""
        return tuple(one.record_file_id for one in self.record_files)


@answer
class CorpRecordsPage(Counted):
    """One page of the account's recordings."""

    record_meetings: tuple[CorpRecord, ...] = ()


@operation
class ListCorpRecords(ByUserId, PagedOperation[CorpRecordsPage, CorpRecord]):
    """List the recordings of the whole account (doc 1095/53224).

    The gateway takes at most 31 days: longer times are asked for piece by piece.
    """

    spec = Spec("corp.list_records", "GET /v1/corp/records", modes=AK_SK)
    paging: ClassVar = Numbered(items="record_meetings")
    window: ClassVar = Window(longest=timedelta(days=31), key=("meeting_record_id", "file_ids"))

    start_time: Seconds
    end_time: Seconds
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20; the gateway's default is 10."""
    page: Annotated[int, pages.PAGE] | None = None
    query_record_type: RecordTypeFilter | None = None
    """The gateway's default is cloud recordings only."""

    checks: ClassVar = (lists.end_not_before_start,)


# --- users ------------------------------------------------------------------------------------------------------------


class CorpUserStatus(OpenIntEnum):
    """`status` of a user in account-level lists: other values than `UserStatus` of the users chapter."""

    DISABLED = 0
    ENABLED = 1
    NOT_ACTIVATED = 2


@answer
class CorpDepartment(AnswerModel):
    """A department of a user. Newer pages say `department_id` and so on, which is read, too."""

    id: Annotated[str, AlsoNamed("department_id")] = ""
    name: Annotated[str, AlsoNamed("department_name")] = ""
    full_name: Annotated[str | None, AlsoNamed("department_full_name")] = None
    """The whole path."""
    is_main: bool | None = None


@answer
class CorpUser(AnswerModel):
    """A user of the account."""

    userid: str = ""
    uuid: str = ""
    """The platform's own id of the user; announced as being retired."""
    user_name: str = ""
    area: str = ""
    """Calling code in digits."""
    update_time: str | None = None
    avatar_url: str | None = None
    role_name: str | None = None
    role_code: str | None = None
    phone: str = ""
    email: str = ""
    status: CorpUserStatus | None = None
    departments: tuple[CorpDepartment, ...] = ()


@answer
class CorpUsersPage(Counted):
    """One page of the account's users."""

    users: tuple[CorpUser, ...] = ()
    has_remaining: bool | None = None
    next_pos: str | None = None


@frozen(kw_only=True)
class _EitherWay(Cursor):
    """By the cursor, and by number where the answer has none: older pages know no other way."""

    def following(self, operation: Any, page: Any) -> dict[str, Any] | None:
        """The next cursor, or the next number."""
        if page.has_remaining is None:
            return Numbered(items=self.items).following(operation, page)
        return super().following(operation, page)


@operation
class ListCorpUsers(ByUserId, PagedOperation[CorpUsersPage, CorpUser]):
    """List the users of the account, maybe those of one role (doc 1095/52494).

    Of disabled and not activated ones, too; their states are other numbers than those of `tm.users`.
    """

    spec = Spec("corp.list_users", "GET /v1/corp/users", modes=AK_SK)
    paging: ClassVar = _EitherWay(items="users", more="has_remaining", fields=(("pos", "next_pos"),))

    page_size: Annotated[int, at_least(1, page=None)] = 20
    """Rows a page; neither a default nor a bound is documented."""
    page: Annotated[int, pages.PAGE] | None = None
    """Of older pages; leave it and `pos` to the paging."""
    pos: str | None = None
    """Leave it to the paging."""
    user_name: str | None = None
    userid: UserId | None = None
    uuid: Annotated[str, NOT_EMPTY] | None = None
    status: CorpUserStatus | None = None
    role_code: Annotated[str, NOT_EMPTY] | None = None
