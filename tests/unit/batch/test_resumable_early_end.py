"""A batch that is left early, or cancelled, ends within a bound, whatever its ledger does about a cancellation."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from tests.unit.batch.world import Process, World, rows, world
from tm_async._util import ending
from tm_async.batch import resumable
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.batch.ledger.protocol import State

__all__ = ["world"]


class Swallowing:
    """A ledger whose driver swallows cancellations in one method, as `asyncio.wait_for` of Python 3.11 can."""

    def __init__(self, ledger: MemoryLedger, name: str) -> None:
        self._ledger = ledger
        self._name = name
        self.inside = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)
        if name != self._name:
            return method

        async def call(*args: Any, **options: Any) -> Any:
            self.inside.set()
            try:
                await asyncio.sleep(60 if name == "renew" else 0.001)
            except asyncio.CancelledError:
                pass
            return await method(*args, **options)

        return call


@pytest.fixture(autouse=True)
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancels again after a moment, and renews soon."""
    monkeypatch.setattr(ending, "_GRACE", 0.01)
    monkeypatch.setattr(resumable, "LEASE", 0.3)
    monkeypatch.setattr(resumable, "_GIVING_BACK", 0.05)


@pytest.mark.parametrize("method", ["add", "claim", "record", "renew"])
@pytest.mark.parametrize("how", ["left", "cancelled"])
async def test_a_driver_that_swallows_cancellations(method: str, how: str, world: World) -> None:
    ledger: Any = Swallowing(world.ledger, method)
    outcomes = Process(world).client().meetings.create_many(rows(400), ledger=ledger, concurrency=8)

    async def consume() -> None:
        async with aclosing(outcomes) as stream:
            async for _ in stream:
                ledger.inside.clear()
                await ledger.inside.wait()
                if how == "left":
                    break
                there.set()
                await asyncio.sleep(60)

    there = asyncio.Event()
    task = asyncio.create_task(consume())
    async with asyncio.timeout(5):
        if how == "cancelled":
            await there.wait()
            task.cancel()
        await asyncio.wait({task})
    assert task.cancelled() == (how == "cancelled")
    assert not [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]


async def test_a_ledger_that_hangs_at_the_end_costs_a_moment_in_all(world: World) -> None:
    """Not a moment for each of what is to be given back."""

    class Hanging(Swallowing):
        async def record(self, entry: Any, state: State, **_: Any) -> bool:
            await asyncio.Event().wait()
            return True

    ledger: Any = Hanging(world.ledger, "")
    tm = Process(world).client()
    stream = tm.meetings.create_many(rows(20, alike=20), ledger=ledger, concurrency=20)
    task = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.02)
    task.cancel()
    began = asyncio.get_running_loop().time()
    await asyncio.wait({task})
    await stream.aclose()
    assert asyncio.get_running_loop().time() - began < 2
