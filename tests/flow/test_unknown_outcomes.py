"""Whatever happens on the way, a request to create makes at most one meeting, or its caller is told that it may have.

Over real sockets, with faults of the emulator; sleepers pass the time of a clock of the test's own.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib import import_module
from random import Random
from typing import Any

import pytest

from tests.conftest import START, meeting
from tm_async import (
    Created,
    CreateMeeting,
    EnterpriseSecret,
    Recurrence,
    Rejected,
    TencentMeeting,
    Timeout,
    Unknown,
)
from tm_async._util import clocks
from tm_async.api.meetings import MeetingKind
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.core.retry import RetryPolicy
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import OutcomeUnknown, TencentMeetingError
from tm_async.transport.fast import FastTransport

BEGIN = (START - timedelta(days=3)).timestamp()
RETRY = RetryPolicy(first=0.001, longest=0.002)


class World:
    """An emulator and a client, whose clock moves when somebody sleeps: what is delayed happens meanwhile, in order."""

    def __init__(self, emulator: Emulator, tm: TencentMeeting, now: Callable[[], float]) -> None:
        self.emulator, self.tm, self.now = emulator, tm, now

    def subjects(self) -> Counter[str]:
        return Counter(one.subject for one in self.emulator.state.meetings.values())


@asynccontextmanager
async def world(behind: float = 0.0, seed: int = 0, **options: Any) -> AsyncIterator[World]:
    """`behind`: seconds that the gateway's clock is behind the client's."""
    with pytest.MonkeyPatch.context() as patch:
        async with Emulator(clock=lambda: BEGIN - behind, seed=seed) as emulator, FastTransport() as transport:
            for name in ("tm_async.client.reconcile", "tm_async.batch.send_many", "tm_async.batch.resumable"):
                patch.setattr(import_module(name), "sleep", emulator.clock.sleep)

            def now() -> float:
                return emulator.clock() + behind

            patch.setattr(clocks, "elapsed", now)
            auth = EnterpriseSecret.from_env(emulator.env)
            given: dict[str, Any] = {"clock": now, "quotas": None, "retry": RETRY} | options
            async with TencentMeeting(auth, base_url=emulator.base_url, transport=transport, **given) as tm:
                yield World(emulator, tm, now)


LOST = FaultRule(operation="meetings.create", drop="after", times=1)


async def unclear(tm: TencentMeeting, operation: CreateMeeting) -> OutcomeUnknown:
    with pytest.raises(OutcomeUnknown) as caught:
        await tm.send(operation)
    return caught.value


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"type": MeetingKind.QUICK},
        {"recurring_rule": Recurrence.daily(count=5)},
        {"recurring_rule": Recurrence.monthly(count=3)},
        {"subject": " 周会 «☕» ", "time_zone": "America/New_York"},
        {"invitees": ["alice", "stranger"], "hosts": ["bob"], "password": "123456"},
    ],
    ids=str,
)
@pytest.mark.parametrize("behind", [0.0, 250.0, -250.0])
async def test_a_meeting_whose_answer_was_lost_is_found(changes: dict[str, Any], behind: float) -> None:
    """Also while nobody knows yet how wrong this machine's clock is."""
    async with world(behind) as here:
        here.emulator.add_fault(LOST)
        error = await unclear(here.tm, meeting(**changes))
        found = await error.reconcile()
        assert isinstance(found, Found)
        assert list(here.emulator.state.meetings) == [found.result.meeting_id]


@pytest.mark.parametrize("behind", [0.0, 250.0, -250.0])
async def test_a_meeting_that_was_not_made_is_absent_after_the_time(behind: float) -> None:
    """What the client learns of the gateway's clock meanwhile does not count as time that has passed."""
    async with world(behind) as here:
        here.emulator.add_fault(FaultRule(operation="meetings.create", drop="before", times=1))
        error = await unclear(here.tm, meeting())
        assert await error.reconcile() == Absent()
        assert here.now() - BEGIN >= 30
        since = datetime.fromtimestamp(BEGIN, START.tzinfo)
        assert await here.tm.reconcile(meeting(), since=since) == Absent()


async def test_two_that_fit_are_nobodys() -> None:
    async with world() as here:
        await here.tm.send(meeting())
        here.emulator.add_fault(LOST)
        error = await unclear(here.tm, meeting())
        assert await error.reconcile() == Undecided("2 matches for one call")


NOISE: list[dict[str, Any]] = [
    {"drop": "before"}, {"drop": "during"}, {"drop": "after"}, {"garbage": "<html>busy</html>"}, {"status": 502},
    {"error_code": 550000}, {"error_code": 13000}, {"error_code": 190301}, {"delay": 0.5}, {"delay_answer": 0.05},
]  # fmt: skip


def noisy(here: World, rng: Random) -> None:
    """Some faults at a time: on creations, and fewer on looks."""
    for _ in range(4):
        rule = FaultRule(operation="meetings.create", probability=rng.uniform(0.05, 0.3), **rng.choice(NOISE))
        here.emulator.add_fault(rule)
    here.emulator.add_fault(FaultRule(operation="meetings.list", probability=0.1, **rng.choice(NOISE)))


async def created(here: World, operation: CreateMeeting) -> str:
    """What a careful caller does until there is one."""
    for _ in range(20):
        try:
            return (await here.tm.send(operation)).meeting_id
        except OutcomeUnknown as error:
            found = await settled(error)
            if isinstance(found, Found):
                return str(found.result.meeting_id)
            assert found == Absent(), "there is only one of this name"
        except TencentMeetingError as error:
            assert not error.outcome_unknown
    raise AssertionError("20 attempts, and no luck")


async def settled(error: OutcomeUnknown) -> Any:
    for _ in range(20):
        try:
            return await error.reconcile()
        except TencentMeetingError:
            continue
    raise AssertionError("20 looks, and no luck")


IMPATIENT = Timeout(connect=1.0, read=0.03, write=1.0, pool=5.0)


@pytest.mark.parametrize("seed", range(4))
async def test_a_careful_caller_gets_exactly_one(seed: int) -> None:
    async with world(seed=seed, timeout=IMPATIENT, settle=100.0) as here:
        noisy(here, Random(seed))
        operations = [meeting(subject=f"m{number:02}") for number in range(30)]  # none is a part of another
        told = await asyncio.gather(*[created(here, operation) for operation in operations])
        assert len(set(told)) == 30
        await here.emulator.clock.sleep(1)  # what is still delayed happens
        assert here.subjects() == Counter(operation.subject for operation in operations)


@pytest.mark.parametrize("seed", range(4))
async def test_a_batch_tells_the_truth_and_a_ledger_finishes_it(seed: int) -> None:
    async with world(seed=seed, timeout=IMPATIENT, settle=100.0) as here:
        noisy(here, Random(seed))
        ledger = MemoryLedger(clock=here.now)
        requests = [meeting(subject=f"m{number:02}") for number in range(40)]
        for last in (False, False, True):
            tm = here.tm.with_options(timeout=Timeout()) if last else here.tm  # a busy machine is no fault
            if last:
                here.emulator.clear_faults()
            outcomes = [one async for one in tm.meetings.create_many(requests, ledger=ledger, concurrency=8)]
            told = [one.result.meeting_id for one in outcomes if isinstance(one, Created)]
            assert len(told) == len(set(told))
            await here.emulator.clock.sleep(1)  # what is still delayed happens
            there = here.subjects()
            assert max(there.values()) == 1
            for outcome in outcomes:
                if not isinstance(outcome, Unknown):
                    assert there[requests[outcome.index].subject] == (not isinstance(outcome, Rejected))
        assert sorted(told) == sorted(here.emulator.state.meetings)
        assert len(told) == 40
