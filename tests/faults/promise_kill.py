"""A batch with a ledger survives `kill -9`: nothing is made twice and nothing is lost.

A process sends a batch to an emulator that disturbs a fifth of all calls, and is killed at a random moment after a
random number of creates; the next one goes on with the ledger. When the kills are used up, a last process brings the
batch to its end. Then ledger, emulator, and what that process was told are compared, item by item.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from attrs import define, field, frozen

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT, Gateway, gateway
from tests.faults.kill_worker import USERS, requests
from tm_async.batch.ledger import Entry, State
from tm_async.batch.ledger.sqlite import SqliteLedger

FAULTS: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"drop": "during"},
    {"drop": "after"},
    {"status": 503},
    {"garbage": "<html>", "status": 502},
    {"error_code": 13000},
    {"delay": 0.1},
    {"delay_answer": 0.1},
)
SHARE = 0.2
PATIENCE = 180.0
"""Seconds that the last process may take."""


@frozen
class Scale:
    """Items, kills, and the seconds of a lease."""

    items: int
    kills: int
    lease: float


FULL, QUICK = Scale(1_000, 20, 2.0), Scale(100, 2, 0.6)


@define
class Seen:
    """One batch."""

    killed: int = 0
    duplicates: int = 0
    lost: int = 0
    disturbed: float = 0.0
    interrupted: int = 0
    """Items that were claimed when a process was killed."""
    problems: list[str] = field(factory=list[str])


async def run(plan: Plan) -> Figure:
    """Some batches, each with a seed of its own."""
    scale = QUICK if plan.quick else FULL
    batches = {seed: await batch(seed, scale) for seed in plan.seeds(3, quick=1, full=10)}
    duplicates, lost = (sum(getattr(seen, name) for seen in batches.values()) for name in ("duplicates", "lost"))
    failures = [f"--seed {seed}: {problem}" for seed, seen in batches.items() for problem in seen.problems]
    return Figure(
        promise="kill",
        wanted="0 duplicates, 0 lost",
        measured=(
            f"{duplicates} duplicates, {lost} lost in {len(batches)} batches of {scale.items:,} items,"
            f" killed {sum(seen.killed for seen in batches.values())} times in all"
        ),
        ok=not failures,
        failures=failures,
        details=[
            f"seed {seed}: killed {seen.killed} times with {seen.interrupted} items under way in all,"
            f" {seen.disturbed:.0%} of the calls disturbed"
            for seed, seen in batches.items()
        ],
    )


async def batch(
    seed: int, scale: Scale, faults: tuple[dict[str, Any], ...] = FAULTS, *, wrong_clocks: bool = False
) -> Seen:
    """One batch, killed again and again. `wrong_clocks`: each process has another time than the ledger."""
    rng = Random(f"{seed}")
    seen = Seen()
    with gateway(users=USERS, seed=seed) as emulator, TemporaryDirectory() as folder:
        await asyncio.to_thread(emulator.disturb, SHARE, *faults)
        path = Path(folder) / "ledger.db"
        ledger = SqliteLedger(path)
        for number in range(scale.kills):
            clocks = f"{seed} {number}" if wrong_clocks else "right"
            how = rng.choice(("batch", "pending"))
            after = rng.randint(0, scale.items // scale.kills)
            process = await start(path, scale, how, emulator, clocks)
            seen.killed += await _killed(process, after, _moment(rng))
            seen.interrupted += (await ledger.counts())[State.SENDING]
        told = await last(path, scale, emulator, f"{seed} last" if wrong_clocks else "right")
        entries = [entry async for entry in ledger.entries()]
        await ledger.aclose()
        meetings = await asyncio.to_thread(emulator.meetings)
        seen.disturbed = await asyncio.to_thread(emulator.disturbed)
    compare(seen, scale, told, entries, meetings)
    if seen.killed < scale.kills / 2:  # else the batch was through before
        seen.problems.append(f"only {seen.killed} of {scale.kills} kills hit a running process")
    return seen


def _moment(rng: Random) -> float:
    """Seconds between the last create that is waited for and the kill: often within the exchange."""
    return rng.random() * (0.02 if rng.random() < 0.7 else 0.1)


async def _killed(process: asyncio.subprocess.Process, after: int, pause: float) -> bool:
    """Kill a process when it has sent so many creates, and a pause later; whether it was still running then."""
    assert process.stdout is not None
    sent = 0
    async for line in process.stdout:
        sent += line == b"sent\n"
        if sent == after:
            break
    await asyncio.sleep(pause)
    if process.returncode is None:
        process.kill()
    # What it still had to say must be read: it is not said to have ended before.
    await process.communicate()
    return process.returncode == -signal.SIGKILL


async def last(path: Path, scale: Scale, emulator: Gateway, clocks: str = "right") -> dict[str, int]:
    """Bring the batch to its end; what its caller was told."""
    process = await start(path, scale, "end", emulator, clocks)
    try:
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return {f"no end within {PATIENCE:g} s": 1}
    lines = output.splitlines()
    told: dict[str, int] = json.loads(lines[-1]) if lines[-1:] and lines[-1][:1] == b"{" else {"broke down": 1}
    return told


async def start(
    path: Path, scale: Scale, how: str, emulator: Gateway, clocks: str = "right"
) -> asyncio.subprocess.Process:
    """A process at the ledger; see `kill_worker`."""
    arguments = (str(path), str(scale.items), str(scale.lease), how, clocks)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.kill_worker", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | emulator.env,
    )


def compare(
    seen: Seen, scale: Scale, told: dict[str, int], entries: list[Entry], meetings: dict[str, list[str]]
) -> None:
    """Every item: made once, and the ledger knows which meeting it is."""
    by_key = {entry.key: entry for entry in entries}
    for request in requests(scale.items):
        made, entry = meetings.get(str(request.subject), []), by_key.get(str(request.subject))
        seen.duplicates += len(made) > 1
        seen.lost += not made
        if len(made) != 1 or entry is None or entry.state is not State.CREATED or made != [_id(entry)]:
            state = "not in the ledger" if entry is None else f"{entry.state} {dict(entry.outcome)} in the ledger"
            seen.problems.append(f"{request.subject}: meetings {made}, {state}")
    if told != {"Created": scale.items}:
        seen.problems.append(f"the last process was told {told}")


def _id(entry: Entry) -> object:
    result = entry.outcome.get("result")
    return result.get("meeting_id") if isinstance(result, dict) else None
