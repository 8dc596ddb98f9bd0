"""What the measurements share: clients on a proxy, calls by the number, and a look at what is left over."""

import asyncio
import contextlib
import gc
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from tests.faults.proxy import FaultProxy
from tm_async import CreateMeeting, EnterpriseSecret, GetMeeting, Guest, TencentMeeting
from tm_async.core.operation import Operation
from tm_async.transport import Transport
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport

__all__ = [
    "FAMILIES",
    "START",
    "client",
    "create",
    "freeze",
    "heartbeat",
    "in_parallel",
    "open_files",
    "percentile",
    "places_taken",
    "silent",
    "some_operation",
]

FAMILIES: dict[str, Callable[..., Transport]] = {"httpx": HttpxTransport, "fast": FastTransport}
"""The transports that are measured."""

START = datetime(2030, 1, 7, 2, 0, 7, 654_321, tzinfo=UTC)
"""As `datetime.now(UTC) + ...` gives it: with what the wire has no place for."""
ItemT = TypeVar("ItemT")


def client(auth: EnterpriseSecret, where: FaultProxy | str, transport: Transport, **options: Any) -> TencentMeeting:
    """A client of what is behind a proxy, or at a base URL; without quotas unless told otherwise."""
    base_url = where if isinstance(where, str) else where.base_url
    return TencentMeeting(auth, base_url=base_url, transport=transport, **({"quotas": None} | options))


def create(subject: str, userid: str = "user0", **more: Any) -> CreateMeeting:
    """A valid create."""
    given: dict[str, Any] = {
        "userid": userid,
        "subject": subject,
        "start_time": START,
        "end_time": START + timedelta(hours=1),
    }
    return CreateMeeting(**(given | more))


async def in_parallel(items: Iterable[ItemT], width: int, work: Callable[[ItemT], Awaitable[None]]) -> None:
    """Do the work for each item, `width` at a time."""
    ahead = iter(items)

    async def worker() -> None:
        for item in ahead:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(width):
            group.create_task(worker())


async def heartbeat(work: Awaitable[None]) -> list[float]:
    """How late each beat of 1 ms came while the work was done."""
    beats: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            beats.append(time.perf_counter() - due)

    beating = asyncio.create_task(beat())
    try:
        await work
    finally:
        beating.cancel()
    return beats


def open_files() -> int:
    """File descriptors of this process."""
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


def places_taken(transport: Any) -> int:
    """Places of the running loop that are not free although nobody is using them, and waiters that wait for ever."""
    pools = transport._slots if isinstance(transport, HttpxTransport) else transport._pools
    taken = 0
    for per_loop in pools.values():
        places = per_loop.current()._places
        taken += transport._connections - places._free + len(places._waiting)
    return int(taken)


def freeze() -> None:
    """Leave what is there out of garbage collection from now on: its size is not the package's doing."""
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def silent(*loggers: str) -> Iterator[None]:
    """Faults make much noise."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name in loggers:
            logging.getLogger(name).setLevel(logging.NOTSET)


def percentile(values: list[float], part: float) -> float:
    """The value below which this part of the values lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def some_operation(rng: Random, subject: str, known: str, people: int = 0) -> Operation[Any]:
    """A create, sometimes with so many guests, or a look at a meeting that exists."""
    if rng.random() < 0.5:
        return GetMeeting(meeting_id=known, operator_id="user0")
    return create(subject, guests=_guests(people)) if people and rng.random() < 0.1 else create(subject)


@cache
def _guests(people: int) -> tuple[Guest, ...]:
    return tuple(Guest(area="86", phone_number=f"{number:011d}") for number in range(people))
