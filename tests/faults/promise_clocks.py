"""A batch whose machine has another time than its ledger, is set now and then, or sleeps: nothing is made twice.

In every other batch processes are killed as in promise_kill, each with a clock that is minutes off and jumps; some
creates are carried out only after the lease of the process that sent them has ended. In the others two processes share
the ledger, and the machine of one sleeps between claiming items and sending them. Then all is compared as in
promise_kill.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.figure import Figure, Plan
from tests.faults.gateway import gateway
from tests.faults.kill_worker import SETTLE, USERS
from tests.faults.promise_kill import FAULTS, SHARE, Scale, Seen, batch, compare, last, start
from tm_async.batch.ledger.sqlite import SqliteLedger

FULL, QUICK = Scale(500, 10, 1.0), Scale(30, 1, 0.4)


async def run(plan: Plan) -> Figure:
    """As many batches with wrong clocks as on sleeping machines."""
    scale = QUICK if plan.quick else FULL
    seen: dict[str, Seen] = {}
    for seed in plan.seeds(4, quick=1, full=12):
        late = {"operation": "meetings.create", "delay": scale.lease + 0.8 * SETTLE}
        wrong = batch(seed, scale, (late, *FAULTS, late, late), wrong_clocks=True)
        both = await asyncio.gather(wrong, _asleep(seed, scale))
        seen |= zip((f"seed {seed}, wrong clocks", f"seed {seed}, asleep"), both, strict=True)
    duplicates, lost = (sum(getattr(one, name) for one in seen.values()) for name in ("duplicates", "lost"))
    failures = [f"--seed {which}: {problem}" for which, one in seen.items() for problem in one.problems]
    return Figure(
        promise="clocks",
        wanted="0 duplicates, 0 lost",
        measured=f"{duplicates} duplicates, {lost} lost in {len(seen)} batches of {scale.items:,} items",
        ok=not failures,
        failures=failures,
        details=[
            f"wrong clocks: killed {sum(one.killed for one in seen.values())} times,"
            " with clocks up to 200 s off that are set now and then",
            "asleep: one of two processes slept up to three times for 2 to 4 times its lease",
        ],
    )


async def _asleep(seed: int, scale: Scale) -> Seen:
    """Two processes at one ledger, one of them on a machine that sleeps."""
    seen = Seen()
    with gateway(users=USERS, seed=seed) as emulator, TemporaryDirectory() as folder:
        await asyncio.to_thread(emulator.disturb, SHARE, *FAULTS)
        path = Path(folder) / "ledger.db"
        sleeper = await start(path, scale, "batch", emulator, f"naps {seed}")
        awake = await start(path, scale, "pending", emulator)
        await asyncio.gather(sleeper.communicate(), awake.communicate())
        told = await last(path, scale, emulator)
        async with SqliteLedger(path) as ledger:
            entries = [entry async for entry in ledger.entries()]
        meetings = await asyncio.to_thread(emulator.meetings)
    compare(seen, scale, told, entries, meetings)
    for process in (sleeper, awake):
        if process.returncode:
            seen.problems.append(f"a process broke down: {process.returncode}")
    return seen
