"""What the gateway refuses teaches the limiter: other programs use the same quota."""

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import Any

import pytest
from attrs import define, field

from tests.unit.quotas.conftest import counted
from tests.unit.quotas.virtual import charge, limiter, now, run
from tm_async.errors import QuotaExceeded
from tm_async.quotas import LearningLimiter, MemoryLimiter, Rate, RedisLimiter

APP = charge("per_app", Rate(300, 60))
LISTS = charge("account_lists", Rate(100, 60))


async def _at(waiting: Awaitable[None]) -> float:
    await waiting
    return now()


# --- one behaviour at a time ------------------------------------------------------------------------------------------


def test_nobody_goes_until_the_time_is_over() -> None:
    async def main() -> list[float]:
        limits = limiter()
        for _ in range(4):
            await limits.take((APP,), None)
        await asyncio.sleep(0)
        await limits.refused(APP, span=60, seconds=7)
        await asyncio.sleep(0)
        return await asyncio.gather(*(_at(limits.take(one, None)) for one in ((APP,), (LISTS, APP))))

    assert run(main) == [7, 60], "of ours there were three, so others have the rest but for one"


def test_those_who_wait_already_wait_longer() -> None:
    async def main() -> float:
        limits, narrow = limiter(), (charge("per_app", Rate(1, 5)),)
        await limits.take(narrow, None)
        waits = asyncio.create_task(_at(limits.take(narrow, None)))
        await asyncio.sleep(3)
        await limits.refused(narrow[0], span=60, seconds=30)
        return await waits

    assert run(main) == 33


def test_a_shorter_time_opens_nothing_sooner() -> None:
    async def main() -> float:
        limits = limiter()
        await limits.refused(APP, span=60, seconds=20)
        await limits.refused(APP, span=60, seconds=5)
        return await _at(limits.take((APP,), None))

    assert run(main) == 20


def test_who_does_not_need_that_quota_goes() -> None:
    async def main() -> tuple[float, float]:
        limits = limiter()
        await limits.refused(LISTS, span=60, seconds=20)
        return await _at(limits.take((APP,), None)), await _at(limits.take((LISTS, APP), None))

    assert run(main) == (0, 20)


def test_a_call_that_can_not_wait_so_long_is_refused_at_once() -> None:
    async def main() -> None:
        limits = limiter()
        await limits.refused(APP, span=60, seconds=20)
        with pytest.raises(QuotaExceeded, match=r"there is room in 20\.0 s") as caught:
            await limits.take((APP,), 19)
        assert (caught.value.scope, now()) == ("per_app", 0)

    run(main)


def test_the_refused_call_does_not_count() -> None:
    """Else a program that calls seldom would wait a whole span for its own attempt."""

    async def main() -> float:
        limits, one = limiter(), charge("per_app", Rate(1, 60))
        await limits.take((one,), None)
        await limits.refused(one, span=60, seconds=2)
        return await _at(limits.take((one,), 10))

    assert run(main) == 2


def test_what_others_have_is_left_to_them_and_tried_again_by_and_by() -> None:
    async def main() -> list[int]:
        limits, charges = limiter(), (APP,)
        for _ in range(201):
            await limits.take(charges, None)
        await limits.refused(APP, span=60, seconds=1)
        went = []
        for span in range(1, 40):
            await asyncio.sleep(60 * span + 0.5 - now())
            count = 0
            while True:
                try:
                    await limits.take(charges, 0)
                except QuotaExceeded:
                    break
                count += 1
            went.append(count)
        return went

    went = run(main)
    assert 201 < went[0] <= 210
    assert went == sorted(went)
    assert 239 <= went[4] <= 242, "others may have half as much for each of ours"
    assert went[-1] > 290


def test_a_longer_rate_is_not_used_up_by_a_refusal_of_the_shorter_one() -> None:
    async def main() -> float:
        limits, both = limiter(), charge("creations", Rate(9, 60), Rate(100, 86_400))
        for _ in range(3):
            await limits.take((both,), None)
        await limits.refused(both, span=60, seconds=1)
        for _ in range(4):
            await limits.take((both,), None)
        return now()

    assert run(main) < 200


def test_both_limiters_learn() -> None:
    assert isinstance(MemoryLimiter(), LearningLimiter)
    assert issubclass(RedisLimiter, LearningLimiter)


# --- in Redis ---------------------------------------------------------------------------------------------------------


async def test_all_processes_wait(client: Any, prefix: str) -> None:
    here, there = (RedisLimiter(client, prefix=prefix, margin=0) for _ in range(2))
    for _ in range(3):
        await here.take([APP], 0)
    await here.refused(APP, span=60, seconds=1)
    assert await counted(client, prefix) == 2
    with pytest.raises(QuotaExceeded) as caught:
        await there.take([APP], 0)
    assert 0 < caught.value.seconds <= 1
    began = asyncio.get_running_loop().time()
    waits = asyncio.create_task(there.take([LISTS, APP], None))
    await asyncio.sleep(0)
    await waits
    assert asyncio.get_running_loop().time() - began > 0.01


async def test_redis_leaves_to_others_what_they_have(client: Any, prefix: str) -> None:
    limits, rate = RedisLimiter(client, prefix=prefix, margin=0), charge("per_app", Rate(10, 600), Rate(50, 86_400))
    for _ in range(5):
        await limits.take([rate], 0)
    await limits.refused(rate, span=600, seconds=0.001)
    await asyncio.sleep(0.002)
    await limits.take([rate], 0)
    with pytest.raises(QuotaExceeded) as caught:  # four count, and a fifth may be tried
        await limits.take([rate], 0)
    assert 590 < caught.value.seconds <= 600
    key = f"{prefix}per_app:app"
    state = [name.decode() for name in await client.zrangebyscore(key, "-inf", "(0")]
    assert sorted(state) == ["closed", "kept", "left600000000", "since600000000"]
    # five spans later the others are believed to have half as much for each of ours
    await client.zincrby(key, 3_000_000_000, "since600000000")
    for _ in range(2):
        await limits.take([rate], 0)
    with pytest.raises(QuotaExceeded):
        await limits.take([rate], 0)


async def test_a_refusal_of_what_nobody_counted(client: Any, prefix: str) -> None:
    limits = RedisLimiter(client, prefix=prefix, margin=0)
    await limits.refused(APP, span=60, seconds=1)
    await limits.refused(APP, span=60, seconds=0)
    assert 50 < await client.pttl(f"{prefix}per_app:app") / 1000 <= 60
    with pytest.raises(QuotaExceeded):
        await limits.take([APP], 0)
    await limits.take([APP], 5)


# --- all of it --------------------------------------------------------------------------------------------------------


@define
class Gateway:
    """300 calls in any minute, of everybody together; another program makes its own."""

    fixed: bool
    past: deque[float] = field(factory=deque[float])
    refused: int = 0
    answered: int = 0

    def call(self) -> bool:
        edge = now() // 60 * 60 if self.fixed else now() - 60
        while self.past and self.past[0] <= edge:
            self.past.popleft()
        if len(self.past) < 300:
            self.past.append(now())
            return True
        return False


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("others", [60, 150, 290])
def test_few_attempts_are_refused(others: int, *, fixed: bool) -> None:
    """A program uses a part of the quota all the time; one that doesn't know of it sends as fast as it may."""

    async def main() -> Gateway:
        gateway, limits = Gateway(fixed), MemoryLimiter(clock=now)

        async def foreign() -> None:
            while True:  # noqa: ASYNC110 - time passes at once
                await asyncio.sleep(60 / others if gateway.call() else 0.05)

        async def worker() -> None:
            while now() < 900:
                await limits.take((APP,), None)
                await asyncio.sleep(0.2)
                if gateway.call():
                    gateway.answered += 1
                    continue
                gateway.refused += 1
                seconds = 60 - now() % 60
                await limits.refused(APP, span=60, seconds=seconds)

        other = asyncio.create_task(foreign())
        await asyncio.gather(*(worker() for _ in range(32)))
        other.cancel()
        return gateway

    gateway = run(main)
    room = (300 - others) * 15
    assert gateway.answered > 0.9 * room
    assert gateway.refused < max(0.08 * gateway.answered, 15 * 6), f"{gateway.refused} of {gateway.answered}"
