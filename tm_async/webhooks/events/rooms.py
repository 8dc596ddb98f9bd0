"""Rooms: alarms of devices, answers to calls."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Moment, OpenIntEnum, OpenStrEnum
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.spec import named, page

__all__ = [
    "AlertEvent",
    "AlertKind",
    "DeviceConnectStatus",
    "MraAddress",
    "MraProtocol",
    "RoomAlert",
    "RoomEvent",
    "RoomResponded",
    "RoomResponse",
    "RoomResponseEvent",
    "RoomResponseStatus",
]


class DeviceConnectStatus(OpenStrEnum):
    """`device_connect_status`."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"


class AlertKind(OpenIntEnum):
    """`alert_kind`."""

    RAISED = 0
    RECOVERED = 1


class MraProtocol(OpenIntEnum):
    """`protocol` of an MRA address."""

    SIP = 1
    H323 = 2


class RoomResponseStatus(OpenStrEnum):
    """`response_status`: how a called room answers."""

    NONE = "0"
    JOINING = "2"
    REJECTED = "3"
    CANCELLED = "5"
    """Rooms only."""


@answer
class AlertEvent(AnswerModel):
    """An alarm."""

    health_status: int | None = None
    device_connect_status: DeviceConnectStatus | None = None
    create_time: Moment | None = None
    """RFC 3339 on the wire."""
    health_desc: str = ""
    health_code: str = ""
    alert_kind: AlertKind | None = None


@answer
class RoomEvent(AnswerModel):
    """The room of an alarm."""

    rooms_id: str = ""
    meeting_room_id: str = ""
    """A number on the wire."""
    device_model: str = ""
    app_version: str = ""
    is_support_screen_touch: bool | None = None
    alert_event: AlertEvent | None = None


@answer
class RoomAlert(Event):
    """An alarm was raised, or is over. Devices are checked every five minutes, the network every minute."""

    spec = named("room.alert", page("1095/74902", "2024-12"))

    room_event: RoomEvent | None = None


@answer
class MraAddress(AnswerModel):
    """Where a SIP or H.323 device is called."""

    protocol: MraProtocol | None = None
    dial_string: str = ""


@answer
class RoomResponse(AnswerModel):
    """The answer."""

    response_status: RoomResponseStatus | None = None
    response_time: Moment | None = None
    """RFC 3339 on the wire."""


@answer
class RoomResponseEvent(AnswerModel):
    """Who answers: a room by its id, or an MRA device by its address."""

    meeting_id: str = ""
    meeting_room_id: str | None = None
    mra_address: MraAddress | None = None
    response_event: RoomResponse | None = None


@answer
class RoomResponded(Event):
    """A room answers a call. Enterprise apps only; `operate_time` is text on the wire."""

    spec = named("room.response", page("1095/83460", "2024-07"))

    room_response_event: RoomResponseEvent | None = None
