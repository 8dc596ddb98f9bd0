"""What the emulated operations do, one module per chapter of the vendor's documentation."""

from collections.abc import Callable, Mapping

from tm_async.emulator.chapters import guests, meeting_control
from tm_async.emulator.chapters.departments.operations import departments
from tm_async.emulator.chapters.meetings.operations import (
    attendance,
    background,
    changes,
    devices,
    enrolment,
    invitees,
    links,
    meetings,
    personal,
    quality,
    waiting_room,
)
from tm_async.emulator.chapters.users import authorisation, licences, operations, phones
from tm_async.emulator.chapters.users import personal as personal_rooms
from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.kernel.call import Answer, Call

__all__ = ["FILLING", "HANDLERS"]

FILLING = (authorisation, licences, operations, personal_rooms, phones)
"""Modules that say what the operations of a chapter do, as they load."""

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    **attendance.HANDLERS,
    **background.HANDLERS,
    **changes.HANDLERS,
    **devices.HANDLERS,
    **enrolment.HANDLERS,
    **guests.HANDLERS,
    **invitees.HANDLERS,
    **links.HANDLERS,
    **meeting_control.HANDLERS,
    **meetings.HANDLERS,
    **personal.HANDLERS,
    **quality.HANDLERS,
    **users.handlers,
    **departments.handlers,
    **waiting_room.HANDLERS,
}
"""By id in the catalogue. Every other documented operation is answered with 200004."""
