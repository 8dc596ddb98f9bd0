"""Create a meeting or a series."""

from collections.abc import Collection
from typing import Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async import rules
from tm_async.api.meetings.alike import other_meeting
from tm_async.api.meetings.models import (
    Guest,
    LiveConfig,
    MediaSetType,
    Meeting,
    MeetingKind,
    MeetingType,
    Settings,
)
from tm_async.api.meetings.recurrence import Recurrence
from tm_async.api.shared import (
    Device,
    UserId,
    UserRef,
)
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import SecondsText, masked
from tm_async.rules import meeting as across
from tm_async.rules import recurrence as series

__all__ = ["CreateMeeting"]


def _meeting_type(create: "CreateMeeting") -> MeetingType | None:
    return MeetingType.RECURRING if create.recurring_rule is not None else None


@operation
class CreateMeeting(Operation[Meeting]):
    """Create a meeting or a series (doc 1095/42417).

    Users must be registered in the enterprise: an unknown `userid` is refused (190001), unknown invitees are left
    out and listed in the result's `user_non_registered`. There is no idempotency key: after an error whose
    `outcome_unknown` is true the meeting may exist.
    """

    spec = Spec(
        "meetings.create",
        "POST /v1/meetings",
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
    hosts: Collection[UserRef] | None = None
    """Business and enterprise editions only. The gateway's default is the creator."""
    invitees: Annotated[Collection[UserRef], rules.INVITEES] | None = None
    """At most 300. Business and enterprise editions only."""
    guests: Annotated[Collection[Guest], rules.GUESTS] | None = None
    """At most 2,000."""
    password: Annotated[str, rules.PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits; none by default."""
    settings: Settings | None = None
    recurring_rule: Recurrence | None = None
    """Makes it a series; see `Recurrence`. At most 50 series per account at a time."""
    meeting_type: Annotated[MeetingType, across.REQUESTED_TYPE] | None = field(
        default=Factory(_meeting_type, takes_self=True)
    )
    """0 or 1; set to 1 by a recurring_rule."""
    enable_live: bool | None = None
    """Default false."""
    live_config: LiveConfig | None = None
    enable_doc_upload_permission: bool | None = None
    """Whether everybody may upload documents; default true."""
    media_set_type: MediaSetType | None = None
    """Hybrid cloud only; default 0."""
    enable_interpreter: bool | None = None
    """Interpreters; default false. Can't be changed later."""
    enable_enroll: bool | None = None
    """Whether people have to enrol; default false."""
    enable_host_key: bool | None = None
    """Default false."""
    host_key: Annotated[str, rules.HOST_KEY] | None = field(default=None, repr=masked)
    """6 digits, one value for a whole series; generated when enabled and left out."""
    sync_to_wework: bool | None = None
    """Can't be changed later. The gateway's default is true."""
    time_zone: Annotated[str, rules.TIME_ZONE] | None = field(default=Factory(series.zone_of_series, takes_self=True))
    """A zone name such as Asia/Shanghai. Of a series it follows from the `ZoneInfo` of `start_time`, outside China."""
    location: Annotated[str, rules.LOCATION] | None = None
    """At most 36 wide, a Chinese character counting 2."""
    allow_enterprise_intranet_only: bool | None = None
    """Hybrid cloud; ignored in silence without permission."""

    checks: ClassVar = (
        across.end_after_start,
        across.quick_is_not_recurring,
        across.rule_with_recurring_type,
        across.settings_of_a_new_meeting,
        across.host_key_needs_switch,
        across.live_config_needs_live,
        across.live_password_when_enabled,
        series.zone_where_clocks_change,
        series.until_after_start,
        series.occurrences_within_cap,
        series.first_day_in_mask,
    )

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: its subject, or its times."""
        return other_meeting(self, shown)
