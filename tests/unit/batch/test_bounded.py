"""Bulk calls: bounded, ordered, one outcome each, flat memory, nothing left behind."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.unit.client.test_client import AUTH, CREATED
from tm_async import Created, Outcome, Rejected, TencentMeeting, Timeout, Unknown, ValidationError
from tm_async.batch.bounded import bounded
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import (
    ConfigurationError,
    ConnectionFailed,
    ExchangeFailed,
    OutcomeUnknown,
    ServiceError,
    UnreadableAnswer,
)
from tm_async.transport.fake import FakeTransport


class Gates:
    """Work that finishes when the test says so."""

    def __init__(self) -> None:
        self.running: dict[int, asyncio.Event] = {}
        self.most = 0
        self.cancelled: list[int] = []

    async def work(self, index: int, item: int) -> int:
        gate = self.running[index] = asyncio.Event()
        self.most = max(self.most, len(self.running))
        try:
            await gate.wait()
        except asyncio.CancelledError:
            self.cancelled.append(index)
            raise
        finally:
            del self.running[index]
        return item * 10


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def double(index: int, item: int) -> int:
    for _ in range(item % 3):
        await asyncio.sleep(0)
    return item * 2


@given(items=st.lists(st.integers(), max_size=60), concurrency=st.integers(1, 9), as_completed=st.booleans())
def test_every_item_once(items: list[int], concurrency: int, as_completed: bool) -> None:
    async def run() -> list[int]:
        return [x async for x in bounded(double, items, concurrency=concurrency, as_completed=as_completed)]

    results = asyncio.run(run())
    expected = [item * 2 for item in items]
    assert (sorted(results) == sorted(expected)) if as_completed else (results == expected)


async def test_input_order_and_the_bound() -> None:
    gates, results = Gates(), []

    async def consume() -> None:
        async for result in bounded(gates.work, range(10), concurrency=3, as_completed=False):
            results.append(result)  # noqa: PERF401 - the point is to see them come

    task = asyncio.create_task(consume())
    await settle()
    assert sorted(gates.running) == [0, 1, 2]
    gates.running[2].set()
    gates.running[1].set()
    await settle()
    assert results == []
    assert sorted(gates.running) == [0, 3, 4]
    while gates.running:
        gates.running[min(gates.running)].set()
        await settle()
    await task
    assert results == [n * 10 for n in range(10)]
    assert gates.most == 3


async def test_a_source_that_bounds_its_own_time() -> None:
    """Every step of it is in one task, which is no worker's: nothing under way is cancelled with it."""

    async def source() -> AsyncIterator[int]:
        async with asyncio.timeout(0.01):
            yield 1
            yield 2
            await asyncio.Event().wait()

    results: list[int] = []
    with pytest.raises(TimeoutError):
        async for one in bounded(double, source(), concurrency=3, as_completed=False):
            results.append(one)  # noqa: PERF401 - what came before the error
    assert results == [2, 4]


class Broken:
    def __aiter__(self) -> Any:
        raise RuntimeError("no file")


async def test_a_source_that_can_not_be_read_at_all() -> None:
    with pytest.raises(RuntimeError, match="no file"):
        async with asyncio.timeout(5):
            async for _ in bounded(double, Broken(), concurrency=2, as_completed=False):
                pass


async def test_a_source_that_is_cancelled_inside() -> None:
    """It waited for a task that somebody cancelled: its error comes last, as in a plain loop."""

    async def source() -> AsyncIterator[int]:
        yield 1
        other = asyncio.create_task(asyncio.sleep(10))
        asyncio.get_running_loop().call_soon(other.cancel)
        await other

    results: list[int] = []
    with pytest.raises(asyncio.CancelledError):
        async for one in bounded(double, source(), concurrency=3, as_completed=False):
            results.append(one)  # noqa: PERF401 - what came before the error
    assert results == [2]
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


@pytest.mark.parametrize("as_completed", [False, True])
async def test_what_is_known_and_was_not_told_is_told_of_at_the_end(as_completed: bool) -> None:
    gates, left = Gates(), list[int]()
    stream = bounded(gates.work, range(4), concurrency=4, as_completed=as_completed, left=left.append)
    first = asyncio.ensure_future(anext(stream))
    await settle()
    for number in (1, 3) if not as_completed else (0, 1, 3):
        gates.running[number].set()
    await settle()
    first.cancel()
    await asyncio.wait({first})
    await stream.aclose()
    assert sorted(left) == [10, 30]


async def test_what_is_known_is_told_of_although_the_end_is_cancelled() -> None:
    """The source takes its time to end."""

    async def source() -> AsyncIterator[int]:
        yield 0
        yield 1
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.5)

    gates, left = Gates(), list[int]()

    async def consume() -> None:
        async with aclosing(
            bounded(gates.work, source(), concurrency=3, as_completed=False, left=left.append)
        ) as found:
            async for _ in found:
                pass

    task = asyncio.create_task(consume())
    await settle()
    gates.running[1].set()
    await settle()
    task.cancel()
    await settle()
    task.cancel()
    await asyncio.wait({task})
    assert left == [10]


async def test_as_completed_does_not_wait_for_the_slow_one() -> None:
    gates, results = Gates(), []

    async def consume() -> None:
        async for result in bounded(gates.work, range(4), concurrency=2, as_completed=True):
            results.append(result)  # noqa: PERF401

    task = asyncio.create_task(consume())
    await settle()
    for index in (1, 2, 3, 0):
        gates.running[index].set()
        await settle()
    await task
    assert results == [10, 20, 30, 0]


async def test_one_slow_item_does_not_fill_the_memory() -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    gates = Gates()

    async def work(index: int, item: int) -> int:
        return await gates.work(index, item) if index == 0 else item

    async with aclosing(bounded(work, endless(), concurrency=4, as_completed=False)) as outcomes:
        first = asyncio.ensure_future(anext(outcomes))
        for _ in range(300):
            await asyncio.sleep(0)
        assert taken == 4 * 8
        gates.running[0].set()
        assert await first == 10


async def test_stopping_early_ends_what_runs() -> None:
    gates = Gates()
    before = asyncio.all_tasks()
    async with aclosing(bounded(gates.work, range(100), concurrency=3, as_completed=True)) as outcomes:
        first = asyncio.ensure_future(anext(outcomes))
        await settle()
        gates.running[0].set()
        await first
        await settle()
    assert sorted(gates.cancelled) == [1, 2, 3]
    assert asyncio.all_tasks() == before


async def test_an_async_source_and_its_failure() -> None:
    async def source() -> AsyncIterator[int]:
        yield 1
        await asyncio.sleep(0)
        yield 2
        raise RuntimeError("the database went away")

    results = []
    with pytest.raises(RuntimeError, match="database"):
        async for result in bounded(double, source(), concurrency=5, as_completed=False):
            results.append(result)  # noqa: PERF401
    assert results == [2, 4]


async def test_a_failure_of_the_work_itself_is_not_hidden() -> None:
    async def broken(index: int, item: int) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        async for _ in bounded(broken, [1, 2, 3], concurrency=2, as_completed=False):
            pass


async def test_a_failure_of_the_work_ends_a_long_run_too() -> None:
    """In input order nothing can follow it, and no place becomes free."""

    async def broken(index: int, item: int) -> int:
        if index == 1:
            raise ZeroDivisionError
        return item

    taken = 0

    def source() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(5):
            async for _ in bounded(broken, source(), concurrency=2, as_completed=False):
                pass
    assert taken < 100


@pytest.mark.parametrize("concurrency", [0, -1, "4", 1.5, True, None])
async def test_concurrency_must_make_sense(concurrency: Any) -> None:
    with pytest.raises(ConfigurationError, match="concurrency must be a whole number, 1 or more; not"):
        [x async for x in bounded(double, [1], concurrency=concurrency, as_completed=False)]


async def outcomes_of(transport: FakeTransport, requests: Any, **options: Any) -> list[Outcome[Any]]:
    """Not repeated, so that each answer is that of one request."""
    tm = TencentMeeting(AUTH, transport=transport, retry=None)
    return [outcome async for outcome in tm.meetings.create_many(requests, concurrency=1, **options)]


async def test_outcomes() -> None:
    refusal = RawAnswer(400, (), b'{"error_info":{"error_code":190004,"message":"no"}}')
    trouble = RawAnswer(500, (), b'{"error_info":{"error_code":960000,"message":"oh"}}')
    no_list = RawAnswer(403, (), b'{"error_info":{"error_code":9042,"message":"no list"}}')  # looked for in vain
    transport = FakeTransport(
        RawAnswer(200, ((b"X-Tc-Trace", b"t"),), b'{"meeting_info_list":[{"meeting_id":"5"}]}'),
        refusal, trouble, no_list, ExchangeFailed("cut"), no_list, ConnectionFailed("refused"),
        RawAnswer(200, (), b"<html>"), no_list,
    )  # fmt: skip
    good = {"userid": "a", "subject": "x", "start_time": meeting().start_time, "end_time": meeting().end_time}
    requests = [
        meeting(), meeting(), good, good, good, good,
        good | {"password": "x"}, good | {"sujbect": "x"}, {}, None,
    ]  # fmt: skip
    outcomes = await outcomes_of(transport, requests)
    assert [type(outcome) for outcome in outcomes] == [
        Created, Rejected, Unknown, Unknown, Rejected, Unknown, Rejected, Rejected, Rejected, Rejected,
    ]  # fmt: skip
    assert [outcome.index for outcome in outcomes] == list(range(10))
    first, _, third, *_, last = outcomes
    assert isinstance(first, Created)
    assert (first.result.meeting_id, first.trace_id, first.request) == ("5", "t", requests[0])
    assert isinstance(third, Unknown)
    assert isinstance(third.error, OutcomeUnknown)
    assert isinstance(third.error.cause, ServiceError)
    assert third.error.__notes__[0].startswith("looking it up failed: meetings.list: error 9042")
    causes = [type(outcome.error.cause) for outcome in outcomes if _is_unclear(outcome)]
    assert causes == [ServiceError, ExchangeFailed, UnreadableAnswer]
    assert isinstance(last, Rejected)
    assert isinstance(last.error, ValidationError)
    assert "not NoneType" in str(last)
    assert "sujbect" in str(outcomes[7])
    assert str(first).startswith("#0 created Meeting(meeting_id='5'")
    said = "#2 unknown: meetings.create: may or may not have been done: ServiceError: error 960000"
    assert str(third).startswith(said)
    assert not transport._answers, "all of them were played"


def _is_unclear(outcome: Outcome[Any]) -> TypeGuard[Any]:
    return isinstance(outcome, Unknown) and isinstance(outcome.error, OutcomeUnknown)


async def test_other_operations_have_no_place_in_it() -> None:
    from tm_async import GetMeeting

    (outcome,) = await outcomes_of(FakeTransport(), [GetMeeting(meeting_id="1", userid="a")])
    assert isinstance(outcome, Rejected)
    assert "must be CreateMeeting" in str(outcome)


async def test_a_failure_of_somebody_elses_code_stays_with_its_request() -> None:
    def broken() -> Iterator[str]:
        raise LookupError("no such group")
        yield

    good = {"userid": "a", "subject": "x", "start_time": meeting().start_time, "end_time": meeting().end_time}
    outcomes = await outcomes_of(
        FakeTransport(KeyError("a hook"), CREATED), [good, good | {"invitees": broken()}, good]
    )
    assert [type(outcome) for outcome in outcomes] == [Unknown, Rejected, Created]
    assert "unexpected KeyError: 'a hook'" in str(outcomes[0])
    assert "LookupError: no such group" in str(outcomes[1])


class Counting(FakeTransport):
    """Answers everything, and counts what is in flight."""

    running = most = 0

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        self._answers = [CREATED]
        return await super().exchange(request, headers, timeout)


async def test_at_most_so_many_in_flight() -> None:
    transport = Counting()
    tm = TencentMeeting(AUTH, transport=transport, quotas=None)
    requests = (meeting(subject=str(n)) for n in range(200))
    outcomes = [outcome async for outcome in tm.meetings.create_many(requests, concurrency=7)]
    assert [outcome.index for outcome in outcomes] == list(range(200))
    assert transport.most == 7


class Endless(FakeTransport):
    """Answers everything and keeps nothing."""

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        await asyncio.sleep(0)
        return RawAnswer(200, (), b'{"meeting_info_list":[{"meeting_id":"5"}]}')


@pytest.mark.parametrize("as_completed", [False, True])
async def test_memory_stays_flat(as_completed: bool) -> None:
    """The peak does not grow with the number of items: ten times as many need no more."""
    good = {"userid": "a", "subject": "x", "start_time": meeting().start_time, "end_time": meeting().end_time}
    tm = TencentMeeting(AUTH, transport=Endless(), quotas=None)

    async def peak(items: int) -> int:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        requests = (dict(good) for _ in range(items))
        async for _ in tm.meetings.create_many(requests, concurrency=16, as_completed=as_completed):
            pass
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        await peak(200)
        few, many = await peak(300), await peak(3000)
    finally:
        tracemalloc.stop()
    assert many < 1.5 * few + 20_000
