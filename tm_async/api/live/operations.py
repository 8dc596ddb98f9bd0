"""The live stream of a meeting that was made with `enable_live`; it is started and stopped in the client.

AK/SK only. Errors of the whole chapter: 190316 there is no live information, 190317 live streaming is not enabled.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

from attrs import field

from tm_async import rules
from tm_async.api.inside import ByUser
from tm_async.api.meetings.models import LiveConfig
from tm_async.api.shared import AK_SK, ByOperator, Device, MeetingCode, MeetingId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import Base64Text, Named, OpenIntEnum, masked
from tm_async.rules.limits import characters, entries

__all__ = [
    "DeleteReplays",
    "GetLiveViewers",
    "GetPushAddresses",
    "ListReplays",
    "ListReplaysByCode",
    "LiveReplay",
    "LiveReplays",
    "LiveViewers",
    "MeetingReplays",
    "PushAddress",
    "PushAddressInfo",
    "PushAddresses",
    "PushPlatform",
    "SetLiveConfig",
    "SetLiveConfigByCode",
    "SetPushAddress",
]

if TYPE_CHECKING:
    from builtins import str as PathMeetingId
else:
    PathMeetingId = Annotated[str, Named("meetingId"), rules.NOT_EMPTY]


class PushPlatform(OpenIntEnum):
    """`platform_type`."""

    WECHAT_CHANNELS = 1
    OTHER = 2


@operation
class SetLiveConfig(ByUser, Operation[None]):
    """Change the settings of a meeting's live stream (doc 1095/49222). The creator before the start, a host during it.

    Switched on without a password, it is the meeting's on the current page; older texts refuse that. Own codes: 190318
    the meeting was not found, 190319 the change failed.
    """

    spec = Spec("live.set_config", "PUT /v1/meetings/{meeting_id}/live_play/config", modes=AK_SK)

    meeting_id: MeetingId
    live_config: LiveConfig


@operation
class SetLiveConfigByCode(ByUser, Operation[None]):
    """Change the settings of a meeting's live stream by the meeting's code (no page known). The creator may.

    Known from sources of 2021 and 2022, and in no current official SDK; `set_config` is the current form.
    """

    spec = Spec("live.set_config_by_code", "PUT /v1/meetings/live_play/config", modes=AK_SK)

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""
    live_config: LiveConfig


@part
class PushAddress(Part):
    """A platform that the stream is pushed to."""

    platform_type: PushPlatform
    push_address: Annotated[str, rules.NOT_EMPTY]
    push_password: Annotated[str, rules.NOT_EMPTY] = field(repr=masked)
    """The stream's key: who has it can push."""
    enable_push_addres: bool | None = None
    """Whether it is pushed to; spelled so on the wire. The gateway's default is true."""
    platform_name: Annotated[Base64Text, characters(10), rules.NOT_BLANK] | None = None
    """At most 10 characters, not blank. Base64 on the wire."""


@answer
class PushAddressInfo(AnswerModel):
    """A platform that the stream is pushed to, in an answer."""

    platform_type: PushPlatform | None = None
    push_address: str = ""
    push_password: str | None = field(default=None, repr=masked)
    enable_push_addres: bool | None = None
    platform_name: Base64Text | None = None


@answer
class PushAddresses(AnswerModel):
    """The platforms that a stream is pushed to."""

    push_stream_info: tuple[PushAddressInfo, ...] = ()


@operation
class SetPushAddress(ByUser, Operation[None]):
    """Push the live stream to another platform, too (doc 1095/58214). The creator before the start, a host during it.

    One a call; WeChat Channels once, and at most 10 others (400001 beyond), for business and enterprise editions. Own
    codes: 400004 an address that is there already or begins wrongly, 400005 the meeting, 400006 not the creator.
    """

    spec = Spec(
        "live.set_push_address",
        "POST /v1/meetings/{meetingId}/live_play/live-stream-address",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
    )

    meeting_id: PathMeetingId
    push_stream_info: Annotated[Collection[PushAddress], entries(1, least=1)]
    """Exactly one."""


@operation
class GetPushAddresses(ByOperator, Operation[PushAddresses]):
    """List the platforms that the live stream is pushed to (doc 1095/71338).

    The creator before the start, a host during the meeting; afterwards, too.
    """

    spec = Spec("live.get_push_addresses", "GET /v1/meetings/{meeting_id}/live-play/push-stream-info", modes=AK_SK)

    meeting_id: MeetingId
    instanceid: Device = Device.PC


@answer
class LiveViewers(AnswerModel):
    """How many watch a live stream."""

    meeting_id: str = ""
    subject: str = ""
    live_viewers_num: int | None = None
    """Now, while it runs, and in all afterwards; of series there is no total."""


@operation
class GetLiveViewers(ByUser, Operation[LiveViewers]):
    """Ask how many watch a live stream, or did (doc 1095/58215). The creator and administrators may."""

    spec = Spec("live.get_viewers", "GET /v1/meetings/{meetingId}/live_play/live-view-info", modes=AK_SK)

    meeting_id: PathMeetingId


@answer
class LiveReplay(AnswerModel):
    """The replay of one stream of a meeting."""

    live_room_id: str = ""
    live_subject: str = ""
    video_url: str = ""


@answer
class MeetingReplays(AnswerModel):
    """A meeting, with the replays of its live streams."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    live_replay_list: tuple[LiveReplay, ...] = ()


@answer
class LiveReplays(AnswerModel):
    """The replays that were found; the samples show one meeting."""

    meeting_number: int | None = None
    meeting_info_list: tuple[MeetingReplays, ...] = ()

    @property
    def live_replay_list(self) -> tuple[LiveReplay, ...]:
        """The replays of all meetings."""
        return tuple(replay for meeting in self.meeting_info_list for replay in meeting.live_replay_list)


@operation
class ListReplays(ByUser, Operation[LiveReplays]):
    """List the replays of a meeting's live streams (doc 1095/93434). The creator only (190315)."""

    spec = Spec("live.list_replays", "GET /v1/meetings/{meetingId}/live_play/replays", modes=AK_SK)

    meeting_id: PathMeetingId


@operation
class ListReplaysByCode(ByUser, Operation[LiveReplays]):
    """List the replays of a meeting's live streams by the meeting's code (no page known). The creator only.

    Known from sources of 2021 and 2022, and in no current official SDK; `list_replays` is the current form.
    """

    spec = Spec("live.list_replays_by_code", "GET /v1/meetings/live_play/replays", modes=AK_SK)

    meeting_code: MeetingCode
    """9 digits; spaces and dashes are removed."""


@operation
class DeleteReplays(ByUser, Operation[None]):
    """Delete the replay of one live stream (doc 1095/49249). The creator only."""

    spec = Spec(
        "live.delete_replays",
        "DELETE /v1/meetings/{meetingId}/live_play/{live_room_id}/replays?userid&instanceid",
        modes=AK_SK,
    )

    meeting_id: PathMeetingId
    live_room_id: Annotated[str, rules.NOT_EMPTY]
    """From `list_replays`."""
