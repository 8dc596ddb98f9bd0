"""A ledger that comes back empty, as Redis does without persistence: it is said, and nothing is sent without memory."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.batch.world import Process, World, rows, world
from tm_async import CreateMeeting, Rejected, Unknown
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.errors import LedgerError

__all__ = ["world"]

SAID = "the ledger has lost items, .*: it came back empty, or was cleared; look what exists"


async def _planned(world: World, count: int) -> Any:
    await Process(world).client().meetings.create_many.plan(rows(count, alike=1), world.ledger)
    return Process(world).client().meetings.create_many


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_workers_are_told(world: World, concurrency: int) -> None:
    """Not that all is done."""
    create_many = await _planned(world, 60)
    told = 0
    with pytest.raises(LedgerError, match=SAID):
        async with aclosing(create_many.pending(world.ledger, concurrency=concurrency)) as outcomes:
            async for _ in outcomes:
                told += 1
                if told == 20:
                    world.ledger.__init__(clock=world.time)  # type: ignore[misc]
    assert world.creations < 40


async def test_a_batch_sends_nothing_more(world: World) -> None:
    """What it is told of the rest is that it may exist: an earlier run may have sent it."""
    answer = world.answer

    def emptied(request: Any) -> Any:
        if world.creations == 20:
            world.ledger.__init__(clock=world.time)  # type: ignore[misc]
        return answer(request)

    world.answer = emptied  # type: ignore[method-assign]
    stream = Process(world).client().meetings.create_many(rows(60, alike=1), ledger=world.ledger, concurrency=4)
    told: list[Any] = [outcome async for outcome in stream]
    assert len(told) == 60
    assert world.creations < 40
    assert {type(one) for one in told[45:]} == {Unknown}
    with pytest.raises(LedgerError, match=SAID):
        raise told[-1].error


@pytest.mark.parametrize("told", ["a directory; name a file in it", "too small for a ledger"])
async def test_a_path_that_is_no_ledger_is_one_error_before_the_first_item(
    world: World, tmp_path: Path, told: str
) -> None:
    path = tmp_path
    if "small" in told:
        (path := tmp_path / "notes.txt").write_text("mine")
    outcomes: list[Any] = []
    with pytest.raises(LedgerError, match=told):
        async for outcome in Process(world).client().meetings.create_many(rows(5), ledger=path, concurrency=3):
            outcomes.append(outcome)  # noqa: PERF401 - what came before the error
    assert (outcomes, world.creations) == ([], 0)


async def test_an_item_that_vanishes_while_it_is_waited_for(world: World) -> None:
    """Another run holds it; then nobody knows of it."""
    requests = rows(1)
    ledger: Any = world.ledger
    await Process(world).client().meetings.create_many.plan(requests, ledger)
    (entry,) = await world.ledger.claim("another", lease=1e6)
    run = asyncio.create_task(Process(world).run(requests))
    await asyncio.sleep(0.01)
    assert not run.done()
    del world.ledger._entries[entry.key]
    (outcome,) = await asyncio.wait_for(run, 5)
    assert isinstance(outcome, Unknown)
    assert world.creations == 0


@pytest.mark.parametrize("request_", ["5", "[]", "null", '"x"', "", "[" * 100_000, '{"a":' * 50_000, '{"subject": 5}'])
async def test_a_row_that_is_no_request_is_that_rows_error(world: World, request_: str) -> None:
    create_many = await _planned(world, 3)
    key = next(iter(world.ledger._entries))
    object.__setattr__(world.ledger._entries[key], "request", request_)
    outcomes = [one async for one in create_many.pending(world.ledger)]
    (refused,) = [one for one in outcomes if isinstance(one, Rejected)]
    with pytest.raises(LedgerError, match=f"item {key}: what is recorded is no request"):
        raise refused.error
    assert (len(outcomes), world.creations) == (3, 2)


def test_the_ledger_of_the_tests() -> None:
    assert issubclass(type(World().ledger), MemoryLedger)
    assert CreateMeeting.spec.lookup
