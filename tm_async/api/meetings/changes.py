"""Change and cancel meetings, series and single occurrences: six calls on two documented operations.

The gateway tells them apart by members that are easily forgotten, and then does the wrong thing to a whole series:
`meeting_type` left out makes a series an ordinary meeting, `sub_meeting_id` left out cancels all of it. Here each is
a call of its own, with what it needs as required arguments.
"""

from collections.abc import Collection
from typing import Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async import rules
from tm_async.api.meetings.alike import other_id
from tm_async.api.meetings.models import Guest, LiveConfig, MediaSetType, Meeting, MeetingType, Settings
from tm_async.api.meetings.recurrence import Recurrence
from tm_async.api.shared import Device, MeetingId, UserId, UserRef
from tm_async.core.declare import Part, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.validation import Check
from tm_async.core.wire import In, SecondsText, masked
from tm_async.rules import changes
from tm_async.rules import meeting as across
from tm_async.rules import recurrence as series

__all__ = [
    "CancelMeeting",
    "CancelOccurrence",
    "CancelSeries",
    "ModifyMeeting",
    "ModifyOccurrence",
    "ModifySeries",
    "OccurrenceChange",
]

ALREADY_CANCELLED = 9007


def _modify(name: str) -> Spec:
    return Spec(
        f"meetings.{name}", "PUT /v1/meetings/{meeting_id}", documented_as="meetings.modify", pick="meeting_info_list"
    )


@operation
class _Modify(Operation[Meeting]):
    """What can be changed about a meeting and about a series alike."""

    meeting_id: MeetingId
    userid: UserId
    """The creator or an administrator of the enterprise."""
    instanceid: Device = Device.PC
    subject: Annotated[str, rules.SUBJECT] | None = None
    start_time: SecondsText | None = None
    end_time: SecondsText | None = None
    hosts: Collection[UserRef] | None = None
    """An empty list clears it; any other must have `userid` in it."""
    invitees: Annotated[Collection[UserRef], rules.INVITEES] | None = None
    """Replaces the list, at most 300; see `replace_invitees` for more."""
    guests: Annotated[Collection[Guest], rules.GUESTS] | None = None
    """Replaces the list; an empty one clears it."""
    password: Annotated[str, rules.NEW_PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits; empty text removes it."""
    settings: Settings | None = None
    """Only what is given in it is changed."""
    enable_live: bool | None = None
    live_config: LiveConfig | None = None
    enable_doc_upload_permission: bool | None = None
    media_set_type: MediaSetType | None = None
    enable_enroll: bool | None = None
    enable_host_key: bool | None = None
    host_key: Annotated[str, rules.HOST_KEY] | None = field(default=None, repr=masked)
    """6 digits. Of a series: for all occurrences that follow."""
    time_zone: Annotated[str, rules.TIME_ZONE] | None = None
    """Left out it stays as it is, whatever the zone of `start_time`."""
    location: Annotated[str, rules.LOCATION] | None = None
    allow_enterprise_intranet_only: bool | None = None

    checks: ClassVar[tuple[Check, ...]] = (across.live_password_when_enabled,)

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's id."""
        return other_id(self.meeting_id, shown)


@operation
class ModifyMeeting(_Modify):
    """Change a meeting that is not a series (doc 1095/42424).

    What is left out stays as it is. A series would lose its rule by this call: use `modify_series`. Quick meetings
    can't be changed.
    """

    spec = _modify("modify")
    checks: ClassVar = (across.end_after_start, changes.hosts_include_creator)


def _recurring(_: object) -> MeetingType:
    return MeetingType.RECURRING


@operation
class ModifySeries(_Modify):
    """Change a whole series (doc 1095/42424).

    What is left out stays as it is, except the rule: the gateway demands it again with every change, and without
    it the series would become an ordinary meeting. `Recurrence.of(meeting.recurring_rule)` restates the present one.
    """

    spec = _modify("modify_series")
    recurring_rule: Recurrence
    meeting_type: MeetingType = field(default=Factory(_recurring, takes_self=True), init=False)
    """Always 1."""

    checks: ClassVar = (
        across.end_after_start,
        changes.hosts_include_creator,
        series.until_after_start,
        series.occurrences_within_cap,
        series.first_day_in_mask,
    )


@part
class OccurrenceChange(Part):
    """The rule of a request that changes one occurrence only; no other member of a rule goes with it."""

    sub_meeting_id: str


def _change(modify: "ModifyOccurrence") -> OccurrenceChange:
    return OccurrenceChange(sub_meeting_id=modify.sub_meeting_id)


@operation
class ModifyOccurrence(Operation[Meeting]):
    """Move one occurrence of a series to another time; nothing else of it can be changed (doc 1095/42424)."""

    spec = _modify("modify_occurrence")

    meeting_id: MeetingId
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY, In.NOWHERE]
    """Which one: from `sub_meetings` of the meeting."""
    userid: UserId
    instanceid: Device = Device.PC
    start_time: SecondsText
    end_time: SecondsText
    meeting_type: MeetingType = field(default=Factory(_recurring, takes_self=True), init=False)
    """Always 1."""
    recurring_rule: OccurrenceChange = field(default=Factory(_change, takes_self=True), init=False)

    checks: ClassVar = (across.end_after_start,)

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: another meeting's id."""
        return other_id(self.meeting_id, shown)


# --- cancel -----------------------------------------------------------------------------------------------------------


def _cancel(name: str) -> Spec:
    return Spec(
        f"meetings.{name}", "POST /v1/meetings/{meeting_id}/cancel", repeat=Repeat.SAFE, documented_as="meetings.cancel"
    )


@operation
class _Cancel(Operation[None]):
    """What all cancelling needs."""

    meeting_id: MeetingId
    userid: UserId
    """The creator, or an administrator of the enterprise (older pages: the creator only)."""
    instanceid: Device = Device.PC
    reason_code: int
    """A number of your own."""
    reason_detail: str | None = None
    cancelled_is_done: Annotated[bool, In.NOWHERE] = False
    """Whether "already cancelled" (9007) counts as done: for a cancel that is sent again after an unclear answer."""

    def counts_as_done(self, code: int) -> bool:
        """Whether a refusal with this code means that there is nothing left to do."""
        return code == ALREADY_CANCELLED and self.cancelled_is_done

    def counts_as_done_again(self, code: int) -> bool:
        """ "Already cancelled" is what the second attempt hears when the first one got through."""
        return code == ALREADY_CANCELLED

    def mismatch(self, shown: Any) -> str | None:
        """What tells that an answer belongs to another request: it shows meetings, of which this one is none."""
        return other_id(self.meeting_id, shown)


@operation
class CancelMeeting(_Cancel):
    """Cancel a meeting that is not a series and has not started (doc 1095/42422).

    Of a series it would cancel all: use `cancel_series` or `cancel_occurrence` and say which.
    """

    spec = _cancel("cancel")


@operation
class CancelSeries(_Cancel):
    """Cancel a whole series (doc 1095/42422)."""

    spec = _cancel("cancel_series")
    meeting_type: MeetingType = field(default=Factory(_recurring, takes_self=True), init=False)
    """Always 1."""


@operation
class CancelOccurrence(_Cancel):
    """Cancel one occurrence of a series (doc 1095/42422).

    `meeting_type` is not sent: the page wants 1 here, the official command line sends 0, the default, and says that 1
    cancels the whole series. What the live client does is the choice that can't cancel more than was meant.
    """

    spec = _cancel("cancel_occurrence")
    sub_meeting_id: MeetingId
    """Which one: from `sub_meetings` of the meeting."""
