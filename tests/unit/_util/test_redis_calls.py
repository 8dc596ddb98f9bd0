"""What every class with Redis behind it has in common: its turn, its time, and errors that show no secret."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio
from redis import exceptions

from tests.redis_server import redis_server
from tests.unit.auth.stores.conftest import everything_about, with_variables
from tm_async._util import redis_calls
from tm_async._util.redis_calls import RedisCalls
from tm_async.auth.stores import RedisStore
from tm_async.batch.ledger import RedisLedger
from tm_async.errors import LedgerUnavailable, TencentMeetingError
from tm_async.quotas import Charge, Rate, RedisLimiter

SECRET = "canary-redis-password"
WIDE = [Charge("per_app", "app", (Rate(100_000, 600),))]


@asynccontextmanager
async def _asking(kind: str, url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """A question of each class of ours, with a client that it made itself."""
    prefix = f"{uuid4()}:"
    if kind == "limiter":
        limiter = RedisLimiter.from_url(url, prefix=prefix)
        yield lambda: limiter.take(WIDE, 60)
        await limiter.aclose()
    elif kind == "ledger":
        ledger = RedisLedger.from_url(url, name=prefix)
        yield ledger.counts
        await ledger.aclose()
    else:
        store = RedisStore.from_url(url, prefix=prefix)
        yield lambda: store.load("key")
        await store.aclose()


KINDS = pytest.mark.parametrize("kind", ["limiter", "ledger", "store"])


@KINDS
async def test_a_thousand_at_once(kind: str, redis_url: str) -> None:
    """More than a pool of redis-py has connections: they wait for one."""
    async with _asking(kind, redis_url) as ask:
        found = await asyncio.gather(*(ask() for _ in range(1000)), return_exceptions=True)
    assert not [one for one in found if isinstance(one, BaseException)]


@KINDS
async def test_a_client_of_ones_own_is_not_asked_too_much_at_a_time(kind: str, redis_url: str) -> None:
    client = redis.asyncio.Redis.from_url(redis_url, max_connections=16)
    makes: dict[str, Callable[[], Callable[[], Awaitable[Any]]]] = {
        "limiter": lambda: lambda: RedisLimiter.take(limiter, WIDE, 60),
        "ledger": lambda: RedisLedger(client, name=str(uuid4())).counts,
        "store": lambda: lambda: RedisStore.load(store, "key"),
    }
    limiter, store = RedisLimiter(client, prefix=f"{uuid4()}:"), RedisStore(client, prefix=f"{uuid4()}:")
    ask = makes[kind]()
    await asyncio.gather(*(ask() for _ in range(200)))
    await client.aclose()


@pytest.fixture(scope="module")
def without_hello() -> Iterator[str]:
    """As a Redis before version 6 answers, or a proxy: it quotes what it was asked."""
    with redis_server("--rename-command", "HELLO", "") as server:
        yield server.url.replace("//", f"//:{SECRET}@") + "?protocol=3"


@KINDS
async def test_a_server_that_quotes_the_password(kind: str, without_hello: str) -> None:
    async with _asking(kind, without_hello) as ask:
        with pytest.raises(TencentMeetingError, match="does not know a command that is needed") as caught:
            await ask()
    shown = everything_about(caught.value)
    assert "127.0.0.1" in shown
    assert SECRET not in shown
    assert caught.value.__cause__ is None


@KINDS
async def test_a_password_that_the_server_does_not_take(kind: str) -> None:
    with redis_server("--requirepass", "right") as server:
        async with _asking(kind, server.url.replace("//", f"//:{SECRET}@")) as ask:
            with pytest.raises(TencentMeetingError, match=r"not take this user and password \(WRONGPASS\)") as caught:
                await ask()
    assert SECRET not in everything_about(caught.value)


def _calls(timeout: float = 5.0) -> RedisCalls:
    return RedisCalls("Test", None, timeout, unavailable=LedgerUnavailable, meaning=lambda _: None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (exceptions.ResponseError(f"unknown command `HELLO`, with args beginning with: `3`, `{SECRET}`"), "not know a"),
        (exceptions.ResponseError(f"MISCONF {SECRET}"), r"it can't write to its disk \(MISCONF\)"),
        (exceptions.ResponseError(f"something about {SECRET}"), "refuses: ResponseError"),
        (exceptions.OutOfMemoryError(SECRET), r"its memory is full \(OOM\)"),
        (exceptions.NoPermissionError(SECRET), r"the user may not do that \(NOPERM\)"),
        (exceptions.ReadOnlyError(SECRET), r"it is a replica \(READONLY\)"),
        (exceptions.InvalidResponse(SECRET), "refuses: InvalidResponse"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
async def test_of_what_a_server_says_only_its_kind_is_told(error: Exception, said: str, *, wrapped: bool) -> None:
    async def ask() -> None:
        if wrapped:  # as redis-py does when it connects
            raise exceptions.ConnectionError(error) from error
        raise error

    with pytest.raises(LedgerUnavailable, match=said) as caught:
        await _calls().ask(ask)
    shown = everything_about(caught.value) + with_variables(caught.value)
    assert SECRET not in shown.replace(repr(error), "")


async def test_what_this_side_says_is_told() -> None:
    async def ask() -> None:
        raise exceptions.ConnectionError("Error 111 connecting to host:1. Connection refused.")

    said = r"out of reach or refuses: Error 111 connecting to host:1\. Connection refused$"
    with pytest.raises(LedgerUnavailable, match=said) as caught:
        await _calls().ask(ask)
    assert isinstance(caught.value.__cause__, exceptions.ConnectionError)


async def test_no_error_of_a_caller_is_taken_for_the_servers() -> None:
    async def ask() -> None:
        raise exceptions.ConnectionError("refused")

    try:
        raise exceptions.ResponseError("the caller's")
    except exceptions.ResponseError:
        with pytest.raises(LedgerUnavailable, match="refused$"):
            await _calls().ask(ask)


async def test_a_client_that_swallows_a_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    """`asyncio.wait_for` of Python 3.11 does, when the answer comes at the same moment."""

    async def ask() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                break
        await asyncio.Event().wait()

    monkeypatch.setattr(redis_calls, "_GRACE", 0.01)
    calls = _calls(0.01)
    async with asyncio.timeout(10):
        with pytest.raises(LedgerUnavailable, match=r"did not answer within 0\.01 s"):
            await calls.ask(ask)
        task = asyncio.create_task(_calls().ask(ask))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()
