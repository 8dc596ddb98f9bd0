"""What the tests of the limiter in Redis share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio

from tests.unit.quotas.virtual import charge
from tm_async.quotas import Rate, RedisLimiter

__all__ = ["APP", "MakeRoom", "counted", "waiting"]

APP = charge("per_app", Rate(2, 600))
MakeRoom = Callable[..., Awaitable[None]]


@pytest.fixture
def prefix() -> str:
    return f"{{{uuid4()}}}:"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Any]:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def limiter(client: Any, prefix: str) -> RedisLimiter:
    return RedisLimiter(client, prefix=prefix, margin=0, timeout=30)  # a busy machine is no fault


@pytest.fixture
def make_room(client: Any, prefix: str, later: Callable[[float], None]) -> MakeRoom:
    """Lets seconds pass, for this process and for what Redis counted; who waits must rest already."""

    async def make(seconds: float, name: str = "per_app:app") -> None:
        calls = await client.zrangebyscore(f"{prefix}{name}", 0, "+inf")
        for call in calls:
            await client.zincrby(f"{prefix}{name}", -seconds * 1_000_000, call)
        later(seconds)

    return make


async def counted(client: Any, prefix: str, name: str = "per_app:app") -> int:
    return int(await client.zcount(f"{prefix}{name}", 0, "+inf"))


async def waiting(limiter: RedisLimiter, count: int, name: str = "per_app:app") -> None:
    """Until so many wait in a line."""
    async with asyncio.timeout(30):
        while getattr(limiter._lines.get(limiter._prefix + name), "waiting", 0) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
