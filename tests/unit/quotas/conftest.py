"""What the tests of the limiter in Redis share."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio

from tests.unit.quotas.virtual import charge
from tm_async.quotas import Rate, RedisLimiter

__all__ = ["APP", "counted", "waiting"]

APP = charge("per_app", Rate(2, 600))


@pytest.fixture
def prefix() -> str:
    return f"{{{uuid4()}}}:"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Any]:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def limiter(client: Any, prefix: str) -> RedisLimiter:
    return RedisLimiter(client, prefix=prefix, margin=0)


async def counted(client: Any, prefix: str, name: str = "per_app:app") -> int:
    return int(await client.zcount(f"{prefix}{name}", 0, "+inf"))


async def waiting(limiter: RedisLimiter, count: int, name: str = "per_app:app") -> None:
    """Until so many wait in a line."""
    async with asyncio.timeout(5):
        while getattr(limiter._lines.get(limiter._prefix + name), "waiting", 0) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
