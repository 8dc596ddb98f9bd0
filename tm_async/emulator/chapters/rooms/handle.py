"""`Emulator.rooms`: what a test does in place of rooms, their devices, and whoever is in them.

A mistake is a `ValueError` that begins with its field.
"""

from collections.abc import Iterator

from attrs import evolve

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings.attendance import Attendance
from tm_async.emulator.chapters.meetings.handle import MeetingsHandle
from tm_async.emulator.chapters.rooms import news
from tm_async.emulator.chapters.rooms.calls import ENTERING, REJECTED
from tm_async.emulator.chapters.rooms.state import Alarm, Room, Rooms
from tm_async.emulator.kernel.amounts import check_amount

__all__ = ["RoomsHandle"]

DEVICE = 22
"""`instanceid` of Rooms on Android."""
MRA = 9
GONE = "device_off_line"


class RoomsHandle:
    """The rooms, in order of creation, and what happens in them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __iter__(self) -> Iterator[Room]:
        return iter(self._there.values())

    def __len__(self) -> int:
        return len(self._there)

    def __repr__(self) -> str:
        return f"<RoomsHandle {len(self)} rooms>"

    def add(
        self,
        name: str,
        *,
        meeting_room_id: str | None = None,
        city: str = "",
        building: str = "",
        floor: str = "",
        capacity: int = 10,
        bookable: bool = True,
        callable: bool = True,  # noqa: A002 - what it is
        activated: bool = True,
    ) -> Room:
        """Let a room exist, with a device that is online unless `activated` is false. Its id is a number."""
        check_amount("capacity", capacity)
        there = self._there
        room = Room(
            meeting_room_id=meeting_room_id or there.new_id(),
            meeting_room_name=name,
            city=city,
            building=building,
            floor=floor,
            participant_number=capacity,
            scheduled_status=bookable,
            is_allow_call=callable,
        )
        if not (room.meeting_room_id.isascii() and room.meeting_room_id.isdigit()):
            raise ValueError("meeting_room_id: is not made of digits")
        if room.meeting_room_id in there:
            raise ValueError(f"meeting_room_id: {room.meeting_room_id!r} exists already")
        if activated:
            room = self._with_device(room, connected=True)
        return there.add(room)

    def activate(self, code: str) -> Room:
        """A device is activated for a room, by the code that the API made; it is not online yet."""
        room = next((each for each in self._there.values() if each.active_code == code), None)
        if room is None:
            raise ValueError("code: activates no room")
        return self._there.put(self._with_device(room, connected=None))

    def connect(self, meeting_room_id: str) -> Room:
        """The device comes online, for the first time or again: then its alarm is over."""
        room = self._there.put(evolve(self._room(meeting_room_id, device=True), connected=True))
        return self.recover(meeting_room_id, GONE) if any(one.code == GONE for one in room.alarms) else room

    def disconnect(self, meeting_room_id: str) -> Room:
        """The device goes offline, which raises a severe alarm. Who is in a meeting through it leaves."""
        room = self._room(meeting_room_id, device=True)
        if not room.connected:
            raise ValueError(f"meeting_room_id: the device of {meeting_room_id!r} is not online")
        stay = self._there.inside.get(meeting_room_id)
        if stay is not None and stay.left is None:
            self.leave(meeting_room_id)
        self._there.put(evolve(room, connected=False))
        return self.alarm(meeting_room_id, GONE, severe=True)

    def alarm(self, meeting_room_id: str, code: str, text: str = "", *, severe: bool = False) -> Room:
        """Raise an alarm of a device, such as cpu_occupancy_rate_overtop."""
        room = self._room(meeting_room_id, device=True)
        if any(one.code == code for one in room.alarms):
            raise ValueError(f"code: {code!r} is raised already")
        one = Alarm(code=code, text=text or code, severe=severe, raised=self._backend.clock())
        news.alarm(self._backend.state, room, one, one.raised)
        return self._there.raised(room, one)

    def recover(self, meeting_room_id: str, code: str) -> Room:
        """Let an alarm be over."""
        room = self._room(meeting_room_id)
        one = next((one for one in room.alarms if one.code == code), None)
        if one is None:
            raise ValueError(f"code: {code!r} is not raised")
        news.alarm(self._backend.state, room, one, self._backend.clock(), over=True)
        return self._there.put(evolve(room, alarms=tuple(each for each in room.alarms if each.code != code)))

    def set_parts(
        self, meeting_room_id: str, *, camera: bool = True, microphone: bool = True, speaker: bool = True
    ) -> Room:
        """Say which parts of a device work."""
        parts = {"camera": camera, "microphone": microphone, "speaker": speaker}
        broken = frozenset(name for name, works in parts.items() if not works)
        return self._there.put(evolve(self._room(meeting_room_id, device=True), broken=broken))

    def add_controller(self, meeting_room_id: str, name: str) -> Room:
        """Put a touch panel into a room."""
        room = self._room(meeting_room_id, device=True)
        return self._there.put(evolve(room, controllers=(*room.controllers, name)))

    def show_code(self, meeting_room_id: str) -> str:
        """The code on the screen of a room, with which people cast to it."""
        room = self._room(meeting_room_id, device=True)
        code = room.screencast_code or self._there.new_code(6)
        self._there.put(evolve(room, screencast_code=code))
        return code

    def answer(self, callee: str, *, accept: bool = True) -> Attendance | None:
        """Somebody in a room that rings accepts the call, and enters the meeting, or rejects it.

        `callee`: the id of the room, or the address that was dialled.
        """
        now = self._backend.clock()
        call = next((one for one in self._there.calls.ringing(now) if one.callee == callee), None)
        if call is None:
            raise ValueError(f"callee: {callee!r} does not ring")
        room = self._there.get(callee)
        if room is not None and not room.connected:
            raise ValueError(f"callee: the device of {callee!r} is offline")
        if accept:
            call.stay = MeetingsHandle(self._backend).join(
                call.meeting_id,
                name=callee if room is None else room.meeting_room_name,
                instanceid=MRA if room is None else DEVICE,
            )
            self._there.inside[callee] = call.stay
        call.state, call.answered = ENTERING if accept else REJECTED, now
        news.answered(self._backend.state, call)
        return call.stay

    def leave(self, callee: str) -> None:
        """A room or terminal leaves the meeting that it was called into."""
        stay = self._there.inside.get(callee)
        if stay is None or stay.left is not None:
            raise ValueError(f"callee: {callee!r} is in no meeting")
        state = self._backend.state
        inside = (one.id for one in state.meetings.values() for span in one.spans if stay in one.session(span).inside)
        MeetingsHandle(self._backend).leave(next(inside), ms_open_id=stay.ms_open_id)

    @property
    def _there(self) -> Rooms:
        return self._backend.state.rooms

    def _room(self, meeting_room_id: str, *, device: bool = False) -> Room:
        room = self._there.get(meeting_room_id)
        if room is None:
            raise ValueError(f"meeting_room_id: {meeting_room_id!r} is not known")
        if device and room.rooms_id is None:
            raise ValueError(f"meeting_room_id: {meeting_room_id!r} has no device, activate one by a code of the API")
        return room

    def _with_device(self, room: Room, *, connected: bool | None) -> Room:
        device = self._there.new_id()
        return evolve(
            room, rooms_id=device, active_code=None, activated=self._backend.clock(), connected=connected, alarms=()
        )
