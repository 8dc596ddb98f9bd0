"""The limiter in Redis when something goes wrong: a typed error in bounded time, no secret, nobody forgotten."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest
from redis.crc import key_slot

from tests.redis_server import redis_server
from tests.unit.auth.stores.conftest import everything_about, with_variables
from tests.unit.quotas.conftest import APP, counted, waiting
from tests.unit.quotas.virtual import charge
from tm_async.errors import ConfigurationError, LimiterUnavailable, QuotaExceeded, Retry
from tm_async.quotas import Rate, RedisLimiter

SECRET = "canary-redis-password"


async def test_nobody_listens() -> None:
    limiter = RedisLimiter.from_url(f"redis://me:{SECRET}@127.0.0.1:1/3", timeout=0.3)
    async with asyncio.timeout(30):
        with pytest.raises(LimiterUnavailable, match=r"Redis at 127\.0\.0\.1:1/3 ") as caught:
            await limiter.take([APP], None)
    assert caught.value.retry is Retry.BACKOFF
    shown = everything_about(caught.value) + with_variables(caught.value) + repr(limiter)
    assert not [secret for secret in (SECRET, "me:") if secret in shown]
    await limiter.aclose()


async def test_silence(later: Callable[[float], None]) -> None:
    """Who accepts and never answers costs `timeout` seconds, also those who stand in line: all at once."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    limiter = RedisLimiter.from_url(f"redis://127.0.0.1:{port}", timeout=600)
    tasks = [asyncio.create_task(limiter.take([APP], None)) for _ in range(30)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # each question is a task of its own
    assert not any(task.done() for task in tasks)
    later(600)
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(error) for error in found} == {LimiterUnavailable}
    await limiter.aclose()
    server.close()
    for writer in writers:
        writer.close()
    await asyncio.sleep(0)


async def test_redis_falls_silent_while_calls_wait(
    later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All in line are told together, and each gets an error of its own."""
    charges = [charge("per_app", Rate(1, 6000))]
    asked: asyncio.Queue[None] = asyncio.Queue()
    with redis_server() as server:
        limiter = RedisLimiter.from_url(server.url, margin=0, timeout=600)
        await limiter.take(charges, 0)
        tasks = [asyncio.create_task(limiter.take(charges, None)) for _ in range(20)]
        await waiting(limiter, 20)
        ask = limiter._counts._take

        def noted(**options: Any) -> Any:
            asked.put_nowait(None)
            return ask(**options)

        monkeypatch.setattr(limiter._counts, "_take", noted)
        os.kill(server._process.pid, signal.SIGSTOP)
        later(6000)
        await asked.get()
        later(600)
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert asked.empty()  # one of the 20 asked
    assert {type(error) for error in found} == {LimiterUnavailable}
    assert len({id(error) for error in found}) == 20
    assert all(error.__cause__ is not None for error in found if isinstance(error, Exception))
    assert not limiter._lines
    await limiter.aclose()


async def test_a_restart_forgets_the_script_and_the_counts(client: Any, limiter: RedisLimiter, prefix: str) -> None:
    await limiter.take([APP], 0)
    await client.script_flush()
    await limiter.take([APP], 0)
    assert await counted(client, prefix) == 2
    await client.delete(f"{prefix}per_app:app")
    await limiter.take([APP], 0)


async def test_a_wrong_password() -> None:
    with redis_server("--requirepass", "right") as server:
        limiter = RedisLimiter.from_url(server.url.replace("//", f"//:{SECRET}@"))
        with pytest.raises(LimiterUnavailable, match="out of reach or refuses") as caught:
            await limiter.take([APP], 0)
        assert SECRET not in everything_about(caught.value) + with_variables(caught.value)
        await limiter.aclose()


async def test_something_else_in_a_counts_place(client: Any, limiter: RedisLimiter, prefix: str) -> None:
    await client.set(f"{prefix}per_app:app", "x")
    with pytest.raises(ConfigurationError, match="something else; choose another prefix"):
        await limiter.take([APP], 0)


@pytest.mark.parametrize(
    "url",
    [f"redis://:{SECRET}/x@host:6379/0", f"redis://me#{SECRET}@host", f"http://me:{SECRET}@host", SECRET],
)
def test_an_unusable_url_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="unusable Redis URL; it has the form") as caught:
        RedisLimiter.from_url(url)
    assert SECRET not in everything_about(caught.value)
    assert caught.value.__cause__ is None


def test_options_that_make_no_sense(client: Any) -> None:
    for options in ({"margin": -1}, {"margin": float("nan")}, {"timeout": 0}, {"timeout": None}):
        with pytest.raises(ConfigurationError, match=f"{next(iter(options))} must be a number of seconds, .* or more"):
            RedisLimiter(client, **options)  # type: ignore[arg-type]


def test_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ConfigurationError, match=r"RedisLimiter needs redis: pip install 'tm-async\[redis\]'"):
        RedisLimiter.from_url("redis://host")


# --- life -------------------------------------------------------------------------------------------------------------


async def test_closing_tells_those_who_wait(client: Any, limiter: RedisLimiter) -> None:
    for _ in range(2):
        await limiter.take([APP], 0)
    tasks = [asyncio.create_task(limiter.take([APP], None)) for _ in range(3)]
    await waiting(limiter, 3)
    await limiter.aclose()
    async with asyncio.timeout(30):
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert {str(error) for error in found} == {"the limiter was closed while this call waited; nothing was sent"}
    assert await client.ping(), "a client of one's own stays open"
    with pytest.raises(QuotaExceeded):
        await limiter.take([APP], 0)


def test_a_second_event_loop(redis_url: str, prefix: str) -> None:
    limiter = RedisLimiter.from_url(redis_url, prefix=prefix)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(limiter.take([APP], 0))
        for attempt in (limiter.take([APP], 0), limiter.aclose()):
            with pytest.raises(ConfigurationError, match="are for one event loop; make one in each"):
                second.run(attempt)
        first.run(limiter.aclose())
        second.run(limiter.take([APP], 0))
        second.run(limiter.aclose())


def test_a_loop_that_ends_while_calls_wait(redis_url: str, prefix: str) -> None:
    limiter = RedisLimiter.from_url(redis_url, prefix=prefix)

    async def main() -> None:
        for _ in range(2):
            await limiter.take([APP], 0)
        task = asyncio.create_task(limiter.take([APP], None))
        await waiting(limiter, 1)
        assert not task.done()

    async def close() -> None:
        await limiter.aclose()

    with asyncio.Runner() as runner:
        runner.run(main())
        runner.run(close())
    assert not limiter._lines


async def test_a_cluster_has_all_counts_on_one_node(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis asks for that in a script; the default prefix sees to it."""
    limiter = RedisLimiter(client)
    names: list[str] = []

    async def take(keys: list[str], args: list[Any]) -> list[int]:
        names.extend(keys)
        return [0, 0]

    monkeypatch.setattr(limiter._counts, "_take", take)
    await limiter.take([charge("creations", Rate(1, 60), key="{alice}"), APP], 0)
    assert names == ["tm_async:{quota}:creations:{alice}", "tm_async:{quota}:per_app:app"]
    assert len({key_slot(name.encode()) for name in names}) == 1
