"""What a client on the emulator waits for is played by the emulator's clock: nobody waits for it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from tests.conftest import START, meeting
from tm_async import Created, EnterpriseSecret, TencentMeeting, Timeout
from tm_async.api.meetings import ListMeetings
from tm_async.core.outcome import Absent
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import OutcomeUnknown, RateLimited, TencentMeetingError

REAL = 5.0
"""Seconds that a test may take: far less than anything that is waited for here."""
CREATE = "meetings.create"


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    began = perf_counter()
    yield
    assert perf_counter() - began < REAL


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [
        (FaultRule(operation=CREATE, error_code=190310, status=429, times=1), 0.0, 65.0),  # the next minute
        (FaultRule(operation=CREATE, error_code=190310, times=2), 55.0, 130.0),
        (FaultRule(operation=CREATE, error_code=190310, times=1, headers={"Retry-After": "30"}), 30.0, 35.0),
    ],
)
async def test_a_rate(
    rule: FaultRule, least: float, most: float, tm_emulator: Emulator, tm_client: TencentMeeting
) -> None:
    tm_emulator.add_fault(rule)
    tm = tm_client.with_options(deadline=200)
    await tm.send(meeting(start_time=START + timedelta(days=900), end_time=START + timedelta(days=901)))
    assert least < tm_emulator.clock_offset < most
    assert len(tm_emulator.state.meetings) == 1


async def test_a_proxy_that_is_too_busy(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    tm_emulator.add_fault(FaultRule(status=429, times=2, headers={"Retry-After": "20"}))
    assert [each async for each in tm_client.meetings.list(userid="tester")] == []
    assert 40 <= tm_emulator.clock_offset < 41


async def test_bulk_calls(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    """Which wait as long as it takes: together, so that time passes once for all."""
    tm_emulator.add_fault(FaultRule(operation=CREATE, error_code=190310, times=20))
    far = {"start_time": START + timedelta(days=900), "end_time": START + timedelta(days=901)}
    requests = [{"userid": "tester", "subject": f"s{number}", **far} for number in range(20)]
    outcomes = [each async for each in tm_client.meetings.create_many(requests)]
    assert all(isinstance(each, Created) for each in outcomes)
    assert 0 < tm_emulator.clock_offset < 600, "some minutes: one after the other it would be twenty"


async def test_the_deadline_of_a_call_is_played_too(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    """What was waited is gone: the third attempt has no time left, as in the world."""
    tm_emulator.add_fault(FaultRule(operation=CREATE, error_code=190310, headers={"Retry-After": "30"}))
    with pytest.raises(RateLimited):
        await tm_client.send(meeting())
    assert len(tm_emulator.journal) == 2
    assert 30 <= tm_emulator.clock_offset < 36


async def test_an_unclear_outcome_is_settled(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    tm_emulator.add_fault(FaultRule(operation=CREATE, drop="before", times=1))
    far = {"start_time": START + timedelta(days=900), "end_time": START + timedelta(days=901)}
    with pytest.raises(OutcomeUnknown) as caught:
        await tm_client.send(meeting(**far))
    assert await caught.value.reconcile() == Absent()
    assert 29.5 <= tm_emulator.clock_offset < 32  # the rest passed by itself


async def test_what_the_gateway_delays_happens_in_time(tm_emulator: Emulator) -> None:
    """A call that its caller gave up is handled while the time of others is played, and not after it."""
    tm_emulator.add_fault(FaultRule(operation=CREATE, delay=20, times=1))
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, clock=tm_emulator.clock, quotas=None) as tm:
        far = {"start_time": START + timedelta(days=900), "end_time": START + timedelta(days=901)}
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.with_options(timeout=Timeout(read=0.05)).send(meeting(**far))
        assert not tm_emulator.state.meetings
        found: Any = await caught.value.reconcile()
        (made,) = tm_emulator.state.meetings
        assert found.result.meeting_id == made


async def test_a_clock_that_is_moved_by_hand_ends_a_delay(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    tm_emulator.add_fault(FaultRule(delay=600, delay_answer=600))
    call = asyncio.ensure_future(tm_client.send(ListMeetings(userid="tester")))
    for _ in range(2):
        while not tm_emulator.clock.waits:  # noqa: ASYNC110 - nothing to wait on but the loop itself
            await asyncio.sleep(0)
        assert not call.done()
        await tm_emulator.clock.sleep(600)
    assert (await call).meeting_info_list == ()


async def test_the_time_of_a_client_of_its_own_is_real(tm_emulator: Emulator) -> None:
    """Unless it is given the emulator's clock."""
    tm_emulator.add_fault(FaultRule(operation=CREATE, error_code=190310))
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None, deadline=0.2) as tm:
        with pytest.raises(TencentMeetingError):
            await tm.send(meeting())
    assert tm_emulator.clock_offset == 0
