"""One look at the rooms of an enterprise: what is there, and what is wrong with it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from attrs import frozen

from tm_async.api.rooms import AlarmSeverity, ConnectStatus, DeviceAlarms, ListedRoom, RoomDevice, RoomStatus
from tm_async.client.client import TencentMeeting

__all__ = ["AlarmSeen", "DeviceSeen", "Health", "Look", "RoomSeen", "in_order", "look"]


class Health(StrEnum):
    """How a room is, the worst first."""

    OFFLINE = "offline"
    SEVERE = "severe"
    ALARM = "alarm"
    OK = "ok"


@frozen(kw_only=True)
class AlarmSeen:
    """An alarm of a device."""

    code: str
    text: str
    since: str
    """As the gateway writes it."""


@frozen(kw_only=True)
class DeviceSeen:
    """A device."""

    rooms_id: str
    model: str
    version: str
    broken: tuple[str, ...]
    """Of camera, microphone, speaker."""
    alarms: tuple[AlarmSeen, ...]
    health: Health

    @classmethod
    def of(cls, device: RoomDevice, alarmed: DeviceAlarms | None) -> "DeviceSeen":
        """A device of the list, with what the list of alarms has of it."""
        parts = device.device_monitor_info
        broken = (
            ()
            if parts is None
            else tuple(
                name for name in ("camera", "microphone", "speaker") if getattr(parts, f"{name}_status") is False
            )
        )
        health = Health.ALARM if broken else Health.OK
        if alarmed is not None:
            health = Health.SEVERE if alarmed.health_status == AlarmSeverity.SEVERE else Health.ALARM
            if alarmed.str_device_connect_status == ConnectStatus.OFFLINE:
                health = Health.OFFLINE
        if device.meeting_room_status == RoomStatus.OFFLINE:
            health = Health.OFFLINE
        return cls(
            rooms_id=device.rooms_id,
            model=device.device_model,
            version=device.app_version,
            broken=broken,
            alarms=tuple(
                AlarmSeen(code=one.health_code, text=one.health_desc, since=one.create_time)
                for one in (alarmed.alarm_info_list if alarmed is not None else ())
            ),
            health=health,
        )


@frozen(kw_only=True)
class RoomSeen:
    """A room with its devices."""

    meeting_room_id: str
    name: str
    location: str
    capacity: int | None
    status: RoomStatus | None
    devices: tuple[DeviceSeen, ...]
    health: Health

    @classmethod
    def of(cls, room: ListedRoom, devices: tuple[DeviceSeen, ...]) -> "RoomSeen":
        """A room of the list; it is as its worst device is."""
        found = [one.health for one in devices]
        if room.meeting_room_status == RoomStatus.OFFLINE:
            found.append(Health.OFFLINE)
        if room.meeting_room_status == RoomStatus.NOT_SIGNED_IN:
            found.append(Health.ALARM)
        return cls(
            meeting_room_id=room.meeting_room_id,
            name=room.meeting_room_name,
            location=room.meeting_room_location,
            capacity=room.participant_number,
            status=room.meeting_room_status,
            devices=devices,
            health=min(found, key=_ORDER.index, default=Health.OK),
        )

    def as_json(self) -> dict[str, Any]:
        """Always the same members, in the same order."""
        return {
            "meeting_room_id": self.meeting_room_id,
            "name": self.name,
            "location": self.location,
            "capacity": self.capacity,
            "status": self.status,
            "health": self.health,
            "devices": [
                {
                    "rooms_id": one.rooms_id,
                    "model": one.model,
                    "version": one.version,
                    "health": one.health,
                    "broken": list(one.broken),
                    "alarms": [{"code": each.code, "text": each.text, "since": each.since} for each in one.alarms],
                }
                for one in self.devices
            ],
        }


_ORDER = list(Health)

Look = dict[str, RoomSeen]
"""Rooms by their ids."""


async def look(tm: TencentMeeting, operator: str, name: str | None) -> Look:
    """Read rooms, devices and alarms. Raises the errors of a call.

    Sources of 2021 have no id of a device in the list of devices: then it is told by its room.
    """
    rooms = tm.rooms.list(operator_id=operator, meeting_room_name=name, page_size=50)
    devices = tm.rooms.list_devices(operator_id=operator, meeting_room_name=name, page_size=50)
    alarmed: dict[str, DeviceAlarms] = {}
    async for one in tm.rooms.list_alarms(operator_id=operator, page_size=50):
        alarmed |= dict.fromkeys((one.meeting_room_id, one.rooms_id), one)
    seen: dict[str, tuple[DeviceSeen, ...]] = {}
    async for device in devices:
        found = DeviceSeen.of(device, alarmed.get(device.rooms_id or device.meeting_room_id))
        seen[device.meeting_room_id] = (*seen.get(device.meeting_room_id, ()), found)
    return {room.meeting_room_id: RoomSeen.of(room, seen.get(room.meeting_room_id, ())) async for room in rooms}


def in_order(seen: Look) -> Iterator[RoomSeen]:
    """What is worst comes first, then by name."""
    yield from sorted(seen.values(), key=lambda one: (_ORDER.index(one.health), one.name, one.meeting_room_id))
