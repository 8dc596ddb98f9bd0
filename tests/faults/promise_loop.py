"""The loop is never blocked by us.

What blocks a loop is one callback that does not give way. So every callback is timed, by asyncio's own `Handle`: in CPU
time of this thread, which the machine's other work does not count towards, and for comparison by the clock. Python's
garbage collection falls into whatever callback happens to run; its time depends on all objects of the process, so it is
taken out and shown by itself, as are the first calls, which load modules. A heartbeat is measured besides, and the same
heartbeat in a loop that does nothing: it shows how long a ready task waits for its turn while 256 calls are busy, which
is the sum of many short callbacks and grows with the load on any loop.
"""

import asyncio
import gc
import time
from asyncio import events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import FAMILIES, client, create, freeze, heartbeat, in_parallel, percentile
from tm_async import GetMeeting
from tm_async.transport import Transport

WANTED, WANTED_QUICKLY = 0.010, 0.030
"""Seconds; the latter where the machine has much else to do, which takes from the processor's caches, too."""
IN_FLIGHT = 256


@define
class Callbacks:
    """The callbacks of a loop, timed."""

    count: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    longest: str = ""
    collection: float = 0.0
    """The longest garbage collection."""
    _collecting: float = 0.0
    _collected: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """While this lasts."""
        handles: Any = events.Handle
        original = handles._run

        def run(handle: Any) -> None:
            self._collected = 0.0
            wall, cpu = time.perf_counter(), time.thread_time()
            original(handle)
            cpu, wall = time.thread_time() - cpu - self._collected, time.perf_counter() - wall
            self.count += 1
            self.wall = max(self.wall, wall)
            if cpu > self.cpu:
                self.cpu, self.longest = cpu, repr(handle)[:300]

        handles._run = run
        gc.callbacks.append(self._note)
        try:
            yield
        finally:
            gc.callbacks.remove(self._note)
            handles._run = original

    def _note(self, phase: str, _: object) -> None:
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            took = time.thread_time() - self._collecting
            self._collected += took
            self.collection = max(self.collection, took)


async def run(plan: Plan) -> Figure:
    """The longest callback while 256 calls are under way."""
    calls, wanted = (600, WANTED_QUICKLY) if plan.quick else (40_000, WANTED)
    details: list[str] = []
    worst = Callbacks()
    with gateway() as emulator:
        freeze()
        idle = await heartbeat(asyncio.sleep(0.3 if plan.quick else 5))
        for family, make in FAMILIES.items():
            first, callbacks, beats = await _busy(emulator, make, calls)
            worst = max(worst, callbacks, key=lambda one: one.cpu)
            details.append(
                f"{family}: {callbacks.count:,} callbacks, the longest {callbacks.cpu * 1000:.1f} ms of CPU"
                f" ({callbacks.wall * 1000:.1f} ms by the clock, collections included); the longest garbage collection"
                f" {callbacks.collection * 1000:.1f} ms, the first call {first * 1000:.1f} ms; a heartbeat came"
                f" {percentile(beats, 0.5) * 1000:.1f} ms late in the median, {max(beats) * 1000:.1f} ms at most"
            )
    details.append(f"the same heartbeat in an idle loop: {max(idle) * 1000:.1f} ms late at most")
    return Figure(
        promise="loop",
        wanted=f"no callback holds the loop for more than {wanted * 1000:.0f} ms",
        measured=f"{worst.cpu * 1000:.1f} ms of CPU at most, with {IN_FLIGHT} calls in flight",
        ok=worst.cpu <= wanted,
        failures=[f"--seed {plan.seed}: {worst.longest}"] if worst.cpu > wanted else [],
        details=details,
    )


async def _busy(emulator: Gateway, make: Callable[..., Transport], calls: int) -> tuple[float, Callbacks, list[float]]:
    """The longest callback of the first call, the callbacks of all others, and how late the heartbeat was."""
    transport = make(connections=IN_FLIGHT, trust_env=False)
    tm = client(emulator.auth, emulator.base_url, transport)
    beginning = Callbacks()
    with beginning.timed():
        known = (await tm.send(create("known"))).meeting_id
        await tm.send(GetMeeting(meeting_id=known, operator_id="user0"))

    async def call(number: int) -> None:
        if number % 20 == 0:
            await tm.send(create(f"{number}"))
        else:
            await tm.send(GetMeeting(meeting_id=known, operator_id="user0"))

    callbacks = Callbacks()
    with callbacks.timed():
        beats = await heartbeat(in_parallel(range(calls), IN_FLIGHT, call))
    await transport.aclose()
    return beginning.cpu, callbacks, beats
