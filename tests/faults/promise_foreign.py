"""Another program uses a part of the quota: our batches wait, nothing of them is rejected, few attempts are refused.

Two processes with one Redis limiter believe that the quota is theirs. A third one, which knows of no limiter, makes its
calls all the time. The quota has a short span, so that it is used up again and again.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from json import loads

from attrs import frozen

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT, Gateway, gateway
from tests.faults.promise_quotas import VIOLATION
from tests.redis_server import redis_server

WORKERS = 2


@frozen
class Scale:
    """The quota, what the other program takes of it in a second, and the items of each worker."""

    calls: int
    span: float
    others: int
    items: int
    refused: float
    """Of our attempts, at most so many may be refused; without learning it is a third."""


FULL, QUICK = Scale(300, 2.0, 50, 3_000, 0.1), Scale(60, 2.0, 10, 100, 0.25)  # the first refusals are most of the few


async def run(plan: Plan) -> Figure:
    """Items that are rejected, and attempts that are refused."""
    scale = QUICK if plan.quick else FULL
    with redis_server() as redis, gateway(quotas=f"{scale.calls}/{scale.span}") as emulator:
        told = await _processes(redis.url, scale, emulator)
        journal = await asyncio.to_thread(emulator.journal)
        meetings = await asyncio.to_thread(emulator.meetings)
    ours = [entry for entry in journal if entry["method"] == "POST"]
    refused = sum(entry["code"] == VIOLATION for entry in ours)
    wanted = WORKERS * scale.items
    rejected = wanted - told["Created"]
    doubled = sum(len(ids) for ids in meetings.values()) - wanted
    share = refused / max(1, len(ours))
    ok = not rejected and not doubled and share <= scale.refused and refused > 0
    return Figure(
        promise="foreign",
        wanted=f"0 items rejected, at most {scale.refused:.0%} of the attempts refused",
        measured=f"{rejected} of {wanted:,} items rejected, {share:.1%} of the attempts refused",
        ok=ok,
        failures=()
        if ok
        else [f"--seed {plan.seed}: {dict(told)}, {refused} of {len(ours)} refused, {doubled} doubled"],
        details=[
            f"{scale.calls} calls in {scale.span:g} s, of which another program takes {scale.others * scale.span:g};"
            f" {WORKERS} workers on one Redis limiter that don't know of it"
        ],
    )


async def _processes(redis: str, scale: Scale, emulator: Gateway) -> Counter[str]:
    """What the workers were told in all, while the stranger was at it."""

    async def start(how: str, many: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.foreign_worker"),
            *(how, redis, str(scale.calls), str(scale.span), str(many)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | emulator.env,
        )

    stranger = await start("stranger", scale.others)
    workers = [await start("worker", scale.items) for _ in range(WORKERS)]
    assert stranger.stdin is not None
    stranger.stdin.write(b"go\n")
    outputs = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    await stranger.communicate(b"")  # which closes its input
    # A process that broke down has printed nothing.
    return sum((Counter(loads(output)) if output else Counter({"broke down": 1}) for output, _ in outputs), Counter())
