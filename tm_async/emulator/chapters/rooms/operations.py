"""Rooms and their devices (doc 1095/55308 to 55314, 67435, 74891, 83258 to 83263, 86416, 94208, 101549).

Rights of the console are those of administrators here. Codes that no page lists are 190004, and 9042 for who may not.
"""

import binascii
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve

from tm_async.emulator.chapters.meetings.operations.reach import check_role, meeting_of, own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.meetings.wire import status
from tm_async.emulator.chapters.rooms import news
from tm_async.emulator.chapters.rooms.calendar import check_free, meetings_in
from tm_async.emulator.chapters.rooms.calls import CALLING, CANCELLED, LEFT, NO_ANSWER, RoomCall
from tm_async.emulator.chapters.rooms.state import Room, Rooms, moment
from tm_async.emulator.kernel.acting import registered
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter, administrator, anybody
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "alarms",
    "book",
    "call",
    "call_status",
    "cancel_call",
    "change",
    "configure",
    "configured",
    "controllers",
    "create_active_code",
    "devices",
    "get",
    "licences",
    "listed",
    "release",
    "rooms",
    "set_background",
    "stand",
]

rooms = Chapter("rooms", lambda state: state.rooms, Rooms, by=administrator)

DAY, QUARTER, WINDOW = 86400, 900, 90 * 86400
ROOMS_ID = 3
SIP, H323 = 2, 4
_OLDER = {"use_password": "admin_password_enabled", "password": "admin_password"}
"""Names of the vendor's Go SDK 1.0.8."""
NOT_FOUND = 20201
"""The look-up of a room failed: listed by the pages of three operations."""


@rooms.lists("list")
def listed(asked: Asked, *, meeting_room_name: str = "") -> Iterator[Room]:
    """By a part of the name, whatever the case: how loosely names match is not documented."""
    return (each for each in asked.state.rooms.values() if _is_like(meeting_room_name, each.meeting_room_name))


@rooms.lists("list_devices")
def devices(asked: Asked, *, meeting_room_name: str = "") -> Iterator[View]:
    """Of rooms that have one. `app_version` is there outside of meetings, too, as in the vendor's sample."""
    for each in listed(asked, meeting_room_name=meeting_room_name):
        if each.rooms_id is not None:
            parts = {f"{name}_status": name not in each.broken for name in ("camera", "microphone", "speaker")}
            yield asked.state.rooms.show(each).having(device_monitor_info=parts)


@rooms.lists("list_controllers")
def controllers(asked: Asked, *, controller_name: str = "") -> Iterator[View]:
    """They are online while their device is (not documented)."""
    for each in asked.state.rooms.values():
        for name in each.controllers:
            if _is_like(controller_name, name):
                yield asked.state.rooms.show(each).having(controller_name=name, status=str(int(bool(each.connected))))


@rooms.lists("list_alarms")
def alarms(
    asked: Asked, *, target_rooms_id: str | None = None, target_rooms_id_type: int | None = None
) -> Iterator[View]:
    """Devices without alarms are left out."""
    there = asked.state.rooms
    chosen = there.values() if target_rooms_id is None else [_named(asked, target_rooms_id, target_rooms_id_type)]
    for each in chosen:
        if each.alarms:
            yield there.show(each).having(
                bool_is_support_screen_touch=False,
                health_status=1 + any(alarm.severe for alarm in each.alarms),
                str_device_connect_status="ONLINE" if each.connected else "OFFLINE",
                alarm_info_list=[
                    {"health_desc": one.text, "health_code": one.code, "create_time": moment(one.raised)}
                    for one in each.alarms
                ],
            )


@rooms.on("get", "get_background", "get_by_screencast_code")
def get(asked: Asked, room: Room) -> Room:
    """By id, or by the code on its screen."""
    return room


@rooms.on("modify")
def change(
    asked: Asked,
    room: Room,
    *,
    meeting_room_info: Mapping[str, Any] | None = None,
    scheduled_status: bool | None = None,
    is_allow_call: bool | None = None,
) -> Room:
    """What is absent stays (not documented)."""
    given = {"scheduled_status": scheduled_status, "is_allow_call": is_allow_call, **_sound(meeting_room_info or {})}
    return evolve(room, **{name: value for name, value in given.items() if value is not None})


@rooms.on("get_config")
def configured(asked: Asked, room: Room) -> Mapping[str, Any]:
    """As it was set, above the defaults in the official SDKs."""
    return room.config


@rooms.on("modify_config")
def configure(
    asked: Asked,
    room: Room,
    *,
    meeting_settings: Mapping[str, Any] | None = None,
    record_settings: Mapping[str, Any] | None = None,
) -> Room:
    """What is absent stays (not documented). `auto_response` is kept, and answers no call here."""
    given = {"meeting_settings": meeting_settings or {}, "record_settings": record_settings or {}}
    return evolve(room, config={name: {**room.config[name], **values} for name, values in given.items()})


@rooms.on("create_active_code", unknown=NOT_FOUND)
def create_active_code(asked: Asked, room: Room) -> Room:
    """A new one ends the one before (not documented)."""
    return evolve(room, active_code=asked.state.rooms.new_code(16))


@rooms.on("set_background")
def set_background(asked: Asked, room: Room, *, background_image: str = "") -> Mapping[str, Any]:
    """In effect at once, and told by no event: what the one of the page looks like for a room is not documented."""
    asked.state.rooms.put(evolve(room, background_image=background_image))
    return {"job_id": asked.state.rooms.new_job()}


@rooms.does("get_inventory", "get_account_statistics")
def licences(asked: Asked) -> Mapping[str, Any]:
    """As many as anybody needs; each room with a device uses one, of an older and of a newer kind."""
    there = [each for each in asked.state.rooms.values() if each.rooms_id is not None]
    older, newer = [each.account_type for each in there], [each.account_new_type for each in there]
    used = {"normal_used_count": older.count(0), "special_used_count": older.count(1), "pro_used_count": newer.count(1)}
    bought = {"normal_count": 100, "special_count": 10, "pro_count": 100}
    return View(**bought, **used, custom_used_count=newer.count(0), normal_expired_count=0, special_expired_count=0)


# --- meetings in rooms -----------------------------------------------------------------------------------------------


@rooms.lists("list_meetings", acting="")
def stand(
    asked: Asked,
    *,
    operator_id: str,
    operator_id_type: int,
    target_rooms_id: str | None = None,
    target_rooms_id_type: int | None = None,
    start_time: int | None = None,
    end_time: int | None = None,
) -> Iterable[Mapping[str, Any]]:
    """Those that touch the span of time (not documented). The room itself may ask, else an administrator."""
    if start_time is not None and end_time is not None and not 0 <= end_time - start_time <= WINDOW:
        raise Refused(190004, "start_time and end_time are at most 90 days apart")
    if operator_id_type == 1:
        administrator(evolve(asked, operator=registered(asked.call, operator_id)), 9042)
        if target_rooms_id is None:
            raise Refused(190004, "target_rooms_id is missing")
        room = _named(asked, target_rooms_id, target_rooms_id_type)
    else:
        room = _named(asked, operator_id, operator_id_type)
    for one in meetings_in(asked.state, room.meeting_room_id):
        if one.end > (start_time or 0) and (end_time is None or one.start < end_time):
            yield {
                "meeting_id": one.id,
                "meeting_code": one.code,
                "subject": one.subject,
                "start_time": one.start,
                "end_time": one.end,
                "meeting_type": one.meeting_type,
                "status": status(one, asked.now),
            }


@rooms.does("book", by=anybody)
def book(
    asked: Asked, *, meeting_id: str, meeting_room_id_list: Sequence[str], subject_visible: bool = True
) -> Mapping[str, Any]:
    """All of them or none (not documented), in the place of those that the meeting had. No screen shows its subject."""
    meeting, there = _open(asked, meeting_id, unknown=201003), asked.state.rooms
    if not QUARTER <= meeting.end - meeting.start <= DAY:  # the least is in the official SDKs only
        raise Refused(20001, f"it lasts {meeting.end - meeting.start} s, allowed are 15 minutes to 24 hours")
    chosen = [there.find(each, unknown=NOT_FOUND) for each in dict.fromkeys(meeting_room_id_list)]
    if not chosen:
        raise Refused(190004, "meeting_room_id_list is empty")
    for room in chosen:
        if not room.scheduled_status:
            raise Refused(20003, f"room {room.meeting_room_id} is not open for booking")
        if room.meeting_room_type == 0 and room.rooms_id is None:  # not documented
            raise Refused(20003, f"room {room.meeting_room_id} is not activated")
    ids = [room.meeting_room_id for room in chosen]
    check_free(asked.state, meeting, ids, meeting.start, meeting.end)
    there.book(meeting.id, ids)
    return {"meeting_room_number": len(chosen), "meeting_room_list": [there.show(room) for room in chosen]}


@rooms.does("release", by=anybody)
def release(asked: Asked, *, meeting_id: str, meeting_room_id_list: Sequence[str]) -> None:
    """A room that the meeting does not have is passed by (not documented)."""
    meeting, there = _open(asked, meeting_id, unknown=9003), asked.state.rooms
    going = {there.find(each, unknown=NOT_FOUND).meeting_room_id for each in meeting_room_id_list}
    there.book(meeting.id, [each for each in there.booked(meeting.id) if each not in going])


def _open(asked: Asked, meeting_id: str, *, unknown: int) -> Meeting:
    """A meeting whose rooms can be changed, by those who may: administrators and the creator."""
    meeting = own(asked, meeting_id, unknown=unknown, forbidden=9102)
    if meeting.occurrences:
        raise Refused(20002, f"meeting {meeting.id} is a series")
    if meeting.cancelled:
        raise Refused(9007, f"meeting {meeting.id} was cancelled")
    if meeting.is_running:
        raise Refused(14151, f"meeting {meeting.id} is running")
    if not meeting.ahead(asked.now):
        raise Refused(14152, f"meeting {meeting.id} is over")
    return meeting


# --- calls -----------------------------------------------------------------------------------------------------------


@rooms.does("call", by=anybody)
def call(
    asked: Asked, *, meeting_id: int, meeting_room_id: str | None = None, mra_address: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """It rings; a handle answers. A room that has no device online, or is not to be called, is 10004."""
    meeting, callee = _meeting_and_callee(asked, str(meeting_id), meeting_room_id, mra_address)
    if not meeting.ahead(asked.now):
        raise Refused(10004, f"meeting {meeting.id} is over or was cancelled")
    if meeting_room_id is not None:
        room = asked.state.rooms[callee]
        if not room.connected or not room.is_allow_call:
            raise Refused(10004, f"room {callee} is offline, or is not to be called")
    _looked_at(asked, meeting.id, callee)
    protocol = None if mra_address is None else mra_address["protocol"]
    begun = asked.state.rooms.calls.begin(meeting.id, callee, protocol, asked.now)
    return {"invite_id": begun.invite_id, "status": 2}  # inviting (doc 1095/83261)


@rooms.does("get_call_status", by=anybody)
def call_status(
    asked: Asked, *, meeting_id: str, meeting_room_id: str | None = None, mra_address: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """What became of the last call; 0 where there was none, as the page says."""
    meeting, callee = _meeting_and_callee(asked, meeting_id, meeting_room_id, mra_address)
    last = _looked_at(asked, meeting.id, callee)
    if last is None:
        return {"status": NO_ANSWER}
    when = "" if last.answered is None else moment(last.answered)[:19].replace("-", "/").replace("T", " ")
    return {"status": LEFT if last.has_left else last.state, "response_time": when}


@rooms.does("cancel_call", by=anybody)
def cancel_call(
    asked: Asked,
    *,
    meeting_id: str,
    invite_id: str,
    meeting_room_id: str | None = None,
    mra_address: Mapping[str, Any] | None = None,
) -> None:
    """Of one that was answered nothing becomes (not documented)."""
    meeting, callee = _meeting_and_callee(asked, meeting_id, meeting_room_id, mra_address)
    last = _looked_at(asked, meeting.id, callee)
    if last is None or last.invite_id != invite_id:
        raise Refused(190004, f"invite_id {invite_id[:40]!r} is no call to this room")
    if last.state == CALLING:
        last.state, last.answered = CANCELLED, asked.now
        news.answered(asked.state, last)


def _looked_at(asked: Asked, meeting_id: str, callee: str) -> RoomCall | None:
    """The last call, after those that rang for too long are over, and told."""
    for late in asked.state.rooms.calls.overdue(asked.now):
        news.answered(asked.state, late)
    return asked.state.rooms.calls.get(meeting_id, callee)


def _meeting_and_callee(
    asked: Asked, meeting_id: str, meeting_room_id: str | None, mra_address: Mapping[str, Any] | None
) -> tuple[Meeting, str]:
    """By id, administrators and who is inside may call; by address, hosts (doc 1095/83261)."""
    meeting = meeting_of(asked, meeting_id)
    if (meeting_room_id is None) == (mra_address is None):
        raise Refused(190004, "exactly one of meeting_room_id and mra_address is expected")
    inside = any(one.userid == asked.operator for span in meeting.spans for one in meeting.session(span).inside)
    if mra_address is not None:
        check_role(asked, meeting, admin=False, host=True)
        return meeting, str(mra_address["dial_string"])
    if not inside:
        check_role(asked, meeting)
    return meeting, asked.state.rooms.find(meeting_room_id or "").meeting_room_id


# --- what a request says of a room -----------------------------------------------------------------------------------


def _is_like(part: str, name: str) -> bool:
    return part.casefold() in name.casefold()


def _named(asked: Asked, given: str, kind: int | None) -> Room:
    """By the id of a device (3), or of the room (5, and by default, which is not documented)."""
    return asked.state.rooms.find(given, "rooms_id" if kind == ROOMS_ID else "meeting_room_id")


def _sound(info: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of a room, when it holds together (doc 1095/83258)."""
    info = {_OLDER.get(name, name): value for name, value in info.items()}
    place = [name for name in ("city", "building", "floor") if name in info]
    if place and len(place) < 3:
        raise Refused(190004, "city, building and floor are given together")
    if info.get("admin_password_enabled") and "admin_password" not in info:
        raise Refused(190004, "admin_password is missing")
    if info.get("meeting_room_type") in {SIP, H323} and not {"mra_address", "mra_register_account"} & info.keys():
        raise Refused(190004, "mra_address or mra_register_account is missing")
    given = dict(info)
    if "desc" in info:
        try:
            given["desc"] = b64decode(info["desc"], validate=True).decode()
        except (binascii.Error, ValueError):
            raise Refused(190004, "desc is not Base64 of UTF-8") from None
    return given
