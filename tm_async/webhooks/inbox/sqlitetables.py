"""The tables of an `SqliteInbox`, and what becomes of their rows in one transaction. Blocking."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tm_async.storage.sqlitefile import DatabaseFile, Tables
from tm_async.webhooks.inbox.arguments import handlers_of
from tm_async.webhooks.inbox.arrival import Row
from tm_async.webhooks.inbox.kind import FORMAT, INBOX
from tm_async.webhooks.inbox.protocol import HandlersOf, State, Task
from tm_async.webhooks.inbox.rows import task_of

__all__ = ["APPLICATION", "COLUMNS", "SOURCE", "InboxFile", "add", "claim", "extend", "record", "revive", "tidy"]

APPLICATION: Final = 0x746D6962
"""Stands in the file's header ("tmib"), so that no other program's database is taken for an inbox."""

# `ready`: at the front of its lane, and waiting for nothing but the time that it is due.
_SCHEMA: Final = """
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    received REAL NOT NULL,
    key_name TEXT NOT NULL,
    body BLOB
);
CREATE INDEX deliveries_by_age ON deliveries (received);
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL REFERENCES deliveries,
    place INTEGER NOT NULL,
    key TEXT NOT NULL,
    subject TEXT NOT NULL,
    happened INTEGER NOT NULL,
    handler TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'new',
    ready INTEGER NOT NULL DEFAULT 0,
    claims INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0,
    worker TEXT,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX tasks_of_a_delivery ON tasks (delivery);
CREATE INDEX tasks_of_an_event ON tasks (key);
CREATE INDEX tasks_by_state ON tasks (state, number);
CREATE INDEX tasks_not_spread ON tasks (number) WHERE handler = '' AND state = 'new';
CREATE INDEX tasks_ready ON tasks (handler, due, number) WHERE ready = 1;
CREATE INDEX tasks_at_the_front ON tasks (handler, subject) WHERE ready = 1 OR state = 'leased';
CREATE INDEX tasks_in_lanes ON tasks (handler, subject, state, happened, number) WHERE subject <> '';
CREATE TABLE workers (worker TEXT PRIMARY KEY, ends REAL NOT NULL) WITHOUT ROWID;
"""
COLUMNS: Final = """
number, t.key, d.key, place, d.event, subject, happened, handler, state, claims, attempts, due, worker, error, received,
key_name, body
"""
SOURCE: Final = "tasks t JOIN deliveries d ON d.id = t.delivery"
_SPREAD_TOGETHER: Final = 200
_TIDIED_TOGETHER: Final = 500
# Left to itself, SQLite would look at every task that is new.
_FRESH: Final = f"""
SELECT number, event FROM tasks t INDEXED BY tasks_not_spread JOIN deliveries d ON d.id = t.delivery
WHERE handler = '' AND state = 'new' ORDER BY number LIMIT {_SPREAD_TOGETHER}
"""  # noqa: S608  # no value is in it
_FRESH_OF_EVENT: Final = f"SELECT number, event FROM {SOURCE} WHERE t.key = ? AND +handler = '' AND +state = 'new'"  # noqa: S608
_EXTEND: Final = """
INSERT INTO workers VALUES (:worker, :end) ON CONFLICT (worker) DO UPDATE SET ends = max(ends, :end)
"""
_LATE: Final = """
SELECT EXISTS (
    SELECT 1 FROM tasks WHERE handler = ? AND subject = ? AND subject <> '' AND state = 'done' AND happened > ?
)
"""
_FIRST_IN_LANE: Final = """
SELECT number FROM tasks WHERE handler = ? AND subject = ? AND subject <> '' AND state = 'new'
ORDER BY happened, number LIMIT 1
"""


class InboxFile(DatabaseFile):
    """The file at `path`, whose lock is waited for `wait` seconds at most. It must be its user's, and no one else's."""

    def __init__(self, path: Path, wait: float) -> None:
        super().__init__(Tables(INBOX, APPLICATION, FORMAT, _SCHEMA), path, wait)


def add(db: sqlite3.Connection, row: Row) -> None:
    """Store a delivery and its events, unless it is there."""
    insert = """
    INSERT INTO deliveries (key, event, received, key_name, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
    """
    added = db.execute(insert, (row.key, row.event, row.received, row.key_name, row.body))
    if added.rowcount == 1:
        db.executemany(
            "INSERT INTO tasks (delivery, place, key, subject, happened) VALUES (?, ?, ?, ?, ?)",
            [(added.lastrowid, one.place, one.key, one.subject, one.happened) for one in row.events],
        )


def claim(
    db: sqlite3.Connection,
    now: float,
    worker: str,
    lease: float,
    free: Mapping[str, int],
    handlers: HandlersOf,
    keys: Sequence[str] | None,
) -> list[Task]:
    """Spread what is new, then take what is due."""
    _spread(db, now, handlers, keys)
    taken = [one for handler, room in free.items() for one in _take(db, now, worker, handler, room, keys)]
    if taken:
        extend(db, worker, now + lease)
    return taken


def extend(db: sqlite3.Connection, worker: str, end: float) -> None:
    """A lease never becomes shorter."""
    db.execute(_EXTEND, {"worker": worker, "end": end})


def _spread(db: sqlite3.Connection, now: float, handlers: HandlersOf, keys: Sequence[str] | None) -> None:
    if keys is None:
        rows = db.execute(_FRESH).fetchall()
    else:
        rows = [row for key in keys for row in db.execute(_FRESH_OF_EVENT, (key,))]
    for number, event in rows:
        names = handlers_of(handlers, event)
        if not names:
            db.execute("UPDATE tasks SET state = 'done' WHERE number = ?", (number,))
            continue
        first, *others = names
        added = [number]
        db.execute("UPDATE tasks SET handler = ?, due = ? WHERE number = ?", (first, now, number))
        for name in others:
            copy = """
            INSERT INTO tasks (delivery, place, key, subject, happened, handler, due)
            SELECT delivery, place, key, subject, happened, ?, ? FROM tasks WHERE number = ?
            """
            added.append(db.execute(copy, (name, now, number)).lastrowid or 0)
        for one in added:
            _enter(db, one)


def _enter(db: sqlite3.Connection, number: int) -> None:
    """A new task finds its place in its lane: at the front, if nobody is at work there and none is before it."""
    lane = db.execute("SELECT handler, subject FROM tasks WHERE number = ?", (number,)).fetchone()
    if lane[1]:
        front = "SELECT state FROM tasks WHERE handler = ? AND subject = ? AND (ready = 1 OR state = 'leased')"
        states = {row[0] for row in db.execute(front, lane)}
        if states - {"new"}:
            return
        if states:
            number = _promote(db, lane)
    db.execute("UPDATE tasks SET ready = 1 WHERE number = ?", (number,))


def _promote(db: sqlite3.Connection, lane: Sequence[str]) -> int:
    """Nobody is at work in this lane: whoever is first stands at its front. Its number, 0 if the lane is empty."""
    first = db.execute(_FIRST_IN_LANE, lane).fetchone()
    db.execute("UPDATE tasks SET ready = 0 WHERE handler = ? AND subject = ? AND ready = 1", lane)
    if first is None:
        return 0
    db.execute("UPDATE tasks SET ready = 1 WHERE number = ?", first)
    return int(first[0])


def _take(
    db: sqlite3.Connection, now: float, worker: str, handler: str, room: int, keys: Sequence[str] | None
) -> list[Task]:
    source = f"SELECT {COLUMNS} FROM {SOURCE}"  # noqa: S608
    ended = f"{source} JOIN workers USING (worker) WHERE state = 'leased' AND ends <= ? AND +handler = ?"
    rows: list[Any] = []
    if keys is None:
        rows += db.execute(f"{ended} ORDER BY number LIMIT ?", (now, handler, room))
        due = f"{source} WHERE handler = ? AND ready = 1 AND due <= ? ORDER BY due, number LIMIT ?"
        rows += db.execute(due, (handler, now, room - len(rows)))
    else:
        due = f"{source} WHERE t.key = ? AND +handler = ? AND +ready = 1 AND (state = 'sent' OR due <= ?)"
        for key in keys:
            rows += db.execute(f"{ended} AND t.key = ?", (now, handler, key))
            rows += db.execute(due, (key, handler, now))
    return [_lease(db, row, worker) for row in rows[:room]]


def _lease(db: sqlite3.Connection, row: Sequence[Any], worker: str) -> Task:
    before = task_of(row)
    query = """
    UPDATE tasks SET state = 'leased', ready = 0, claims = claims + 1, attempts = attempts + 1, worker = ?
    WHERE number = ?
    """
    db.execute(query, (worker, before.number))
    (late,) = db.execute(_LATE, (before.handler, before.subject, before.happened)).fetchone()
    return task_of(
        row,
        state=State.LEASED,
        claims=before.claims + 1,
        attempts=before.attempts + 1,
        worker=worker,
        late=bool(late),
    )


def record(db: sqlite3.Connection, task: Task, state: State, due: float, error: str, *, counts: bool) -> bool:
    """Whether it was this claim's to say. Then the lane goes on."""
    query = """
    UPDATE tasks SET state = ?, due = ?, error = ?, attempts = attempts - ?, ready = ?
    WHERE number = ? AND state = 'leased' AND claims = ?
    """
    waits = state is State.SENT or (state is State.NEW and not task.subject)
    bound = (str(state), due, error, not counts, waits, task.number, task.claims)
    if db.execute(query, bound).rowcount != 1:
        return False
    if task.subject and state is not State.SENT:
        _promote(db, (task.handler, task.subject))
    return True


def revive(db: sqlite3.Connection, number: int, now: float) -> bool:
    """Whether it was finished and can be handled again. What no handler had taken is spread anew."""
    query = """
    UPDATE tasks SET state = 'new', attempts = 0, due = ?, error = '' WHERE number = ? AND state IN ('done', 'dead')
    AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id = tasks.delivery AND body IS NOT NULL)
    """
    if db.execute(query, (now, number)).rowcount != 1:
        return False
    (handler,) = db.execute("SELECT handler FROM tasks WHERE number = ?", (number,)).fetchone()
    if handler:
        _enter(db, number)
    return True


def tidy(db: sqlite3.Connection, bodies_before: float, keys_before: float) -> int:
    """Forget a piece of what is old; how many deliveries."""
    lacks = "NOT EXISTS (SELECT 1 FROM tasks t WHERE t.delivery = d.id AND state NOT IN"
    old = f"SELECT id FROM deliveries d WHERE received < ? AND {lacks} ('done', 'dead')) LIMIT {_TIDIED_TOGETHER}"  # noqa: S608
    gone = db.execute(old, (keys_before,)).fetchall()
    db.executemany("DELETE FROM tasks WHERE delivery = ?", gone)
    db.executemany("DELETE FROM deliveries WHERE id = ?", gone)
    spent = f"SELECT id FROM deliveries d WHERE received < ? AND body IS NOT NULL AND {lacks} ('done'))"  # noqa: S608
    emptied = db.execute(f"{spent} LIMIT {_TIDIED_TOGETHER}", (bodies_before,)).fetchall()
    db.executemany("UPDATE deliveries SET body = NULL WHERE id = ?", emptied)
    idle = "DELETE FROM workers WHERE ends < ? AND worker NOT IN (SELECT worker FROM tasks WHERE state = 'leased')"
    db.execute(idle, (bodies_before,))
    return len(gone) + len(emptied)
