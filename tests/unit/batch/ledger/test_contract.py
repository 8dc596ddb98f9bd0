"""Our own ledgers keep the contract."""

from typing import Any

import pytest

from tests.unit.batch.ledger.conftest import postgres_leases_end_earlier, redis_leases_end_earlier
from tests.unit.storages import InMemory, OnPostgres, OnRedis, OnSqlite
from tm_async.batch.ledger import Item, Ledger, MemoryLedger, PostgresLedger, RedisLedger, SqliteLedger
from tm_async.testing.ledger import LedgerContract


class Ours(LedgerContract):
    @pytest.fixture
    def ledger(self, opened: Any) -> Any:
        return opened

    async def test_it_tells_when_a_claim_was(self, ledger: Ledger) -> None:
        await ledger.add([Item(key="a", request="{}")])
        (entry,) = await ledger.claim("w", lease=60)
        assert entry.claimed_at is not None


class TestMemoryLedger(InMemory, Ours):
    kind = MemoryLedger


class TestSqliteLedger(OnSqlite, Ours):
    kind = SqliteLedger


class TestRedisLedger(OnRedis, Ours):
    kind, moved_back = RedisLedger, redis_leases_end_earlier


class TestPostgresLedger(OnPostgres, Ours):
    kind, moved_back = PostgresLedger, postgres_leases_end_earlier
