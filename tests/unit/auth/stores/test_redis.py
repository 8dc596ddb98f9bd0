"""What the Redis store promises beyond the contract: bounded time, no credential in an error, locks that end."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio

from tests.redis_server import redis_server
from tests.unit.auth.stores.conftest import CANARY, everything_about, with_variables
from tm_async.auth.stores import RedisStore
from tm_async.auth.stores.redis import _COMPARE_AND_SET
from tm_async.errors import ConfigurationError, TokenStoreError, TokenStoreUnavailable

SECRET = "canary-redis-password"


@pytest.fixture
def prefix() -> str:
    return f"{uuid4()}:"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Any]:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def store(client: Any, prefix: str) -> RedisStore:
    return RedisStore(client, prefix=prefix)


async def test_what_redis_holds(client: Any, store: RedisStore, prefix: str) -> None:
    version = await store.save("user", CANARY, version=None)
    held = await client.hgetall(f"{prefix}entry:user")
    assert held == {b"version": str(version).encode(), b"data": CANARY.encode()}
    async with store.lock("user"):
        assert 29_000 < await client.pttl(f"{prefix}lock:user") <= 30_000
    assert [key async for key in client.scan_iter(f"{prefix}*")] == [f"{prefix}entry:user".encode()]


async def test_a_script_that_is_sent_twice(client: Any, store: RedisStore, prefix: str) -> None:
    """The answer got lost and the client tried again: the save was done, and says so."""
    for version in ("new", "new"):
        assert await client.eval(_COMPARE_AND_SET, 1, f"{prefix}entry:user", "", version, CANARY) == 1
    assert await client.eval(_COMPARE_AND_SET, 1, f"{prefix}entry:user", "", "newer", CANARY) == 0
    found = await store.load("user")
    assert found is not None
    assert found.version == "new"


async def test_something_else_in_the_entrys_place(client: Any, store: RedisStore, prefix: str) -> None:
    await client.set(f"{prefix}entry:user", CANARY)
    for attempt in (store.load("user"), store.save("user", CANARY, version=None)):
        with pytest.raises(TokenStoreError, match="something else; choose another prefix") as caught:
            await attempt
        assert not isinstance(caught.value, TokenStoreUnavailable)
        assert CANARY not in everything_about(caught.value)
    await store.delete("user")
    await client.hset(f"{prefix}entry:user", "data", CANARY)
    with pytest.raises(TokenStoreError, match="is not an entry; delete it and authorise") as caught:
        await store.load("user")
    assert CANARY not in everything_about(caught.value)


@pytest.mark.parametrize("decode", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize("field", ["version", "data"])
async def test_an_entry_that_is_not_utf8(field: str, decode: bool, client: Any, redis_url: str, prefix: str) -> None:
    """Some other program wrote it. A login mends it: it deletes what can't be used."""
    store = RedisStore.from_url(f"{redis_url}?decode_responses={decode}", prefix=prefix)
    await client.hset(f"{prefix}entry:user", mapping={"version": "1", "data": "1"})
    await client.hset(f"{prefix}entry:user", field, b"\xff" + CANARY.encode())
    with pytest.raises(TokenStoreError, match="entry:user' is not UTF-8 text; delete it and authorise") as caught:
        await store.load("user")
    assert not isinstance(caught.value, TokenStoreUnavailable)
    assert caught.value.__cause__ is caught.value.__context__ is None, "it would have the text"
    assert "canary" not in everything_about(caught.value) + with_variables(caught.value)
    await store.delete("user")
    assert await store.save("user", "new", version=None)
    found = await store.load("user")
    assert found is not None
    assert found.data == "new"
    await store.aclose()


@pytest.mark.parametrize("how", ["reset", "silence", "cancelled"])
@pytest.mark.parametrize("own", [True, False], ids=["a client of one's own", "from a URL"])
async def test_no_text_is_among_the_variables_of_a_traceback(
    own: bool, how: str, client: Any, redis_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """redis-py has the whole command as plain bytes in its frames while it sends."""
    limit = 20.0 if how == "cancelled" else 0.2
    made = RedisStore.from_url(redis_url, prefix=prefix, timeout=limit)
    store = RedisStore(client, prefix=prefix, timeout=limit) if own else made
    await store.load("user")
    sending = asyncio.Event()

    async def drain(_: asyncio.StreamWriter) -> None:
        sending.set()
        if how == "reset":
            raise ConnectionResetError(104, "Connection reset by peer")
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.StreamWriter, "drain", drain)
        saving = asyncio.create_task(store.save("user", CANARY, version=None))
        await sending.wait()
        if how == "cancelled":
            saving.cancel()
        with pytest.raises(asyncio.CancelledError if how == "cancelled" else TokenStoreUnavailable) as caught:
            await saving
    assert "canary" not in with_variables(caught.value)
    await made.aclose()


def _fails() -> None:
    raise LookupError("inside")


async def test_an_error_under_the_lock_keeps_its_frames() -> None:
    """Also when the lock can't be released while it goes through."""
    with redis_server() as server:
        store = RedisStore.from_url(server.url, timeout=0.5)
        with pytest.raises(LookupError, match="inside") as caught:
            async with store.lock("user"):
                server.stop()
                _fails()
        assert caught.traceback[-1].name == "_fails"
        await store.aclose()


def test_a_second_event_loop(redis_url: str, prefix: str) -> None:
    store = RedisStore.from_url(redis_url, prefix=prefix)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        version = first.run(store.save("user", CANARY, version=None))

        async def lock() -> None:
            async with store.lock("user"):
                pass

        for attempt in (store.load("user"), store.save("user", CANARY, version=version), lock(), store.aclose()):
            with pytest.raises(ConfigurationError, match="are for one event loop; make one in each") as caught:
                second.run(attempt)
            assert "canary" not in with_variables(caught.value)
        first.run(store.aclose())
        assert second.run(store.load("user")), "closed in the first, it may go on in the second"
        second.run(store.aclose())


def test_a_client_that_was_used_in_another_event_loop(redis_url: str, prefix: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(client.ping())
        with pytest.raises(ConfigurationError, match="are for one event loop"):
            second.run(RedisStore(client, prefix=prefix).save("user", CANARY, version=None))
        first.run(client.aclose())


async def test_waiting_for_a_lock_ends(client: Any, store: RedisStore, prefix: str) -> None:
    other = RedisStore(client, prefix=prefix, wait=0)
    async with store.lock("user"):
        with pytest.raises(TokenStoreUnavailable, match=r"Redis at 127.*: the lock of 'user' was not free within 0 s"):
            async with other.lock("user"):
                pass
    async with other.lock("user"):
        pass


async def test_a_lock_that_has_expired(
    client: Any, store: RedisStore, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with store.lock("user"):
        assert await client.delete(f"{prefix}lock:user")
        await client.set(f"{prefix}lock:user", "somebody else's")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "the lock of 'user' had expired after 30 s" in caplog.text
    assert await client.get(f"{prefix}lock:user") == b"somebody else's"


async def test_a_client_of_ones_own_stays_open(client: Any, store: RedisStore) -> None:
    await store.aclose()
    assert await client.ping()
    assert await store.load("user") is None


async def test_nobody_listens() -> None:
    store = RedisStore.from_url(f"redis://me:{SECRET}@127.0.0.1:1/3", timeout=2)
    for attempt in (store.load("user"), store.save("user", CANARY, version=None), store.delete("user")):
        async with asyncio.timeout(4):
            with pytest.raises(TokenStoreUnavailable, match=r"Redis at 127\.0\.0\.1:1/3 ") as caught:
                await attempt
        assert isinstance(caught.value.__cause__, Exception)
        shown = everything_about(caught.value) + repr(store)
        assert not [secret for secret in (SECRET, CANARY, "me:") if secret in shown]
    with pytest.raises(TokenStoreUnavailable):
        async with store.lock("user"):
            pass
    await store.aclose()


async def test_silence() -> None:
    """Who accepts and never answers costs `timeout` seconds."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    store = RedisStore.from_url(f"redis://me:{SECRET}@127.0.0.1:{port}", timeout=0.1)
    async with asyncio.timeout(3):
        with pytest.raises(TokenStoreUnavailable, match=rf"Redis at 127\.0\.0\.1:{port}/0 ") as caught:
            await store.save("user", CANARY, version=None)
    assert not [secret for secret in (SECRET, CANARY) if secret in everything_about(caught.value)]
    await store.aclose()
    server.close()
    for writer in writers:
        writer.close()
    await asyncio.sleep(0)


async def test_a_wrong_password() -> None:
    with redis_server("--requirepass", "right") as server:
        url = server.url.replace("//", f"//:{SECRET}@")
        store, right = RedisStore.from_url(url), RedisStore.from_url(server.url.replace("//", "//:right@"))
        with pytest.raises(TokenStoreUnavailable, match="out of reach or refuses") as caught:
            await store.load("user")
        assert SECRET not in everything_about(caught.value)
        assert await right.load("user") is None
        await store.aclose()
        await right.aclose()


async def test_redis_dies_while_a_lock_is_held(caplog: pytest.LogCaptureFixture) -> None:
    """What was done under the lock was done: leaving is no error. What comes next is."""
    with redis_server() as server:
        store = RedisStore.from_url(server.url, timeout=1)
        async with store.lock("user"):
            assert await store.save("user", CANARY, version=None)
            server.stop()
        assert "the lock of 'user' was not released, it ends within 30 s: Redis at" in caplog.text
        async with asyncio.timeout(4):
            with pytest.raises(TokenStoreUnavailable):
                await store.load("user")
        await store.aclose()


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}/x@host:6379/0",  # half a password would be taken for a port
        f"redis://me:12/{SECRET}@host:6379",
        f"redis://me#{SECRET}@host",
        f"redis://me:{SECRET}@host:port",
        f"http://me:{SECRET}@host",
        f"{SECRET}",
    ],
)
def test_an_unusable_url_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="unusable Redis URL; it has the form") as caught:
        RedisStore.from_url(url)
    assert SECRET not in everything_about(caught.value)
    assert caught.value.__cause__ is None


async def test_names_of_places() -> None:
    for url, name in {
        f"rediss://me:{SECRET}@cache.example:6380/2": "Redis at cache.example:6380/2",
        f"unix://me:{SECRET}@/run/redis.sock?db=1": "Redis at /run/redis.sock",
        "redis://": "Redis",
    }.items():
        store = RedisStore.from_url(url, prefix="app:")
        assert repr(store) == f"RedisStore({name!r}, prefix='app:')"
        await store.aclose()


def test_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ConfigurationError, match=r"RedisStore needs redis: pip install 'tm-async\[redis\]'"):
        RedisStore.from_url("redis://host")


async def test_a_waiter_given_up_while_its_question_is_on_the_way(
    client: Any, store: RedisStore, prefix: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Redis may say yes when nobody listens any more: the lock is freed, not left until its time is over."""
    asked, answer = asyncio.Event(), asyncio.Event()
    set_ = client.set

    async def slow(*args: Any, **options: Any) -> Any:
        asked.set()
        await answer.wait()
        return await set_(*args, **options)

    monkeypatch.setattr(client, "set", slow)

    async def wait_for_lock() -> None:
        async with store.lock("user"):
            pytest.fail("it was given up")

    waiter = asyncio.create_task(wait_for_lock())
    await asked.wait()
    waiter.cancel()
    answer.set()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert await client.exists(f"{prefix}lock:user") == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
