"""Memory does not grow with the number of calls."""

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import gateway
from tests.faults.harness import FAMILIES, client, create, freeze, in_parallel
from tm_async import GetMeeting, TencentMeeting
from tm_async.errors import NotFound

WANTED = 2_000
"""Bytes per 1,000 calls; the smallest object, leaked once a call, makes some 50,000."""
WANTED_QUICKLY = 100_000
"""After few calls, where what stands in buffers and caches at that moment counts: an answer or an error, leaked once a
call, makes several times as much."""
CALLS = 200_000
SECONDS = 300
PIECES = 20
IN_FLIGHT = 16


async def run(plan: Plan) -> Figure:
    """The slope of resident memory over calls, and of what Python has allocated, after a warm-up."""
    calls, traced_calls, seconds = (0, 320, 0) if plan.quick else (CALLS // 2, CALLS // 10, SECONDS / 2)
    wanted = WANTED_QUICKLY if plan.quick else WANTED
    details: list[str] = []
    worst = 0.0
    with gateway() as emulator:
        freeze()
        for family, make in FAMILIES.items():
            transport = make(connections=IN_FLIGHT, trust_env=False)
            tm = client(emulator.auth, emulator.base_url, transport)
            known = (await tm.send(create("known"))).meeting_id
            if calls:
                await _calls(tm, known, calls // 10)
                slope, took = await _slope(tm, known, calls, seconds, _resident)
                details.append(
                    f"{family}: resident memory {slope:+,.0f} B per 1,000 calls, over {calls:,} calls in {took:.0f} s"
                )
            tracemalloc.start()
            await _calls(tm, known, traced_calls // 4)
            traced, _ = await _slope(tm, known, traced_calls, 0, lambda: tracemalloc.get_traced_memory()[0])
            tracemalloc.stop()
            await transport.aclose()
            worst = max(worst, traced)
            details.append(
                f"{family}: allocated by Python {traced:+,.0f} B per 1,000 calls, over {traced_calls:,} calls"
            )
    return Figure(
        promise="memory",
        wanted=f"at most {wanted:,} bytes more per 1,000 calls",
        measured=f"{worst:+,.0f} bytes per 1,000 calls",
        ok=worst <= wanted,
        failures=[f"--seed {plan.seed}: {worst:+,.0f} bytes"] if worst > wanted else [],
        details=details,
    )


async def _slope(
    tm: TencentMeeting, known: str, calls: int, seconds: float, measure: Callable[[], int]
) -> tuple[float, float]:
    """Bytes per 1,000 calls by least squares, and the seconds that it took: at least `seconds`."""
    points: list[tuple[float, float]] = []
    started = time.monotonic()
    for piece in range(1, PIECES + 1):
        await _calls(tm, known, calls // PIECES)
        ahead = started + seconds * piece / PIECES - time.monotonic()
        await asyncio.sleep(max(0.0, ahead))
        gc.collect()
        points.append((piece * (calls // PIECES) / 1000, float(measure())))
    middle, level = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - level) for x, y in points) / spread, time.monotonic() - started


async def _calls(tm: TencentMeeting, known: str, count: int) -> None:
    async def call(number: int) -> None:
        if number % 10 == 0:  # a refusal: errors must not pile up either
            try:
                await tm.send(GetMeeting(meeting_id="1", operator_id="user0"))
            except NotFound:
                return
            raise AssertionError("a meeting that is not there was found")
        await tm.send(GetMeeting(meeting_id=known, operator_id="user0"))

    await in_parallel(range(count), IN_FLIGHT, call)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
