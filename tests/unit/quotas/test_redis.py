"""The limiter in Redis: exact for all processes together, taking back what is given up, and never silent trouble."""

import asyncio
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.quotas.conftest import APP, MakeRoom, counted, waiting
from tests.unit.quotas.virtual import charge
from tm_async.errors import QuotaExceeded, Retry
from tm_async.quotas import Rate, RedisLimiter
from tm_async.quotas.redis_counts import _TAKE, _UNDO

# --- counting ---------------------------------------------------------------------------------------------------------


async def test_what_redis_holds(client: Any, limiter: RedisLimiter, prefix: str) -> None:
    alice = charge("creations", Rate(1, 3), Rate(5, 60), key="alice")
    await limiter.take([alice, APP], 0)
    keys = {key.decode().removeprefix(prefix): await client.pttl(key) async for key in client.scan_iter(f"{prefix}*")}
    tens = {name: ceil(left / 10_000) for name, left in keys.items()}
    assert tens == {"creations:alice": 6, "per_app:app": 60}
    assert await counted(client, prefix) == 1


async def test_a_wait_that_would_take_too_long_is_refused_and_counts_nowhere(
    client: Any, limiter: RedisLimiter, prefix: str
) -> None:
    alice = charge("creations", Rate(1, 60), key="alice")
    await limiter.take([alice, APP], 0)
    with pytest.raises(QuotaExceeded, match="creations allows 1 in 60 s: there is room in") as caught:
        await limiter.take([alice, APP], 30)
    assert (caught.value.scope, caught.value.retry) == ("creations", Retry.WAIT)
    assert 40 < caught.value.seconds <= 60
    assert await counted(client, prefix) == await counted(client, prefix, "creations:alice") == 1
    await limiter.take([APP], 0)
    with pytest.raises(QuotaExceeded) as caught:
        await limiter.take([alice, APP], 599)
    assert caught.value.scope == "per_app"
    assert not limiter._lines


async def test_the_margin_makes_every_span_longer(client: Any, prefix: str) -> None:
    limiter = RedisLimiter(client, prefix=prefix)
    began = time.monotonic()
    await limiter.take([charge("per_app", Rate(1, 9))], 0)
    with pytest.raises(QuotaExceeded) as caught:
        await limiter.take([charge("per_app", Rate(1, 9))], 0)
    assert 9.99 - (time.monotonic() - began) < caught.value.seconds <= 10


async def test_no_charge_asks_nobody() -> None:
    limiter = RedisLimiter.from_url("redis://127.0.0.1:1")
    await limiter.take((), 0)
    await limiter.aclose()


async def test_a_script_that_is_sent_twice_counts_once(client: Any, prefix: str) -> None:
    """The answer got lost and the client tried again."""
    for name, found in (("one", [0, 0]), ("two", [0, 0]), ("one", [0, 0])):
        assert await client.eval(_TAKE, 1, f"{prefix}x", name, 0, 1, 2, 10**9) == found
    wait, place = await client.eval(_TAKE, 1, f"{prefix}x", "three", 0, 1, 2, 10**9)
    assert place == 1
    assert 0 < wait <= 10**9
    await client.eval(_UNDO, 1, f"{prefix}x", "one")
    assert await client.eval(_TAKE, 1, f"{prefix}x", "three", 0, 1, 2, 10**9) == [0, 0]


async def test_what_no_longer_counts_is_removed(client: Any, limiter: RedisLimiter, prefix: str) -> None:
    charges = [charge("per_app", Rate(5, 0.02))]
    for _ in range(12):
        await limiter.take(charges, None)
    assert await counted(client, prefix) <= 10
    await limiter.take([charge("per_app", Rate(100, 60))], 0)
    before = await counted(client, prefix)
    await asyncio.sleep(0.03)
    await limiter.take(charges, 0)
    assert await counted(client, prefix) == before + 1, "another client's longer span still needs them"


@settings(max_examples=25)
@given(
    rates=st.lists(st.tuples(st.integers(1, 4), st.sampled_from([10, 20, 40])), min_size=1, max_size=2),
    calls=st.integers(1, 12),
    processes=st.integers(1, 3),
)
def test_never_too_many_in_any_span_and_nobody_starves(
    redis_url: str, rates: list[tuple[int, int]], calls: int, processes: int
) -> None:
    """By Redis' own clock, with several limiters that know nothing of each other."""
    prefix = f"{uuid4()}:"
    charges = (charge("per_app", *(Rate(number, span / 1000) for number, span in rates)),)

    async def main() -> list[float]:
        async with redis.asyncio.Redis.from_url(redis_url) as client:
            limiters = [RedisLimiter(client, prefix=prefix, margin=0, timeout=50) for _ in range(processes)]
            await client.zadd(f"{prefix}per_app:app", {"kept": -(10**9)})  # keep all, for us to look at
            async with asyncio.timeout(50):
                await asyncio.gather(*(limiters[n % processes].take(charges, None) for n in range(calls)))
            assert not any(limiter._lines for limiter in limiters)
            return [at for _, at in await client.zrange(f"{prefix}per_app:app", 1, -1, withscores=True)]

    at = asyncio.run(main())
    assert len(at) == calls
    for number, span in rates:
        assert all(later - earlier >= span * 1000 for earlier, later in zip(at, at[number:], strict=False))


_WORKER = """
import asyncio, json, sys, time
from tm_async.quotas import Charge, Rate, RedisLimiter

async def main(url, prefix):
    limiter = RedisLimiter.from_url(url, prefix=prefix, margin=0, timeout=50)
    await limiter.take([], None)
    charges = [Charge("per_app", "app", (Rate(10, 0.2),))]
    sys.stdin.readline()
    await asyncio.gather(*(limiter.take(charges, 50.0) for _ in range(10)))
    await limiter.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_processes_count_together(client: Any, redis_url: str, prefix: str) -> None:
    await client.zadd(f"{prefix}per_app:app", {"kept": -(10**9)})
    command = [sys.executable, "-c", _WORKER, redis_url, prefix]
    root = Path(__file__).parents[3]
    running = [
        await asyncio.create_subprocess_exec(*command, cwd=root, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    told = await asyncio.gather(*(process.communicate(b"go\n") for process in running))
    assert [process.returncode for process in running] == [0, 0, 0], told
    at = [at for _, at in await client.zrange(f"{prefix}per_app:app", 1, -1, withscores=True)]
    assert len(at) == 30
    assert all(later - earlier >= 200_000 for earlier, later in zip(at, at[10:], strict=False))


# --- waiting ----------------------------------------------------------------------------------------------------------


async def test_who_waits_goes_in_order_when_there_is_room(limiter: RedisLimiter, make_room: MakeRoom) -> None:
    charges, order = [charge("per_app", Rate(6, 600))], []

    async def call(number: int) -> None:
        await limiter.take(charges, None)
        order.append(number)

    for _ in range(6):
        await limiter.take(charges, 0)
    tasks = []
    for number in range(6):
        tasks.append(asyncio.create_task(call(number)))
        await waiting(limiter, number + 1)
    await make_room(600)
    await asyncio.gather(*tasks)
    assert order == list(range(6))
    assert not limiter._lines


async def test_those_who_wait_ahead_are_taken_into_account(client: Any, limiter: RedisLimiter, prefix: str) -> None:
    for _ in range(2):
        await limiter.take([APP], 0)
    tasks = [asyncio.create_task(limiter.take([APP], None)) for _ in range(3)]
    await waiting(limiter, 3)
    with pytest.raises(QuotaExceeded) as caught:
        await limiter.take([APP], 1000)
    assert 1190 < caught.value.seconds <= 1200  # two go at 600, the third and this one at 1200
    assert await counted(client, prefix) == 2
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert not limiter._lines


async def test_a_user_who_waits_to_create_holds_up_nobody_else(limiter: RedisLimiter, make_room: MakeRoom) -> None:
    app = charge("per_app", Rate(100, 600))
    alice, bob = ([charge("creations", Rate(1, 60), key=user), app] for user in ("alice", "bob"))
    await limiter.take(alice, 0)
    waits = asyncio.create_task(limiter.take(alice, None))
    await waiting(limiter, 1, "creations:alice")
    await limiter.take(bob, 0)
    await limiter.take([app], 0)
    assert not waits.done()
    await make_room(60, "creations:alice")
    await waits


async def test_who_has_come_through_a_narrow_quota_waits_for_the_wider_one(
    limiter: RedisLimiter, make_room: MakeRoom
) -> None:
    alice = charge("creations", Rate(1, 60), key="alice")
    app = charge("per_app", Rate(2, 600))
    await limiter.take([alice, app], 0)
    creates = asyncio.create_task(limiter.take([alice, app], None))
    await waiting(limiter, 1, "creations:alice")
    await limiter.take([app], 0)
    await make_room(60, "creations:alice")
    await waiting(limiter, 1)
    assert list(limiter._lines) == [limiter._prefix + "per_app:app"]
    assert not creates.done()
    await make_room(600)
    await creates


async def test_time_that_is_over_while_waiting(
    limiter: RedisLimiter, client: Any, prefix: str, make_room: MakeRoom
) -> None:
    """Another process takes the room that this call was told of."""
    charges = [charge("per_app", Rate(1, 100))]
    await limiter.take(charges, 0)
    take = asyncio.create_task(limiter.take(charges, 150))
    await waiting(limiter, 1)
    seconds, micros = await client.time()
    await client.zadd(f"{prefix}per_app:app", {"another's": (seconds + 90) * 1_000_000 + micros})
    await make_room(100)
    with pytest.raises(QuotaExceeded) as caught:
        await take
    assert 0 < caught.value.seconds <= 90
    assert not limiter._lines


async def test_a_call_given_up_in_line_holds_up_nobody(limiter: RedisLimiter, make_room: MakeRoom) -> None:
    charges = [charge("per_app", Rate(1, 600))]
    await limiter.take(charges, 0)
    first, second = (asyncio.create_task(limiter.take(charges, None)) for _ in range(2))
    await waiting(limiter, 2)
    first.cancel()
    await make_room(600)
    await second
    assert first.cancelled()
    assert not limiter._lines


@pytest.mark.parametrize("how", ["cancelled", "timeout"])
async def test_a_call_given_up_while_its_question_is_on_the_way(
    how: str, client: Any, limiter: RedisLimiter, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis may count it when nobody listens any more: it is taken back."""
    asked, answer = asyncio.Event(), asyncio.Event()
    ask = limiter._counts._take

    async def slow(**options: Any) -> Any:
        found = await ask(**options)
        asked.set()
        await answer.wait()
        return found

    monkeypatch.setattr(limiter._counts, "_take", slow)
    take = asyncio.create_task(limiter.take([APP], 60))
    if how == "timeout":
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(take, 0.02)
    else:
        await asked.wait()
        take.cancel()
        await asyncio.wait([take])
    await asked.wait()
    assert await counted(client, prefix) == 1
    answer.set()
    await limiter._counts.settled()
    await limiter._counts.settled()
    assert await counted(client, prefix) == 0


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60) | st.none()), min_size=1, max_size=12))
def test_who_gives_up_counts_nowhere(redis_url: str, plan: list[tuple[int, int | None]]) -> None:
    """At any moment: in line, on the way, or just counted."""
    prefix = f"{uuid4()}:"
    charges = (charge("per_app", Rate(2, 0.02)),)

    async def main() -> tuple[int, int]:
        async with redis.asyncio.Redis.from_url(redis_url) as client:
            limiter = RedisLimiter(client, prefix=prefix, margin=0, timeout=50)
            await client.zadd(f"{prefix}per_app:app", {"kept": -(10**9)})
            went = 0

            async def call(at: int, patience: int | None) -> None:
                nonlocal went
                await asyncio.sleep(at / 1000)
                async with asyncio.timeout(None if patience is None else patience / 1000):
                    await limiter.take(charges, None)
                went += 1

            await asyncio.gather(*(call(*one) for one in plan), return_exceptions=True)
            for _ in range(3):
                await limiter._counts.settled()
            assert not limiter._lines
            return went, await counted(client, prefix)

    went, held = asyncio.run(main())
    assert went == held
    assert went >= sum(patience is None for _, patience in plan)
