"""What takes its time on the other side: asked for again and again, or at once when an event tells that it is there.

A room that rings, a recording that is transcoded, a token that comes by an event: `poll` asks until there is an answer
or the time is over. Nothing here knows what is asked.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

from tm_async._util.clocks import played
from tm_async.api.polling import Polling
from tm_async.errors import DeadlineExceeded

__all__ = ["EventSource", "Listeners", "poll"]

ResultT = TypeVar("ResultT")

Pause = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits so many seconds, or until the event is set."""


class EventSource(Protocol):
    """What has handlers of events: `tm_async.webhooks.Webhooks`, or a `Router`."""

    def add(self, function: Callable[..., Any], /, *what: str) -> object:
        """Have a function handle the events of these names."""
        ...


class Listeners:
    """Those in this process who wait for events, by what they wait for."""

    def __init__(self) -> None:
        self._waiting: dict[object, list[asyncio.Event]] = {}

    def wake(self, key: object) -> None:
        """What they wait for may be there."""
        for one in self._waiting.get(key, ()):
            one.set()

    @contextmanager
    def listening(self, key: object) -> Generator[asyncio.Event]:
        """What is set by the events of a key, from now on."""
        came = asyncio.Event()
        self._waiting.setdefault(key, []).append(came)
        try:
            yield came
        finally:
            self._waiting[key].remove(came)
            if not self._waiting[key]:
                del self._waiting[key]


async def _pause(came: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(came.wait(), seconds)


async def poll(
    ask: Callable[[], Awaitable[ResultT | None]],
    *,
    within: float,
    what: str,
    operation: str,
    polling: Polling = Polling(),  # noqa: B008 - a value
    came: asyncio.Event | None = None,
    client: object = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Pause = _pause,
) -> ResultT:
    """Ask until there is an answer that is not `None`; at once, too, whenever `came` is set.

    Raises `DeadlineExceeded` that names `what`, once `within` seconds are over, and what `ask` raises. The clock of a
    `client` plays the pauses where it can, as the emulator's does. `clock` and `pause` are for tests.
    """
    sleep = getattr(client, "sleep", None)
    woken = came or asyncio.Event()
    end = clock() + within
    for seconds in polling.pauses():
        limit = asyncio.timeout(max(end - clock(), 0.0))
        try:
            async with limit:
                answer = await ask()
        except TimeoutError:
            if not limit.expired():
                raise  # a single call took too long
            break
        if answer is not None:
            return answer
        left = end - clock()
        if left <= 0:
            break
        if sleep is None:
            await pause(woken, min(seconds, left))
        else:
            end -= await played(sleep, min(seconds, left))
        woken.clear()
    raise DeadlineExceeded(f"{what} within {within:g} s", operation=operation, outcome_unknown=False)
