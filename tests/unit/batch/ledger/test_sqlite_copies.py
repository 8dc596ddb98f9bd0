"""A ledger's file that was copied, with what stands beside it or without, and what is left of it by a `kill -9`."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.batch.ledger.conftest import items
from tests.unit.batch.ledger.test_sqlite import contents
from tests.unit.batch.ledger.test_sqlite_processes import start
from tm_async.batch.ledger import SqliteLedger, State
from tm_async.errors import LedgerError
from tm_async.storage import sqlitefile, wholeness

KEYS = [f"k{n}" for n in range(4000)]
"""More than a worker can tell a pipe that nobody reads: it won't be through."""


@pytest.fixture
async def killed(tmp_path: Path) -> Path:
    """What a worker left that was killed in the middle."""
    if sys.platform == "win32":
        pytest.skip("kill -9")
    path = tmp_path / "ledger"
    async with SqliteLedger(path) as ledger:
        await ledger.add(items(*KEYS))
    process = start(path, "w")
    assert process.stdout is not None
    for _ in range(40):
        process.stdout.readline()
    process.kill()
    process.communicate(timeout=30)
    return path


def wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def copy(path: Path, *suffixes: str) -> Path:
    place = path.parent / "copy"
    place.mkdir()
    for suffix in ("", *suffixes):
        shutil.copy2(f"{path}{suffix}", place)
    return place / path.name


async def created(path: Path) -> int:
    async with SqliteLedger(path) as ledger:
        return (await ledger.counts())[State.CREATED]


async def test_a_copy_without_its_wal_is_refused_and_left_as_it_is(killed: Path) -> None:
    alone = copy(killed)
    before = contents(alone.parent)
    for _ in range(2):
        with pytest.raises(LedgerError, match="without its -wal.*written last is missing; put the -wal beside it"):
            await created(alone)
    assert contents(alone.parent) == before
    shutil.copy2(f"{killed}-wal", alone.parent)
    assert await created(alone) >= 15, "the advice helps"


async def test_a_wal_that_was_emptied_is_none(killed: Path) -> None:
    os.truncate(wal(killed), 0)
    with pytest.raises(LedgerError, match="without its -wal"):
        await created(killed)


@pytest.mark.parametrize("suffixes", [["-wal"], ["-wal", "-shm"]], ids="".join)
async def test_a_copy_with_its_wal_is_whole(suffixes: list[str], killed: Path) -> None:
    assert await created(copy(killed, *suffixes)) == await created(killed) >= 15


async def test_what_another_program_put_into_the_file_is_there(killed: Path) -> None:
    """Whoever looks into it with `sqlite3` after a crash removes the `-wal` at the end."""
    with closing(sqlite3.connect(killed)) as db:
        db.execute("SELECT * FROM entries").fetchone()
    assert size(wal(killed)) == 0
    assert await created(killed) >= 15


async def test_closed_by_all_it_is_whole_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    async with SqliteLedger(path) as one, SqliteLedger(path) as other:
        await one.add(items("a"))
        await other.add(items("b"))
        await one.aclose()
        await other.add(items("c"))
    async with SqliteLedger(copy(path)) as ledger:
        assert len([one async for one in ledger.entries()]) == 3


async def test_a_copy_of_an_open_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after SQLite would have put the `-wal` into the file by itself."""
    monkeypatch.setattr(sqlitefile, "EVERY", 100)
    async with SqliteLedger(tmp_path / "ledger") as ledger:
        for n in range(30):
            await ledger.add(items(*(f"{n}-{m}" for m in range(100))))
            if n % 10 == 0:
                alone = copy(tmp_path / "ledger")
                with pytest.raises(LedgerError, match="without its -wal"):
                    await created(alone)
                shutil.rmtree(alone.parent)
        assert size(wal(tmp_path / "ledger")) < 2_000_000


async def test_who_was_stopped_between_the_two_marks_left_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    async with SqliteLedger(path) as ledger:
        await ledger.add(items("a"))

        def half(db: sqlite3.Connection) -> None:
            db.execute("UPDATE beside SET more = 1")

        await ledger._write(half)
        both = copy(path, "-wal")
        async with SqliteLedger(both) as other:
            assert (await other.counts())[State.PENDING] == 1
        async with SqliteLedger(both) as other:
            assert (await other.counts())[State.PENDING] == 1
        await ledger._write(lambda db: db.execute("UPDATE beside SET more = 0").rowcount)


async def test_a_file_of_an_earlier_version_has_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    async with SqliteLedger(path) as ledger:
        await ledger.add(items("a"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE beside")
        assert wholeness.is_whole(db, wal(path))
    async with SqliteLedger(path) as ledger:
        assert (await ledger.counts())[State.PENDING] == 1
