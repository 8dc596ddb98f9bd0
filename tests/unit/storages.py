"""Where ledgers and inboxes are kept: the fixtures of their contracts, once for each kind of storage."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
import pytest_asyncio
from attrs import define

from tm_async.testing.clauses import PassTime

__all__ = ["NOW", "Clock", "InMemory", "OnPostgres", "OnRedis", "OnSqlite"]

NOW = 1_790_000_000.0


@define
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds


class _Clocked:
    """With a clock that is handed in."""

    kind: ClassVar[Any]
    """The class of the ledger, or of the inbox."""

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        return clock.pass_time


class InMemory(_Clocked):
    @pytest.fixture
    def opened(self, clock: Clock) -> Any:
        return self.kind(clock=clock)


class OnSqlite(_Clocked):
    @pytest_asyncio.fixture
    async def opened(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Any]:
        async with self.kind(tmp_path / "kept.db", clock=clock) as one:
            yield one

    @pytest_asyncio.fixture
    async def other(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Any]:
        async with self.kind(tmp_path / "kept.db", clock=clock) as one:
            yield one

    @pytest_asyncio.fixture
    async def broken(self, tmp_path: Path) -> AsyncIterator[Any]:
        async with self.kind(tmp_path) as one:
            yield one


class _OfADatabase:
    """With the database's own clock: time passes by moving all times in it back."""

    kind: ClassVar[Any]
    moved_back: ClassVar[Callable[[Any, float], Awaitable[None]]]

    @pytest.fixture
    def pass_time(self, opened: Any) -> PassTime:
        return lambda seconds: type(self).moved_back(opened, seconds)


class OnRedis(_OfADatabase):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} {{1}}"

    @pytest_asyncio.fixture
    async def opened(self, redis_url: str, name: str) -> AsyncIterator[Any]:
        async with self.kind.from_url(redis_url, name=name) as one:
            yield one

    @pytest_asyncio.fixture
    async def other(self, redis_url: str, name: str) -> AsyncIterator[Any]:
        async with self.kind.from_url(f"{redis_url}?decode_responses=True", name=name) as one:
            yield one

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Any]:
        async with self.kind.from_url("redis://127.0.0.1:1", name="broken", timeout=2) as one:
            yield one


class OnPostgres(_OfADatabase):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} 箱"

    @pytest_asyncio.fixture
    async def opened(self, postgres_url: str, name: str) -> AsyncIterator[Any]:
        async with self.kind(postgres_url, name=name) as one:
            yield one

    @pytest_asyncio.fixture
    async def other(self, postgres_url: str, name: str) -> AsyncIterator[Any]:
        async with self.kind(postgres_url, name=name) as one:
            yield one

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Any]:
        async with self.kind("postgresql://127.0.0.1:1/x", name="broken", timeout=2) as one:
            yield one
