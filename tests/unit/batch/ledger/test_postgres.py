"""What the PostgreSQL ledger promises beyond the contract: its tables, its connections, bounded time, no secrets."""

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from tests.postgres_server import PASSWORD, postgres_server
from tests.unit.auth.stores.conftest import everything_about, with_variables
from tests.unit.batch.ledger.conftest import items, postgres_leases_end_earlier
from tests.unit.batch.ledger.proxy import Proxy
from tm_async.batch.ledger import Item, PostgresLedger, State
from tm_async.batch.ledger import postgres as module
from tm_async.errors import ConfigurationError, LedgerError, LedgerUnavailable
from tm_async.storage import postgres as connections

SECRET = "canary-pg-Ku5"
CANARY = "canary-Rq8-request"


@pytest.fixture
async def ledger(postgres_url: str) -> AsyncIterator[PostgresLedger]:
    async with PostgresLedger(postgres_url, name=str(uuid4())) as ledger:
        yield ledger


@pytest.fixture
def own_schema(postgres_url: str) -> Iterator[str]:
    """A URL whose tables are nobody else's."""
    schema = f"s{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"CREATE SCHEMA {schema}")
        yield f"{postgres_url}?options={quote(f'-csearch_path={schema}')}"
        db.execute(f"DROP SCHEMA {schema} CASCADE")


async def rows(ledger: PostgresLedger, query: Any, *bound: Any) -> list[Any]:
    async def work(db: Any) -> list[Any]:
        done = await db.execute(query, bound or None)
        return await done.fetchall() if done.description else []

    return await ledger._do(work)


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_many_create_the_tables_at_once(own_schema: str) -> None:
    ledgers = [PostgresLedger(own_schema, name="one") for _ in range(8)]
    assert await asyncio.gather(*(ledger.add(items(f"k{n}")) for n, ledger in enumerate(ledgers))) == [1] * 8
    assert [entry.position async for entry in ledgers[0].entries()] == list(range(8))
    for ledger in ledgers:
        await ledger.aclose()


@pytest.mark.parametrize("comment", ["NULL", "'a ledger of tm_async, format 99'"])
async def test_another_table_in_its_place(comment: str, own_schema: str) -> None:
    """Or one of another format: it is left as it is."""
    with psycopg.connect(own_schema) as db:
        db.execute("CREATE TABLE tm_async_ledger (name text, secret text)")
        db.execute(f"COMMENT ON TABLE tm_async_ledger IS {comment}")  # type: ignore[arg-type]
    async with PostgresLedger(own_schema, name="one") as ledger:
        for attempt in (ledger.add(items("a")), ledger.counts()):
            with pytest.raises(LedgerError, match="is something else|format 99.*uses .*format 1") as caught:
                await attempt
            assert not isinstance(caught.value, LedgerUnavailable)


@contextmanager
def a_user_of_few_rights(own_schema: str) -> Iterator[str]:
    name = f"u{uuid4().hex}"
    with psycopg.connect(own_schema, autocommit=True) as db:
        db.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")  # type: ignore[arg-type]
        db.execute(f"GRANT USAGE ON SCHEMA {own_schema.rpartition('%3D')[2]} TO {name}")  # type: ignore[arg-type]
        yield own_schema.replace("tester:", f"{name}:")
        db.execute(f"DROP OWNED BY {name}")  # type: ignore[arg-type]
        db.execute(f"DROP ROLE {name}")  # type: ignore[arg-type]


async def test_a_user_of_few_rights(own_schema: str) -> None:
    """May not create the tables, and is told so; with tables that are there all works."""
    with a_user_of_few_rights(own_schema) as url:
        async with PostgresLedger(url, name="one") as ledger, PostgresLedger(own_schema, name="two") as owner:
            with pytest.raises(LedgerError, match="permission denied"):
                await ledger.add(items("a"))
            await owner.counts()
            tables = "tm_async_ledger, tm_async_ledger_workers"
            await rows(owner, f"GRANT SELECT, INSERT, UPDATE ON {tables} TO {url.partition('//')[2].partition(':')[0]}")
            assert await ledger.add(items("a")) == 1
            (entry,) = await ledger.claim("w", lease=60)
            await ledger.renew("w", lease=60)
            assert await ledger.record(entry, State.CREATED)


async def test_a_deadlock(own_schema: str) -> None:
    """Is the end of one of the two, which is then done again."""
    met, begun = asyncio.Barrier(2), list[int]()

    async def work(db: Any, *locks: int) -> int:
        again = locks[0] in begun
        begun.append(locks[0])
        lock = "SELECT pg_advisory_xact_lock(hashtext(current_schema()), %s)"
        await db.execute(lock, (locks[0],))
        if not again:
            await met.wait()
        await db.execute(lock, (locks[1],))
        return locks[0]

    async with PostgresLedger(f"{own_schema}%20-cdeadlock_timeout%3D10ms", name="one") as ledger:
        done = asyncio.gather(ledger._do(lambda db: work(db, 1, 2)), ledger._do(lambda db: work(db, 2, 1)))
        assert await done == [1, 2]
    assert len(begun) == 3


async def test_ledgers_in_one_table(postgres_url: str) -> None:
    """Names keep them apart, workers of the same name included."""
    name = str(uuid4())
    async with PostgresLedger(postgres_url, name=name) as own, PostgresLedger(postgres_url, name=f"{name}2") as another:
        await own.add(items("a", "b"))
        await another.add(items("a"))
        (entry,) = await own.claim("w", lease=60)
        assert [one.key for one in await another.claim("w", lease=60, limit=5)] == ["a"]
        await postgres_leases_end_earlier(own, 100)
        assert await another.claim("v", lease=60, limit=5) == []
        assert await own.record(entry, State.CREATED)
        assert (await another.counts())[State.CREATED] == 0
        assert [one async for one in another.entries(group="b")] == []


async def test_who_is_just_renewing_loses_nothing(ledger: PostgresLedger, postgres_url: str) -> None:
    """And nobody waits for it."""
    await ledger.add(items("a"))
    await ledger.claim("w", lease=60)
    await postgres_leases_end_earlier(ledger, 100)
    with psycopg.connect(postgres_url) as other:
        other.execute(module._RENEW, (ledger._name, "w", 60))
        assert await ledger.claim("v", lease=60, limit=5) == []
        assert await ledger.claim("v", lease=60, keys=["a"]) == []
    assert await ledger.claim("v", lease=60, limit=5) == []
    await postgres_leases_end_earlier(ledger, 100)
    assert len(await ledger.claim("v", lease=60)) == 1


async def test_an_item_that_somebody_has_locked_is_left_to_them(ledger: PostgresLedger, postgres_url: str) -> None:
    await ledger.add(items("a", "b"))
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT FROM tm_async_ledger WHERE name = %s AND key = 'a' FOR UPDATE", (ledger._name,))
        assert [entry.key for entry in await ledger.claim("w", lease=60, limit=5)] == ["b"]
    assert [entry.key for entry in await ledger.claim("w", lease=60, limit=5)] == ["a"]


async def test_indexes(own_schema: str) -> None:
    """One group, and the question whose lease has ended, are found without reading the whole ledger."""
    async with PostgresLedger(own_schema, name="one") as ledger:
        await ledger.add([Item(key=f"k{n}", request="", group=f"{n % 1000}") for n in range(5000)])
        await ledger.claim("w", lease=60, limit=3)
        await rows(ledger, "ANALYZE")
        bound = {"name": "one", "group": "7", "last": -1, "among": [str(state) for state in State], "page": 200}
        for query, name in ((module._PAGE_OF_GROUP, "tm_async_ledger_group"), (module._ENDED, "_sending")):
            found = await ledger._do(
                lambda db, query=query: module._all(db, f"EXPLAIN {query}", bound | {"worker": "v", "now": 1.0})
            )
            plan = "\n".join(row[0] for row in found)
            assert name in plan
            assert "Seq Scan on tm_async_ledger " not in plan


async def test_what_is_returned_is_on_the_disk(postgres_url: str) -> None:
    """Also where somebody has switched that off for all."""
    url = f"{postgres_url}?options={quote('-csynchronous_commit=off')}"
    async with PostgresLedger(url, name=str(uuid4())) as ledger:
        assert await rows(ledger, "SHOW synchronous_commit") == [("on",)]


@pytest.mark.parametrize("change", [f"state = '{CANARY}'", f"outcome = '{CANARY}'", f"outcome = '[\"{CANARY}\"]'"])
async def test_an_entry_that_is_damaged(change: str, ledger: PostgresLedger) -> None:
    await ledger.add([Item(key="a", request=SECRET), *items("b")])
    update = f"UPDATE tm_async_ledger SET {change} WHERE name = %s AND key = 'a'"  # noqa: S608
    await rows(ledger, update, ledger._name)
    with pytest.raises(LedgerError, match="of 'a' is damaged") as caught:
        await ledger.get(["a"])
    assert SECRET not in with_variables(caught.value)
    with pytest.raises(LedgerError, match="of 'a' is damaged") as caught:
        _ = [one async for one in ledger.entries()]
    assert SECRET not in with_variables(caught.value)
    assert await ledger.get(["b"])


async def test_a_damaged_outcome_keeps_nothing_from_being_sent(ledger: PostgresLedger) -> None:
    await ledger.add(items("a"))
    await rows(ledger, "UPDATE tm_async_ledger SET outcome = '5' WHERE name = %s", ledger._name)
    (entry,) = await ledger.claim("w", lease=60)
    assert entry.outcome == {}


async def test_a_worker_whose_lease_was_lost_holds_nothing(ledger: PostgresLedger) -> None:
    """Nobody would ever renew it, and nobody could take over what it held."""
    await ledger.add(items("a", "b"))
    await ledger.claim("w", lease=60, limit=2)
    await rows(ledger, "DELETE FROM tm_async_ledger_workers WHERE name = %s", ledger._name)
    (by_key,) = await ledger.claim("v", lease=60, keys=["a"])
    (other,) = await ledger.claim("v", lease=60)
    assert (by_key.key, by_key.doubtful, other.key, other.doubtful) == ("a", True, "b", True)
    assert await ledger.claim("u", lease=60, limit=5) == []


async def test_a_server_that_goes_and_comes_back() -> None:
    """What had returned is there; connections that broke while nobody used them are not noticed."""
    with postgres_server() as server:
        async with PostgresLedger(server.url, name="a", timeout=10) as ledger:
            await ledger.add(items("a", "b"))
            (entry,) = await ledger.claim("w", lease=60)
            server.stop()
            with pytest.raises(LedgerUnavailable, match="out of reach or refuses"):
                await ledger.counts()
            server.start()
            assert await ledger.record(entry, State.CREATED)
            server.stop()
            server.start()
            assert (await ledger.counts())[State.CREATED] == 1


@pytest.mark.parametrize("how", ["timeout", "cancelled"])
async def test_a_server_that_is_silent(how: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for it longer than was said, and no request is in the variables of the traceback."""
    monkeypatch.setattr(connections, "_GRACE", 0.01)
    async with Proxy(postgres_url) as proxy:
        ledger = PostgresLedger(proxy.url, name=str(uuid4()), timeout=20)
        await ledger.counts()
        if how == "timeout":
            ledger._connections._timeout = 0.05
        proxy.silent = True
        async with asyncio.timeout(3):
            adding = asyncio.create_task(ledger.add([Item(key="a", request=CANARY)]))
            await proxy.swallowed.wait()
            if how == "cancelled":
                adding.cancel()
            with pytest.raises(asyncio.CancelledError if how == "cancelled" else LedgerUnavailable) as caught:
                await adding
        assert CANARY not in with_variables(caught.value)
        proxy.silent = False
        ledger._connections._timeout = 20
        assert await ledger.add(items("a")) == 1
        await ledger.aclose()


async def test_a_connection_that_breaks(postgres_url: str) -> None:
    """In the middle of a statement: the driver's error is not the caller's, and the next call works."""
    async with Proxy(postgres_url) as proxy, PostgresLedger(proxy.url, name=str(uuid4())) as ledger:
        await ledger.counts()
        proxy.silent = True
        adding = asyncio.create_task(ledger.add([Item(key="a", request=CANARY)]))
        await proxy.swallowed.wait()
        proxy.silent = False
        proxy.cut()
        # It was an idle connection and nothing was committed: tried once more, on a new one.
        assert await adding == 1


async def test_a_wrong_password(postgres_url: str) -> None:
    url = postgres_url.replace(PASSWORD, SECRET)
    async with PostgresLedger(url, name="a") as ledger:
        with pytest.raises(LedgerUnavailable, match="password authentication failed") as caught:
            await ledger.counts()
        assert SECRET not in f"{everything_about(caught.value)}{with_variables(caught.value)}{ledger!r}"
        assert SECRET.encode() not in pickle.dumps(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{SECRET}@[::1",
        f"postgresql://user:{SECRET}@127.0.0.1/x?nothing={SECRET}",
        f"host=127.0.0.1 password={SECRET} {SECRET}",
        f"{SECRET}://127.0.0.1",
        f"postgresql://user:pass@{SECRET}@127.0.0.1/x",
        f"postgresql://user:12/{SECRET}@127.0.0.1/x",
        f"postgresql://user:pa@ss:{SECRET}/x",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="unusable PostgreSQL URL") as caught:
        PostgresLedger(url, name="a")
    assert SECRET not in everything_about(caught.value) + with_variables(caught.value)


@pytest.mark.parametrize("arguments", [{"name": ""}, {"name": "a" * 501}, {"name": "a", "timeout": 0}])
def test_arguments_that_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        PostgresLedger(f"postgresql://user:{SECRET}@127.0.0.1", **arguments)
    assert SECRET not in with_variables(caught.value)


def test_one_event_loop(postgres_url: str) -> None:
    """In another one it says so, until it is closed."""
    ledger = PostgresLedger(postgres_url, name=str(uuid4()))
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(ledger.add(items("a")))
        with pytest.raises(ConfigurationError, match="for one event loop"):
            second.run(ledger.counts())
        first.run(ledger.aclose())
        assert second.run(ledger.counts())[State.PENDING] == 1
        second.run(ledger.aclose())


async def test_many_at_once(ledger: PostgresLedger) -> None:
    """More than it has connections for."""
    await ledger.add(items(*(f"k{n}" for n in range(64))))
    claimed = await asyncio.gather(*(ledger.claim("w", lease=60) for _ in range(64)))
    assert len({entry.key for (entry,) in claimed}) == 64
    assert all(await asyncio.gather(*(ledger.record(entry, State.CREATED) for (entry,) in claimed)))
    assert 1 <= len(ledger._connections._idle) <= module._CONNECTIONS


async def test_closing_while_something_is_under_way(ledger: PostgresLedger) -> None:
    """That is finished, and its connection is closed, too."""
    await ledger.add(items("a"))
    asked = asyncio.create_task(ledger.counts())
    await turns()
    await ledger.aclose()
    assert (await asked)[State.PENDING] == 1
    assert not ledger._connections._idle


def test_without_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'tm-async\[postgres\]'"):
        PostgresLedger("postgresql://127.0.0.1", name="a")


def test_the_repr() -> None:
    ledger = PostgresLedger(f"postgresql://user:{SECRET}@localhost:7000/db", name="batch")
    assert repr(ledger) == "PostgresLedger('PostgreSQL at localhost:7000/db', name='batch')"
