"""What the Redis ledger promises beyond the contract: repeated commands, bounded time, no credential in an error."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio
from redis.cluster import key_slot

from tests.redis_server import redis_server
from tests.unit.auth.stores.conftest import everything_about, with_variables
from tests.unit.batch.ledger.conftest import items, redis_leases_end_earlier
from tm_async.batch.ledger import Item, RedisLedger, State
from tm_async.batch.ledger import redis as module
from tm_async.errors import ConfigurationError, LedgerError, LedgerUnavailable

SECRET = "canary-redis-password"
CANARY = "canary-Rq8-request"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Any]:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def ledger(client: Any) -> RedisLedger:
    return RedisLedger(client, name=str(uuid4()))


class Twice:
    """A client whose every answer gets lost once, so that it sends every command twice."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def eval(self, *command: Any) -> Any:
        first = await self._client.eval(*command)
        assert await self._client.eval(*command) == first
        return first


async def test_commands_that_are_sent_twice(client: Any, ledger: RedisLedger) -> None:
    """The first time it was done; the second time it gives the same answer and changes nothing."""
    twice = RedisLedger(Twice(client), name=ledger._name)  # type: ignore[arg-type]
    keys = [f"k{n}" for n in range(450)]
    assert await twice.add(items(*keys)) == 450
    assert await twice.add(items(*keys, "new")) == 1
    assert await twice.claim("w", lease=60, limit=0) == []
    first, second = await twice.claim("w", lease=60, limit=2)
    assert (first.claims, second.claims) == (1, 1)
    assert await twice.record(first, State.CREATED, outcome={"n": 1})
    assert await twice.record(first, State.CREATED) is False
    assert await twice.record(second, State.PENDING)
    await twice.renew("w", lease=60)
    counts = await twice.counts()
    assert (counts[State.PENDING], counts[State.CREATED], counts[State.SENDING]) == (450, 1, 0)
    await twice.claim("w", lease=60, keys=["k1"])
    await redis_leases_end_earlier(ledger, 100)
    (again,) = await twice.claim("v", lease=60, keys=["k1"])
    assert (again.claims, again.doubtful) == (3, True)


async def test_what_redis_holds(client: Any, ledger: RedisLedger) -> None:
    """Keys in one slot of a cluster, and nothing of a call stays for long."""
    await ledger.add(items("a", "b"))
    await ledger.claim("w", lease=60)
    found = {key.decode() async for key in client.scan_iter(f"tm_async:ledger:{{{ledger._name}}}:*")}
    assert {name.rpartition(":")[2] for name in found if ":call:" not in name} == {
        "meta", "records", "requests", "workers", "pending", "sending", "groups", "queue",
    }  # fmt: skip
    assert len({key_slot(name.encode()) for name in found}) == 1
    calls = [name for name in found if ":call:" in name]
    assert len(calls) == 2
    for name in calls:
        assert 0 < await client.pttl(name) <= 21_000


@pytest.mark.parametrize("name", ["}", "{", "{}a", "a}b{c", "%7B", "会议"])
async def test_names_with_braces(name: str, client: Any) -> None:
    """Still share one slot, and are not mixed up."""
    own, another = RedisLedger(client, name=name + str(uuid4())), RedisLedger(client, name=f"{name}2{uuid4()}")
    assert len({key_slot(key.encode()) for key in own._keys}) == 1
    assert all(key.count("{") == key.count("}") == 1 for key in own._keys)
    await own.add(items("a"))
    assert await another.get(["a"]) == {}


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": ""},
        {"name": "a" * 501},
        {"name": "a\0"},
        {"name": "a", "prefix": "{x}"},
        {"name": "a", "prefix": "\ud800"},
        {"name": "a", "timeout": 0},
        {"name": "a", "timeout": float("nan")},
    ],
)
def test_arguments_that_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        RedisLedger.from_url("redis://127.0.0.1", **arguments)


async def test_entries_of_a_group_that_are_not_looked_at(client: Any, ledger: RedisLedger) -> None:
    """Of the others nothing is read: their records may even be damaged."""
    await ledger.add([Item(key=f"k{n}", request="", group=f"{n % 2}") for n in range(10)])
    for n in range(1, 10, 2):
        await client.hset(ledger._keys[1], f"k{n}", "damaged")
    assert [entry.key async for entry in ledger.entries(group="0")] == [f"k{n}" for n in range(0, 10, 2)]
    with pytest.raises(LedgerError, match="damaged"):
        _ = [entry async for entry in ledger.entries(group="1")]


async def test_staged_items_that_are_gone(client: Any, ledger: RedisLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds them took longer than they are kept: nothing is added, and the same works again."""

    async def without_staging(script: str, *arguments: Any, own: str = "") -> Any:
        return None if script is module.scripts.STAGE else await do(script, *arguments, own=own)

    do = ledger._do
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_do", without_staging)
        with pytest.raises(LedgerUnavailable, match="TMSTAGED"):
            await ledger.add(items("a"))
    assert await ledger.add(items("a")) == 1


async def test_another_format(client: Any, ledger: RedisLedger) -> None:
    await ledger.add(items("a"))
    assert await client.hget(ledger._keys[0], "format") == module.scripts.FORMAT.encode()
    await client.hset(ledger._keys[0], "format", "99")
    for attempt in (ledger.add(items("b")), ledger.claim("w", lease=60), ledger.counts()):
        with pytest.raises(LedgerError, match="has format 99, this version of tm_async reads 1") as caught:
            await attempt
        assert not isinstance(caught.value, LedgerUnavailable)


async def test_something_else_in_its_place(client: Any, ledger: RedisLedger) -> None:
    for key in ledger._keys:
        await client.set(key, CANARY)
    with pytest.raises(LedgerError, match="something else; choose another name or prefix") as caught:
        await ledger.add(items("a"))
    assert not isinstance(caught.value, LedgerUnavailable)
    assert CANARY not in everything_about(caught.value)


@pytest.mark.parametrize("record", [CANARY, "[]", "{}", f'{{"position": "{CANARY}"}}', '{"position": 0, "claims": 0}'])
async def test_a_record_that_is_damaged(record: str, client: Any, ledger: RedisLedger) -> None:
    await ledger.add(items("a", "b"))
    await client.hset(ledger._keys[1], "a", record)
    with pytest.raises(LedgerError, match="'a' is damaged|damaged, or keys of it were removed") as caught:
        await ledger.get(["a"])
    assert CANARY not in with_variables(caught.value)
    with pytest.raises(LedgerError, match="damaged"):
        await ledger.claim("w", lease=60)
    assert await ledger.get(["b"])


@pytest.mark.parametrize("how", ["reset", "silence", "cancelled"])
async def test_no_request_is_among_the_variables_of_a_traceback(
    how: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """redis-py has the whole command as plain bytes in its frames while it sends."""
    limit = 20.0 if how == "cancelled" else 0.2
    ledger = RedisLedger.from_url(redis_url, name=str(uuid4()), timeout=limit)
    await ledger.counts()
    sending = asyncio.Event()

    async def drain(_: asyncio.StreamWriter) -> None:
        sending.set()
        if how == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.StreamWriter, "drain", drain)
        adding = asyncio.create_task(ledger.add([Item(key="a", request=CANARY)]))
        await sending.wait()
        if how == "cancelled":
            adding.cancel()
        with pytest.raises(asyncio.CancelledError if how == "cancelled" else LedgerUnavailable) as caught:
            await adding
    assert CANARY not in with_variables(caught.value)
    await ledger.aclose()


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}@127.0.0.1:port",
        f"redis://user:{SECRET}#x@127.0.0.1",
        f"redis://:{SECRET}@[::1",
        f"{SECRET}://127.0.0.1",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="unusable Redis URL") as caught:
        RedisLedger.from_url(url, name="a")
    assert SECRET not in everything_about(caught.value) + with_variables(caught.value)


async def test_a_wrong_password(redis_url: str) -> None:
    with redis_server("--requirepass", "right") as server:
        url = server.url.replace("redis://", f"redis://:{SECRET}@")
        async with RedisLedger.from_url(url, name="a", timeout=2) as ledger:
            with pytest.raises(LedgerUnavailable) as caught:
                await ledger.counts()
            assert SECRET not in f"{everything_about(caught.value)}{with_variables(caught.value)}{ledger!r}"
            assert SECRET.encode() not in pickle.dumps(caught.value)


async def test_a_server_that_goes_and_comes_back(tmp_path: Any) -> None:
    """What it had written to its file is there, and the same ledger goes on."""
    durable = ("--appendonly", "yes", "--appendfsync", "always", "--dir", str(tmp_path))
    with redis_server(*durable) as first:
        ledger = RedisLedger.from_url(first.url, name="a", timeout=1)
        await ledger.add(items("a", "b"))
        (entry,) = await ledger.claim("w", lease=60)
        first.stop()
        with pytest.raises(LedgerUnavailable):
            await ledger.counts()
        with redis_server(*durable, "--port", str(first.port)) as second:
            second.url = first.url
            assert await ledger.record(entry, State.CREATED)
            assert (await ledger.counts())[State.CREATED] == 1
        await ledger.aclose()


def test_one_event_loop(redis_url: str) -> None:
    """In another one it says so, until it is closed."""
    ledger = RedisLedger.from_url(redis_url, name=str(uuid4()))
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(ledger.add(items("a")))
        with pytest.raises(ConfigurationError, match="for one event loop"):
            second.run(ledger.counts())
        first.run(ledger.aclose())
        assert second.run(ledger.counts())[State.PENDING] == 1
        second.run(ledger.aclose())


async def test_many_at_once(redis_url: str) -> None:
    """More than it has connections for."""
    async with RedisLedger.from_url(redis_url, name=str(uuid4())) as ledger:
        await ledger.add(items(*(f"k{n}" for n in range(64))))
        claimed = await asyncio.gather(*(ledger.claim("w", lease=60) for _ in range(64)))
        assert len({entry.key for (entry,) in claimed}) == 64
        assert all(await asyncio.gather(*(ledger.record(entry, State.CREATED) for (entry,) in claimed)))


def test_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "redis.asyncio", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'tm-async\[redis\]'"):
        RedisLedger.from_url("redis://127.0.0.1", name="a")


def test_the_repr() -> None:
    ledger = RedisLedger.from_url(f"redis://user:{SECRET}@localhost:7000/2", name="batch")
    assert repr(ledger) == "RedisLedger('Redis at localhost:7000/2', name='batch')"
