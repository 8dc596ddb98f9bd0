"""What the tests of inboxes share."""

import pytest
from attrs import define

from tests.postgres_server import postgres_url
from tests.redis_server import redis_url

__all__ = ["NOW", "Clock", "postgres_url", "redis_url"]

NOW = 1_790_000_000.0


@define
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()
