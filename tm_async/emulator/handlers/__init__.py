"""What the emulated operations do, one module per chapter of the vendor's documentation."""

from collections.abc import Callable, Mapping

from tm_async.emulator.context import Answer, Call
from tm_async.emulator.handlers import (
    attendance,
    background,
    changes,
    devices,
    enrolment,
    guests,
    invitees,
    links,
    meeting_control,
    meetings,
    personal,
    quality,
    users,
    waiting_room,
)

__all__ = ["HANDLERS"]

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
    **users.HANDLERS,
    **waiting_room.HANDLERS,
}
"""By id in the catalogue. Every other documented operation is answered with 200004."""
