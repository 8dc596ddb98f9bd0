"""A batch that is left early, or by Ctrl-C, ends soon: with a ledger in Redis, on every Python.

redis-py and `asyncio.wait_for` of Python 3.11 may swallow a cancellation, so whoever cancels once may wait for ever.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from random import Random
from uuid import uuid4

from attrs import define, field

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT, Gateway, gateway
from tests.redis_server import redis_server

ITEMS = 2_000
BOUND = 12.0
"""Seconds within which it must have ended: five times two, and a little."""


@define
class Seen:
    """All ends."""

    ends: int = 0
    hangs: int = 0
    slowest: float = 0.0
    problems: list[str] = field(factory=list[str])


async def run(plan: Plan) -> Figure:
    """Processes that are still there after the bound."""
    seen = Seen()
    with redis_server() as redis, gateway() as emulator:
        for seed in plan.seeds(60, quick=2):
            await _early(seed, redis.url, emulator, seen)
        meetings = await asyncio.to_thread(emulator.meetings)
    doubled = sum(len(ids) > seen.ends for ids in meetings.values())
    version = ".".join(map(str, sys.version_info[:3]))
    return Figure(
        promise="early",
        wanted=f"0 hangs: each ends within {BOUND:g} s",
        measured=f"{seen.hangs} hangs in {seen.ends} early ends of a batch with Redis on Python {version}",
        ok=not seen.problems and not doubled,
        failures=seen.problems,
        details=[f"half of them left, half ended by Ctrl-C; the slowest took {seen.slowest:.1f} s"],
    )


async def _early(seed: int, redis: str, emulator: Gateway, seen: Seen) -> None:
    rng = Random(f"{seed}")
    after = rng.randint(1, 300)
    interrupted = seed % 2 == 1
    arguments = (f"{redis}#{uuid4().hex}", str(ITEMS), "0" if interrupted else str(after))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.early_worker", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | emulator.env,
    )
    assert process.stdout is not None
    for _ in range(after):
        await process.stdout.readline()
    began = time.monotonic()
    if interrupted and process.returncode is None:
        process.send_signal(signal.SIGINT)
    seen.ends += 1
    try:
        async with asyncio.timeout(BOUND):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
        seen.hangs += 1
        seen.problems.append(f"--seed {seed}: no end within {BOUND:g} s")
    seen.slowest = max(seen.slowest, time.monotonic() - began)
