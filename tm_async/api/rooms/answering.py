"""Waiting for a called room to answer: by asking now and then, and sooner where an event says so."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, Protocol

from tm_async.api.rooms.calling import CallState, CallStatus, GetCallStatus
from tm_async.core.mount import Sender
from tm_async.errors import DeadlineExceeded

__all__ = ["RoomAnswers", "wait_answer"]

_RINGING = (None, CallState.NOT_CALLED, CallState.CALLING)
"""States that are no answer. Every other one is, 5 and unknown ones included: what they mean is not decided here."""


class _Events(Protocol):
    """What has handlers of events: `tm_async.webhooks.Webhooks`, or a `Router`."""

    def add(self, function: Callable[..., Any], /, *what: str) -> object:
        """Have a function handle the events of a name."""
        ...


class RoomAnswers:
    """Answers of rooms that come as events `room.response`, for those who wait for them in this process.

    Made once, from the application's `Webhooks`, and given to `tm.rooms.wait_answer(answers=...)`. Who waits asks the
    gateway as soon as an event comes, and every few seconds all the same: an event may have gone to another process.
    """

    def __init__(self, events: _Events) -> None:
        self._waiting: dict[tuple[str, str], list[asyncio.Event]] = {}
        events.add(self.heard, "room.response")

    async def heard(self, event: Any) -> None:
        """Wake those who wait for this room."""
        told: Any = getattr(event, "room_response_event", None)
        if told is None:
            return
        callee = told.meeting_room_id or (told.mra_address and told.mra_address.dial_string)
        for one in self._waiting.get((told.meeting_id, callee), ()):
            one.set()

    @contextmanager
    def listening(self, asked: GetCallStatus) -> Generator[asyncio.Event]:
        """What is set by the events of a call, from now on."""
        key, came = (asked.meeting_id, _callee(asked)), asyncio.Event()
        self._waiting.setdefault(key, []).append(came)
        try:
            yield came
        finally:
            self._waiting[key].remove(came)
            if not self._waiting[key]:
                del self._waiting[key]


def _callee(asked: GetCallStatus) -> str:
    return asked.mra_address.dial_string if asked.mra_address else str(asked.meeting_room_id)


async def wait_answer(
    client: Sender, asked: GetCallStatus, *, within: float, every: float, answers: RoomAnswers | None
) -> CallStatus:
    """Ask until there is an answer."""
    limit = asyncio.timeout(within)
    try:
        with nullcontext(asyncio.Event()) if answers is None else answers.listening(asked) as came:
            async with limit:
                while (status := await client.send(asked)).status in _RINGING:
                    await _set_or_late(came, every)
                return status
    except TimeoutError:
        if not limit.expired():
            raise  # a single call took too long
    raise DeadlineExceeded(f"no answer within {within:g} s", operation=asked.spec.id, outcome_unknown=False)


async def _set_or_late(came: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(came.wait(), seconds)
    came.clear()
