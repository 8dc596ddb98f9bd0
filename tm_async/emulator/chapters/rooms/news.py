"""What rooms tell as events: answers to calls (doc 1095/83460), alarms (doc 1095/74902)."""

from typing import Any

from tm_async.emulator.chapters.rooms.calls import RoomCall
from tm_async.emulator.chapters.rooms.state import Alarm, Room, moment
from tm_async.emulator.state import State

__all__ = ["alarm", "answered"]

RAISED, RECOVERED = 0, 1


def answered(state: State, call: RoomCall) -> None:
    """A room answers a call, or does not. `operate_time` is text, as the page has it."""
    when = call.answered or call.began
    who: dict[str, Any] = {"meeting_room_id": call.callee}
    if call.protocol is not None:
        who = {"mra_address": {"protocol": call.protocol, "dial_string": call.callee}}
    said = {"response_status": str(call.state), "response_time": moment(when)}
    item = {"meeting_id": call.meeting_id, **who, "response_event": said}
    state.news.tell("room.response", {"operate_time": str(int(when * 1000)), "room_response_event": item})


def alarm(state: State, room: Room, one: Alarm, now: float, *, over: bool = False) -> None:
    """An alarm is raised, or over. The id of the room is a number here."""
    event = {
        "health_status": 2 if one.severe else 1,
        "device_connect_status": "ONLINE" if room.connected else "OFFLINE",
        "create_time": moment(one.raised),
        "health_desc": one.text,
        "health_code": one.code,
        "alert_kind": RECOVERED if over else RAISED,
    }
    item = {
        "rooms_id": room.rooms_id,
        "meeting_room_id": int(room.meeting_room_id),
        "device_model": "Emulated",
        "app_version": "3.1.1.1",
        "is_support_screen_touch": False,
        "alert_event": event,
    }
    state.news.tell("room.alert", {"operate_time": int(now * 1000), "room_event": item})
