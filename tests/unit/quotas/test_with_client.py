"""Through the client: every attempt counts, waits are within the deadline, and nothing is sent without room."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from tests.conftest import meeting
from tm_async import EnterpriseSecret, GetMeeting, TencentMeeting
from tm_async.core.retry import RetryPolicy
from tm_async.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    LimiterUnavailable,
    QuotaExceeded,
)
from tm_async.quotas import Charge, MemoryLimiter, Quotas, Rate, RedisLimiter
from tm_async.transport.fake import FakeTransport

AUTH = EnterpriseSecret(app_id="app", sdk_id="sdk", secret_id="id", secret_key="key")
GET = GetMeeting(meeting_id="7567173273889276131", operator_id="alice")
FOUND = {"meeting_number": 1, "meeting_info_list": [{"meeting_id": "7567173273889276131"}]}


class Noting:
    """A limiter that lets everything through, once it is allowed to."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], float | None]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
        self.taken.append(([charge.scope for charge in charges], within))
        await self.open.wait()


async def test_what_the_limiter_is_asked() -> None:
    limiter = Noting()
    tm = TencentMeeting(AUTH, transport=FakeTransport(FOUND, FOUND, {}), limiter=limiter, deadline=30)
    await tm.send(meeting())
    await tm.with_options(deadline=None).send(GET)
    await tm.request("GET", "/v1/corp/records")
    assert [scopes for scopes, _ in limiter.taken] == [
        ["creations", "per_app"],
        ["per_app"],
        ["account_lists", "per_app"],
    ]
    first, second, _ = (within for _, within in limiter.taken)
    assert first is not None
    assert 29 < first <= 30
    assert second is None


async def test_every_attempt_counts() -> None:
    limiter = Noting()
    transport = FakeTransport(ConnectionFailed("x"), ConnectionFailed("x"), FOUND)
    tm = TencentMeeting(AUTH, transport=transport, limiter=limiter, retry=RetryPolicy(first=0.001))
    await tm.send(GET)
    assert len(limiter.taken) == len(transport.requests) == 3


async def test_no_room_in_time_means_that_nothing_is_sent() -> None:
    transport = FakeTransport(FOUND)
    quotas = Quotas(per_app=Rate(1, 60))
    tm = TencentMeeting(AUTH, transport=transport, limiter=MemoryLimiter(clock=lambda: 0.0), quotas=quotas)
    await tm.send(GET)
    began = time.monotonic()
    with pytest.raises(QuotaExceeded, match=r"^meetings\.create: per_app allows 1 in 60 s: there is room in") as caught:
        await tm.send(meeting())
    assert time.monotonic() - began < 30
    assert (caught.value.operation, caught.value.scope, caught.value.outcome_unknown) == (
        "meetings.create",
        "per_app",
        False,
    )
    assert caught.value.seconds == 61
    assert len(transport.requests) == 1
    with pytest.raises(QuotaExceeded):
        await TencentMeeting(AUTH, transport=transport, limiter=tm._shared.limiter, quotas=quotas).send(GET)
    other = EnterpriseSecret(app_id="another", sdk_id="sdk", secret_id="id", secret_key="key")
    await TencentMeeting(other, transport=FakeTransport(FOUND), limiter=tm._shared.limiter, quotas=quotas).send(GET)


async def test_waiting_counts_against_the_deadline() -> None:
    """The limiter does not keep the time itself here: the client does."""
    limiter = Noting()
    limiter.open.clear()
    transport = FakeTransport(FOUND)
    tm = TencentMeeting(AUTH, transport=transport, limiter=limiter, deadline=0.02)
    with pytest.raises(DeadlineExceeded, match=r"nothing was sent") as caught:
        await tm.send(meeting())
    assert not caught.value.outcome_unknown
    assert not transport.requests


async def test_a_limiter_that_fails_between_two_attempts() -> None:
    class Once(Noting):
        async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
            await super().take(charges, within)
            if len(self.taken) > 1:
                raise LimiterUnavailable("gone")

    transport = FakeTransport(ExchangeFailed("x"), FOUND)
    tm = TencentMeeting(AUTH, transport=transport, limiter=Once(), retry=RetryPolicy(first=0.001))
    with pytest.raises(LimiterUnavailable):
        await tm.send(GET)
    assert len(transport.requests) == 1


async def test_a_limiter_that_is_out_of_reach_means_that_nothing_is_sent() -> None:
    transport = FakeTransport(FOUND)
    limiter = RedisLimiter.from_url("redis://127.0.0.1:1", timeout=0.2)
    tm = TencentMeeting(AUTH, transport=transport, limiter=limiter)
    with pytest.raises(LimiterUnavailable, match=r"^meetings\.create: Redis at 127\.0\.0\.1:1/0") as caught:
        await tm.send(meeting())
    assert not caught.value.outcome_unknown
    assert not transport.requests
    await limiter.aclose()


async def test_a_client_without_quotas_asks_no_limiter() -> None:
    limiter = Noting()
    tm = TencentMeeting(AUTH, transport=FakeTransport(FOUND, FOUND), limiter=limiter, quotas=None)
    await tm.send(GET)
    assert not limiter.taken
    await tm.with_options(quotas=Quotas()).send(GET)
    assert len(limiter.taken) == 1
