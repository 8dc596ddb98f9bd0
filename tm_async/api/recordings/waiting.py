"""Waiting for what is still being made: by asking now and then, and sooner where an event says so."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tm_async.api.jobs import EventSource, Listeners, poll
from tm_async.api.polling import Polling
from tm_async.api.recordings.listing import ListRecordings, Recording
from tm_async.core.mount import Sender
from tm_async.core.operation import Operation
from tm_async.core.paging import Paginator
from tm_async.errors import NotReady

__all__ = ["RecordingEvents", "done_recordings", "ready"]

ResultT = TypeVar("ResultT")

_EVENTS = ("recording.completed", "recording.failed", "smart.transcripts", "smart.fullsummary", "smart.minutes")
_ANY = object()
"""Whoever waits for no single file."""


class RecordingEvents:
    """Events that tell what is ready, for those who wait in this process.

    Made once, from the application's `Webhooks`, and given to `wait_ready` and `wait_done` as `events`. Who waits asks
    the gateway as soon as an event comes, and now and then all the same: an event may have gone to another process.
    """

    def __init__(self, events: EventSource) -> None:
        self._listeners = Listeners()
        events.add(self.heard, *_EVENTS)

    async def heard(self, event: Any) -> None:
        """Wake those who wait for one of its files, and for any."""
        for key in (_ANY, *(file.record_file_id for file in event.recording_files)):
            self._listeners.wake(key)

    async def ask_until(
        self, ask: Callable[[asyncio.Event], Awaitable[ResultT]], record_file_id: str | None
    ) -> ResultT:
        """What comes of asking, with what is set by events of this file, or of any."""
        with self._listeners.listening(record_file_id or _ANY) as came:
            return await ask(came)


async def ready(
    client: Sender, operation: Operation[ResultT], *, within: float, polling: Polling, events: RecordingEvents | None
) -> ResultT:
    """Send until it is ready."""

    async def send() -> tuple[ResultT] | None:
        try:
            return (await client.send(operation),)
        except NotReady:
            return None

    async def ask(came: asyncio.Event | None) -> tuple[ResultT]:
        what = f"{operation.spec.id} was not ready"
        about = operation.spec.id
        return await poll(send, within=within, what=what, operation=about, polling=polling, came=came, client=client)

    if events is None:
        return (await ask(None))[0]
    return (await events.ask_until(ask, getattr(operation, "record_file_id", None)))[0]


async def done_recordings(
    client: Sender, operation: ListRecordings, *, within: float, polling: Polling, events: RecordingEvents | None
) -> tuple[Recording, ...]:
    """List until there are recordings, all of which are done."""

    async def look() -> tuple[Recording, ...] | None:
        rows = await Paginator(operation, client).collect()
        found = tuple({(one.meeting_record_id, one.file_ids): one for one in rows}.values())  # the list may move on
        return found if found and all(one.is_done for one in found) else None

    async def ask(came: asyncio.Event | None) -> tuple[Recording, ...]:
        what = "no recording was done"
        about = operation.spec.id
        return await poll(look, within=within, what=what, operation=about, polling=polling, came=came, client=client)

    return await (ask(None) if events is None else events.ask_until(ask, None))
