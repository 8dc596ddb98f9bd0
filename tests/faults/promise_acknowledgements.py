"""An event is acknowledged in time, however many others wait to be handled: over HTTP, with the SQLite inbox.

`benchmarks.acknowledgements` measures; uvicorn runs in a process of its own.
"""

import asyncio

from benchmarks.acknowledgements import run as measured
from benchmarks.acknowledgements import targets
from tests.faults.figure import Figure, Plan

_WIDE = 3000.0
"""Milliseconds in the short form, where other work on the machine counts more than ours."""


async def run(plan: Plan) -> Figure:
    """Without other work, and with 10,000 events that wait for slow handlers."""
    idle, busy = await asyncio.to_thread(measured, quick=plan.quick)
    missed = [f"{one.promise}: {one.measured.show(0)}" for one in targets([idle, busy]) if not one.met]
    if plan.quick:
        missed = [f"one took {one.longest.high:.0f} ms" for one in (idle, busy) if one.longest.high > _WIDE]
    return Figure(
        promise="acknowledgements",
        wanted="at least 4,000 a second, 99 % within 100 ms; while 10,000 wait: 99 % within 1 s, all within 3 s",
        measured=(
            f"{idle.rate.median:,.0f} a second, 99 % within {idle.p99.median:.0f} ms; with {busy.label}: 99 % within"
            f" {busy.p99.median:.0f} ms, all within {busy.longest.high:.0f} ms; {idle.cpu.median:.0f} µs of CPU each"
        ),
        ok=not missed,
        failures=missed,
        details=[
            f"{one.label}: {one.rate.show(0)} a second, {one.cpu.show(0)} µs of CPU for each, half within"
            f" {one.half.show(1)} ms, 99 % within {one.p99.show(1)} ms, the longest {one.longest.show(1)} ms; median"
            " (lowest-highest) of some runs"
            for one in (idle, busy)
        ],
    )
