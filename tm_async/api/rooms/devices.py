"""The devices in rooms: which there are, how they are, and the code that a new one is activated with."""

from typing import ClassVar

from tm_async.api.acting import ByUserId
from tm_async.api.counted import Counted
from tm_async.api.rooms.values import ListedByUserId, OfRoom, RoomStatus
from tm_async.api.shared import AK_SK, RoomId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import OpenIntEnum, OpenStrEnum

__all__ = [
    "ActiveCode",
    "Alarm",
    "AlarmSeverity",
    "AlarmsPage",
    "ConnectStatus",
    "ControllerStatus",
    "ControllersPage",
    "CreateActiveCode",
    "DeviceAlarms",
    "DevicesPage",
    "ListAlarms",
    "ListControllers",
    "ListDevices",
    "Peripherals",
    "RoomController",
    "RoomDevice",
]


@answer
class Peripherals(AnswerModel):
    """Whether what is connected to a device is healthy."""

    camera_status: bool | None = None
    microphone_status: bool | None = None
    speaker_status: bool | None = None


@answer
class RoomDevice(AnswerModel):
    """A device in a room."""

    rooms_id: str = ""
    meeting_room_id: str = ""
    meeting_room_name: str = ""
    meeting_room_location: str = ""
    meeting_room_status: RoomStatus | None = None
    device_model: str = ""
    app_version: str = ""
    device_monitor_info: Peripherals | None = None


@answer
class DevicesPage(Counted):
    """One page of devices."""

    device_info_list: tuple[RoomDevice, ...] = ()


@operation
class ListDevices(ListedByUserId, PagedOperation[DevicesPage, RoomDevice]):
    """List the devices in rooms (doc 1095/55312). Needs the right to view rooms."""

    spec = Spec("rooms.list_devices", "GET /v1/devices", modes=AK_SK)
    paging: ClassVar = Numbered(items="device_info_list")

    meeting_room_name: str | None = None
    """Those in rooms whose names are like this one."""


class ControllerStatus(OpenStrEnum):
    """`status` of a controller."""

    OFFLINE = "0"
    ONLINE = "1"


@answer
class RoomController(AnswerModel):
    """A touch panel that controls a device."""

    controller_name: str = ""
    status: ControllerStatus | None = None
    rooms_id: str = ""
    meeting_room_name: str = ""
    meeting_room_location: str = ""
    manufacture_name: str = ""
    controller_model: str = ""
    app_version: str = ""
    framework_version: str = ""
    ip_address: str = ""
    mac_address: str = ""
    network_type: str = ""
    cpu_type: str = ""
    cpu_usage: str = ""
    mem_usage: str = ""


@answer
class ControllersPage(Counted):
    """One page of controllers."""

    controller_info_list: tuple[RoomController, ...] = ()


@operation
class ListControllers(ListedByUserId, PagedOperation[ControllersPage, RoomController]):
    """List the touch panels that control devices (no page known)."""

    spec = Spec("rooms.list_controllers", "GET /v1/meeting-rooms-monitor/device-controller-info", modes=AK_SK)
    paging: ClassVar = Numbered(items="controller_info_list")

    controller_name: str | None = None
    """Those whose names are like this one."""


class AlarmSeverity(OpenIntEnum):
    """`health_status` of a device with alarms."""

    ORDINARY = 1
    SEVERE = 2


class ConnectStatus(OpenStrEnum):
    """`str_device_connect_status`."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"


@answer
class Alarm(AnswerModel):
    """An alarm."""

    health_code: str = ""
    """Such as `device_off_line`, `cpu_occupancy_rate_overtop`; no source lists all."""
    health_desc: str = ""
    create_time: str = ""
    """In which form is not documented."""


@answer
class DeviceAlarms(AnswerModel):
    """A device with its alarms."""

    rooms_id: str = ""
    meeting_room_id: str = ""
    """A number on the wire, here only."""
    device_model: str = ""
    app_version: str = ""
    bool_is_support_screen_touch: bool | None = None
    str_device_connect_status: ConnectStatus | None = None
    health_status: AlarmSeverity | None = None
    alarm_info_list: tuple[Alarm, ...] = ()


@answer
class AlarmsPage(Counted):
    """One page of devices with alarms."""

    monitor_info_list: tuple[DeviceAlarms, ...] = ()


@operation
class ListAlarms(OfRoom, ListedByUserId, PagedOperation[AlarmsPage, DeviceAlarms]):
    """List the devices that have alarms, or those of one room (doc 1095/74891). Needs the right to view rooms.

    What raises an alarm is set in the console. That they are raised and over is told by the event `room.alert`, too.
    """

    spec = Spec("rooms.list_alarms", "GET /v1/meeting-rooms-monitor/monitor-info", modes=AK_SK)
    paging: ClassVar = Numbered(items="monitor_info_list")


@answer
class ActiveCode(AnswerModel):
    """What a device is activated with."""

    active_code: str = ""


@operation
class CreateActiveCode(ByUserId, Operation[ActiveCode]):
    """Make a code that activates a device for a room (doc 1095/55310). Needs the app's right to manage rooms.

    Whether a code made before still works then is not documented, nor how long one lives.
    """

    spec = Spec(
        "rooms.create_active_code",
        "POST /v1/meeting-rooms/{meeting_room_id}/active-code?operator_id&operator_id_type",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="active_code",
    )

    meeting_room_id: RoomId
