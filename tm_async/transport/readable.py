"""Whether anything can be read from a socket, without reading it."""

import asyncio
import select
from collections.abc import Callable
from typing import Any

__all__ = ["read_what_came", "readable"]


def readable(transport: Any) -> Callable[[], bool]:
    """A function that tells whether something has come that the event loop has not delivered yet: bytes, or the end.

    `transport` is of asyncio; ask only while it is open. About half a microsecond where the system has `poll`.
    """
    descriptor: int = transport.get_extra_info("socket").fileno()
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        ask = poll.poll
        return lambda: bool(ask(0))
    return lambda: bool(select.select([descriptor], [], [], 0)[0])


async def read_what_came(readable: Callable[[], bool]) -> None:
    """Let the event loop read what can be read now."""
    if readable():
        await asyncio.sleep(0)  # in this turn it sees that there is something,
        await asyncio.sleep(0)  # and in the next one it has read it
