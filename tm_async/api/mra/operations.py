"""MRA devices (H.323 and SIP terminals) in a running meeting.

A device is named by its `ms_open_id`, which `meetings.list_realtime_participants` shows. Whether these calls are for
AK/SK or OAuth2 is not documented, nor who in a meeting may make them.
"""

from typing import TYPE_CHECKING, Annotated

from tm_async.api.inside import InMeeting
from tm_async.api.meetings.attendance_models import ParticipantRole, WebinarRole
from tm_async.api.shared import Device
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Spec
from tm_async.core.wire import AlsoNamed, Named, OpenIntEnum
from tm_async.rules import NOT_EMPTY
from tm_async.rules.mra import MRA_DEVICE

__all__ = [
    "DefaultLayout",
    "GetStatus",
    "HangUp",
    "MraDevice",
    "MraStatus",
    "RaiseHand",
    "SetDefaultLayout",
    "WithoutVideo",
]

if TYPE_CHECKING:
    from builtins import str as MeetingId
    from builtins import str as PathMeetingId
else:
    MeetingId = Annotated[str, NOT_EMPTY]
    PathMeetingId = Annotated[str, Named("meetingId"), NOT_EMPTY]


class DefaultLayout(OpenIntEnum):
    """`default_layout`: how a device splits its screen."""

    EQUAL = 1
    FULL_SCREEN = 2
    ONE_PLUS_N = 3


class WithoutVideo(OpenIntEnum):
    """`default_novideo_user`: whether the split screen has members without video."""

    SHOW = 1
    HIDE = 2


@answer
class MraStatus(AnswerModel):
    """What somebody, mostly an MRA device, does in a meeting."""

    ms_open_id: str = ""
    instanceid: Device | None = None
    user_role: ParticipantRole | None = None
    webinar_member_role: WebinarRole | None = None
    ip: Annotated[str | None, AlsoNamed("IP")] = None
    """Only while inside. The page of 2022 spells it `IP`, and is read, too."""
    name: str = ""
    audio_state: bool | None = None
    """Whether the microphone is on."""
    video_state: bool | None = None
    """Whether the camera is on."""
    screen_shared_state: bool | None = None
    default_layout: DefaultLayout | None = None
    """Of MRA devices only."""
    raise_hands_state: bool | None = None


@part
class MraDevice(Part):
    """An MRA device in a meeting."""

    ms_open_id: Annotated[str, NOT_EMPTY]
    """What it is known by in this meeting."""
    instanceid: Annotated[Device, MRA_DEVICE] = Device.VOIP_SIP
    """9 only."""


@mixin
class _Control(InMeeting):
    meeting_id: PathMeetingId
    """Of a series the main meeting's."""
    user: MraDevice
    """The device."""


@operation
class GetStatus(InMeeting, Operation[MraStatus]):
    """Ask what an MRA device does in a meeting (doc 1095/81282).

    Own codes: 190455 not in a meeting, 202007 that one is not inside, 20010 the look-up failed.
    """

    spec = Spec("mra.get_status", "GET /v1/meetings/{meeting_id}/query-participant")

    meeting_id: MeetingId
    user_ms_open_id: Annotated[str, NOT_EMPTY]
    """Whose state is asked for, as it is: what an address can't hold is encoded on the way."""
    user_instance_id: Device = Device.VOIP_SIP
    """The kind of that device."""


@operation
class SetDefaultLayout(_Control, Operation[None]):
    """Set how an MRA device splits its screen (doc 1095/81307).

    Not while a custom, personal or focus layout is shown.
    """

    spec = Spec("mra.set_default_layout", "PUT /v1/mra-control/meetings/{meetingId}/default-layout")

    default_layout: DefaultLayout
    default_novideo_user: WithoutVideo
    """Whether members without video have a place, too."""


@operation
class HangUp(_Control, Operation[None]):
    """Hang up an MRA device, which leaves the meeting (doc 1095/81310).

    Own code: 190456 not registered.
    """

    spec = Spec("mra.hangup", "PUT /v1/mra-control/meetings/{meetingId}/hangup")


@operation
class RaiseHand(_Control, Operation[None]):
    """Raise or lower the hand of an MRA device (doc 1095/81309)."""

    spec = Spec("mra.raise_hand", "PUT /v1/mra-control/meetings/{meetingId}/raise-hand")

    raise_hand: bool
    """False lowers it."""
