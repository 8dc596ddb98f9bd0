"""What the ledger in memory promises beyond the contract."""

import pickle

import pytest

from tests.unit.batch.ledger.conftest import NOW, Clock, items
from tm_async.batch.ledger import Item, MemoryLedger, State


async def test_when_an_attempt_was(clock: Clock) -> None:
    """The injected clock says so."""
    async with MemoryLedger(clock=clock) as ledger:
        await ledger.add(items("a"))
        (first,) = await ledger.claim("w", lease=60)
        assert (first.since, first.until) == (NOW, None)
        clock.now += 100
        (second,) = await ledger.claim("v", lease=60)
        assert (second.since, second.until) == (NOW, NOW + 60)
        clock.now += 5
        await ledger.record(second, State.UNKNOWN)
        assert (await ledger.get(["a"]))["a"].until == NOW + 105


async def test_what_is_given_is_a_copy() -> None:
    ledger = MemoryLedger()
    await ledger.add(items("a"))
    (entry,) = await ledger.claim("w", lease=60)
    outcome = {"ids": ["1"]}
    await ledger.record(entry, State.CREATED, outcome=outcome)
    outcome["ids"].append("2")
    for _ in range(2):
        found = (await ledger.get(["a"]))["a"]
        assert found.outcome == {"ids": ["1"]}
        found.outcome["ids"].append("3")  # type: ignore[attr-defined]


async def test_it_is_not_shown_and_not_pickled() -> None:
    ledger = MemoryLedger()
    await ledger.add([Item(key="a", request="canary")])
    assert repr(ledger) == "MemoryLedger(<1 entries>)"
    with pytest.raises(TypeError, match="holds secrets"):
        pickle.dumps(ledger)
