"""Where a batch's progress is written down, so that no end of a run makes anything twice or loses it.

Each ledger loads what it needs on first use. A ledger of your own is any object with the methods of `Ledger`.
"""

from typing import TYPE_CHECKING

from tm_async._util.lazy import attach

if TYPE_CHECKING:
    from tm_async.batch.ledger.memory import MemoryLedger as MemoryLedger
    from tm_async.batch.ledger.opening import open_ledger as open_ledger
    from tm_async.batch.ledger.postgres import PostgresLedger as PostgresLedger
    from tm_async.batch.ledger.protocol import Entry as Entry
    from tm_async.batch.ledger.protocol import Item as Item
    from tm_async.batch.ledger.protocol import Ledger as Ledger
    from tm_async.batch.ledger.protocol import State as State
    from tm_async.batch.ledger.redis import RedisLedger as RedisLedger
    from tm_async.batch.ledger.sqlite import SqliteLedger as SqliteLedger

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "memory": ("MemoryLedger",),
        "opening": ("open_ledger",),
        "postgres": ("PostgresLedger",),
        "protocol": ("Entry", "Item", "Ledger", "State"),
        "redis": ("RedisLedger",),
        "sqlite": ("SqliteLedger",),
    },
)
