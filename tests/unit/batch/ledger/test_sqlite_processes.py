"""Processes that share an SQLite ledger, and that die at any moment."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.batch.ledger.conftest import items
from tm_async.batch.ledger import SqliteLedger, State

ROOT = Path(__file__).parents[4]

WORK = """
import asyncio, sys
from tm_async.batch.ledger import SqliteLedger, State

async def work(ledger, worker):
    while claimed := await ledger.claim(worker, lease=600, limit=2):
        for entry in claimed:
            print("claimed", entry.key, flush=True)
        for entry in claimed:
            assert await ledger.record(entry, State.CREATED, outcome={"worker": worker})
            print("created", entry.key, flush=True)

async def main(path, worker):
    async with SqliteLedger(path) as ledger:
        await asyncio.gather(*(work(ledger, worker) for _ in range(8)))

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


def start(path: Path, worker: str, code: str = WORK) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, str(path), worker]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]") -> str:
    said, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    return said


async def test_processes_share_the_work(tmp_path: Path) -> None:
    """Each item is claimed by one of them."""
    keys = [f"k{n}" for n in range(300)]
    async with SqliteLedger(tmp_path / "ledger") as ledger:
        await ledger.add(items(*keys))
        processes = [start(tmp_path / "ledger", f"worker {n}") for n in range(2)]
        said = await asyncio.gather(*(asyncio.to_thread(end, process) for process in processes))
        claimed = [line.split()[1] for one in said for line in one.splitlines() if line.startswith("claimed")]
        assert sorted(claimed) == sorted(keys)
        assert (await ledger.counts())[State.CREATED] == 300


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("lines", [1, 40, 150])
def test_a_process_that_is_killed(lines: int, tmp_path: Path) -> None:
    """Whatever a method had returned is there, and nothing is half there."""
    path = tmp_path / "ledger"
    ledger = SqliteLedger(path)
    keys = [f"k{n}" for n in range(4000)]  # more than it can tell a pipe that nobody reads: it won't be through
    asyncio.run(ledger.add(items(*keys)))
    asyncio.run(ledger.aclose())
    process = start(path, "w")
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    said += process.communicate(timeout=30)[0].splitlines(keepends=True)
    told = [line.split() for line in said if line.endswith("\n")]
    found = asyncio.run(ledger.get(keys))
    for what, key in told:
        states = {State.CREATED} if what == "created" else {State.CREATED, State.SENDING}
        assert found[key].state in states
        assert found[key].claims == 1
    for entry in found.values():
        assert entry.outcome == ({"worker": "w"} if entry.state is State.CREATED else {})
    ended = [entry.state for entry in found.values()]
    assert State.PENDING in ended
    assert ended.count(State.SENDING) <= 16
    asyncio.run(ledger.aclose())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_program_that_closes_nothing_ends(tmp_path: Path) -> None:
    code = WORK.replace("async with SqliteLedger(path) as ledger:", "if ledger := SqliteLedger(path):")
    assert end(start(tmp_path / "ledger", "w", code)) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="fork")
def test_a_process_that_forks(tmp_path: Path) -> None:
    """The child has no thread: it gets one of its own, and leaves the parent's alone."""
    code = """
import asyncio, os, sys, warnings
from tm_async.batch.ledger import Item, SqliteLedger

warnings.simplefilter("ignore")
ledger = SqliteLedger(sys.argv[1])
asyncio.run(ledger.add([Item(key="parent", request="{}")]))
child = os.fork()
if not child:
    asyncio.run(ledger.add([Item(key="child", request="{}")]))
    asyncio.run(ledger.aclose())
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
asyncio.run(ledger.add([Item(key="after", request="{}")]))
print(sorted(asyncio.run(ledger.get(["parent", "child", "after"]))))
asyncio.run(ledger.aclose())
"""
    assert end(start(tmp_path / "ledger", "", code)) == "['after', 'child', 'parent']\n"
