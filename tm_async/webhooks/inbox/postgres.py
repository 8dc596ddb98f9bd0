"""An inbox in PostgreSQL, shared by processes on many machines (extra `postgres`)."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import evolve

from tm_async.core.secret import SecretText
from tm_async.storage.arguments import check_name
from tm_async.storage.postgres import PostgresConnections, PostgresTables, fetched
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox import postgrestables as sql
from tm_async.webhooks.inbox.arguments import check_ages, check_claim, check_lease, check_record, handlers_of
from tm_async.webhooks.inbox.arrival import Row, row_of
from tm_async.webhooks.inbox.kind import INBOX, refusing
from tm_async.webhooks.inbox.protocol import Counts, HandlersOf, State, Task
from tm_async.webhooks.inbox.rows import task_of
from tm_async.webhooks.inbox.sealed import Bodies

if TYPE_CHECKING:
    from psycopg import AsyncConnection

__all__ = ["PostgresInbox"]

_PAGE: Final = 200
_CONNECTIONS: Final = 8
_READY: Final = "ready AND due <= %(now)s"
_ASKED_FOR: Final = "ready AND (state = 'sent' OR due <= %(now)s)"
_LEFT: Final = "state = 'leased' AND worker = ANY(%(ended)s::text[])"


class PostgresInbox:
    """Keeps an inbox called `name` in the tables `tm_async_inbox`, `tm_async_inbox_tasks` and `tm_async_inbox_workers`.

    They are created on first use, in the first schema of the search path; a user who may not create tables can be
    given tables that are there. `conninfo`: a `postgresql://` URL, or what libpq takes. `store_keys`: Fernet keys, the
    first encrypts bodies, all decrypt. The clock is the database's. `timeout`: seconds that any one step takes at most
    (10); then, and when the server can't be reached or refuses, methods raise `InboxUnavailable`. One event loop, which
    on Windows must not be the proactor: in another one they raise `ConfigurationError`, until `aclose`. At most 8
    connections.

    Raises `ConfigurationError` for an unusable URL, which it does not show, and when psycopg is not installed. What a
    method has returned survives a crash of the server unless it runs with `fsync` off.
    """

    _name = _where = "?"  # what a traceback's variables show of one that was refused

    def __init__(
        self, conninfo: str, *, name: str = "webhooks", store_keys: Sequence[str] = (), timeout: float = 10.0
    ) -> None:
        conninfo = SecretText(conninfo)  # a traceback shows variables
        self._bodies = Bodies("PostgresInbox", store_keys)
        del store_keys
        check_name("an inbox", name)
        self._name = name
        self._connections = PostgresConnections(INBOX, "PostgresInbox", conninfo, size=_CONNECTIONS, timeout=timeout)
        self._tables = PostgresTables(self._connections, INBOX, "tm_async_inbox", sql.COMMENT, sql.LOCK)
        self._where = self._connections.where
        self._do = self._connections.do

    async def accept(self, delivery: Delivery, /) -> None:
        """Store a delivery; nothing, if one with its content key is there. Raises `InboxUnavailable`."""
        row = row_of(delivery, self._bodies)
        with refusing():
            await self._prepare()
            await self._do(lambda db: db.execute(sql.ACCEPT, self._bound(row)))

    async def claim(
        self,
        worker: str,
        /,
        *,
        lease: float,
        free: Mapping[str, int],
        handlers: HandlersOf,
        keys: Sequence[str] | None = None,
    ) -> list[Task]:
        """Take tasks to be handled: for each handler in `free` at most that many, those first that were due first."""
        free, wanted = check_claim(worker, lease, free, keys)
        await self._prepare()
        await self._do(lambda db: self._spread(db, handlers, wanted))
        if not free:
            return []
        taken = await self._do(lambda db: self._take(db, worker, lease, free, wanted))
        return sorted(map(self._opened, taken), key=lambda task: task.number)

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._prepare()
        await self._do(lambda db: db.execute(sql.EXTEND, (self._name, worker, lease)))

    async def record(
        self, task: Task, state: State, /, *, after: float = 0.0, error: str = "", counts: bool = True
    ) -> bool:
        """Say what became of a claimed task; false if the claim is not the last one, or was recorded already."""
        check_record(state, after, error)
        ready = state is State.SENT or (state is State.NEW and not task.subject)
        said = {"state": str(state), "after": after, "error": error, "uncounted": int(not counts), "ready": ready}
        said |= {"number": task.number, "name": self._name, "claims": task.claims}
        await self._prepare()
        return await self._do(lambda db: self._record(db, task, said))

    async def tasks(self, *states: State) -> AsyncGenerator[Task, None]:
        """Every task in one of these states (default: every task), by arrival."""
        await self._prepare()
        given: dict[str, Any] = {"name": self._name, "among": list(map(str, states)) or None, "page": _PAGE}
        last = 0
        while True:
            bound = given | {"last": last}
            rows = await self._do(lambda db: fetched(db, sql.PAGE, bound))  # noqa: B023
            page = [self._opened(task_of(row)) for row in rows]
            for task in page:
                yield task
            if len(page) < _PAGE:
                return
            last = page[-1].number

    async def revive(self, numbers: Sequence[int], /) -> int:
        """Have tasks that are `DONE` or `DEAD` handled again, as if for the first time; how many that were."""
        await self._prepare()
        return await self._do(lambda db: self._revive(db, list(numbers)))

    async def counts(self) -> Counts:
        """How many tasks are in each state, by handler."""
        await self._prepare()
        found: dict[str, dict[State, int]] = {}
        for handler, state, count in await self._do(lambda db: fetched(db, sql.COUNTS, (self._name,))):
            found.setdefault(handler, {})[State(state)] = count
        return found

    async def tidy(self, *, bodies: float, keys: float) -> int:
        """Forget a piece of what is old; how many deliveries were changed."""
        check_ages(bodies, keys)
        await self._prepare()

        async def work(db: "AsyncConnection[Any]") -> int:
            gone = await db.execute(sql.FORGET, (self._name, keys))
            spent = await db.execute(sql.SPEND, (self._name, bodies))
            await db.execute(sql.IDLE, {"name": self._name, "bodies": bodies})
            return gone.rowcount + spent.rowcount

        return await self._do(work)

    async def aclose(self) -> None:
        """Close the connections. Using it again opens new ones, in another event loop, too."""
        await self._connections.aclose()

    async def _prepare(self) -> None:
        await self._tables.prepare(sql.SCHEMA)

    def _bound(self, row: Row) -> dict[str, Any]:
        events = row.events
        return {
            "name": self._name,
            "key": row.key,
            "event": row.event,
            "received": row.received,
            "key_name": row.key_name,
            "body": row.body,
            "places": [one.place for one in events],
            "keys": [one.key for one in events],
            "subjects": [one.subject for one in events],
            "times": [one.happened for one in events],
        }

    async def _spread(self, db: "AsyncConnection[Any]", handlers: HandlersOf, keys: Sequence[str] | None) -> None:
        rows = await fetched(db, sql.SPREAD, {"name": self._name, "keys": keys})
        of = [(number, subject, handlers_of(handlers, event)) for number, event, subject in rows]
        if not of:
            return
        firsts = [(number, names[0] if names else "") for number, _, names in of]
        others = [(number, name) for number, _, names in of for name in names[1:]]
        lanes = self._lanes([(name, subject) for _, subject, names in of for name in names])
        await db.execute(sql.LANES, lanes)
        await db.execute(sql.BUSY, lanes)
        await db.execute(sql.SPREAD_FIRST, _columns(firsts))
        await db.execute(sql.SPREAD_OTHERS, _columns(others))
        await db.execute(sql.STEP_BACK, lanes)
        await db.execute(sql.STEP_FORWARD, lanes)

    async def _take(
        self, db: "AsyncConnection[Any]", worker: str, lease: float, free: Mapping[str, int], keys: Sequence[str] | None
    ) -> list[Task]:
        ends, now = (await fetched(db, sql.OWN, (self._name, worker)))[0]
        bound: dict[str, Any] = {"name": self._name, "worker": worker, "now": now, "keys": keys}
        bound["ended"] = [row[0] for row in await fetched(db, sql.ENDED, bound)] + ([worker] if ends <= now else [])
        room = dict(free)
        taken: list[Task] = []
        for among in (_LEFT, _READY if keys is None else _ASKED_FOR):
            if among is not _LEFT or bound["ended"]:
                wanted = {"handlers": list(room), "rooms": list(room.values())}
                rows = await fetched(db, sql.take(among), bound | wanted)
                taken += [task_of(row[:-1], late=row[-1]) for row in rows]
                for task in taken:
                    room[task.handler] = free[task.handler] - sum(one.handler == task.handler for one in taken)
        if taken:
            await db.execute(sql.HOLD, (now + lease, self._name, worker))
        return taken

    async def _record(self, db: "AsyncConnection[Any]", task: Task, said: Mapping[str, Any]) -> bool:
        moves_on = task.subject and said["state"] != State.SENT
        if moves_on:
            await db.execute(sql.LANES, self._lanes([(task.handler, task.subject)]))
        if (await db.execute(sql.RECORD, said)).rowcount != 1:
            return False
        if moves_on:
            await db.execute(sql.NEXT, (self._name, task.handler, task.subject))
        return True

    async def _revive(self, db: "AsyncConnection[Any]", numbers: Sequence[int]) -> int:
        asked = {"name": self._name, "numbers": numbers}
        seen = await fetched(db, sql.FINISHED, asked)
        lanes = self._lanes([(handler, subject) for _, handler, subject in seen])
        await db.execute(sql.LANES, lanes)
        await db.execute(sql.BUSY, lanes)
        found = set(seen).intersection(await fetched(db, sql.RETRIEVE, asked))
        revived = await db.execute(sql.REVIVE, ([number for number, _, _ in found],))
        await db.execute(sql.STEP_BACK, lanes)
        await db.execute(sql.STEP_FORWARD, lanes)
        return revived.rowcount

    def _lanes(self, lanes: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Those that there are: what has no handler or subject is in none."""
        among = sorted({(handler, subject) for handler, subject in lanes if handler and subject})
        handlers, subjects = _columns(among)
        return {"lock": sql.LOCK, "name": self._name, "handlers": handlers, "subjects": subjects}

    def _opened(self, task: Task) -> Task:
        return evolve(task, body=self._bodies.get(task.delivery, task.body))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"PostgresInbox({self._where!r}, name={self._name!r})"


def _columns(pairs: Sequence[tuple[Any, str]]) -> tuple[list[Any], list[str]]:
    return [first for first, _ in pairs], [second for _, second in pairs]
