"""Recordings fetched from the emulator, and from a server that does its worst."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import START, meeting
from tests.faults.files import FileServer, Harm
from tests.faults.promise_downloads import Addresses
from tm_async import TencentMeeting
from tm_async.api.recordings import Download, RecordingSource
from tm_async.emulator import Emulator
from tm_async.errors import AddressRefused, ConfigurationError, DownloadFailed, NotFound
from tm_async.storage.partial import Note, PartialFile

SOURCE = RecordingSource(record_file_id="7", operator_id="tester")
DATA = bytes(range(256)) * 2000


async def at_once(_: float) -> None:
    """No pause."""


async def fetched(server: FileServer, to: Path, **options: Any) -> Download:
    async with Download(Addresses(server.origin), SOURCE, to, sleep=at_once, **options) as download:
        pass
    return download


@pytest_asyncio.fixture
async def file_id(tm: TencentMeeting, tm_emulator: Emulator) -> str:
    """A recording that is there."""
    created = await tm.meetings.create(meeting(settings={"auto_record_type": "cloud"}))
    tm_emulator.meetings.start(created.meeting_id)
    tm_emulator.recordings.say(created.meeting_id, "Good morning.", "tester", seconds=300)
    tm_emulator.advance(600)
    tm_emulator.meetings.end(created.meeting_id)
    tm_emulator.advance(3600)
    (recording,) = tm_emulator.state.recordings.rows.values()
    return next(iter(recording.files))
