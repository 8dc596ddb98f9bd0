"""What the SQLite inbox promises beyond the contract: its file, its group commits, a disk that is full or gone."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.batch.ledger.test_sqlite import (
    contents,
    cut,
    damage_pages,
    fifo,
    hold_up,
    remove,
    replace,
    text,
    turns,
)
from tests.unit.webhooks.conftest import Clock
from tm_async.batch.ledger.sqlitetables import LedgerFile
from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.testing.lanes import claim, deliveries, delivery, take
from tm_async.webhooks.inbox.protocol import State
from tm_async.webhooks.inbox.sqlite import SqliteInbox
from tm_async.webhooks.inbox.sqlitetables import InboxFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
async def inbox(path: Path, clock: Clock) -> AsyncIterator[SqliteInbox]:
    async with SqliteInbox(path, clock=clock, wait=0.1) as inbox:
        yield inbox


async def test_nobody_else_may_read_the_file(inbox: SqliteInbox, path: Path) -> None:
    before = os.umask(0)
    try:
        await inbox.accept(delivery("a"))
    finally:
        os.umask(before)
    found = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert found == dict.fromkeys([path.name, f"{path.name}-wal", f"{path.name}-shm"], 0o600)


async def test_a_file_that_others_may_read(inbox: SqliteInbox, path: Path) -> None:
    """It is refused, and the platform asked to repeat."""
    await inbox.accept(delivery("a"))
    await inbox.aclose()
    os.chmod(path, 0o640)
    with pytest.raises(
        InboxUnavailable, match=r"others may read or write it \(mode 0640\); events in it .* chmod 600 it"
    ):
        await inbox.accept(delivery("b"))
    os.chmod(path, 0o600)
    await inbox.accept(delivery("b"))


async def test_a_file_of_somebody_else(inbox: SqliteInbox, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await inbox.accept(delivery("a"))
    await inbox.aclose()
    monkeypatch.setattr("tm_async.storage.sqlitefile.stranger", lambda _: "belongs to another user (uid 7)")
    with pytest.raises(InboxUnavailable, match="belongs to another user"):
        await inbox.accept(delivery("b"))


def another_format(path: Path) -> None:
    InboxFile(path, 1).open().close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def a_ledger(path: Path) -> None:
    LedgerFile(path, 1).open().close()


def cut_off(path: Path) -> None:
    cut(path)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (text, "not a usable inbox|file is not a database"),
        (another_format, "has format 99, this version of tm_async reads 1; use the version that made it"),
        (a_ledger, "a database, but not an inbox; name another file"),
        (fifo, "not a regular file"),
        (Path.touch, "too small for an inbox, so truncated or none"),
        (Path.mkdir, "a directory; name a file in it"),
        (cut_off, "not an inbox|not a usable inbox"),
    ],
)
async def test_files_that_are_refused(spoil: Callable[[Path], None], says: str, inbox: SqliteInbox, path: Path) -> None:
    """A clear error, `InboxUnavailable` to who accepts; what is there stays as it is."""
    spoil(path)
    os.chmod(path, 0o700 if spoil is Path.mkdir else 0o600)
    before = contents(path.parent) if spoil is not fifo else {}
    with pytest.raises(InboxUnavailable, match=says):
        await inbox.accept(delivery("a"))
    with pytest.raises(InboxError, match=says):
        await claim(inbox)
    assert (contents(path.parent) if spoil is not fifo else {}) == before


@pytest.mark.parametrize("lose", [remove, replace])
async def test_a_file_that_is_gone(lose: Callable[[Path], None], inbox: SqliteInbox, path: Path) -> None:
    """Nothing is written into what nobody would ever read."""
    await inbox.accept(delivery("a"))
    lose(path)
    with pytest.raises(InboxUnavailable, match="removed or replaced while it was in use"):
        await inbox.accept(delivery("b"))


async def test_a_disk_that_is_full(inbox: SqliteInbox, path: Path) -> None:
    """What was acknowledged stays; when there is room again, all goes on."""
    await inbox.accept(delivery("a"))
    pages = await inbox._read(lambda db: db.execute("PRAGMA max_page_count = 1").fetchone()[0])
    big = delivery("x" * 500_000)
    with pytest.raises(InboxUnavailable, match="can't be written or read now"):
        await inbox.accept(big)
    assert pages > 1
    async with SqliteInbox(path) as other:
        await other.accept(big)
        assert len(await claim(other)) == 2


async def test_damaged_pages(inbox: SqliteInbox, path: Path) -> None:
    for one in deliveries(200):
        await inbox.accept(one)
    await inbox.aclose()
    damage_pages(path)
    with pytest.raises(InboxUnavailable, match="not a usable inbox, damaged or truncated"):
        for one in deliveries(400):
            await inbox.accept(one)


async def test_another_process_holds_the_lock(inbox: SqliteInbox, path: Path) -> None:
    await inbox.accept(delivery("a"))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(InboxUnavailable, match=r"another process held the lock, it was not free within 0\.1 s"):
            await inbox.accept(delivery("b"))
    await inbox.accept(delivery("b"))


async def test_what_waits_together_is_committed_together(inbox: SqliteInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty-four acknowledgements cost one writing to the disk."""
    said: list[str] = []
    open_ = InboxFile.open

    def traced(file: InboxFile) -> sqlite3.Connection:
        db = open_(file)
        db.set_trace_callback(said.append)
        return db

    monkeypatch.setattr(InboxFile, "open", traced)
    go_on = await hold_up(inbox)  # type: ignore[arg-type]
    asked = [asyncio.ensure_future(inbox.accept(one)) for one in deliveries(64)]
    await turns()
    go_on()
    await asyncio.gather(*asked)
    assert said.count("BEGIN IMMEDIATE") == 1


async def test_who_is_cancelled_before_it_began(inbox: SqliteInbox) -> None:
    """An event that may be acknowledged must not get lost; a claim that nobody would know of is not made."""
    await inbox.accept(delivery("a"))
    go_on = await hold_up(inbox)  # type: ignore[arg-type]
    asked = [asyncio.ensure_future(inbox.accept(delivery("b"))), asyncio.ensure_future(claim(inbox))]
    await turns()
    for one in asked:
        one.cancel()
    await turns()
    go_on()
    assert len(await claim(inbox)) == 2


async def test_a_claim_costs_the_same_however_much_waits(inbox: SqliteInbox) -> None:
    """Steps of SQLite's machine, not time: behind one that waits for its next attempt stand two thousand."""

    async def steps() -> int:
        count = 0

        def tick() -> int:
            nonlocal count
            count += 1
            return 0

        await inbox._read(lambda db: db.set_progress_handler(tick, 10))
        assert await claim(inbox) == []
        await inbox._read(lambda db: db.set_progress_handler(None, 10))
        return count * 10

    await inbox.accept(delivery("first", meeting="m", at=0))
    task = await take(inbox)
    await inbox.record(task, State.NEW, after=60)
    few = await steps()
    for start in range(0, 2000, 200):
        many = [delivery(f"{n}", meeting="m", at=n + 1) for n in range(start, start + 200)]
        await asyncio.gather(*(inbox.accept(one) for one in many))
        await claim(inbox)
    assert await steps() < few * 2


@pytest.mark.parametrize("path_", ["", ":memory:"])
def test_it_needs_a_file(path_: str) -> None:
    with pytest.raises(ConfigurationError, match="MemoryInbox needs none"):
        SqliteInbox(path_)
