"""What the tests of ledgers share."""

import pytest

from tests.unit.storages import NOW, Clock
from tm_async.batch.ledger import Item, PostgresLedger, RedisLedger

__all__ = [
    "NOW",
    "Clock",
    "items",
    "postgres_leases_end_earlier",
    "redis_leases_end_earlier",
]


def items(*keys: str) -> list[Item]:
    return [Item(key=key, request=f'{{"subject":"{key}"}}', label=f"row {key}") for key in keys]


async def redis_leases_end_earlier(ledger: RedisLedger, seconds: float) -> None:
    """As if time had passed."""
    workers = ledger._keys[3]
    for worker in await ledger._client.zrange(workers, 0, -1):
        await ledger._client.zincrby(workers, -seconds, worker)


async def postgres_leases_end_earlier(ledger: PostgresLedger, seconds: float) -> None:
    """As if time had passed."""
    query = "UPDATE tm_async_ledger_workers SET ends = ends - %s WHERE name = %s"
    await ledger._do(lambda db: db.execute(query, (seconds, ledger._name)))


@pytest.fixture
def clock() -> Clock:
    return Clock()
