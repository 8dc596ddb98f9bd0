"""What the SQLite ledger promises beyond the contract: its file, its thread, its group commits."""

import asyncio
import gc
import os
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.unit.auth.stores.conftest import STRANGER, owned_by, with_variables
from tests.unit.batch.ledger.conftest import Clock, items
from tm_async.batch.ledger import Item, SqliteLedger, State
from tm_async.batch.ledger.sqlitetables import APPLICATION, FORMAT, LedgerFile
from tm_async.errors import ConfigurationError, LedgerConflict, LedgerError, LedgerUnavailable

SECRET = "canary-Lq2-password"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "batch.ledger"


@pytest.fixture
async def ledger(path: Path, clock: Clock) -> AsyncIterator[SqliteLedger]:
    async with SqliteLedger(path, clock=clock, wait=0.1) as ledger:
        yield ledger


def our_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """The ledgers' threads since then: what failed before may still hold one."""
    return [thread for thread in threading.enumerate() if thread.name == "tm_async ledger" and thread not in before]


async def hold_up(ledger: SqliteLedger) -> Callable[[], None]:
    """The thread stands still until the result is called: what is asked for meanwhile waits together."""
    there, gate = threading.Event(), threading.Event()

    def stand(_: sqlite3.Connection) -> None:
        there.set()
        gate.wait(20)

    standing = asyncio.ensure_future(ledger._read(stand))
    standing.add_done_callback(lambda _: None)
    await asyncio.to_thread(there.wait, 20)
    return gate.set


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_nobody_else_may_read_the_file(ledger: SqliteLedger, path: Path) -> None:
    before = os.umask(0)
    try:
        await ledger.add(items("a"))
    finally:
        os.umask(before)
    found = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert found == dict.fromkeys([path.name, f"{path.name}-wal", f"{path.name}-shm"], 0o600)


async def test_closed_it_is_one_file(ledger: SqliteLedger, path: Path) -> None:
    await ledger.add(items("a"))
    await ledger.aclose()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert (await ledger.counts())[State.PENDING] == 1


async def test_what_is_returned_is_on_the_disk(ledger: SqliteLedger) -> None:
    def settings(db: sqlite3.Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "application_id", "user_version")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await ledger._read(settings) == ["wal", 2, APPLICATION, FORMAT]


def contents(place: Path) -> dict[Path, bytes]:
    return {one: one.read_bytes() for one in place.rglob("*") if one.is_file()}


def damage_pages(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096 * 6 :] = b"\xa5" * len(raw[4096 * 6 :])
    path.write_bytes(raw)


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    path.unlink()
    path.touch()


def directory(path: Path) -> None:
    path.mkdir()


def text(path: Path) -> None:
    path.write_text("key,request\n" * 1000)


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entries (position, key)")


def another_format(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def cut(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    os.truncate(path, path.stat().st_size - 4096)


def cut_in_the_header(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    os.truncate(path, 50)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def no_directory(path: Path) -> None:
    path.parent.rmdir()


def readable_by_others(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    path.chmod(0o644)


def writable_by_others(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    path.chmod(0o666)


def link(path: Path) -> None:
    LedgerFile(path.with_name("elsewhere"), 1).open().close()
    path.symlink_to("elsewhere")


def dangling(path: Path) -> None:
    path.symlink_to("elsewhere")


def left_behind(path: Path) -> None:
    path.with_name(f"{path.name}-wal").write_bytes(b"the last transactions")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (directory, "a directory; name a file in it"),
        (text, "file is not a database"),
        (another_database, "a database, but not a ledger"),
        (another_format, "has format 99, this version of tm_async reads 1"),
        (Path.touch, "too small for a ledger, so truncated or none"),
        (cut, "damaged or truncated"),
        (cut_in_the_header, "too small for a ledger, so truncated or none"),
        (fifo, "not a regular file"),
        (readable_by_others, r"others may read or write it \(mode 0644\); passwords .* may be known: chmod 600 it"),
        (writable_by_others, r"others may read or write it \(mode 0666\)"),
        (link, "a symbolic link; name the file itself"),
        (dangling, "a symbolic link; name the file itself"),
        (no_directory, "can't be opened or created"),
        (left_behind, "-wal: was left behind when its ledger was moved or removed"),
    ],
)
async def test_what_is_refused(make: Callable[[Path], None], says: str, tmp_path: Path) -> None:
    """At once, with words, and left as it was."""
    path = tmp_path / "place" / "batch.ledger"
    path.parent.mkdir()
    make(path)
    before = contents(tmp_path)
    async with SqliteLedger(path) as ledger:
        for attempt in (ledger.add(items("a")), ledger.counts()):
            with pytest.raises(LedgerError, match=says) as caught:
                await attempt
            assert not isinstance(caught.value, LedgerUnavailable)
            assert str(path) in str(caught.value)
    assert contents(tmp_path) == before


async def test_a_file_of_another_user(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    await ledger.add(items("a"))
    await ledger.aclose()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(LedgerError, match="may not read and write"):
            await ledger.counts()
    assert (await ledger.counts())[State.PENDING] == 1


@pytest.mark.parametrize("uid", [STRANGER, 0])
async def test_a_file_that_another_user_owns(
    uid: int, ledger: SqliteLedger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns it can read what is put into it, and change what is believed, whatever the mode says."""
    await ledger.add(items("a"))
    await ledger.aclose()
    look = Path.lstat
    monkeypatch.setattr(Path, "lstat", lambda path: owned_by(uid, look(path)))
    if uid == 0:
        assert await ledger.add(items("b")) == 1
        return
    message = rf"{path}: belongs to another user \(uid {uid}, this process runs as {os.geteuid()}\)"
    with pytest.raises(LedgerError, match=message):
        await ledger.add([Item(key="b", request=SECRET)])


async def test_what_stands_beside_it_is_this_users_alone_too(ledger: SqliteLedger, path: Path) -> None:
    await ledger.add(items("a"))
    await ledger.aclose()
    beside = path.with_name(f"{path.name}-wal")
    beside.touch(0o600)
    beside.chmod(0o622)
    with pytest.raises(LedgerError, match=r"-wal: others may read or write it \(mode 0622\)"):
        await ledger.counts()


async def test_pages_that_are_damaged(ledger: SqliteLedger, path: Path) -> None:
    await ledger.add([Item(key=f"k{n}", request=SECRET * 50) for n in range(200)])
    await ledger.aclose()
    damage_pages(path)
    with pytest.raises(LedgerError, match="damaged or truncated") as caught:
        _ = [one async for one in ledger.entries()]
    assert SECRET not in with_variables(caught.value)


@pytest.mark.parametrize("change", [f"state = '{SECRET}'", f"outcome = '{SECRET}'", f"outcome = '[\"{SECRET}\"]'"])
async def test_an_entry_that_is_damaged(change: str, ledger: SqliteLedger) -> None:
    await ledger.add(items("a", "b"))
    update = f"UPDATE entries SET {change} WHERE key = 'a'"  # noqa: S608
    await ledger._write(lambda db: db.execute(update))
    with pytest.raises(LedgerError, match="of 'a' is damaged") as caught:
        await ledger.get(["a"])
    assert "outcome" not in change or SECRET not in str(caught.value)
    assert await ledger.get(["b"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("claims = 'x'", "the record of 'a' is damaged"),
        ("until = 'x'", "the record of 'a' is damaged"),
        ("label = x'ff'", "the record of 'a' is damaged"),
        ("key = x'ff'", "the record of b'\\\\xff' is damaged"),
    ],
)
async def test_a_column_that_is_damaged(change: str, says: str, ledger: SqliteLedger) -> None:
    await ledger.add(items("a"))
    update = f"UPDATE entries SET {change}"  # noqa: S608
    await ledger._write(lambda db: db.execute(update))
    for attempt in (ledger.claim("w", lease=60), anext(ledger.entries())):
        with pytest.raises(LedgerError, match=says):
            await attempt


@pytest.mark.parametrize("outcome", ["5", "", "[" * 100_000])
async def test_a_damaged_outcome_keeps_nothing_from_being_sent(outcome: str, ledger: SqliteLedger) -> None:
    await ledger.add(items("a", "b"))
    await ledger._write(lambda db: db.execute("UPDATE entries SET outcome = ? WHERE key = 'a'", (outcome,)))
    first, second = await ledger.claim("w", lease=60, limit=2)
    assert (first.key, first.outcome, second.key) == ("a", {}, "b")
    assert await ledger.record(first, State.CREATED, outcome={"n": 1})
    assert (await ledger.get(["a"]))["a"].outcome == {"n": 1}


async def test_a_worker_whose_lease_was_lost_holds_nothing(ledger: SqliteLedger) -> None:
    """Nobody would ever renew it, and nobody could take over what it held."""
    await ledger.add(items("a", "b"))
    await ledger.claim("w", lease=60, limit=2)
    await ledger._write(lambda db: db.execute("DELETE FROM workers"))
    (by_key,) = await ledger.claim("v", lease=60, keys=["a"])
    (other,) = await ledger.claim("v", lease=60)
    assert (by_key.key, by_key.doubtful, other.key, other.doubtful) == ("a", True, "b", True)
    assert await ledger.claim("u", lease=60, limit=5) == []


@pytest.mark.parametrize("go_away", [remove, replace])
async def test_a_file_that_goes_away(go_away: Callable[[Path], None], ledger: SqliteLedger, path: Path) -> None:
    """What would be written is lost: better an error."""
    await ledger.add(items("a"))
    go_away(path)
    with pytest.raises(LedgerError, match="removed or replaced while it was in use"):
        await ledger.add(items("b"))


@pytest.mark.parametrize("name", ["a b", "a?mode=memory", "a#b", "a%20b", "会议 📅", "file:a"])
async def test_names_of_files(name: str, tmp_path: Path) -> None:
    async with SqliteLedger(tmp_path / name) as ledger:
        await ledger.add(items("a"))
        assert (tmp_path / name).exists()


def test_no_file() -> None:
    for path in (":memory:", ""):
        with pytest.raises(ConfigurationError, match="needs a file"):
            SqliteLedger(path)


@pytest.mark.parametrize("links", [True, False], ids=["", "a disk without hard links"])
async def test_many_create_the_file_at_once(links: bool, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    ledgers = [SqliteLedger(path) for _ in range(8 if links else 1)]
    added = await asyncio.gather(*(ledger.add(items(f"k{n}")) for n, ledger in enumerate(ledgers)))
    assert sum(added) == len(ledgers)
    assert sum((await ledgers[0].counts()).values()) == len(ledgers)
    for ledger in ledgers:
        await ledger.aclose()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


async def test_a_lock_that_is_held_too_long(ledger: SqliteLedger, path: Path) -> None:
    """By another process: nothing hangs, reading goes on, and the same works later."""
    await ledger.add(items("a"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        attempts = [ledger.add(items("b")), ledger.claim("w", lease=60), ledger.renew("w", lease=60)]
        for error in await asyncio.gather(*attempts, return_exceptions=True):
            assert isinstance(error, LedgerUnavailable)
            assert "another process held the lock, it was not free within 0.1 s" in str(error)
        assert list(await ledger.get(["a", "b"])) == ["a"]
    assert await ledger.add(items("b")) == 1


async def test_a_full_disk(ledger: SqliteLedger) -> None:
    """What is there stays; nothing is half there; once there is room, the same works."""
    await ledger.add(items("a"))
    (entry,) = await ledger.claim("w", lease=60)
    await ledger._write(lambda db: db.execute("PRAGMA max_page_count = 20"))
    big = [Item(key=f"k{n}", request=SECRET * 500) for n in range(100)]
    with pytest.raises(LedgerUnavailable, match="can't be written or read now") as caught:
        await ledger.add(big)
    assert SECRET not in with_variables(caught.value)
    assert await ledger.record(entry, State.CREATED)
    assert sum((await ledger.counts()).values()) == 1
    assert await ledger.add(big) == 100


async def test_a_directory_that_may_not_be_written(ledger: SqliteLedger, path: Path) -> None:
    """A ledger in it can't be used, as SQLite needs a file beside it; the error does not say that it is damaged."""
    await ledger.add(items("a"))
    await ledger.aclose()
    blocked = path.with_name(f"{path.name}-wal")
    blocked.mkdir()  # which stops root, too
    with pytest.raises(LedgerError, match="can't be opened or written") as caught:
        await ledger.add(items("b"))
    assert not isinstance(caught.value, LedgerUnavailable)
    blocked.rmdir()
    assert await ledger.add(items("b")) == 1


@pytest.mark.parametrize("states", [[], [State.PENDING], list(State)])
async def test_a_group_is_found_by_its_index(states: list[State], ledger: SqliteLedger) -> None:
    await ledger.add([Item(key=f"k{n}", request="", group=f"{n % 100}") for n in range(1000)])
    said: list[str] = []
    await ledger._read(lambda db: db.set_trace_callback(said.append))
    assert len([one async for one in ledger.entries(*states, group="7")]) == 10
    (query,) = [one for one in said if "entries" in one]
    found = [step for step in await steps(ledger, query) if "entries" in step]
    used = "SEARCH entries USING INDEX entries_by_group_and_state (group=? AND state=? AND position>?)"
    assert found == [used] * len(states or State)


@pytest.mark.parametrize("states", [[], [State.UNKNOWN], [State.CREATED, State.SENDING]])
async def test_no_page_reads_all_of_a_state(states: list[State], ledger: SqliteLedger) -> None:
    await ledger.add(items(*(f"k{n}" for n in range(500))))
    said: list[str] = []
    await ledger._read(lambda db: db.set_trace_callback(said.append))
    assert len([one async for one in ledger.entries(*states)]) == (0 if states else 500)
    query = next(one for one in said if "entries" in one)
    assert not [step for step in await steps(ledger, query) if step.startswith("SCAN entries")]
    found = [step for step in await steps(ledger, query) if "entries" in step]
    assert all("position>?" in step or "rowid>?" in step for step in found)


async def test_a_claim_reads_what_it_takes(ledger: SqliteLedger) -> None:
    """And does not sort all that is pending, as SQLite would if it were left alone."""
    await ledger.add(items(*(f"k{n}" for n in range(500))))
    said: list[str] = []
    await ledger._read(lambda db: db.set_trace_callback(said.append))
    assert len(await ledger.claim("w", lease=60, limit=4)) == 4
    query = next(one for one in said if "SELECT" in one and "pending" in one)
    found = await steps(ledger, query)
    place = found.index("SCAN entries USING INDEX entries_to_claim")
    assert found[place + 1] != "USE TEMP B-TREE FOR ORDER BY"


async def test_a_file_of_an_earlier_version_gets_the_index(path: Path) -> None:
    LedgerFile(path, 1).open().close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP INDEX entries_by_group_and_state")
        db.execute('CREATE INDEX entries_by_group ON entries ("group", position)')
    async with SqliteLedger(path) as ledger:
        await ledger.add(items("a"))
        assert len([one async for one in ledger.entries(*State, group="")]) == 1
        names = await ledger._read(lambda db: db.execute("SELECT name FROM sqlite_master").fetchall())
    assert ("entries_by_group_and_state",) in names


async def steps(ledger: SqliteLedger, query: str) -> list[str]:
    """How SQLite answers a query."""
    await ledger._read(lambda db: db.set_trace_callback(None))
    return [row[3] for row in await ledger._read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())]


@pytest.mark.parametrize("wait", [0, -1, float("nan"), float("inf")])
def test_a_wait_that_is_refused(wait: float, path: Path) -> None:
    with pytest.raises(ConfigurationError, match="`wait` must be "):
        SqliteLedger(path, wait=wait)


async def test_what_waits_together_is_committed_together(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty-four writers cost one writing to the disk; who fails spoils nothing for the others."""
    said: list[str] = []
    open_ = LedgerFile.open

    def traced(file: LedgerFile) -> sqlite3.Connection:
        db = open_(file)
        db.set_trace_callback(said.append)
        return db

    monkeypatch.setattr(LedgerFile, "open", traced)
    go_on = await hold_up(ledger)
    asked = [asyncio.ensure_future(ledger.add(items(f"k{n}", "shared"))) for n in range(64)]
    asked.insert(30, asyncio.ensure_future(ledger.add([*items("new"), Item(key="shared", request="other")])))
    await turns()
    go_on()
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert [one for one in done if isinstance(one, LedgerConflict)] == [done[30]]
    assert sum(one for one in done if isinstance(one, int)) == 65
    assert await ledger.get(["new"]) == {}
    assert said.count("COMMIT") == 3  # what stood in the way, the group, what was just read
    assert said.count("BEGIN IMMEDIATE") == 1


async def test_who_is_cancelled_before_it_began(ledger: SqliteLedger) -> None:
    """A record must not get lost; a claim that nobody would know of is not made."""
    await ledger.add(items("a", "b"))
    (entry,) = await ledger.claim("w", lease=60)
    go_on = await hold_up(ledger)
    asked: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(ledger.record(entry, State.CREATED)),
        asyncio.ensure_future(ledger.claim("w", lease=60)),
        asyncio.ensure_future(ledger.add(items("c"))),
    ]
    await turns()
    for one in asked:
        one.cancel()
    await turns()
    go_on()
    assert all(one.cancelled() for one in asked)
    found = await ledger.get(["a", "b", "c"])
    assert [one.state for one in found.values()] == [State.CREATED, State.PENDING, State.PENDING]


async def test_closing_carries_out_what_waits(ledger: SqliteLedger) -> None:
    go_on = await hold_up(ledger)
    asked = [asyncio.ensure_future(ledger.add(items(f"k{n}"))) for n in range(10)]
    await turns()
    closing_ = asyncio.ensure_future(ledger.aclose())
    await turns()
    go_on()
    assert await asyncio.gather(*asked) == [1] * 10
    await closing_


async def test_a_disk_that_does_not_answer(ledger: SqliteLedger) -> None:
    """The caller hears of it, though the thread still waits."""
    ledger._limit = 0.05
    go_on = await hold_up(ledger)
    with pytest.raises(LedgerUnavailable, match=r"did not answer within 0\.05 s"):
        await ledger.add(items("a"))
    go_on()


def test_one_loop_after_the_other(path: Path) -> None:
    """Without closing it in between; the thread of the first serves all."""
    before = set(threading.enumerate())
    ledger = SqliteLedger(path)
    for n in range(3):
        assert asyncio.run(ledger.add(items(f"k{n}"))) == 1
    assert len(our_threads(before)) == 1
    asyncio.run(ledger.aclose())
    assert our_threads(before) == []
    assert asyncio.run(ledger.counts())[State.PENDING] == 3
    asyncio.run(ledger.aclose())


def test_a_loop_that_ends_too_early(path: Path) -> None:
    """What it asked for is done; nobody is told."""

    async def leave() -> Callable[[], None]:
        go_on = await hold_up(ledger)
        asked = asyncio.ensure_future(ledger.add(items("a")))
        await turns()
        asked.cancel()
        return go_on

    ledger = SqliteLedger(path)
    asyncio.run(leave())()
    assert list(asyncio.run(ledger.get(["a"]))) == ["a"]
    asyncio.run(ledger.aclose())


def test_a_ledger_that_nobody_closes(path: Path) -> None:
    """Its thread ends with it."""

    async def use(ledger: SqliteLedger) -> None:
        await ledger.add(items("a"))
        (entry,) = await ledger.claim("w", lease=60)
        await ledger.record(entry, State.CREATED)

    before = set(threading.enumerate())
    ledger = SqliteLedger(path)
    asyncio.run(use(ledger))
    (thread,) = our_threads(before)
    del ledger
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


async def test_a_thread_that_died_is_replaced(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    await ledger.add(items("a"))
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with monkeypatch.context() as patch, suppress(LedgerUnavailable):
        patch.setattr("tm_async.storage.groupcommit._deliver", lambda _: 1 / 0)
        ledger._limit = 0.05
        await ledger.counts()
    ledger._limit = 20
    assert (await ledger.counts())[State.PENDING] == 1


async def test_the_repr(ledger: SqliteLedger, path: Path) -> None:
    assert repr(ledger) == f"SqliteLedger({str(path)!r})"
