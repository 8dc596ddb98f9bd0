"""One room: what it is, what is changed of it, and what stands behind it on its screen."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.acting import ByUserId
from tm_async.api.rooms.values import RoomLicence, RoomLicenceTier, RoomStatus
from tm_async.api.shared import AK_SK, Device, RoomId, Switch
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import AlsoNamed, Base64Text, OpenIntEnum, OpenStrEnum, masked
from tm_async.rules import rooms
from tm_async.rules.limits import between, characters, entries

__all__ = [
    "Background",
    "BackgroundJob",
    "Equipment",
    "GetBackground",
    "GetByScreencastCode",
    "GetRoom",
    "ModifyRoom",
    "ProLicence",
    "Room",
    "RoomAccount",
    "RoomBasics",
    "RoomHardware",
    "RoomInfo",
    "RoomPmi",
    "RoomType",
    "ScreencastRoom",
    "SetBackground",
]


class ProLicence(OpenIntEnum):
    """`pro_account_type`, in one official SDK."""

    PREINSTALLED = 1
    TRIAL = 2
    PAID = 3


class RoomType(OpenIntEnum):
    """`meeting_room_type`."""

    ROOMS = 0
    UNTYPED = 1
    SIP = 2
    H323 = 4


class Equipment(OpenStrEnum):
    """What is in a room. The gateway passes by everything else."""

    TV = "TV"
    PROJECTOR = "投影"
    CONFERENCE_PHONE = "会议电话机"
    MICROPHONE = "MIC"
    VIDEO_TV = "视频电视"
    PC = "PC"
    WIRELESS_CAST = "无线投屏"


@answer
class RoomBasics(AnswerModel):
    """What a room is."""

    rooms_id_list: tuple[str, ...] = ()
    """Its devices."""
    meeting_room_name: str = ""
    city: str = ""
    building: str = ""
    floor: str = ""
    participant_number: int | None = None
    """How many people it holds."""
    device: str = ""
    """What is in it, in one text."""
    desc: Base64Text = ""
    admin_password_enabled: Annotated[bool | None, AlsoNamed("use_password")] = None
    """`use_password` in one official SDK (Go, 1.0.8) and on pages of 2021, and is read, too."""
    admin_password: Annotated[Base64Text | None, AlsoNamed("password")] = field(default=None, repr=masked)
    """Only while it is enabled. `password` there, and is read, too."""


@answer
class RoomAccount(AnswerModel):
    """The licence of a room."""

    account_type: RoomLicence | None = None
    account_new_type: RoomLicenceTier | None = None
    pro_account_type: ProLicence | None = None
    valid_period: str = ""
    """Until when; no source says in which form, a sample has `-`."""


@answer
class RoomHardware(AnswerModel):
    """The device of a room."""

    meeting_room_status: RoomStatus | None = None
    health_status: str = ""
    """A sample has `ERROR`; no source lists its values."""
    active_time: str = ""
    """When it was activated, such as `2021-03-23 15:37:34`, in an unnamed time zone."""
    factory: str = ""
    device_model: str = ""
    sn: str = ""
    ip: str = ""
    mac: str = ""
    rooms_version: str = ""
    firmware_version: str = ""
    system_type: str = ""
    cpu_info: str = ""
    cpu_usage: str = ""
    gpu_info: str = ""
    memory_info: str = ""
    net_type: str = ""
    monitor_frequency: int | None = None
    camera_model: str = ""
    enable_video_mirror: bool | None = None
    microphone_info: str = ""
    speaker_info: str = ""


@answer
class RoomPmi(AnswerModel):
    """The personal meeting number of a room."""

    pmi_code: str = ""
    pmi_pwd: str | None = field(default=None, repr=masked)


@answer
class Room(AnswerModel):
    """A room."""

    basic_info: RoomBasics | None = None
    account_info: RoomAccount | None = None
    hardware_info: RoomHardware | None = None
    pmi_info: RoomPmi | None = None
    monitor_status: Switch | None = None
    """Whether alarms are told."""
    scheduled_status: Switch | None = None
    """Whether it can be booked; off unless somebody switched it on."""
    is_allow_call: bool | None = None


@operation
class GetRoom(ByUserId, Operation[Room]):
    """Look up a room (doc 1095/55311). Needs the right to view rooms."""

    spec = Spec("rooms.get", "GET /v1/meeting-rooms/{meeting_room_id}", modes=AK_SK)

    meeting_room_id: RoomId


@answer
class ScreencastRoom(AnswerModel):
    """The room whose screen shows a code."""

    meeting_room_id: str = ""
    rooms_id: str = ""
    rooms_ip_list: tuple[str, ...] = ()
    cs_api_enable: bool | None = None
    """Whether a central control may act on it."""
    api_password: str | None = field(default=None, repr=masked)
    """Empty while `cs_api_enable` is false."""


@operation
class GetByScreencastCode(ByUserId, Operation[ScreencastRoom]):
    """Find a room by the code that its screen shows for casting (doc 1095/101549)."""

    spec = Spec("rooms.get_by_screencast_code", "GET /v1/meeting-rooms/{screencast_code}/rooms-info", modes=AK_SK)

    screencast_code: RoomId


@part
class RoomInfo(Part):
    """What a room is to be. The name and the type are always given."""

    meeting_room_name: Annotated[str, rooms.ROOM_TEXT]
    """At most 36 wide, a Chinese character counting 2."""
    meeting_room_type: RoomType
    city: Annotated[str, rooms.ROOM_TEXT] | None = None
    """With building and floor; one that is not there yet is created."""
    building: Annotated[str, rooms.ROOM_TEXT] | None = None
    floor: Annotated[str, rooms.FLOOR] | None = None
    """Letters and digits."""
    participant_number: Annotated[int, between(0, 999_999_999)] | None = None
    """How many people it holds: at most 9 digits."""
    device: Collection[Equipment] | None = None
    label: Annotated[Collection[Annotated[str, characters(40)]], entries(10)] | None = None
    """At most 10, of 40 characters each; one that is not there yet is created."""
    desc: Annotated[Base64Text, characters(1000)] | None = None
    """At most 1,000 characters. Base64 on the wire, as the official SDKs say; the page does not."""
    admin_password_enabled: bool | None = None
    admin_password: Annotated[str, characters(16, least=1)] | None = field(default=None, repr=masked)
    """1 to 16 characters, plain (answers have it as Base64)."""
    mra_address: str | None = None
    """Of a SIP or H.323 room: this, or mra_register_account."""
    mra_register_account: str | None = None

    checks: ClassVar = (rooms.whole_place, rooms.admin_password_when_enabled, rooms.address_of_terminal)


@operation
class ModifyRoom(ByUserId, Operation[None]):
    """Change a room (doc 1095/83258). Needs the right to edit rooms.

    That what is left out stays as it is, is not documented.
    """

    spec = Spec("rooms.modify", "PUT /v1/meeting-rooms/modify", modes=AK_SK)

    meeting_room_id: RoomId
    instance_id: Device = Device.PC
    meeting_room_info: RoomInfo | None = None
    scheduled_status: bool | None = None
    """Whether it can be booked; a number in answers."""
    is_allow_call: bool | None = None
    """Whether it can be called."""


@answer
class Background(AnswerModel):
    """What a room's screen shows."""

    background_image: str = ""
    """An address that lives for 2 hours."""


@operation
class GetBackground(ByUserId, Operation[Background]):
    """Look up what the screen of a room shows (doc 1095/86416). Needs the right to view rooms."""

    spec = Spec("rooms.get_background", "GET /v1/meeting-rooms/{meeting_room_id}/background", modes=AK_SK)

    meeting_room_id: RoomId


@answer
class BackgroundJob(AnswerModel):
    """A job that sets a background."""

    job_id: str = ""
    """Nothing asks for it, so that an answer without one is a success, too: where the default comes back, say."""


@operation
class SetBackground(ByUserId, Operation[BackgroundJob]):
    """Set what the screen of a room shows (no page known). Needs the right to edit rooms.

    It is done later, and told by the event `meeting.medium-uploaded`, which has this call's trace id and no job id.
    """

    spec = Spec(
        "rooms.set_background",
        "POST /v1/meeting-rooms/{meeting_room_id}/background",
        repeat=Repeat.SAFE,
        modes=AK_SK,
    )

    meeting_room_id: RoomId
    background_image: str | None = None
    """Address of one image: png or jpg, 1920x1080, up to 10 MB. Left out or empty, the default comes back."""
