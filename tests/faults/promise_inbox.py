"""An acknowledged event is handled, though its process ends by `kill -9`, and its database, too.

A process accepts events and handles them, and is killed at a random moment under load; the next one goes on, for each
kind of inbox. Every third time the database's server is killed as well, and started anew. When the kills are used up, a
last process handles what is left. Then what was acknowledged is compared with what each handler has done.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from attrs import define, field, frozen

from tests.faults.events import MEETINGS
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import ROOT
from tests.postgres_server import postgres_server
from tests.redis_server import redis_server

KILLS, QUICK = 50, 1
HANDLERS = ("first", "second")
BLOCK = 1_000_000
"""So far apart are the numbers of the events of one process from those of the next."""
PATIENCE = 900.0
"""Seconds that the last process may take."""


@frozen
class Database:
    """Where an inbox is, and how its server is killed and started again."""

    place: str
    restart: "Callable[[], Database] | None" = None


@define
class Seen:
    """One kind of inbox."""

    killed: int = 0
    restarted: int = 0
    acknowledged: int = 0
    lost: int = 0
    repeated: int = 0
    disorder: int = 0
    problems: list[str] = field(factory=list[str])

    def __str__(self) -> str:
        servers = f", its server {self.restarted} times" if self.restarted else ""
        return (
            f"killed {self.killed} times{servers}; {self.acknowledged:,} events acknowledged, {self.lost} lost,"
            f" {self.repeated} of {2 * self.acknowledged:,} successes repeated after a kill,"
            f" {self.disorder} out of order and not `late`"
        )


async def run(plan: Plan) -> Figure:
    """Every kind, one after the other."""
    kills = QUICK if plan.quick else KILLS
    seen: dict[str, Seen] = {}
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgres), ("Redis", _redis)):
        with TemporaryDirectory() as folder, database(Path(folder)) as found:
            seen[name] = await _killed(found, kills, Random(f"{plan.seed} {name}"), Path(folder) / "log")
    failures = [f"--seed {plan.seed}: {name}: {problem}" for name, one in seen.items() for problem in one.problems]
    total = sum(one.acknowledged for one in seen.values())
    return Figure(
        promise="inbox",
        wanted="0 acknowledged and lost, 0 acknowledged and never handled",
        measured=(
            f"{sum(one.lost for one in seen.values())} of {total:,} lost or never handled,"
            f" {sum(one.killed for one in seen.values())} kills, {len(seen)} kinds of inbox"
        ),
        ok=not failures,
        failures=failures,
        details=[f"{name}: {one}" for name, one in seen.items()],
    )


async def _killed(database: Database, kills: int, rng: Random, log: Path) -> Seen:
    seen = Seen()
    acknowledged: set[int] = set()
    for number in range(kills):
        acknowledged |= await _until_killed(database, number, rng, log, seen)
        if database.restart is not None and number % 3 == 2:
            database = await asyncio.to_thread(database.restart)
            seen.restarted += 1
    process = await _start(database, 0, log, "end")
    try:
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        code = await process.wait()
    if code:
        seen.problems.append(f"the last process did not come to an end ({code})")
    _compare(seen, acknowledged, await asyncio.to_thread(log.read_text))
    return seen


async def _until_killed(database: Database, number: int, rng: Random, log: Path, seen: Seen) -> set[int]:
    """Run a process until it has acknowledged so many, and kill it a moment later; what it has acknowledged."""
    process = await _start(database, number * BLOCK, log, "work")
    assert process.stdout is not None
    after, found = rng.randint(1, 300), set[int]()
    async for line in process.stdout:
        found.add(int(line))
        if len(found) == after:
            break
    await asyncio.sleep(rng.random() * 0.05)
    if process.returncode is None:
        process.kill()
    output, _ = await process.communicate()
    found |= {int(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")}
    seen.killed += process.returncode == -signal.SIGKILL
    return found


async def _start(database: Database, first: int, log: Path, how: str) -> asyncio.subprocess.Process:
    arguments = (database.place, str(first), str(log), how)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.inbox_worker", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ,
    )


def _compare(seen: Seen, acknowledged: set[int], log: str) -> None:
    """Every event that was acknowledged: each handler has done it; twice only if a process was killed meanwhile."""
    done = Counter[tuple[str, int]]()
    latest: dict[tuple[str, int], int] = {}
    for line in log.splitlines():
        name, number, late = line.split()
        one = (name, int(number))
        lane = (name, one[1] % MEETINGS)
        done[one] += 1
        if done[one] == 1 and one[1] < latest.get(lane, -1) and late == "0":
            seen.disorder += 1
        latest[lane] = max(latest.get(lane, -1), one[1])
    seen.acknowledged = len(acknowledged)
    missing = [(name, number) for name in HANDLERS for number in acknowledged if not done[name, number]]
    seen.lost = len({number for _, number in missing})
    seen.repeated = sum(times - 1 for times in done.values())
    if missing:
        seen.problems.append(f"{seen.lost} events were never handled, such as {missing[:3]}")
    if not acknowledged:
        seen.problems.append("nothing was acknowledged")
    if seen.disorder:
        seen.problems.append(f"{seen.disorder} events came after a later one of their meeting, and were not `late`")
    if seen.repeated > seen.killed * 2 * 8 * (1 + bool(seen.restarted)):
        seen.problems.append(f"{seen.repeated} successes were repeated, more than can have been under way")


@contextmanager
def _sqlite(folder: Path) -> Iterator[Database]:
    yield Database(str(folder / "events.db"))


@contextmanager
def _postgres(_: Path) -> Iterator[Database]:
    with postgres_server() as server:

        def again() -> Database:
            server.stop()
            server.start()
            return Database(server.url, again)

        yield Database(server.url, again)


@contextmanager
def _redis(folder: Path) -> Iterator[Database]:
    with redis_server("--appendonly", "yes", "--appendfsync", "always", "--dir", str(folder)) as first:
        servers = [first]

        def again() -> Database:
            servers[-1].stop()
            servers.append(first.another())
            return Database(servers[-1].url, again)

        yield Database(first.url, again)
        servers[-1].stop()
