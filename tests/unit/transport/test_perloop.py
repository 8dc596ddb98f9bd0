"""Pools of connections, one per event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tm_async.transport.perloop import PerLoop, close_here


class Pool:
    def __init__(self) -> None:
        self.closed: list[float | None] = []
        self.abandoned = 0
        self.closing: Callable[[], None] = lambda: None

    async def aclose(self, grace: float | None = None) -> None:
        self.closed.append(grace)
        self.closing()
        await asyncio.sleep(0)

    def abandon(self) -> None:
        self.abandoned += 1


def test_every_event_loop_has_its_own() -> None:
    lot = PerLoop(Pool)

    async def use() -> Pool:
        pool = lot.current()
        assert lot.current() is pool
        await close_here([lot])
        await close_here([lot])
        assert lot.current() is not pool
        return pool

    one, other = asyncio.run(use()), asyncio.run(use())
    assert one is not other
    assert [one.closed, other.closed] == [[None], [None]]


async def test_what_begins_while_others_are_closed_stays_open() -> None:
    lots = {"a": PerLoop(Pool), "b": PerLoop(Pool)}
    before = [lot.current() for lot in lots.values()]

    def begin() -> None:
        lots.setdefault("c", PerLoop(Pool))
        begun.extend(lot.current() for lot in lots.values())

    begun: list[Pool] = []
    before[-1].closing = begin  # the first one that is closed
    await close_here(lots.values(), 0)
    assert [pool.closed for pool in before] == [[0], [0]]
    assert len(begun) == 3
    assert [pool.closed for pool in begun] == [[], [], []]


async def test_a_cancellation_lets_no_pool_go() -> None:
    lots = [PerLoop(Pool), PerLoop(Pool)]
    pools = [lot.current() for lot in lots]
    task = asyncio.create_task(close_here(lots))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [pool.closed for pool in pools] == [[None], [None]]


def test_two_threads_find_the_same_ended_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    lot = PerLoop(Pool)

    async def use() -> Pool:
        return lot.current()

    loops = [asyncio.new_event_loop() for _ in range(2)]
    pools = [loop.run_until_complete(use()) for loop in loops]
    for loop in loops:
        loop.close()

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, use()).result()

    monkeypatch.setattr(pools[0], "abandon", meanwhile)
    asyncio.run(use())
    assert pools[1].abandoned == 1
