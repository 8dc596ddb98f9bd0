"""What inboxes in PostgreSQL and Redis promise beyond the contract: servers that are gone, silent, full, or others."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from redis.asyncio import Redis

from tests.redis_server import redis_server
from tests.unit.auth.stores.conftest import with_variables
from tests.unit.batch.ledger.proxy import Proxy
from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.testing.lanes import claim, deliveries, delivery, take
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox import PostgresInbox, RedisInbox, State

SECRET = "canary-Rt8"


@pytest.fixture
def name() -> str:
    return str(uuid4())


async def execute(url: str, query: Any) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute(query)


def secret() -> Delivery:
    body = {"event": "e", "payload": [{"operator": {"user_name": SECRET}}]}
    return Delivery.parse(json.dumps(body).encode(), 1e9)


def an_inbox(url: str, name: str, **options: Any) -> Any:
    if url.startswith("redis"):
        return RedisInbox.from_url(url, name=name, **options)
    return PostgresInbox(url, name=name, **options)


@pytest.fixture(params=["postgres", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


async def test_a_server_that_is_gone_for_a_while(url: str, name: str) -> None:
    """503 meanwhile, and then it goes on, with connections of its own."""
    async with Proxy(url) as proxy, an_inbox(proxy.url, name, timeout=5) as inbox:
        await inbox.accept(delivery("a"))
        proxy.cut()
        for _ in range(3):  # one connection after the other is found broken
            try:
                await inbox.accept(delivery("b"))
                break
            except InboxUnavailable:
                pass
        await inbox.accept(delivery("c"))
        assert len(await claim(inbox)) == 3


async def test_a_silent_server(url: str, name: str) -> None:
    """Is waited for as long as was said; what was asked is done or not."""
    async with Proxy(url) as proxy, an_inbox(proxy.url, name, timeout=5) as inbox:
        await inbox.accept(delivery("a"))
    async with Proxy(url) as proxy, an_inbox(proxy.url, name, timeout=0.2) as inbox:
        proxy.silent = True
        async with asyncio.timeout(10):
            with pytest.raises(InboxUnavailable, match=r"did not answer within 0\.2 s|is out of reach") as caught:
                await inbox.accept(secret())
        assert SECRET not in with_variables(caught.value)
        proxy.cut()
    async with an_inbox(url, name) as inbox:
        await inbox.accept(delivery("a"))
        assert len(await claim(inbox)) == 1


async def test_one_event_loop(url: str, name: str) -> None:
    """Another one may follow when it is closed."""
    inbox = an_inbox(url, name)
    await inbox.accept(delivery("a"))
    with pytest.raises(ConfigurationError, match="one event loop"):
        await asyncio.to_thread(asyncio.run, inbox.counts())
    await inbox.aclose()

    async def elsewhere() -> object:
        found = await inbox.counts()
        await inbox.aclose()
        return found

    assert await asyncio.to_thread(asyncio.run, elsewhere()) == {"": {State.NEW: 1}}


async def test_inboxes_with_other_names(url: str, name: str) -> None:
    """Know nothing of each other."""
    async with an_inbox(url, f"{name} {{1}}") as one, an_inbox(url, f"{name} {{2}}") as two:
        for inbox in (one, two):
            await inbox.accept(delivery("a"))
        assert await one.record(await take(one), State.DONE)
        (task,) = await claim(two)
        assert await two.revive([task.number]) == 0
        assert await one.counts() == {"h": {State.DONE: 1}}


async def test_many_accept_at_once(url: str, name: str) -> None:
    """More than it has connections for."""
    async with an_inbox(url, name) as inbox:
        await asyncio.gather(*(inbox.accept(one) for one in deliveries(300)))
        assert await inbox.counts() == {"": {State.NEW: 300}}


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("CREATE TABLE tm_async_inbox (a int)", r"is something else \(it has no comment\)"),
        (
            "CREATE TABLE tm_async_inbox (a int); COMMENT ON TABLE tm_async_inbox IS 'an inbox of tm_async, format 9'",
            "format 9.; this version of tm_async uses 'an inbox of tm_async, format 1'",
        ),
    ],
)
async def test_tables_of_another_kind(own_schema: str, query: str, says: str) -> None:
    await execute(own_schema, query)
    async with PostgresInbox(own_schema) as inbox:
        with pytest.raises(InboxUnavailable, match="is something else"):
            await inbox.accept(delivery("a"))
        with pytest.raises(InboxError, match="is something else") as caught:
            await claim(inbox)
    assert not isinstance(caught.value, InboxUnavailable)


async def test_tables_that_are_gone(own_schema: str) -> None:
    async with PostgresInbox(own_schema) as inbox:
        await inbox.accept(delivery("a"))
        await execute(own_schema, "DROP TABLE tm_async_inbox_tasks")
        with pytest.raises(InboxUnavailable, match="tm_async_inbox_tasks") as caught:
            await inbox.accept(secret())
    assert SECRET not in with_variables(caught.value)


async def test_many_create_the_tables_at_once(own_schema: str) -> None:
    inboxes = [PostgresInbox(own_schema) for _ in range(6)]
    await asyncio.gather(*(inbox.accept(delivery("a")) for inbox in inboxes))
    assert await inboxes[0].counts() == {"": {State.NEW: 1}}
    await asyncio.gather(*(inbox.aclose() for inbox in inboxes))


async def test_a_state_that_is_none(own_schema: str) -> None:
    async with PostgresInbox(own_schema) as inbox:
        await inbox.accept(delivery("a"))
        await execute(own_schema, "UPDATE tm_async_inbox_tasks SET state = 'x'")
        with pytest.raises(InboxError, match="is damaged: 'x'"):
            _ = [task async for task in inbox.tasks()]


# --- Redis ------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Any]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda redis, keys: redis.hset(keys["meta"], "format", 2), "has format 2, this version of tm_async reads 1"),
        (lambda redis, keys: redis.set(keys["deliveries"], "x"), "what stands in its place is something else"),
    ],
)
async def test_keys_of_another_kind(redis: Any, redis_url: str, name: str, spoil: Any, says: str) -> None:
    async with RedisInbox.from_url(redis_url, name=name) as inbox:
        await spoil(redis, _keys(inbox))
        with pytest.raises(InboxUnavailable, match=says):
            await inbox.accept(delivery("a"))
        if "format" in says:
            with pytest.raises(InboxError, match=says):
                await claim(inbox)


def _keys(inbox: RedisInbox) -> dict[str, str]:
    return {key.rpartition(":")[2]: key for key in inbox._keys}


async def test_keys_that_are_gone(redis: Any, redis_url: str, name: str) -> None:
    """Nothing of an event is in the error."""
    async with RedisInbox.from_url(redis_url, name=name) as inbox:
        await inbox.accept(delivery("a"))
        await redis.delete(_keys(inbox)["tasks"])
        with pytest.raises(InboxError, match="damaged, or keys of it were removed"):
            await claim(inbox)


async def test_a_record_that_is_damaged(redis: Any, redis_url: str, name: str) -> None:
    async with RedisInbox.from_url(redis_url, name=name) as inbox:
        await inbox.accept(secret())
        await redis.hset(_keys(inbox)["deliveries"], secret().key, '{"event":1}')
        with pytest.raises(InboxError, match="the record of an event is damaged") as caught:
            _ = [task async for task in inbox.tasks()]
    assert SECRET not in with_variables(caught.value)


@pytest.fixture
def small_server() -> Iterator[str]:
    with redis_server("--maxmemory", "3mb", "--maxmemory-policy", "noeviction") as server:
        yield server.url


async def test_a_memory_that_is_full(small_server: str) -> None:
    """What was acknowledged stays."""
    async with RedisInbox.from_url(small_server) as inbox:
        accepted = 0
        with pytest.raises(InboxUnavailable, match=r"its memory is full \(OOM\)"):
            for number in range(200):
                await inbox.accept(delivery(f"{number} {'x' * 100_000}"))
                accepted += 1
        assert accepted > 0
        assert len([task async for task in inbox.tasks()]) == accepted


@pytest.mark.parametrize("prefix", ["a{b", "a\0"])
def test_prefixes_that_are_refused(prefix: str) -> None:
    with pytest.raises(ConfigurationError):
        RedisInbox.from_url("redis://h", prefix=prefix)
