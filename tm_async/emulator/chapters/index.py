"""All that is emulated, chapter by chapter."""

from collections.abc import Callable, Mapping

from tm_async.emulator.chapters import asr, guests
from tm_async.emulator.chapters.apps.operations import apps
from tm_async.emulator.chapters.audit import audit
from tm_async.emulator.chapters.control import sign_in
from tm_async.emulator.chapters.control.operations import control
from tm_async.emulator.chapters.corp.operations import corp
from tm_async.emulator.chapters.corp_resources.operations import corp_resources
from tm_async.emulator.chapters.departments.operations import departments
from tm_async.emulator.chapters.documents.operations import documents
from tm_async.emulator.chapters.jsapi.operations import jsapi
from tm_async.emulator.chapters.layouts import advanced, backgrounds
from tm_async.emulator.chapters.layouts.operations import layouts
from tm_async.emulator.chapters.live.operations import live
from tm_async.emulator.chapters.meetings.chapter import meetings
from tm_async.emulator.chapters.meetings.operations import (
    attendance,
    background,
    changes,
    devices,
    enrolment,
    invitees,
    links,
    personal,
    quality,
    waiting_room,
)
from tm_async.emulator.chapters.meetings.operations import meetings as bookings
from tm_async.emulator.chapters.mra.operations import mra
from tm_async.emulator.chapters.pstn.operations import pstn
from tm_async.emulator.chapters.recordings import operations as recording_operations
from tm_async.emulator.chapters.recordings import sharing, transcripts, uploads
from tm_async.emulator.chapters.rooms.operations import rooms
from tm_async.emulator.chapters.users import authorisation, licences, operations, phones
from tm_async.emulator.chapters.users import personal as personal_rooms
from tm_async.emulator.chapters.users.chapter import users
from tm_async.emulator.chapters.votes import older
from tm_async.emulator.chapters.votes.polls import votes
from tm_async.emulator.chapters.webinars.operations import webinars
from tm_async.emulator.kernel.call import Answer, Call

__all__ = ["FILLING", "HANDLERS"]

FILLING = (
    *(attendance, background, bookings, changes, devices, enrolment, invitees, links, personal, quality, waiting_room),
    older,
    sign_in,
    *(sharing, transcripts, uploads),
    *(advanced, backgrounds),
    *(authorisation, licences, operations, personal_rooms, phones),
)
"""Modules that say what the operations of a chapter do, as they load."""

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    **meetings.handlers,
    **guests.guests.handlers,
    **control.handlers,
    **layouts.handlers,
    **live.handlers,
    **audit.handlers,
    **jsapi.handlers,
    **webinars.handlers,
    **mra.handlers,
    **votes.handlers,
    **apps.handlers,
    **asr.asr.handlers,
    **documents.handlers,
    **recording_operations.recordings.handlers,
    **transcripts.recording_ai.handlers,
    **uploads.apps.handlers,
    **rooms.handlers,
    **users.handlers,
    **departments.handlers,
    **corp.handlers,
    **corp_resources.handlers,
    **pstn.handlers,
}
"""By id in the catalogue. Every other documented operation is answered with 200004."""
