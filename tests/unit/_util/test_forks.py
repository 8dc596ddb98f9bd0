"""A fork while other threads hold our locks: children find them free, and what they guard whole."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from tests.forking import in_child
from tests.unit.batch.ledger.conftest import items
from tm_async.batch.ledger import SqliteLedger
from tm_async.quotas import Charge, MemoryLimiter, Rate
from tm_async.storage.groupcommit import GroupCommit

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")

WIDE = (Charge("per_app", "app", (Rate(10**9, 60),)),)
FULL = (Charge("narrow", "app", (Rate(1, 600),)),)


def test_a_limiter_that_threads_are_using() -> None:
    limiter, over = MemoryLimiter(), threading.Event()

    def use() -> None:
        async def calls() -> None:
            while not over.is_set():
                await limiter.take(WIDE, None)

        with asyncio.Runner() as runner:
            runner.run(calls())

    async def once() -> None:
        await limiter.take(WIDE, 1)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        assert [in_child(once) for _ in range(12)] == [0] * 12
    finally:
        over.set()
        for thread in threads:
            thread.join()


async def test_nobody_of_the_parents_waits_in_a_child() -> None:
    limiter = MemoryLimiter()
    await limiter.take(FULL, 0)
    waiting = asyncio.create_task(limiter.take(FULL, None))
    await asyncio.sleep(0)

    async def look() -> int:
        return "0 waiting" not in repr(limiter)

    assert "1 waiting" in repr(limiter)
    assert await asyncio.to_thread(in_child, look) == 0
    assert "1 waiting" in repr(limiter)
    waiting.cancel()


async def test_a_ledger_whose_thread_is_just_begun(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.db")
    await ledger.add(items("a"))
    assert isinstance(ledger._thread, GroupCommit)
    freed = threading.Event()

    def hold() -> None:
        with ledger._thread.lock:
            held.set()
            freed.wait(0.2)

    async def count() -> int:
        return sum((await ledger.counts()).values()) - 1

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    assert await asyncio.to_thread(in_child, count) == 0
    thread.join()
    await ledger.aclose()
