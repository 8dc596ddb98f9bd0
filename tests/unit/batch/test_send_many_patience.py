"""Another program uses a part of the quota: a batch waits as long as it takes, and nothing of it is rejected."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import pytest
from attrs import define, field

from tests.conftest import meeting
from tests.unit.quotas.virtual import now, run
from tm_async import Created, EnterpriseSecret, Rejected, TencentMeeting
from tm_async.batch.ledger.memory import MemoryLedger
from tm_async.batch.ledger.protocol import State
from tm_async.core.exchange import RawAnswer, Request
from tm_async.core.retry import RetryPolicy
from tm_async.errors import ConnectionFailed, QuotaExhausted, RateLimited
from tm_async.observe.protocol import Wait
from tm_async.quotas import MemoryLimiter, Quotas

AUTH = EnterpriseSecret(app_id="app", sdk_id="sdk", secret_id="id", secret_key="key")
BEGIN = 1_800_000_000.0


def _json(value: Any, status: int = 200) -> RawAnswer:
    return RawAnswer(status, (), json.dumps(value).encode())


@define
class Gateway:
    """300 calls in any minute, of everybody together; `others` of them are another program's."""

    others: int = 0
    code: int = 190310
    fates: list[Any] = field(factory=list[Any])
    past: deque[float] = field(factory=deque[float])
    attempts: int = 0
    refused: int = 0
    made: Counter[str] = field(factory=Counter[str])

    async def exchange(self, request: Request, headers: Any, timeout: Any) -> RawAnswer:
        self.attempts += 1
        await asyncio.sleep(0.2)
        if self.fates:
            fate = self.fates.pop(0)
            if isinstance(fate, Exception):
                raise fate
            return self._refusal(fate)
        if not self.room():
            return self._refusal(self.code)
        subject = json.loads(request.body)["subject"]
        self.made[subject] += 1
        return _json({"meeting_info_list": [{"meeting_id": str(self.made.total()), "subject": subject}]})

    def room(self) -> bool:
        while self.past and self.past[0] <= now() - 60:
            self.past.popleft()
        if len(self.past) >= 300:
            return False
        self.past.append(now())
        return True

    def _refusal(self, code: int) -> RawAnswer:
        self.refused += 1
        return _json({"error_info": {"error_code": code}}, 500)

    async def foreign(self) -> None:
        while True:  # noqa: ASYNC110 - time passes at once
            await asyncio.sleep(60 / self.others if self.room() else 0.05)

    async def aclose(self) -> None:
        pass

    def client(self, **options: Any) -> TencentMeeting:
        given: dict[str, Any] = {
            "limiter": MemoryLimiter(clock=now),
            "quotas": Quotas(),
            "clock": lambda: BEGIN + now(),
        }
        return TencentMeeting(AUTH, transport=self, **(given | options))


async def _outcomes(tm: TencentMeeting, items: range, **options: Any) -> list[Any]:
    rows = (meeting(subject=f"m{number}") for number in items)
    return [outcome async for outcome in tm.meetings.create_many(rows, **options)]


def test_two_workers_beside_another_program() -> None:
    async def main() -> tuple[Gateway, list[Any]]:
        gateway, limiter = Gateway(others=100), MemoryLimiter(clock=now)
        foreign = asyncio.create_task(gateway.foreign())
        workers = [gateway.client(limiter=limiter) for _ in range(2)]
        halves = [_outcomes(tm, range(750 * number, 750 * (number + 1))) for number, tm in enumerate(workers)]
        outcomes = [one for half in await asyncio.gather(*halves) for one in half]
        foreign.cancel()
        return gateway, outcomes

    gateway, outcomes = run(main)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Created": 1500}
    assert len(gateway.made) == gateway.made.total() == 1500
    assert 0 < gateway.refused < 0.08 * gateway.attempts


@pytest.mark.parametrize("code", [190310, 190313, 9061, 500046, 9008, 500029])
@pytest.mark.parametrize("limited", [True, False])
def test_refusals_of_a_rate_cost_an_item_nothing_but_time(code: int, *, limited: bool) -> None:
    """Nor deadline, nor attempts, nor the budget for repetitions."""

    async def main() -> tuple[list[Any], float]:
        gateway = Gateway(fates=[code] * 40)
        options: dict[str, Any] = {} if limited else {"quotas": None}
        tm = gateway.client(retry=RetryPolicy(attempts=1, budget=0), deadline=1.0, **options)
        return await _outcomes(tm, range(3)), now()

    outcomes, took = run(main)
    assert [type(outcome) for outcome in outcomes] == [Created] * 3
    assert took > 600


@pytest.mark.parametrize("code", [190311, 190312, 500168, 9098])
def test_what_lasts_for_days_is_not_waited_for(code: int) -> None:
    async def main() -> tuple[list[Any], float]:
        return await _outcomes(Gateway(fates=[code]).client(), range(1)), now()

    (outcome,), took = run(main)
    assert isinstance(outcome, Rejected)
    assert isinstance(outcome.error, RateLimited | QuotaExhausted)
    assert took < 1


def test_an_attempt_after_trouble_waits_outside_the_deadline_too() -> None:
    """Its first attempt found no connection; for the second one there is no room for more than the deadline."""

    async def main() -> list[Any]:
        gateway, limiter = Gateway(fates=[ConnectionFailed("refused")]), MemoryLimiter(clock=now)
        tm = gateway.client(limiter=limiter, quotas=Quotas.legacy(), deadline=5.0)
        return await _outcomes(tm, range(30))

    assert [type(outcome) for outcome in run(main)] == [Created] * 30


def test_what_a_rate_refused_is_no_attempt() -> None:
    """Two may be made: the one that found no connection, and the one that succeeded."""

    async def main() -> list[Any]:
        gateway = Gateway(fates=[190310, 190310, ConnectionFailed("refused")])
        return await _outcomes(gateway.client(retry=RetryPolicy(attempts=2)), range(1))

    assert [type(outcome) for outcome in run(main)] == [Created]


def test_a_single_call_keeps_its_deadline() -> None:
    """It waits for the next minute, if its deadline allows for that; if not, its error comes at once."""

    async def main() -> tuple[Gateway, list[float]]:
        gateway = Gateway(fates=[190310])
        await asyncio.sleep(30)
        tm = gateway.client()
        await tm.send(meeting())
        waited = now()
        gateway.fates = [190310]
        await asyncio.sleep(60 * 5 - now())
        with pytest.raises(RateLimited):
            await tm.with_options(deadline=20).send(meeting())
        return gateway, [waited, now()]

    gateway, (waited, refused) = run(main)
    assert 60 <= waited <= 66
    assert refused < 301
    assert gateway.attempts == 3


def test_a_stop_takes_back_what_a_rate_refused() -> None:
    """It was sent, but nothing was done: the next run need not look for it."""

    async def main(stopped: Callable[[], bool]) -> tuple[dict[State, int], list[Any]]:
        ledger: Any = MemoryLedger(clock=lambda: BEGIN + now())
        tm = Gateway(fates=[190310] * 3).client()
        await tm.meetings.create_many.plan((meeting(subject=f"m{number}") for number in range(3)), ledger)
        outcomes = [one async for one in tm.meetings.create_many.pending(ledger, concurrency=3, stop=stopped)]
        return await ledger.counts(), [outcome.error for outcome in outcomes]

    counts, errors = run(lambda: main(lambda: now() > 5))
    assert counts[State.PENDING] == 3
    assert {str(error) for error in errors} == {"stopped before it was sent"}


@pytest.mark.parametrize(("options", "reason"), [({}, Wait.QUOTA), ({"quotas": None}, Wait.BACKOFF)])
def test_observers_hear_of_the_wait(options: dict[str, Any], reason: Wait) -> None:
    waits: list[tuple[Wait, float]] = []

    class Watch:
        def attempted(self, attempt: Any) -> None: ...
        def waited(self, why: Wait, seconds: float) -> None:
            waits.append((why, seconds))

        def ended(self, error: Any) -> None: ...

    class Observer:
        def begins(self, call: Any) -> Any:
            return Watch()

    async def main() -> list[Any]:
        return await _outcomes(Gateway(fates=[190310]).client(observers=[Observer()], **options), range(1))

    run(main)
    assert [why for why, seconds in waits if seconds > 1] == [reason]
