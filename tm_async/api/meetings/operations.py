"""Create meetings, look them up, list them."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from attrs import Factory, field, frozen

from tm_async import rules
from tm_async.api.meetings.alike import other_code, other_id, other_meeting
from tm_async.api.meetings.models import (
    Guest,
    LiveConfig,
    MediaSetType,
    Meeting,
    MeetingKind,
    MeetingsPage,
    MeetingType,
    Settings,
    ShowOccurrences,
)
from tm_async.api.meetings.recurrence import Recurrence
from tm_async.api.shared import Device, OperatorType, UserId, UserRef, as_tuple, clean_code, user_refs
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Cursor, PagedOperation
from tm_async.core.wire import Milliseconds, Seconds, SecondsText, masked
from tm_async.rules import meeting as across
from tm_async.rules import recurrence as series

__all__ = ["CreateMeeting", "FindMeeting", "GetMeeting", "ListMeetings"]


def _guests(guests: Iterable[Guest] | None) -> tuple[Guest, ...] | None:
    return as_tuple(guests)


def _meeting_type(create: "CreateMeeting") -> MeetingType | None:
    return MeetingType.RECURRING if create.recurring_rule is not None else None


@frozen(kw_only=True)
class CreateMeeting(Operation[Meeting]):
    """Create a meeting or a series (doc 1095/42417).

    Users must be registered in the enterprise: an unknown `userid` is refused (190001), unknown invitees are left
    out and listed in the result's `user_non_registered`. There is no idempotency key: after an error whose
    `outcome_unknown` is true the meeting may exist.
    """

    spec = Spec(
        id="meetings.create",
        method="POST",
        path="/v1/meetings",
        doc="1095/42417",
        repeat=Repeat.UNSAFE,
        creator="userid",
        lookup="tm_async.api.meetings.lookup:candidates",
        pick="meeting_info_list",
        needs="meeting_id",
    )

    userid: UserId
    """The creator."""
    instanceid: Device = Device.PC
    subject: Annotated[str, rules.SUBJECT]
    """At most 512 bytes, a Latin letter counting 2 and a Chinese character 2 to 4."""
    type: MeetingKind = MeetingKind.SCHEDULED
    start_time: SecondsText
    """An aware datetime; fractions of a second are cut off. A quick meeting needs it too, and starts at once."""
    end_time: SecondsText
    hosts: tuple[UserRef, ...] | None = field(default=None, converter=user_refs)
    """Business and enterprise editions only. The gateway's default is the creator."""
    invitees: Annotated[tuple[UserRef, ...], rules.INVITEES] | None = field(default=None, converter=user_refs)
    """At most 300. Business and enterprise editions only."""
    guests: Annotated[tuple[Guest, ...], rules.GUESTS] | None = field(default=None, converter=_guests)
    """At most 2,000."""
    password: Annotated[str, rules.PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits; none by default."""
    settings: Settings | None = None
    recurring_rule: Recurrence | None = None
    """Makes it a series; see `Recurrence`. At most 50 series per account at a time."""
    meeting_type: MeetingType | None = field(default=Factory(_meeting_type, takes_self=True))
    """Set to 1 by a recurring_rule."""
    enable_live: bool | None = None
    live_config: LiveConfig | None = None
    enable_doc_upload_permission: bool | None = None
    media_set_type: MediaSetType | None = None
    enable_interpreter: bool | None = None
    """Can't be changed later."""
    enable_enroll: bool | None = None
    enable_host_key: bool | None = None
    host_key: Annotated[str, rules.HOST_KEY] | None = field(default=None, repr=masked)
    """6 digits, one value for a whole series; generated when enabled and left out."""
    sync_to_wework: bool | None = None
    """Can't be changed later. The gateway's default is true."""
    time_zone: Annotated[str, rules.TIME_ZONE] | None = None
    """A zone name such as Asia/Shanghai."""
    location: Annotated[str, rules.LOCATION] | None = None
    """At most 36 wide, a Chinese character counting 2."""
    allow_enterprise_intranet_only: bool | None = None
    """Hybrid cloud; ignored in silence without permission."""

    checks: ClassVar = (
        across.end_after_start,
        across.quick_is_not_recurring,
        across.rule_with_recurring_type,
        across.host_key_needs_switch,
        across.live_config_needs_live,
        series.until_after_start,
        series.occurrences_within_cap,
        series.first_day_in_mask,
    )

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: its subject, or its times."""
        return other_meeting(self, shown)


def _operator_type(get: "GetMeeting") -> OperatorType | None:
    return OperatorType.USERID if get.operator_id is not None else None


@frozen(kw_only=True)
class GetMeeting(Operation[Meeting]):
    """Look up one meeting by its id (doc 1095/42418).

    The creator and administrators may; with OAuth only meetings that the same app created. The password is shown to
    the creator only. Give `operator_id` (the current form) or `userid` (the older one).
    """

    spec = Spec(
        id="meetings.get",
        method="GET",
        path="/v1/meetings/{meeting_id}",
        doc="1095/42418",
        repeat=Repeat.SAFE,
        pick="meeting_info_list",
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID] | None = None
    operator_id_type: OperatorType | None = field(default=Factory(_operator_type, takes_self=True))
    """1 userid (set by us), 2 open id, 3 rooms id."""
    userid: UserId | None = None
    instanceid: Device = Device.PC

    checks: ClassVar = (across.somebody_asks,)

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's id."""
        return other_id(self.meeting_id, shown)


@frozen(kw_only=True)
class FindMeeting(Operation[Meeting]):
    """Look up one meeting by its code (doc 1095/42421).

    Finds nothing once the code was recycled, 30 days after the scheduled start; the id still works then.
    """

    spec = Spec(
        id="meetings.find",
        documented_as="meetings.list",
        method="GET",
        path="/v1/meetings",
        doc="1095/42421",
        repeat=Repeat.SAFE,
        pick="meeting_info_list",
    )

    meeting_code: Annotated[str, rules.MEETING_CODE] = field(converter=clean_code)
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


@frozen(kw_only=True)
class ListMeetings(PagedOperation[MeetingsPage, Meeting]):
    """List a user's meetings that are pending or running, by their start (doc 1095/42421).

    A series stands in the list once, at its next occurrence, unless `is_show_all_sub_meetings` asks for all of them.
    With AK/SK every meeting of that user, with OAuth2 only those that the same app created. At most 20 a page; the
    gateway is known to repeat rows, which are left out.
    """

    spec = Spec(
        id="meetings.list",
        documented_as="meetings.list",
        method="GET",
        path="/v1/meetings",
        doc="1095/42421",
        repeat=Repeat.SAFE,
    )
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
