"""Connection slots: a bound, order, and exchanges that nobody cancels half-way."""

import asyncio
import logging
import sys
from typing import Any

import pytest

from tm_async import Timeout
from tm_async.core.exchange import RawAnswer, Request
from tm_async.errors import ClientClosed, ExchangeFailed, PoolTimeout
from tm_async.transport.connections import Slots

REQUEST = Request("POST", "/v1/meetings", "https://x", b"", "meetings.create")
OK = RawAnswer(200, ((b"x-tc-trace", b"t1"),), b"{}")
NOW = Timeout()


class Connection:
    def __init__(self) -> None:
        self.closed = False
        self.stale = False
        self.asked = True
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def work(self) -> RawAnswer:
        await self.gate.wait()
        if self.error:
            raise self.error
        return OK

    def usable(self, _: Request) -> bool:
        return not self.stale

    def give_up(self) -> bool:
        return True

    def abandon(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Pool:
    def __init__(self, size: int) -> None:
        self.made: list[Connection] = []
        self.slots: Slots[Connection] = Slots(size, self._make)

    def _make(self) -> Connection:
        self.made.append(Connection())
        return self.made[-1]

    def start(self, timeout: Timeout = NOW) -> "asyncio.Task[RawAnswer]":
        return asyncio.create_task(self.slots.run(REQUEST, timeout, Connection.work))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_connections_are_used_again_the_last_one_first() -> None:
    pool = Pool(2)
    tasks = [pool.start(), pool.start(), pool.start()]
    await settle()
    assert len(pool.made) == 2
    pool.made[0].gate.set()
    pool.made[1].gate.set()
    await asyncio.gather(*tasks)
    assert len(pool.made) == 2
    assert not any(connection.closed for connection in pool.made)
    await pool.slots.aclose()
    assert all(connection.closed for connection in pool.made)


async def test_a_broken_connection_goes_away_alone() -> None:
    pool = Pool(1)
    first, second = pool.start(), pool.start()
    await settle()
    pool.made[0].error = ExchangeFailed("cut")
    pool.made[0].gate.set()
    with pytest.raises(ExchangeFailed, match="cut"):
        await first
    await settle()
    assert [connection.closed for connection in pool.made] == [True, False]
    pool.made[1].gate.set()
    assert await second == OK


async def test_a_connection_that_the_other_side_closed_is_not_used_again() -> None:
    pool = Pool(1)
    first = pool.start()
    await settle()
    pool.made[0].gate.set()
    await first
    pool.made[0].stale = True
    second = pool.start()
    await settle()
    assert pool.made[0].closed
    pool.made[1].gate.set()
    assert await second == OK


async def test_giving_up_while_waiting_sends_nothing() -> None:
    pool = Pool(1)
    first = pool.start()
    await settle()
    waiting, third = pool.start(), pool.start()
    await settle()
    waiting.cancel()
    pool.made[0].gate.set()
    assert await third == OK
    assert await first == OK
    assert waiting.cancelled()
    assert len(pool.made) == 1
    with pytest.raises(PoolTimeout, match=r"meetings.create: no connection became free within 0.01 s"):
        pool.made[0].gate.clear()
        _ = pool.start()
        await settle()
        await pool.slots.run(REQUEST, Timeout(pool=0.01), Connection.work)
    pool.made[0].gate.set()


async def test_a_place_that_comes_while_giving_up_is_passed_on() -> None:
    pool = Pool(1)
    first = pool.start()
    await settle()
    waiting, third = pool.start(), pool.start()
    await settle()
    pool.made[0].gate.set()
    await first  # the place is given to `waiting`, which has not run yet
    waiting.cancel()
    assert await third == OK


async def test_giving_up_at_the_moment_when_a_place_becomes_free() -> None:
    pool = Pool(1)
    first = pool.start()
    await settle()
    waiting, third = pool.start(), pool.start()
    await settle()
    pool.made[0].gate.set()  # first ends in the loop's next turn, before `waiting` notices that it was cancelled
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError, match="nothing was sent"):
        await waiting
    assert await first == OK
    assert await third == OK


async def test_an_exchange_goes_on_when_its_caller_gives_up(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(1)
    task = pool.start()
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not pool.made[0].closed
    with caplog.at_level(logging.WARNING):
        pool.made[0].gate.set()
        await settle()
    assert caplog.messages == ["meetings.create: answered with HTTP 200 after its caller gave up (trace t1)"]
    assert await pool.start() == OK
    assert len(pool.made) == 1


async def test_the_failure_of_an_abandoned_exchange_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(1)
    task = pool.start()
    await settle()
    task.cancel()
    await asyncio.wait([task])
    with caplog.at_level(logging.WARNING):
        pool.made[0].error = ExchangeFailed("cut")
        pool.made[0].gate.set()
        await settle()
    assert caplog.messages == ["meetings.create: ended after its caller gave up: cut"]


async def test_the_total_time_ends_an_exchange_and_its_connection() -> None:
    pool = Pool(1)
    with pytest.raises(ExchangeFailed, match=r"took more than 0.01 s in all") as caught:
        await pool.start(Timeout(total=0.01))
    assert caught.value.outcome_unknown
    assert pool.made[0].closed
    second = pool.start()
    await settle()
    pool.made[1].gate.set()
    assert await second == OK


async def test_closing_waits_and_then_ends_what_still_runs(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tm_async.transport.connections.GRACE", 0.01)
    pool = Pool(2)
    task = pool.start()
    await settle()
    task.cancel()
    await settle()
    with caplog.at_level(logging.WARNING):
        await pool.slots.aclose()
        await settle()
    assert pool.made[0].closed
    assert caplog.messages == ["meetings.create: given up while closing, outcome unknown"]


async def test_a_place_that_came_just_before_closing_is_none() -> None:
    pool = Pool(1)

    async def first() -> None:
        await pool.slots.run(REQUEST, NOW, Connection.work)
        await pool.slots.aclose()  # the place is given to `waiting`, which has not run yet

    last = asyncio.create_task(first())
    await settle()
    waiting = pool.start()
    await settle()
    pool.made[0].gate.set()
    await last
    with pytest.raises(ClientClosed, match="nothing was sent"):
        await waiting
    assert [connection.closed for connection in pool.made] == [True]


async def test_what_ends_after_closing_was_cut_short_is_closed() -> None:
    pool = Pool(1)
    task = pool.start()
    await settle()
    closing = asyncio.create_task(pool.slots.aclose())
    await settle()
    closing.cancel()
    await settle()
    pool.made[0].gate.set()
    assert await task == OK
    assert pool.made[0].closed


async def test_a_cancellation_lets_no_idle_connection_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async def closing(connection: Connection) -> None:
        connection.closed = True
        await asyncio.sleep(0)

    monkeypatch.setattr(Connection, "aclose", closing)
    pool = Pool(2)
    tasks = [pool.start(), pool.start()]
    await settle()
    for connection in pool.made:
        connection.gate.set()
    await asyncio.gather(*tasks)
    task = asyncio.create_task(pool.slots.aclose())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [connection.closed for connection in pool.made] == [True, True]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="there are no eager tasks")
async def test_an_eager_task_gives_its_place_back() -> None:
    eager: Any = asyncio
    asyncio.get_running_loop().set_task_factory(eager.eager_task_factory)
    slots = Slots(1, Connection)

    async def at_once(connection: Connection) -> RawAnswer:
        return OK

    async def fails(connection: Connection) -> RawAnswer:
        raise ExchangeFailed("cut")

    for _ in range(2):
        assert await slots.run(REQUEST, NOW, at_once) == OK
        with pytest.raises(ExchangeFailed, match="cut"):
            await slots.run(REQUEST, NOW, fails)
    await slots.aclose()
