"""Waiting for a called room to answer: by asking now and then, and sooner where an event says so."""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tm_async.api.jobs import EventSource, Listeners, poll
from tm_async.api.polling import Polling
from tm_async.api.rooms.calling import CallState, CallStatus, GetCallStatus
from tm_async.core.mount import Sender

__all__ = ["RoomAnswers", "wait_answer"]

_RINGING = (None, CallState.NOT_CALLED, CallState.CALLING)
"""States that are no answer. Every other one is, 5 and unknown ones included: what they mean is not decided here."""


class RoomAnswers:
    """Answers of rooms that come as events `room.response`, for those who wait for them in this process.

    Made once, from the application's `Webhooks`, and given to `tm.rooms.wait_answer(answers=...)`. Who waits asks the
    gateway as soon as an event comes, and every few seconds all the same: an event may have gone to another process.
    """

    def __init__(self, events: EventSource) -> None:
        self._listeners = Listeners()
        events.add(self.heard, "room.response")

    async def heard(self, event: Any) -> None:
        """Wake those who wait for this room."""
        told: Any = getattr(event, "room_response_event", None)
        if told is None:
            return
        callee = told.meeting_room_id or (told.mra_address and told.mra_address.dial_string)
        self._listeners.wake((told.meeting_id, callee))

    def listening(self, asked: GetCallStatus) -> AbstractContextManager[asyncio.Event]:
        """What is set by the events of a call, from now on."""
        return self._listeners.listening((asked.meeting_id, _callee(asked)))


def _callee(asked: GetCallStatus) -> str:
    return asked.mra_address.dial_string if asked.mra_address else str(asked.meeting_room_id)


async def wait_answer(
    client: Sender, asked: GetCallStatus, *, within: float, every: float, answers: RoomAnswers | None
) -> CallStatus:
    """Ask until there is an answer."""

    async def ask() -> CallStatus | None:
        status = await client.send(asked)
        return None if status.status in _RINGING else status

    evenly = Polling(first=every, factor=1.0, longest=every)
    with nullcontext(asyncio.Event()) if answers is None else answers.listening(asked) as came:
        about = asked.spec.id
        return await poll(
            ask, within=within, what="no answer", operation=about, polling=evenly, came=came, client=client
        )
