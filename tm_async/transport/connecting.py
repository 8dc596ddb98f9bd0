"""A connection to a host of several addresses, to whichever answers first.

asyncio's own race (`happy_eyeballs_delay`) forgets sockets when it is cancelled, and uvloop has none.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import Any, TypeVar

__all__ = ["connect"]

_HEAD_START = 0.25
"""Seconds that an address has for itself (RFC 8305)."""

ProtocolT = TypeVar("ProtocolT", bound=asyncio.BaseProtocol)
_Opened = tuple[asyncio.Transport, ProtocolT]
_Attempt = Callable[[], Coroutine[Any, Any, _Opened[ProtocolT]]]


async def connect(
    make: Callable[[], ProtocolT], host: str, port: int, check: Callable[[str], None] | None = None
) -> ProtocolT:
    """Open a connection without TLS. Raises `OSError`; cancelled, it leaves nothing open.

    `check` is asked of every address that the name has, and raises for what must not be connected to: only what was
    asked is connected to, so that the name can't mean something else a moment later.
    """
    loop = asyncio.get_running_loop()
    name = host.encode("ascii")  # text would load Python's tables for international names, which it has none of
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    if check is not None:
        for _, _, _, _, where in found:
            check(str(where[0]))
    addresses = _in_turn([(family, str(where[0])) for family, _, _, _, where in found])
    if len(addresses) == 1:
        return (await loop.create_connection(make, addresses[0], port))[1]
    return await _race([partial(loop.create_connection, make, address, port) for address in addresses])


def _in_turn(found: Sequence[tuple[int, str]]) -> list[str]:
    """The addresses, those of the first one's family and the others by turns."""
    first = [address for family, address in found if family == found[0][0]]
    others = [address for family, address in found if family != found[0][0]]
    return [one for one in dict.fromkeys(chain.from_iterable(zip_longest(first, others))) if one is not None]


async def _race(attempts: Sequence[_Attempt[ProtocolT]]) -> ProtocolT:
    running: set[asyncio.Task[_Opened[ProtocolT]]] = set()
    failed: list[str] = []
    try:
        for number, attempt in enumerate(attempts, 1):
            running.add(asyncio.create_task(attempt()))
            last = number == len(attempts)
            while running:
                wait = None if last else _HEAD_START
                done, _ = await asyncio.wait(running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    running.discard(task)
                    try:
                        return task.result()[1]
                    except OSError as error:
                        failed.append(str(error))
                if not last:
                    break
        raise OSError("; ".join(dict.fromkeys(failed)))
    finally:
        for task in running:
            task.add_done_callback(_late)
            task.cancel()


def _late(task: "asyncio.Task[_Opened[asyncio.BaseProtocol]]") -> None:
    """It lost the race, or nobody waits for it any more."""
    if not task.cancelled() and task.exception() is None:
        task.result()[0].abort()
