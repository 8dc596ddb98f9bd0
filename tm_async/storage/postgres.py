"""A few connections to PostgreSQL, each used by one call at a time."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, LiteralString, TypeVar

from tm_async._util.ending import apart
from tm_async._util.tracebacks import without_frames
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError, TencentMeetingError
from tm_async.storage.arguments import check_seconds
from tm_async.storage.kind import Kind

if TYPE_CHECKING:
    from psycopg import AsyncConnection

__all__ = ["PostgresConnections", "PostgresTables", "fetched"]

_T = TypeVar("_T")
# Not `to_regclass`: it remembers that there was no table while it waited for the lock.
_COMMENTS: Final = """
SELECT obj_description(oid, 'pg_class') FROM pg_class WHERE relname = %s AND pg_table_is_visible(oid)
"""
_URL = re.compile(r"[a-z]+://([^@/]*@)?[^@/?]*(/[^@?]*)?(\?.*)?", re.DOTALL)
"""Another @ or a / in it belongs to a password; libpq takes what follows for a host or a database, which are shown."""
_PORTS = re.compile(r"[0-9,]*")
_GRACE = 1.0
"""Seconds that psycopg, when it is cancelled, may take for asking the server to end the statement."""
_DURABLE = """
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')
"""


class PostgresConnections:
    """At most `size` connections, opened when they are needed, for one event loop until `aclose`.

    `who` is the class that has them, for messages.
    """

    def __init__(self, kind: Kind, who: str, conninfo: str, *, size: int, timeout: float) -> None:
        conninfo = SecretText(conninfo)  # a traceback shows variables
        check_seconds("`timeout`", timeout)
        self._parameters = _parameters(who, conninfo)
        self._kind = kind
        self._who = who
        self._size = size
        self._timeout = timeout
        self._loop: asyncio.AbstractEventLoop | None = None
        self._free = asyncio.Semaphore(size)
        self._idle: list[AsyncConnection[Any]] = []
        known = self._parameters
        place = f"{known.get('host', 'its default host')}:{known.get('port', 5432)}"
        self.where = f"PostgreSQL at {place}/{known.get('dbname', '')}"

    async def do(self, work: "Callable[[AsyncConnection[Any]], Awaitable[_T]]", *, longer: float = 0.0) -> _T:
        """The result of `work`, which is one transaction: committed when this returns.

        Raises what `work` raises, and the kind's `unavailable` after the time limit, `longer` by so many seconds. A
        connection that broke while nobody used it is replaced, and what the server ended because of a deadlock is done
        again: `work` may run more than once. No error keeps the frames of psycopg, nor what it came from: a server may
        quote the parameters of a statement.
        """
        self._stay_in_one_loop()
        outside = sys.exception()
        limit = self._timeout + longer
        try:
            async with asyncio.timeout(limit), self._free:
                return await apart(self._transaction(work), grace=_GRACE)
        except TimeoutError:
            meaning: Exception = self._kind.unavailable(f"{self.where} did not answer within {limit:g} s")
        except Exception as error:  # noqa: BLE001
            without_frames(error, outside=outside)
            meaning = self._meaning(error)
        except BaseException as error:
            without_frames(error, outside=outside)
            raise
        meaning.__context__ = None
        raise meaning

    async def aclose(self) -> None:
        """Close the connections. Another event loop may follow."""
        if self._loop is not None:
            self._stay_in_one_loop()
        idle, self._idle, self._loop = self._idle, [], None
        self._free = asyncio.Semaphore(self._size)
        for connection in idle:
            await _close(connection)

    async def _transaction(self, work: "Callable[[AsyncConnection[Any]], Awaitable[_T]]") -> _T:
        from psycopg.errors import DeadlockDetected

        while True:
            idle = self._idle
            known = idle.pop() if idle else None
            connection = known or await self._connect()
            commits = False
            try:
                found = await work(connection)
                commits = True
                await connection.commit()
            except BaseException as error:
                whole = isinstance(error, TencentMeetingError | DeadlockDetected)
                if whole and await _rolled_back(connection):
                    await self._give_back(connection, idle)
                    if isinstance(error, DeadlockDetected):
                        continue
                    raise
                broken = connection.broken
                await _close(connection)
                if known and broken and not commits:
                    continue  # the server was restarted, and nothing has happened yet
                raise
            await self._give_back(connection, idle)
            return found

    async def _give_back(self, connection: "AsyncConnection[Any]", idle: "list[AsyncConnection[Any]]") -> None:
        if self._idle is idle:
            idle.append(connection)
        else:  # closed meanwhile
            await _close(connection)

    async def _connect(self) -> "AsyncConnection[Any]":
        from psycopg import AsyncConnection, IsolationLevel

        limits: dict[str, Any] = {
            "client_encoding": "UTF8",
            "application_name": f"tm_async {self._kind.name}",
            "connect_timeout": 10,
        }
        # Prepared statements get lost behind some connection poolers.
        connection = await AsyncConnection.connect(**(limits | self._parameters), prepare_threshold=None)
        try:
            await connection.execute(_DURABLE)
            await connection.commit()
            await connection.set_isolation_level(IsolationLevel.READ_COMMITTED)
        except BaseException:
            await _close(connection)
            raise
        return connection

    def _meaning(self, error: Exception) -> Exception:
        """The server's own first line is all that is told."""
        from psycopg import Error, OperationalError

        if not isinstance(error, Error | OSError | UnicodeError):  # the last: a host that is no name
            return error
        primary = error.diag.message_primary if isinstance(error, Error) else None
        said = primary or " ".join(str(error).split()) or type(error).__name__
        read_only = isinstance(error, Error) and error.sqlstate == "25006"  # a replica, while another takes over
        if isinstance(error, OperationalError | OSError | UnicodeError) or read_only:
            return self._kind.unavailable(f"{self.where} is out of reach or refuses: {said}")
        return self._kind.broken(f"{self.where}: {said}")

    def _stay_in_one_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop not in {None, loop}:
            advice = "make one in each, or `aclose` it before the next loop"
            raise ConfigurationError(f"{self.where}: a {self._who} is for one event loop; {advice}")
        self._loop = loop


class PostgresTables:
    """Tables that are made on first use, in the first schema of the search path, and known by the comment on one."""

    def __init__(self, connections: PostgresConnections, kind: Kind, table: str, comment: str, lock: int) -> None:
        self._connections, self._kind, self._table, self._comment, self._lock = connections, kind, table, comment, lock
        self._there = False

    async def prepare(self, schema: LiteralString) -> None:
        """Make them if they are missing. Raises the kind's `broken` for those of another format, or somebody else's."""
        if not self._there:
            await self._connections.do(lambda db: self._create(db, schema))
            self._there = True

    async def _create(self, db: "AsyncConnection[Any]", schema: LiteralString) -> None:
        comments = await fetched(db, _COMMENTS, (self._table,))
        if not comments:
            # Another process may be at it, too.
            await db.execute("SELECT pg_advisory_xact_lock(%s, 0)", (self._lock,))
            comments = await fetched(db, _COMMENTS, (self._table,))
        if not comments:
            await db.execute(schema)
        elif comments != [(self._comment,)]:
            found = f"the table {self._table} is something else ({comments[0][0] or 'it has no comment'})"
            said = f"{self._connections.where}: {found}; this version of tm_async uses {self._comment!r}"
            raise self._kind.broken(said)


async def fetched(
    db: "AsyncConnection[Any]", query: LiteralString, bound: Sequence[Any] | Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    return await (await db.execute(query, bound)).fetchall()


def _parameters(who: str, conninfo: str) -> dict[str, Any]:
    """Without the cause: psycopg quotes what it took for something else, and that can be half a password."""
    found = _parsed(who, conninfo)
    if found is not None:
        return found
    form = "postgresql://user:password@host:port/database"
    raise ConfigurationError(f"unusable PostgreSQL URL; it has the form {form}, with special characters as %XX")


def _parsed(who: str, conninfo: str) -> dict[str, Any] | None:
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise ConfigurationError(f"{who} needs psycopg: pip install 'tm-async[postgres]'") from None
    if "://" in conninfo and not _URL.fullmatch(conninfo):
        return None
    with suppress(psycopg.Error, ValueError):
        found = conninfo_to_dict(str.__str__(conninfo))
        if _PORTS.fullmatch(str(found.get("port", ""))):
            return {name: SecretText(value) if name == "password" else value for name, value in found.items()}
    return None


async def _rolled_back(connection: "AsyncConnection[Any]") -> bool:
    with suppress(Exception):
        await connection.rollback()
        return True
    return False


async def _close(connection: "AsyncConnection[Any]") -> None:
    with suppress(Exception):
        await connection.close()
