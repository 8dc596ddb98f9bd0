"""An inbox in an SQLite file, shared by the processes of one machine."""

import os
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

from attrs import evolve

from tm_async._util.arguments import check_path
from tm_async.errors import ConfigurationError
from tm_async.storage.arguments import check_seconds
from tm_async.storage.groupcommit import GroupCommit
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox import sqlitetables as tables
from tm_async.webhooks.inbox.arguments import check_ages, check_claim, check_lease, check_record
from tm_async.webhooks.inbox.arrival import row_of
from tm_async.webhooks.inbox.kind import refusing
from tm_async.webhooks.inbox.protocol import Counts, HandlersOf, State, Task
from tm_async.webhooks.inbox.rows import task_of
from tm_async.webhooks.inbox.sealed import Bodies

__all__ = ["SqliteInbox"]

_PAGE = 200
_DISK = 60.0
_T = TypeVar("_T")


class SqliteInbox:
    """Keeps events in the file at `path`, which is created with mode 0600 when it is missing.

    A file that others may read or write, or that belongs to another user than root, is refused. It must be on a local
    disk; beside it, while it is open, stand `-wal` and `-shm`: copy or move it only when nobody has it open. What a
    method has returned survives a power cut as far as the disk keeps its word. `store_keys`: Fernet keys
    (`EncryptedStore.new_key()`), the first encrypts bodies, all decrypt. `clock` gives UNIX seconds, the same in all
    processes that have it open. `wait`: seconds that an operation waits at most for another process's lock (10 by
    default), then it raises `InboxUnavailable`. Raises `InboxError` for a file that is no inbox, of another format,
    damaged, or can't be opened; that file is left as it is.

    All work is done in one thread, which begins with the first operation and ends with `aclose` or with this object.
    What waits at the same time is written to the disk together. Fit for several event loops. A caller that is cancelled
    stops nothing, except a claim that has not begun.
    """

    _path = Path("?")  # what a traceback's variables show of one that was refused

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        store_keys: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
        wait: float = 10.0,
    ) -> None:
        self._bodies = Bodies("SqliteInbox", store_keys)
        del store_keys  # a traceback shows variables
        check_path("path", path)
        if os.fspath(path) in {"", ":memory:"}:
            raise ConfigurationError(f"SqliteInbox needs a file, not {os.fspath(path)!r}; MemoryInbox needs none")
        check_seconds("`wait`", wait)
        self._path = Path(path).expanduser().absolute()
        self._clock = clock
        self._limit = wait + _DISK
        self._thread = GroupCommit(tables.InboxFile(self._path, wait))

    async def accept(self, delivery: Delivery, /) -> None:
        """Store a delivery; nothing, if one with its content key is there. Raises `InboxUnavailable`."""
        row = row_of(delivery, self._bodies)
        with refusing():
            await self._write(lambda db: tables.add(db, row), sure=True)

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

        def work(db: sqlite3.Connection) -> list[Task]:
            return tables.claim(db, self._clock(), worker, lease, free, handlers, wanted)

        # Nobody would know of a claim whose caller is gone, and its lane would wait for the lease to end.
        return [self._opened(task) for task in await self._write(work, needless=True)]

    async def renew(self, worker: str, /, *, lease: float) -> None:
        """Keep what this worker holds for `lease` more seconds."""
        check_lease(worker, lease)
        await self._write(lambda db: tables.extend(db, worker, self._clock() + lease))

    async def record(
        self, task: Task, state: State, /, *, after: float = 0.0, error: str = "", counts: bool = True
    ) -> bool:
        """Say what became of a claimed task; false if the claim is not the last one, or was recorded already."""
        check_record(state, after, error)
        return await self._write(lambda db: tables.record(db, task, state, self._clock() + after, error, counts=counts))

    async def tasks(self, *states: State) -> AsyncGenerator[Task, None]:
        """Every task in one of these states (default: every task), by arrival."""
        among = f"AND state IN ({', '.join('?' * len(states))})" if states else ""
        query = f"SELECT {tables.COLUMNS} FROM {tables.SOURCE} WHERE number > ? {among} ORDER BY number LIMIT {_PAGE}"  # noqa: S608
        last = 0
        while True:
            bound = (last, *map(str, states))
            page = await self._read(lambda db: [task_of(row) for row in db.execute(query, bound)])  # noqa: B023
            for task in page:
                yield self._opened(task)
            if len(page) < _PAGE:
                return
            last = page[-1].number

    async def revive(self, numbers: Sequence[int], /) -> int:
        """Have tasks that are `DONE` or `DEAD` handled again, as if for the first time; how many that were."""
        return await self._write(lambda db: sum([tables.revive(db, number, self._clock()) for number in numbers]))

    async def counts(self) -> Counts:
        """How many tasks are in each state, by handler."""
        query = "SELECT handler, state, count(*) FROM tasks GROUP BY handler, state"
        found: dict[str, dict[State, int]] = {}
        for handler, state, count in await self._read(lambda db: db.execute(query).fetchall()):
            found.setdefault(handler, {})[State(state)] = count
        return found

    async def tidy(self, *, bodies: float, keys: float) -> int:
        """Forget a piece of what is old; how many deliveries were changed."""
        check_ages(bodies, keys)
        return await self._write(lambda db: tables.tidy(db, self._clock() - bodies, self._clock() - keys))

    async def aclose(self) -> None:
        """Finish what was begun, close the file and end the thread. Using it again opens it again."""
        await self._thread.aclose(self._limit)

    def _opened(self, task: Task) -> Task:
        return evolve(task, body=self._bodies.get(task.delivery, task.body))

    async def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await self._thread.do(work, writes=False, needless=True, limit=self._limit)

    async def _write(
        self, work: Callable[[sqlite3.Connection], _T], *, needless: bool = False, sure: bool = False
    ) -> _T:
        return await self._thread.do(work, writes=True, needless=needless, limit=self._limit, sure=sure)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"SqliteInbox({str(self._path)!r})"
