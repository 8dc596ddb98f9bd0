"""A ledger in an SQLite file, shared by the processes of one machine."""

import os
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from attrs import evolve

from tm_async._util.arguments import check_path
from tm_async.batch.ledger.arguments import (
    check_claim,
    check_group,
    check_items,
    check_keys,
    check_lease,
    check_seconds,
    conflict,
    dump,
)
from tm_async.batch.ledger.protocol import Entry, Item, State
from tm_async.batch.ledger.rows import COLUMNS, entry_of
from tm_async.batch.ledger.sqlitetables import LedgerFile
from tm_async.errors import ConfigurationError
from tm_async.storage.groupcommit import GroupCommit

__all__ = ["SqliteLedger"]

_PAGE = 200
_DISK = 60.0
_ENDS = "coalesce(ends, 0)"
"""A worker whose lease was lost with its row holds nothing: else its items would be waited for for ever."""
# INDEXED BY: left alone, SQLite takes the index of states, and reads and sorts all that is pending for each claim.
_OPEN = f"""
SELECT * FROM (
    SELECT {COLUMNS}, NULL AS ends FROM entries INDEXED BY entries_to_claim
    WHERE state = 'pending' ORDER BY claims, position LIMIT :limit
) UNION ALL SELECT * FROM (
    SELECT {COLUMNS}, {_ENDS} FROM entries LEFT JOIN workers USING (worker)
    WHERE state = 'sending' AND {_ENDS} <= :now ORDER BY claims, position LIMIT :limit
) ORDER BY claims, position LIMIT :limit
"""  # noqa: S608  # no value is in it
_OPEN_ONE = f"""
SELECT {COLUMNS}, {_ENDS} FROM entries LEFT JOIN workers USING (worker)
WHERE key = :key AND (state IN ('pending', 'unknown') OR state = 'sending' AND {_ENDS} <= :now)
"""  # noqa: S608
_TAKE = """
UPDATE entries SET state = 'sending', claims = :claims, worker = :worker, since = :since, until = :until
WHERE position = :position
"""
_EXTEND = """
INSERT INTO workers VALUES (:worker, :end) ON CONFLICT (worker) DO UPDATE SET ends = max(ends, :end)
"""
_RECORD = """
UPDATE entries SET state = :state, outcome = :outcome, until = :until, since = CASE WHEN :unknown THEN since END
WHERE key = :key AND state = 'sending' AND claims = :claims
"""
_PAGE_OF = f"SELECT {COLUMNS} FROM entries WHERE {{}}position > :last ORDER BY position LIMIT :page"  # noqa: S608
_T = TypeVar("_T")


class SqliteLedger:
    """Keeps its entries in the file at `path`, which is created with mode 0600 when it is missing.

    A file that others may read or write, that another user than root owns, or that is a link is refused.
    The file must be on a local disk; beside it, while it is open, stand `-wal` and `-shm`: copy or move it only when
    nobody has it open. What a method has returned survives a power cut as far as the disk keeps its word. `clock`
    gives UNIX seconds, the same in all processes that have it open. `wait`: seconds that an operation waits at most
    for another process's lock (10 by default), then it raises `LedgerUnavailable`. Raises `LedgerError` for a file that
    is no ledger, of another format, damaged, or can't be opened; that file is left as it is.

    All work is done in one thread, which begins with the first operation and ends with `aclose` or with this object.
    Fit for several event loops. A caller that is cancelled stops nothing, except a claim that has not begun.
    """

    _path = Path("?")  # what a traceback's variables show of one that was refused

    def __init__(
        self, path: str | os.PathLike[str], *, clock: Callable[[], float] = time.time, wait: float = 10.0
    ) -> None:
        check_path("path", path)
        if os.fspath(path) in {"", ":memory:"}:
            raise ConfigurationError(f"SqliteLedger needs a file, not {os.fspath(path)!r}; MemoryLedger needs none")
        check_seconds("`wait`", wait)
        self._path = Path(path).expanduser().absolute()
        self._clock = clock
        self._limit = wait + _DISK
        self._thread = GroupCommit(LedgerFile(self._path, wait))

    async def add(self, items: Sequence[Item], /) -> int:
        """Add the items that are not there yet. Raises `LedgerConflict`."""
        given = check_items(items)
        return await self._write(lambda db: _add(db, given))

    async def claim(
        self, worker: str, /, *, lease: float, limit: int = 1, keys: Sequence[str] | None = None
    ) -> list[Entry]:
        """Take items to be sent: those that were claimed least first, and of them by position."""
        limit, wanted = check_claim(worker, lease, limit, keys)
        # Nobody would know of a claim whose caller is gone, and the items would be doubtful.
        return await self._write(lambda db: _claim(db, worker, self._clock(), lease, limit, wanted), needless=True)

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._write(lambda db: db.execute(_EXTEND, {"worker": worker, "end": self._clock() + lease}).rowcount)

    async def record(
        self, entry: Entry, state: State, /, *, outcome: Mapping[str, object] | None = None, until: float | None = None
    ) -> bool:
        """Say what became of a claimed entry; false if the claim is not the last one, or was recorded already."""
        said = dump(entry.key, state, outcome, until)

        def work(db: sqlite3.Connection) -> bool:
            unknown = state is State.UNKNOWN
            ended = (self._clock() if until is None else until) if unknown else None
            found = {"state": str(state), "outcome": said, "until": ended, "unknown": unknown}
            return db.execute(_RECORD, found | {"key": entry.key, "claims": entry.claims}).rowcount == 1

        return await self._write(work)

    async def get(self, keys: Sequence[str], /) -> dict[str, Entry]:
        """The entries of these keys, as far as there are such."""
        wanted = check_keys(keys)
        query = f"SELECT {COLUMNS} FROM entries WHERE key = ?"  # noqa: S608

        def work(db: sqlite3.Connection) -> dict[str, Entry]:
            rows = (db.execute(query, (key,)).fetchone() for key in wanted)
            return {row[0]: entry_of(row) for row in rows if row}

        return await self._read(work)

    async def entries(self, *states: State, group: str | None = None) -> AsyncGenerator[Entry, None]:
        """Every entry in one of these states (default: every entry), of one group if that is given, by position."""
        check_group(group)
        query, given = _page_of(states, group)
        last = -1
        while True:
            bound = {"last": last, "page": _PAGE, **given}
            page = await self._read(lambda db: [entry_of(row) for row in db.execute(query, bound)])  # noqa: B023
            for entry in page:
                yield entry
            if len(page) < _PAGE:
                return
            last = page[-1].position

    async def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        query = "SELECT state, count(*) FROM entries GROUP BY state"
        found = await self._read(lambda db: dict(db.execute(query).fetchall()))
        return {state: found.get(str(state), 0) for state in State}

    async def aclose(self) -> None:
        """Finish what was begun, close the file and end the thread. Using it again opens it again."""
        await self._thread.aclose(self._limit)

    async def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._thread.do(work, writes=False, needless=True, limit=self._limit)

    async def _write(self, work: Callable[[sqlite3.Connection], _T], *, needless: bool = False) -> _T:
        return await self._thread.do(work, writes=True, needless=needless, limit=self._limit)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"SqliteLedger({str(self._path)!r})"


def _page_of(states: Sequence[State], group: str | None) -> tuple[str, dict[str, str]]:
    """The query of a page, and its parameters: what is read is a page of each state, and never all of a state."""
    if not states and group is None:
        return _PAGE_OF.format(""), {}
    among = dict.fromkeys(states or State)
    of_group = "" if group is None else '"group" = :group AND '
    parts = [_PAGE_OF.format(f"{of_group}state = :{state} AND ") for state in among]
    query = f"{' UNION ALL '.join(f'SELECT * FROM ({part})' for part in parts)} ORDER BY position LIMIT :page"  # noqa: S608
    return query, {str(state): str(state) for state in among} | ({} if group is None else {"group": group})


def _add(db: sqlite3.Connection, items: Sequence[Item]) -> int:
    (position,) = db.execute("SELECT coalesce(max(position) + 1, 0) FROM entries").fetchone()
    insert = """
    INSERT INTO entries (position, key, label, "group", request) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
    """
    clashing: list[str] = []
    added = 0
    for item in items:
        row = (position + added, item.key, item.label, item.group, item.request)
        if db.execute(insert, row).rowcount == 1:
            added += 1
        elif not db.execute("SELECT request = ? FROM entries WHERE key = ?", (item.request, item.key)).fetchone()[0]:
            clashing.append(item.key)
    if clashing:
        raise conflict(clashing)  # which takes back what was inserted
    return added


def _claim(
    db: sqlite3.Connection, worker: str, now: float, lease: float, limit: int, keys: Sequence[str] | None
) -> list[Entry]:
    if keys is None:
        rows = db.execute(_OPEN, {"now": now, "limit": limit}).fetchall()
    else:
        found = (db.execute(_OPEN_ONE, {"now": now, "key": key}).fetchone() for key in keys)
        rows = sorted((row for row in found if row), key=lambda row: (row[3], row[1]))[:limit]
    claimed = [_take(db, row, worker, now) for row in rows]
    if claimed:
        db.execute(_EXTEND, {"worker": worker, "end": now + lease})
    return claimed


def _take(db: sqlite3.Connection, row: tuple[Any, ...], worker: str, now: float) -> Entry:
    found, ends = entry_of(row[:-1], claimed_at=now), row[-1]
    until = found.until
    if found.state is State.SENDING:
        until = ends if until is None else max(until, ends)
    since = now if found.since is None else found.since
    changes: dict[str, Any] = {"claims": found.claims + 1, "worker": worker, "since": since, "until": until}
    db.execute(_TAKE, changes | {"position": found.position})
    return evolve(found, state=State.SENDING, doubtful=found.state is not State.PENDING, **changes)
