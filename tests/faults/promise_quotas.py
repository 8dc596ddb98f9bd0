"""Processes that share a limiter keep the gateway's quotas together: the emulator counts, and refuses none of them.

Twice: the documented 300 calls a minute, and a small quota with a short span, so that many spans are seen. The
limiter's margin is how much longer one call may be on its way than another: its default in the first case, one second;
less in the second, which is quicker. The short form, which runs where the machine may be busy, has the default again.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from math import ceil

from attrs import frozen

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT, Gateway, gateway
from tests.redis_server import redis_server

PROCESSES = 4
VIOLATION = 190310


@frozen
class Quota:
    """How much, for how long, and how it is kept."""

    calls: int
    span: float
    margin: float
    seconds: float

    @property
    def allowed(self) -> int:
        """How many calls the limiter may let through: a span with its margin begins again and again."""
        return self.calls * ceil(self.seconds / (self.span + self.margin))

    def __str__(self) -> str:
        return f"{self.calls} calls in {self.span:g} s, {self.seconds:g} s long"


FULL = (Quota(300, 60, 1.0, 200), Quota(50, 1.0, 0.2, 60))
QUICK = (Quota(40, 0.2, 1.0, 1.4),)


async def run(plan: Plan) -> Figure:
    """Violations that the emulator counts."""
    violations = 0
    failures: list[str] = []
    details: list[str] = []
    for quota in QUICK if plan.quick else FULL:
        emulated = "real" if (quota.calls, quota.span) == (300, 60) else f"{quota.calls}/{quota.span}"
        with redis_server() as redis, gateway(quotas=emulated) as emulator:
            seen = sum(await _processes(redis.url, quota, emulator), Counter[str]())
            journal = await asyncio.to_thread(emulator.journal)
        refused = sum(entry["code"] == VIOLATION for entry in journal)
        violations += refused
        details.append(
            f"{quota}: {seen['answered']:,} calls by {PROCESSES} processes, {refused} refused;"
            f" {seen['answered'] / quota.allowed:.0%} of what the limiter may let through in that time"
        )
        if set(seen) != {"answered"} or seen["answered"] < quota.allowed / 2:
            failures.append(f"--seed {plan.seed}: {quota}: {dict(seen)}")
    return Figure(
        promise="quotas",
        wanted="0 violations",
        measured=f"{violations} violations with {PROCESSES} processes on one Redis limiter",
        ok=not violations and not failures,
        failures=failures,
        details=details,
    )


async def _processes(redis: str, quota: Quota, emulator: Gateway) -> list[Counter[str]]:
    """What each of the processes saw."""
    arguments = [redis, *(str(value) for value in (quota.calls, quota.span, quota.margin, quota.seconds))]
    command = [sys.executable, "-m", "tests.faults.quota_worker", *arguments]
    running = [
        await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | emulator.env,
        )
        for _ in range(PROCESSES)
    ]
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in running))
    # A process that broke down has printed nothing.
    return [Counter(json.loads(output)) if output else Counter({"broke down": 1}) for output, _ in outputs]
