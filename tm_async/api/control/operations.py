"""Control of a running meeting: one person, several, or everybody.

Who is acted upon is named by `ms_open_id` and by the kind of device, both from `meetings.list_realtime_participants`.
Somebody with two devices is two targets, and a device that is not in use does nothing, without an error. Unless it is
said otherwise the creator, the host and co-hosts may (the official SDKs: not the creator); a meeting that does not run
is refused. With OAuth2 only meetings that the same app created can be controlled (9042).
"""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.inside import InMeeting, OfRoomsDevice
from tm_async.api.meetings.models import MuteOnJoin, OpenAsrView
from tm_async.api.shared import ByOperator, MeetingId, OperatorType, Switch, type_from
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.device import Device
from tm_async.core.kinds import kind_of_id
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import control
from tm_async.rules.limits import characters, entries, only_with

__all__ = [
    "AllowChat",
    "AsrResult",
    "Dismiss",
    "KickOut",
    "MoveWaiting",
    "Mute",
    "NewName",
    "Rename",
    "SetAsr",
    "SetCohost",
    "SetDocPermission",
    "SetStatus",
    "SetVideo",
    "StopScreenShare",
    "Target",
    "WaitingMove",
]


class WaitingMove(OpenIntEnum):
    """`operate_type`: where somebody goes."""

    ADMIT = 1
    """From the waiting room into the meeting."""
    PUT_BACK = 2
    """From the meeting into the waiting room."""
    REMOVE = 3
    """Out of the waiting room."""


class AllowChat(OpenIntEnum):
    """`allow_chat`: to whom members may write."""

    FREELY = 0
    PUBLICLY = 1
    """To everybody at once only."""
    TO_HOSTS = 2


@part
class Target(Part):
    """Somebody in a meeting, on one device."""

    to_operator_id: Annotated[str, rules.NOT_EMPTY]
    """Their `ms_open_id` in this meeting."""
    to_operator_id_type: Annotated[OperatorType, kind_of_id(4)] = OperatorType.MS_OPEN_ID
    """4 only."""
    instanceid: Device
    """The device that is in use; another one does nothing, without an error."""


@part
class NewName(Part):
    """Somebody in a meeting, on one device, and the new name."""

    ms_open_id: Annotated[str, rules.NOT_EMPTY]
    instanceid: Device
    """The device that is in use; another one does nothing, without an error."""
    nick_name: Annotated[str, characters(20)]
    """At most 20 characters."""


@operation
class Mute(InMeeting, Operation[None]):
    """Mute or unmute somebody (doc 1095/57948). Webinar audience, MRA devices and telephones, too.

    Whether unmuting opens the microphone or asks the person first is not documented.
    """

    spec = Spec("meeting_control.mute", "PUT /v1/real-control/meetings/{meeting_id}/mutes")

    meeting_id: MeetingId
    user: Target
    mute: bool
    """False unmutes."""


@operation
class SetVideo(InMeeting, Operation[None]):
    """Stop somebody's video, or start that of an MRA device (doc 1095/57950).

    Own code: 9104 for a device whose video cannot be stopped.
    """

    spec = Spec("meeting_control.set_video", "PUT /v1/real-control/meetings/{meeting_id}/video")

    meeting_id: MeetingId
    user: Target
    video: bool | None = None
    """True starts it, of MRA devices only. The gateway's default is false."""

    checks: ClassVar = (control.video_starts_on_mra,)


@operation
class StopScreenShare(InMeeting, Operation[None]):
    """Stop somebody's screen share (no page known). Not that of an MRA device."""

    spec = Spec("meeting_control.stop_screen_share", "PUT /v1/real-control/meetings/{meeting_id}/screen-shared")

    meeting_id: MeetingId
    user: Target

    checks: ClassVar = (control.no_mra_user,)


@operation
class Rename(InMeeting, Operation[None]):
    """Rename people in a meeting (doc 1095/67794).

    The creator may; the host and co-hosts while they are inside. Only the host renames the host and co-hosts.
    """

    spec = Spec("meeting_control.rename", "PUT /v1/real-control/meetings/{meeting_id}/names")

    meeting_id: MeetingId
    users: Annotated[Collection[NewName], entries(20, least=1)]
    """At most 20."""


@operation
class SetCohost(InMeeting, Operation[None]):
    """Make somebody a co-host, or an ordinary member again (doc 1095/57946). The creator and the host may.

    MRA devices, too (the official SDKs: not these).
    """

    spec = Spec("meeting_control.set_cohost", "PUT /v1/real-control/meetings/{meeting_id}/cohosts")

    meeting_id: MeetingId
    user: Target
    action: bool
    """False makes a co-host an ordinary member."""


@operation
class KickOut(InMeeting, Operation[None]):
    """Remove people from a meeting (doc 1095/57947). Webinar audience, MRA devices and telephones, too."""

    spec = Spec("meeting_control.kickout", "PUT /v1/real-control/meetings/{meeting_id}/kickout")

    meeting_id: MeetingId
    users: Annotated[Collection[Target], entries(20, least=1)]
    """At most 20."""
    allow_rejoin: bool
    """Whether they may come back."""
    reason: str | None = None
    """Required for MRA devices."""

    checks: ClassVar = (control.reason_for_mra,)


@operation
class MoveWaiting(InMeeting, Operation[None]):
    """Move people between the meeting and its waiting room, or out of that (doc 1095/57954).

    Into the meeting and out of the waiting room before the start, too, as far as the official command line says. That
    sends at most 20 people a call; the page has no limit. Own codes: 9103 for a Rooms device, which can't wait, 15004
    for a meeting that is full.
    """

    spec = Spec("meeting_control.waiting_room", "PUT /v1/real-control/meetings/{meeting_id}/waiting-room")

    meeting_id: MeetingId
    users: Annotated[Collection[Target], rules.NOT_EMPTY]
    operate_type: WaitingMove
    allow_rejoin: bool | None = None
    """With operate_type 3: whether they may come back; without effect for MRA devices."""

    checks: ClassVar = (only_with("allow_rejoin", "operate_type", 3),)


@operation
class SetStatus(InMeeting, Operation[None]):
    """Switch what holds for everybody in a meeting (doc 1095/57944). What is left out stays as it is.

    A switch that the enterprise has locked stays, without an error.
    """

    spec = Spec("meeting_control.set_status", "PUT /v1/real-control/meetings/{meeting_id}/status")

    meeting_id: MeetingId
    mute_all: bool | None = None
    """Mute everybody, or lift that."""
    allow_unmute_by_self: bool | None = None
    """Whether the muted may unmute themselves; only with mute_all true."""
    participant_join_mute: MuteOnJoin | None = None
    """Whether people are muted as they come."""
    meeting_locked: bool | None = None
    """Nobody else comes in."""
    hide_meeting_code_password: bool | None = None
    allow_chat: AllowChat | None = None
    share_screen: bool | None = None
    """Whether members may share their screen."""
    enable_red_envelope: bool | None = None
    only_enterprise_user_allowed: bool | None = None
    play_ivr_on_join: bool | None = None
    """A sound when somebody comes; without effect by the API so far, says the vendor."""
    auto_waiting_room: bool | None = None
    """Who comes waits first."""

    checks: ClassVar = (control.something_to_switch, only_with("allow_unmute_by_self", "mute_all", True))


@operation
class SetDocPermission(InMeeting, Operation[None]):
    """Let everybody in a meeting upload documents, or not (doc 1095/57951)."""

    spec = Spec("meeting_control.set_doc_permission", "PUT /v1/real-control/meetings/{meeting_id}/doc")

    meeting_id: MeetingId
    enable_upload_doc: bool


@answer
class AsrResult(AnswerModel):
    """What came of switching the transcription."""

    code: int | None = None
    message: str = ""


@operation
class SetAsr(OfRoomsDevice, ByOperator, Operation[AsrResult]):
    """Switch the live transcription of a meeting on or off (doc 1095/106034). The host may; the SDKs: the creator."""

    spec = Spec("meeting_control.set_asr", "PUT /v1/real-control/meetings/{meeting_id}/asr")

    meeting_id: MeetingId
    instance_id: Device = Device.PC
    """The device of who acts; only here it is spelled so."""
    is_open: bool
    open_asr_view: OpenAsrView | None = None
    """Whether the side bar opens, too; only with is_open true. The gateway's default is that it does."""

    checks: ClassVar = (only_with("open_asr_view", "is_open", True),)


OVER = 13603
"""The meeting has ended."""


@operation
class Dismiss(InMeeting, Operation[None]):
    """End a running meeting for everybody (doc 1095/57955). Of a series what runs of it; `meeting_id` is the main one.

    Rooms that were booked for it are not released. MRA devices can't act here.
    """

    spec = Spec("meeting_control.dismiss", "POST /v1/meetings/{meeting_id}/dismiss", repeat=Repeat.SAFE)

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=type_from("operator_id"))
    """1 userid, 2 open id, 3 rooms id, 4 ms_open_id; follows from `operator_id`."""
    reason_code: int
    """A number of your own; nobody is shown it."""
    reason_detail: str | None = None
    force_dismiss_meeting: Switch | None = None
    """0: not while people are inside. The gateway's default is 1."""
    retrieve_code: Switch | None = None
    """1: the meeting's code is given back, so that nobody can come back. The gateway's default is 0."""

    def counts_as_done_again(self, code: int) -> bool:
        """ "Has ended" is what the second attempt hears when the first one got through."""
        return code == OVER
