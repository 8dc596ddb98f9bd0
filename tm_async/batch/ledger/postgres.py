"""A ledger in PostgreSQL, shared by processes on many machines (extra `postgres`)."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, LiteralString, Self

from tm_async.batch.ledger.arguments import (
    check_claim,
    check_group,
    check_items,
    check_keys,
    check_lease,
    check_name,
    conflict,
    dump,
    pieces,
)
from tm_async.batch.ledger.kind import LEDGER
from tm_async.batch.ledger.protocol import Entry, Item, State
from tm_async.batch.ledger.rows import COLUMNS, entry_of
from tm_async.core.secret import SecretText
from tm_async.errors import LedgerError
from tm_async.storage.postgres import PostgresConnections, PostgresTables
from tm_async.storage.postgres import fetched as _all

if TYPE_CHECKING:
    from psycopg import AsyncConnection

__all__ = ["PostgresLedger"]

_PAGE: Final = 200
_PIECE: Final = 1000
_CONNECTIONS: Final = 8
_LOCK: Final = 0x746D6C67
"""The first half of the numbers of our advisory locks; the second is made from a ledger's name."""
_COMMENT: Final = "a ledger of tm_async, format 1"

_SCHEMA: Final = f"""
CREATE TABLE tm_async_ledger (
    name text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    claims integer NOT NULL DEFAULT 0,
    worker text COLLATE "C",
    since double precision,
    until double precision,
    label text NOT NULL,
    "group" text COLLATE "C" NOT NULL,
    outcome text NOT NULL DEFAULT '{{}}',
    request text COLLATE "C" NOT NULL,
    PRIMARY KEY (name, key)
);
CREATE UNIQUE INDEX tm_async_ledger_position ON tm_async_ledger (name, position);
CREATE INDEX tm_async_ledger_open ON tm_async_ledger (name, claims, position) WHERE state IN ('pending', 'sending');
CREATE INDEX tm_async_ledger_sending ON tm_async_ledger (name, worker) WHERE state = 'sending';
CREATE INDEX tm_async_ledger_group ON tm_async_ledger (name, "group", position);
CREATE TABLE tm_async_ledger_workers (
    name text COLLATE "C" NOT NULL,
    worker text COLLATE "C" NOT NULL,
    ends double precision NOT NULL,
    PRIMARY KEY (name, worker)
);
COMMENT ON TABLE tm_async_ledger IS '{_COMMENT}';
"""
_NOW: Final = "extract(epoch FROM clock_timestamp())::double precision"
_INSERT: Final = """
INSERT INTO tm_async_ledger (name, key, position, label, "group", request)
SELECT %s, key, %s + number - 1, label, family, request
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
WITH ORDINALITY AS item (key, label, family, request, number)
ON CONFLICT (name, key) DO NOTHING
"""
_CLASHING: Final = """
SELECT there.key FROM tm_async_ledger there
JOIN unnest(%s::text[], %s::text[]) AS item (key, request) ON there.key = item.key
WHERE there.name = %s AND there.request <> item.request ORDER BY position
"""
# Its own row first: a claim and a renewal of one worker come one after the other.
_OWN: Final = f"""
INSERT INTO tm_async_ledger_workers AS own VALUES (%s, %s, 0)
ON CONFLICT (name, worker) DO UPDATE SET ends = own.ends RETURNING ends, {_NOW}
"""  # noqa: S608  # no value is in it
# A worker whose row somebody writes is just renewing; one whose row is read here can't renew before the commit.
_ENDED: Final = """
SELECT worker FROM tm_async_ledger_workers w WHERE name = %(name)s AND worker <> %(worker)s AND ends <= %(now)s
AND EXISTS (SELECT FROM tm_async_ledger e WHERE e.name = w.name AND e.worker = w.worker AND e.state = 'sending')
FOR SHARE OF w SKIP LOCKED
"""
# A worker whose lease was lost with its row holds nothing: else its items would be waited for for ever. Asked before
# the items are looked for: a subquery there would not see the row of a worker that claims one at that moment.
_LOST: Final = """
SELECT DISTINCT worker FROM tm_async_ledger e WHERE name = %(name)s AND state = 'sending' AND NOT EXISTS (
    SELECT FROM tm_async_ledger_workers w WHERE w.name = e.name AND w.worker = e.worker
)
"""
_OPEN: Final = "state IN ('pending', 'sending') AND (state = 'pending' OR worker = ANY(%(ended)s::text[]))"
_AMONG: Final = """
key = ANY(%(keys)s::text[])
AND (state IN ('pending', 'unknown') OR state = 'sending' AND worker = ANY(%(ended)s::text[]))
"""
_RECORD: Final = f"""
UPDATE tm_async_ledger SET state = %(state)s, outcome = %(outcome)s,
since = CASE WHEN %(unknown)s THEN since END,
until = CASE WHEN %(unknown)s THEN coalesce(%(until)s, {_NOW}) END
WHERE name = %(name)s AND key = %(key)s AND state = 'sending' AND claims = %(claims)s
"""  # noqa: S608  # no value is in it
_RENEW: Final = f"""
INSERT INTO tm_async_ledger_workers AS own VALUES (%s, %s, {_NOW} + %s)
ON CONFLICT (name, worker) DO UPDATE SET ends = greatest(own.ends, excluded.ends)
"""  # noqa: S608
_PAGE_OF: Final = f"""
SELECT {COLUMNS} FROM tm_async_ledger
WHERE name = %(name)s AND position > %(last)s AND (%(among)s::text[] IS NULL OR state = ANY(%(among)s::text[]))
ORDER BY position LIMIT %(page)s
"""  # noqa: S608
_PAGE_OF_GROUP: Final = f"""
SELECT {COLUMNS} FROM tm_async_ledger
WHERE name = %(name)s AND "group" = %(group)s AND position > %(last)s
AND (%(among)s::text[] IS NULL OR state = ANY(%(among)s::text[]))
ORDER BY position LIMIT %(page)s
"""  # noqa: S608


def _take(among: LiteralString) -> LiteralString:
    return f"""
WITH due AS MATERIALIZED (
    SELECT key AS due_key, state AS before, (
        SELECT ends FROM tm_async_ledger_workers w WHERE w.name = e.name AND w.worker = e.worker
    ) AS ends
    FROM tm_async_ledger e WHERE name = %(name)s AND {among}
    ORDER BY claims, position LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED
)
UPDATE tm_async_ledger SET state = 'sending', claims = claims + 1, worker = %(worker)s,
since = coalesce(since, %(now)s), until = CASE WHEN before = 'sending' THEN greatest(until, ends) ELSE until END
FROM due WHERE name = %(name)s AND key = due_key
RETURNING {COLUMNS}, before <> 'pending'
"""  # noqa: S608  # no value is in it


class PostgresLedger:
    """Keeps a ledger called `name` in the tables `tm_async_ledger` and `tm_async_ledger_workers`.

    They are created on first use, in the first schema of the search path; a user who may not create tables can be
    given tables that are there. `conninfo`: a `postgresql://` URL, or what libpq takes. The clock is the database's.
    `timeout`: seconds that any one method takes at most (30; adding: one more per 1,000 items); then, and when the
    server can't be reached or refuses, methods raise `LedgerUnavailable`. One event loop, which on Windows must not be
    the proactor: in another one they raise `ConfigurationError`, until `aclose`. At most 8 connections.

    Raises `ConfigurationError` for an unusable URL, which it does not show, and when psycopg is not installed. What a
    method has returned survives a crash of the server unless it runs with `fsync` off.
    """

    _name = _where = "?"  # what a traceback's variables show of one that was refused

    def __init__(self, conninfo: str, *, name: str, timeout: float = 30.0) -> None:
        conninfo = SecretText(conninfo)  # a traceback shows variables
        check_name("a ledger", name)
        self._name = name
        self._connections = PostgresConnections(LEDGER, "PostgresLedger", conninfo, size=_CONNECTIONS, timeout=timeout)
        self._where = self._connections.where
        self._do = self._connections.do
        self._tables = PostgresTables(self._connections, LEDGER, "tm_async_ledger", _COMMENT, _LOCK)

    async def add(self, items: Sequence[Item], /) -> int:
        """Add the items that are not there yet. Raises `LedgerConflict`."""
        given = check_items(items)
        await self._prepare()
        return await self._do(lambda db: self._add(db, given), longer=len(given) / 1000)

    async def claim(
        self, worker: str, /, *, lease: float, limit: int = 1, keys: Sequence[str] | None = None
    ) -> list[Entry]:
        """Take items to be sent: those that were claimed least first, and of them by position."""
        limit, among = check_claim(worker, lease, limit, keys)
        await self._prepare()
        wanted = {"name": self._name, "worker": worker, "lease": lease, "limit": limit, "keys": among}
        return await self._do(lambda db: self._claim(db, wanted))

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._prepare()
        await self._do(lambda db: db.execute(_RENEW, (self._name, worker, lease)))

    async def record(
        self, entry: Entry, state: State, /, *, outcome: Mapping[str, object] | None = None, until: float | None = None
    ) -> bool:
        """Say what became of a claimed entry; false if the claim is not the last one, or was recorded already."""
        said = {"state": str(state), "outcome": dump(entry.key, state, outcome, until), "until": until}
        said |= {"unknown": state is State.UNKNOWN, "name": self._name, "key": entry.key, "claims": entry.claims}
        await self._prepare()
        return (await self._do(lambda db: db.execute(_RECORD, said))).rowcount == 1

    async def get(self, keys: Sequence[str], /) -> dict[str, Entry]:
        """The entries of these keys, as far as there are such. Many are read in pieces, not in one transaction."""
        wanted = iter(check_keys(keys))
        await self._prepare()
        query: Final = f"SELECT {COLUMNS} FROM tm_async_ledger WHERE name = %s AND key = ANY(%s::text[])"  # noqa: S608
        found: dict[str, Entry] = {}
        while piece := list(islice(wanted, _PIECE)):
            found |= {entry.key: entry for entry in await self._entries(query, (self._name, piece))}
        return found

    async def entries(self, *states: State, group: str | None = None) -> AsyncGenerator[Entry, None]:
        """Every entry in one of these states (default: every entry), of one group if that is given, by position."""
        check_group(group)
        await self._prepare()
        among = [str(state) for state in states] or None
        query = _PAGE_OF if group is None else _PAGE_OF_GROUP
        given: dict[str, Any] = {"name": self._name, "group": group, "among": among, "page": _PAGE}
        last = -1
        while True:
            page = await self._entries(query, given | {"last": last})
            for entry in page:
                yield entry
            if len(page) < _PAGE:
                return
            last = page[-1].position

    async def counts(self) -> dict[State, int]:
        """How many entries are in each state."""
        await self._prepare()
        query = "SELECT state, count(*) FROM tm_async_ledger WHERE name = %s GROUP BY state"
        found = dict(await self._do(lambda db: _all(db, query, (self._name,))))
        return {state: found.get(str(state), 0) for state in State}

    async def aclose(self) -> None:
        """Close the connections. Using it again opens new ones, in another event loop, too."""
        await self._connections.aclose()

    async def _prepare(self) -> None:
        await self._tables.prepare(_SCHEMA)

    async def _add(self, db: "AsyncConnection[Any]", items: Sequence[Item]) -> int:
        await db.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_LOCK, self._name))
        query = "SELECT coalesce(max(position) + 1, 0) FROM tm_async_ledger WHERE name = %s"
        (position,) = await _one(db, query, self._name)
        clashing: list[str] = []
        added = 0
        for piece in pieces(items, _PIECE):
            keys, requests = [item.key for item in piece], [item.request for item in piece]
            labels, groups = [item.label for item in piece], [item.group for item in piece]
            done = await db.execute(_INSERT, (self._name, position, keys, labels, groups, requests))
            if done.rowcount < len(piece):
                clashing += [row[0] for row in await _all(db, _CLASHING, (keys, requests, self._name))]
            added += done.rowcount
            position += len(piece)
        if clashing:
            raise conflict(clashing)  # which takes back what was inserted
        return added

    async def _claim(self, db: "AsyncConnection[Any]", wanted: Mapping[str, Any]) -> list[Entry]:
        name, worker = wanted["name"], wanted["worker"]
        ends, now = await _one(db, _OWN, name, worker)
        bound = {**wanted, "now": now}
        bound["ended"] = [row[0] for row in await _all(db, _ENDED, bound)] + ([worker] if ends <= now else [])
        among = _take(_OPEN if wanted["keys"] is None else _AMONG)
        taken = await _all(db, among, bound)
        if not taken and wanted["limit"] and (lost := await _all(db, _LOST, bound)):
            taken = await _all(db, among, bound | {"ended": [row[0] for row in lost]})
        if taken:
            query = "UPDATE tm_async_ledger_workers SET ends = greatest(ends, %s) WHERE name = %s AND worker = %s"
            await db.execute(query, (now + wanted["lease"], name, worker))
        claimed = [entry_of(row[:-1], claimed_at=now, doubtful=row[-1]) for row in taken]
        return sorted(claimed, key=lambda entry: (entry.claims, entry.position))

    async def _entries(self, query: LiteralString, bound: Sequence[Any] | Mapping[str, Any]) -> list[Entry]:
        async def work(db: "AsyncConnection[Any]") -> list[Entry]:
            return [entry_of(row) for row in await _all(db, query, bound)]

        return await self._do(work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"PostgresLedger({self._where!r}, name={self._name!r})"


async def _one(db: "AsyncConnection[Any]", query: LiteralString, *bound: Any) -> tuple[Any, ...]:
    row = await (await db.execute(query, bound)).fetchone()
    if row is None:
        raise LedgerError("the database gave no answer where there always is one")
    return tuple(row)
