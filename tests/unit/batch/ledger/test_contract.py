"""Our own ledgers keep the contract."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.unit.batch.ledger.conftest import Clock, postgres_leases_end_earlier, redis_leases_end_earlier
from tm_async.batch.ledger import Item, Ledger, MemoryLedger, PostgresLedger, RedisLedger, SqliteLedger
from tm_async.testing.ledger import LedgerContract

PassTime = Callable[[float], Awaitable[None]]


class Ours(LedgerContract):
    async def test_it_tells_when_a_claim_was(self, ledger: Ledger) -> None:
        await ledger.add([Item(key="a", request="{}")])
        (entry,) = await ledger.claim("w", lease=60)
        assert entry.claimed_at is not None


class TestMemoryLedger(Ours):
    @pytest.fixture
    def ledger(self, clock: Clock) -> Ledger:
        return MemoryLedger(clock=clock)

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        return clock.pass_time


class TestSqliteLedger(Ours):
    @pytest_asyncio.fixture
    async def ledger(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
        async with SqliteLedger(tmp_path / "batch.ledger", clock=clock) as ledger:
            yield ledger

    @pytest_asyncio.fixture
    async def other(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
        async with SqliteLedger(tmp_path / "batch.ledger", clock=clock) as ledger:
            yield ledger

    @pytest.fixture
    def pass_time(self, clock: Clock) -> PassTime:
        return clock.pass_time

    @pytest_asyncio.fixture
    async def broken(self, tmp_path: Path) -> AsyncIterator[Ledger]:
        async with SqliteLedger(tmp_path) as ledger:
            yield ledger


class TestRedisLedger(Ours):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} {{1}}"

    @pytest_asyncio.fixture
    async def ledger(self, redis_url: str, name: str) -> AsyncIterator[Ledger]:
        async with RedisLedger.from_url(redis_url, name=name) as ledger:
            yield ledger

    @pytest_asyncio.fixture
    async def other(self, redis_url: str, name: str) -> AsyncIterator[Ledger]:
        async with RedisLedger.from_url(f"{redis_url}?decode_responses=True", name=name) as ledger:
            yield ledger

    @pytest.fixture
    def pass_time(self, ledger: RedisLedger) -> PassTime:
        return lambda seconds: redis_leases_end_earlier(ledger, seconds)

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Ledger]:
        async with RedisLedger.from_url("redis://127.0.0.1:1", name="broken", timeout=2) as ledger:
            yield ledger


class TestPostgresLedger(Ours):
    @pytest.fixture
    def name(self) -> str:
        return f"{uuid4()} 批"

    @pytest_asyncio.fixture
    async def ledger(self, postgres_url: str, name: str) -> AsyncIterator[Ledger]:
        async with PostgresLedger(postgres_url, name=name) as ledger:
            yield ledger

    @pytest_asyncio.fixture
    async def other(self, postgres_url: str, name: str) -> AsyncIterator[Ledger]:
        async with PostgresLedger(postgres_url, name=name) as ledger:
            yield ledger

    @pytest.fixture
    def pass_time(self, ledger: PostgresLedger) -> PassTime:
        return lambda seconds: postgres_leases_end_earlier(ledger, seconds)

    @pytest_asyncio.fixture
    async def broken(self) -> AsyncIterator[Ledger]:
        async with PostgresLedger("postgresql://127.0.0.1:1/x", name="broken", timeout=2) as ledger:
            yield ledger
