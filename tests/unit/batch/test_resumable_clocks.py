"""A batch under clocks that differ, and on a machine that sleeps: no decision is taken by two clocks."""

import asyncio
from typing import Any

import pytest
from attrs import evolve

from tests.unit.batch.world import (
    LEASE,
    Process,
    World,
    at,
    crash,
    created,
    drained,
    ended,
    rows,
)
from tests.unit.batch.world import world as world  # noqa: PLC0414 - a fixture
from tm_async import Created, CreateMeeting, Unknown
from tm_async.batch.keyed import items_of
from tm_async.batch.resumable import send_recorded


@pytest.mark.parametrize("database", [0.0, -5000.0])
@pytest.mark.parametrize("wall", [-3600.0, -100.0, 100.0, 3600.0])
async def test_no_two_clocks_are_compared(world: World, wall: float, database: float) -> None:
    """What a run sent before its end is carried out 20 s after its lease ended: another run has to wait for that."""
    world.wall, world.database, world.fates = wall, database, ["cut after"]
    requests = rows(1)
    process = Process(world, at(3, crash, after=True))
    assert await ended(process, process.run(requests)) is None
    assert world.creations == 1
    world.now += LEASE
    world.made[-1]["seen"] = world.now + 20
    (outcome,) = await asyncio.wait_for(Process(world).run(requests), 10)
    assert isinstance(outcome, Created)
    assert (outcome.looked_up, world.creations) == (True, 1)


async def test_what_is_long_ago_is_not_waited_for(world: World) -> None:
    """By the ledger's clock, which counted it."""
    world.wall, world.database, world.fates = -1e6, 1e6, ["cut before"]
    requests = rows(1)
    (outcome,) = await Process(world).run(requests)
    assert isinstance(outcome, Unknown)
    world.now += 1000
    before = world.now
    (outcome,) = await Process(world).run(requests)
    assert isinstance(outcome, Created)
    assert world.now == before


async def test_a_ledger_that_does_not_tell_when_a_claim_was(world: World) -> None:
    """What is doubtful is taken for as fresh as it can be."""
    world.fates = ["cut before"]
    requests = rows(1)
    await Process(world).run(requests)
    claim = world.ledger.claim

    async def untold(*args: Any, **options: Any) -> Any:
        return [evolve(entry, claimed_at=None) for entry in await claim(*args, **options)]

    world.ledger.claim = untold  # type: ignore[method-assign]
    world.now += 1000
    before = world.now
    (outcome,) = await Process(world).run(requests)
    assert isinstance(outcome, Created)
    assert world.now >= before + 30


async def test_a_machine_that_slept(world: World) -> None:
    """Its event loop did not notice. The other one has sent everything meanwhile."""
    requests = rows(4, alike=1)
    sending = Process(world).client().sending()
    begin, slept = sending.lookalikes.begin, False

    async def sleep(likeness: Any) -> None:
        nonlocal slept
        if not slept:
            slept = True
            world.now += LEASE + 1
            assert len(created(await Process(world).run(requests))) == 4
        await begin(likeness)

    sending.lookalikes.begin = sleep  # type: ignore[method-assign]
    source = items_of(CreateMeeting, requests)
    stream = send_recorded(sending, source, world.ledger, lease=LEASE, concurrency=3, as_completed=True)
    await drained(stream)
    assert world.creations == 4
