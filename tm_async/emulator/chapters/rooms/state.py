"""The meeting rooms of the enterprise, their devices, who booked them, and who calls them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.rooms.calls import Calls
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.collection import Collection
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.times import CHINA

__all__ = ["Alarm", "Room", "Rooms", "moment"]

NOT_ACTIVATED, NOT_BOUND, FREE, IN_USE, OFFLINE = range(5)
"""`meeting_room_status`. 5, not signed in, is brought about by nothing here."""

_CONFIG: Mapping[str, Mapping[str, Any]] = {
    "meeting_settings": {
        "auto_response": 2,
        "caption": True,
        "room_notification": False,
        "room_pmi": True,
        "water_mark": 2,
    },
    "record_settings": {"download_record": False, "share_record": 1},
}
"""The defaults in the official SDKs."""


def moment(seconds: float) -> str:
    """RFC 3339, as events show times."""
    return datetime.fromtimestamp(int(seconds), CHINA).isoformat()


@frozen(kw_only=True)
class Alarm:
    """Something is wrong with a device. Its time is UNIX seconds."""

    code: str
    text: str
    severe: bool
    raised: float


@frozen(kw_only=True)
class Room:
    """A room. One device can be in it here."""

    meeting_room_id: str
    meeting_room_name: str
    meeting_room_type: int = 0
    city: str = ""
    building: str = ""
    floor: str = ""
    participant_number: int = 0
    device: Sequence[str] = ()
    """What is in it."""
    label: Sequence[str] = ()
    desc: str = ""
    """Plain, where it was Base64."""
    admin_password_enabled: bool = False
    admin_password: str | None = field(default=None, repr=False)
    mra_address: str | None = None
    mra_register_account: str | None = None
    scheduled_status: bool = False
    """Whether it can be booked."""
    is_allow_call: bool = True
    account_type: int = 0
    account_new_type: int = 1
    active_code: str | None = field(default=None, repr=False)
    """What the next device is activated with."""
    rooms_id: str | None = None
    """The device; `None`: there is none."""
    activated: float | None = None
    connected: bool | None = None
    """`None`: the device never was."""
    broken: frozenset[str] = frozenset()
    """Of camera, microphone, speaker."""
    alarms: tuple[Alarm, ...] = ()
    controllers: tuple[str, ...] = ()
    """The names of touch panels."""
    screencast_code: str | None = None
    background_image: str = ""
    config: Mapping[str, Mapping[str, Any]] = field(factory=lambda: _CONFIG)

    @property
    def location(self) -> str:
        """As one sample shows it."""
        return "-".join(part for part in (self.city, self.building, self.floor) if part)

    def as_dict(self) -> dict[str, object]:
        """For the control plane, without passwords."""
        plain = ("meeting_room_id", "meeting_room_name", "rooms_id", "active_code", "screencast_code", "connected")
        return {**{name: getattr(self, name) for name in plain}, "alarms": [alarm.code for alarm in self.alarms]}


class Rooms(Collection[Room]):
    """By id."""

    record = Room
    key, unknown, taken = "meeting_room_id", 190004, 190004
    unique: ClassVar = {"active_code": 190004, "rooms_id": 190004, "screencast_code": 190004}
    named_by: ClassVar = {"meeting_room_id": "meeting_room_id", "screencast_code": "screencast_code"}

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = rng
        self.calls = Calls(rng)
        self.inside: dict[str, Attendance] = {}
        """By room, what its device does in a meeting, or did last."""
        self._booked: dict[str, tuple[str, ...]] = {}
        self._standing: dict[str, dict[str, None]] = {}

    def new_id(self) -> str:
        """An id of a room or of a device."""
        return str(self._rng.randrange(10**17, 10**18))

    def new_code(self, length: int, alphabet: str = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789") -> str:
        """What activates a device, or casts to a screen."""
        return "".join(self._rng.choices(alphabet, k=length))

    def new_job(self) -> str:
        """The id of a job, whose work is done already."""
        return str(self._rng.getrandbits(53))

    def booked(self, meeting_id: str) -> tuple[str, ...]:
        """The rooms of a meeting."""
        return self._booked.get(meeting_id, ())

    def standing(self, meeting_room_id: str) -> tuple[str, ...]:
        """The meetings of a room, by id."""
        return tuple(self._standing.get(meeting_room_id, ()))

    def book(self, meeting_id: str, meeting_room_ids: Sequence[str]) -> None:
        """Give a meeting these rooms, in the place of those that it had."""
        for room in self.booked(meeting_id):
            del self._standing[room][meeting_id]
        self._booked[meeting_id] = tuple(meeting_room_ids)
        for room in meeting_room_ids:
            self._standing.setdefault(room, {})[meeting_id] = None

    def status(self, room: Room) -> int:
        """`meeting_room_status`."""
        if room.connected is None:
            return NOT_ACTIVATED if room.rooms_id is None else NOT_BOUND
        if not room.connected:
            return OFFLINE
        stay = self.inside.get(room.meeting_room_id)
        return IN_USE if stay is not None and stay.left is None else FREE

    def raised(self, room: Room, alarm: Alarm) -> Room:
        """The room with one more alarm."""
        return self.put(evolve(room, alarms=(*room.alarms, alarm)))

    def show(self, record: Room) -> View:
        """Everything that answers may show of a room: of a list's row, and of a look at one."""
        view = super().show(record)
        there = record.rooms_id is not None
        when = None if record.activated is None else datetime.fromtimestamp(record.activated, CHINA)
        view |= {
            "meeting_room_location": record.location,
            "meeting_room_status": self.status(record),
            "scheduled_status": int(record.scheduled_status),
            "device": ",".join(record.device),  # what separates them is not documented
            "desc": base64_text(record.desc),
            "admin_password": base64_text(record.admin_password or "") if record.admin_password_enabled else None,
            "rooms_id_list": [record.rooms_id] if there else [],
            "rooms_ip_list": ["192.0.2.1"] if record.connected else [],
            "device_model": "Emulated" if there else "",
            "rooms_version": "3.1.1.1" if there else "",
            "active_time": "" if when is None else f"{when:%Y-%m-%d %H:%M:%S}",
            "valid_period": "-",
            "monitor_status": 1,
            "cs_api_enable": False,
            "api_password": "",
        }
        groups = ("basic_info", "account_info", "hardware_info")
        return view.having(**dict.fromkeys(groups, View(view)), app_version=view["rooms_version"])
