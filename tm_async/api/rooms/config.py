"""The settings of a room: captions, watermark, its own meeting number, recordings."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.acting import ByUserId
from tm_async.api.meetings.models import MuteOnJoin
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, Device, OperatorType, RoomId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import AlsoNamed, OpenIntEnum, masked
from tm_async.rules import NOT_EMPTY, PASSWORD, rooms

__all__ = [
    "AutoResponse",
    "GetRoomConfig",
    "ModifyRoomConfig",
    "RoomConfig",
    "RoomMeetingSettings",
    "RoomMeetingSettingsInfo",
    "RoomPmiSettings",
    "RoomPmiSettingsInfo",
    "RoomRecordSettings",
    "RoomRecordSettingsInfo",
    "RoomWatermark",
    "ShareRecord",
]


class AutoResponse(OpenIntEnum):
    """`auto_response`: whether calls are answered by themselves."""

    ON = 1
    OFF = 2


class RoomWatermark(OpenIntEnum):
    """`water_mark` of a room; 0 and 1 mean other things than in a meeting's `water_mark_type`."""

    OFF = 0
    SINGLE_ROW = 1
    MULTIPLE_ROWS = 2


class ShareRecord(OpenIntEnum):
    """`share_record`: who may see the cloud recordings of a room."""

    OFF = 0
    EVERYBODY = 1
    SIGNED_IN = 2
    ENTERPRISE = 3
    ATTENDEES = 4


@part
class RoomPmiSettings(Part):
    """How meetings of a room's own number behave."""

    room_pmi_psw: Annotated[str, PASSWORD] | None = field(default=None, repr=masked)
    """4 to 6 digits."""
    hosts: Collection[str] | None = None
    allow_in_before_host: bool | None = None
    waiting_room: bool | None = None
    mute_enable_type_join: MuteOnJoin | None = None
    only_enterprise_user_allowed: bool | None = None


@answer
class RoomPmiSettingsInfo(RoomPmiSettings, AnswerModel):
    """The same in an answer."""


@part
class RoomMeetingSettings(Part):
    """How a room behaves in meetings. The defaults are those of the official SDKs."""

    auto_response: AutoResponse | None = None
    """Default off."""
    caption: bool | None = None
    """Default true."""
    room_notification: bool | None = None
    """Whether its screen shows notices; default false."""
    water_mark: RoomWatermark | None = None
    """Default multiple rows."""
    room_pmi: bool | None = None
    """Whether it has a meeting number of its own; default true."""
    room_pmi_settings: RoomPmiSettings | None = None
    """Only with room_pmi=true."""

    checks: ClassVar = (rooms.personal_room_switched_on,)


@answer
class RoomMeetingSettingsInfo(RoomMeetingSettings, AnswerModel):
    """The same in an answer."""

    room_pmi_settings: RoomPmiSettingsInfo | None = None


@part
class RoomRecordSettings(Part):
    """Cloud recordings of a room."""

    download_record: bool | None = None
    """Default false."""
    share_record: ShareRecord | None = None
    """Default everybody."""


@answer
class RoomRecordSettingsInfo(RoomRecordSettings, AnswerModel):
    """The same in an answer."""

    download_record: Annotated[bool | None, AlsoNamed("dowload_record")] = None
    """A page of 2022 spells it `dowload_record`, and is read, too."""


@answer
class RoomConfig(AnswerModel):
    """The settings of a room."""

    meeting_settings: RoomMeetingSettingsInfo | None = None
    record_settings: RoomRecordSettingsInfo | None = None


@operation
class GetRoomConfig(ByUserId, Operation[RoomConfig]):
    """Look up the settings of a room (no page known). Needs the right to view rooms."""

    spec = Spec("rooms.get_config", "POST /v1/meeting-rooms/room-config-info", repeat=Repeat.SAFE, modes=AK_SK)

    meeting_room_id: RoomId
    instance_id: Device = Device.PC


@operation
class ModifyRoomConfig(Operation[None]):
    """Change the settings of a room (no page known). Needs the right to edit rooms."""

    spec = Spec(
        "rooms.modify_config", "POST /v1/meeting-rooms/modify-room-config-info", repeat=Repeat.SAFE, modes=AK_SK
    )

    operator_id: Annotated[str, NOT_EMPTY]
    """Who acts: a userid; of this call alone the sources list the other kinds of ids, too."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id, 3 rooms_id, 4 ms_open_id, 5 meeting_room_id; follows from `operator_id`."""
    meeting_room_id: RoomId
    instance_id: Device = Device.PC
    meeting_settings: RoomMeetingSettings | None = None
    record_settings: RoomRecordSettings | None = None
