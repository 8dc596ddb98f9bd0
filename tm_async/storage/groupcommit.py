"""One thread that works on an SQLite connection; operations that wait together are committed together."""

import asyncio
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar, cast

from attrs import define, field

from tm_async._util.forks import Forked, whole_in_children
from tm_async.errors import TencentMeetingError
from tm_async.storage.kind import Kind

__all__ = ["Database", "GroupCommit"]

_TOGETHER = 256
"""Operations in one transaction: a caller waits for all of them."""
_T = TypeVar("_T")


class Database(Protocol):
    """What is worked on."""

    @property
    def kind(self) -> Kind:
        """What it is, for messages."""
        ...

    def open(self) -> sqlite3.Connection:
        """A connection; called in the thread, again after trouble."""
        ...

    def check(self) -> None:
        """Raise if the connection is of no use any more; called before each transaction."""
        ...

    def error_of(self, error: Exception, /) -> TencentMeetingError:
        """What the caller is told."""
        ...


@define(eq=False)
class _Operation:
    work: Callable[[sqlite3.Connection], Any]
    writes: bool
    needless: bool
    """Of no use once its caller has given up."""
    sure: bool
    """It fails only if the database does."""
    future: "asyncio.Future[Any]"
    result: Any = None
    error: TencentMeetingError | None = None


@define(eq=False)
class _Run:
    """A thread's life, from the first operation to the closing."""

    queue: "SimpleQueue[_Operation | None]" = field(factory=SimpleQueue["_Operation | None"])
    pid: int = field(factory=os.getpid)
    ended: threading.Event = field(factory=threading.Event)


class GroupCommit(Forked):
    """Carries out operations in the order in which they come, in the thread that has the connection.

    Those that wait at the same time share a transaction, and so the writing to disk; each that is not `sure` has a
    savepoint, so that one that fails spoils no other. A caller hears of a result after the commit. A caller that is
    cancelled stops nothing: its operation is carried out all the same, unless it is `needless` and had not begun. Fit
    for any number of event loops; a forked process gets a thread of its own.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._run: _Run | None = None
        whole_in_children(self)

    async def do(
        self,
        work: Callable[[sqlite3.Connection], _T],
        *,
        writes: bool,
        needless: bool,
        limit: float,
        sure: bool = False,
    ) -> _T:
        """The result of `work`, once committed. `sure`: it can only fail together with all others, so it is cheaper.

        Raises what it raised, or the kind's `unavailable` after `limit` seconds.
        """
        loop = asyncio.get_running_loop()
        operation = _Operation(work, writes, needless, sure, loop.create_future())
        with self.lock:
            run = self._run
            if run is None or run.pid != os.getpid() or run.ended.is_set():
                run = self._start()
            run.queue.put(operation)
        # `asyncio.timeout` would take a third of the time that all of this takes.
        timer = loop.call_later(limit, self._give_up, operation.future, limit)
        try:
            return cast("_T", await operation.future)
        finally:
            timer.cancel()

    def _give_up(self, future: "asyncio.Future[Any]", limit: float) -> None:
        if not future.done():
            future.set_exception(self._database.kind.unavailable(f"the disk did not answer within {limit:g} s"))

    def _start(self) -> _Run:
        run = self._run = _Run()
        # A daemon: a program that forgets to close it ends all the same. What returned is on the disk.
        name = f"tm_async {self._database.kind.name}"
        threading.Thread(target=_Thread(run, self._database).live, name=name, daemon=True).start()
        weakref.finalize(self, run.queue.put, None).atexit = False
        return run

    async def aclose(self, limit: float) -> None:
        """Carry out what waits, close the connection, end the thread. A later operation begins anew."""
        with self.lock:
            run, self._run = self._run, None
            if run is None or run.pid != os.getpid():
                return
            run.queue.put(None)
        await asyncio.get_running_loop().run_in_executor(None, run.ended.wait, limit)


class _Thread:
    """What runs in the thread. It must not refer to the `GroupCommit`, whose end is this thread's end."""

    def __init__(self, run: _Run, database: Database) -> None:
        self._queue, self._ended = run.queue, run.ended
        self._database = database
        self._db: sqlite3.Connection | None = None

    def live(self) -> None:
        try:
            while together := self._next():
                wanted = [one for one in together if not (one.needless and one.future.done())]
                if wanted:
                    self._carry_out(wanted)
                    _deliver(wanted)
                # What was asked for refers to its owner, which would never end while this waits.
                together.clear()
                wanted.clear()
        finally:
            self._close()
            self._ended.set()

    def _next(self) -> list[_Operation]:
        """What waits, at least one; empty: the end. What came before the end is carried out first."""
        first = self._queue.get()
        together = [first] if first else []
        while together and len(together) < _TOGETHER:
            try:
                operation = self._queue.get_nowait()
            except Empty:
                break
            if operation is None:
                self._queue.put(None)
                break
            together.append(operation)
        return together

    def _carry_out(self, together: Sequence[_Operation]) -> None:
        writes = any(one.writes for one in together)
        try:
            if self._db is None:
                self._db = self._database.open()
            self._database.check()
            self._db.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            for operation in together:
                self._one(self._db, operation)
            self._db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # whatever it is, the callers wait
            said = self._database.error_of(error)
            for operation in together:
                operation.error = copy(said)  # raising adds to it: each caller gets one of its own
                operation.error.__cause__ = said.__cause__
            self._close()  # which rolls back

    def _one(self, db: sqlite3.Connection, operation: _Operation) -> None:
        """Its errors are its caller's, unless SQLite has given up the whole transaction."""
        if operation.sure:
            operation.result = operation.work(db)
            return
        db.execute("SAVEPOINT one")
        try:
            operation.result = operation.work(db)
        except Exception as error:
            if not db.in_transaction:
                raise
            db.execute("ROLLBACK TO one")
            operation.error = self._database.error_of(error)
        db.execute("RELEASE one")

    def _close(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None


def _deliver(done: Sequence[_Operation]) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[_Operation]] = {}
    for operation in done:
        loops.setdefault(operation.future.get_loop(), []).append(operation)
    for loop, operations in loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, operations)


def _settle(operations: Sequence[_Operation]) -> None:
    for operation in operations:
        if not operation.future.done():
            if operation.error is not None:
                operation.future.set_exception(operation.error)
            else:
                operation.future.set_result(operation.result)
