"""One of the programs that share an app's quota: a worker of ours with the shared limiter, or a stranger without.

`python -m tests.faults.foreign_worker HOW REDIS CALLS SPAN ITEMS`, with the emulator's environment. It waits for a line
on standard input, so that all begin together. HOW is `worker`: it sends ITEMS creates and prints as JSON what became of
them; or `stranger`: it makes ITEMS calls a second, whatever it is answered, until its standard input is closed.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from importlib import import_module
from typing import Any

from tests.faults.harness import create
from tm_async import EnterpriseSecret, GetMeeting, TencentMeeting
from tm_async.errors import TencentMeetingError
from tm_async.quotas import Quotas, Rate, RedisLimiter
from tm_async.transport.fast import FastTransport

MARGIN = 0.2
DEADLINE = 5.0
"""Seconds, much less than the whole takes: what is waited for quota must not count."""


def _near_the_next_minute() -> float:
    """The gateway's minute is long; what a refusal makes calls wait for must come soon here."""
    return time.time() // 60 * 60 + 59.0


async def _worker(redis: str, rate: Rate, items: int) -> dict[str, int]:
    limiter = RedisLimiter.from_url(redis, margin=MARGIN)
    told: Counter[str] = Counter()
    async with FastTransport(trust_env=False) as transport:
        tm = TencentMeeting(
            EnterpriseSecret.from_env(),
            transport=transport,
            limiter=limiter,
            quotas=Quotas(per_app=(rate,)),
            deadline=DEADLINE,
            clock=_near_the_next_minute,
            correct_clock=False,
        )
        requests = (create(f"item {number}", f"user{number % 10}") for number in range(items))  # 2,000 an hour of each
        async for outcome in tm.meetings.create_many(requests):
            told[type(outcome).__name__] += 1
    await limiter.aclose()
    return dict(told)


async def _stranger(per_second: int) -> None:
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    async with FastTransport(trust_env=False) as transport:
        tm = TencentMeeting(EnterpriseSecret.from_env(), transport=transport, quotas=None, retry=None)
        while not over.done():
            await asyncio.wait({over}, timeout=1 / per_second)
            try:
                await tm.send(GetMeeting(meeting_id="1", operator_id="user0"))
            except TencentMeetingError:
                pass


if __name__ == "__main__":
    how, url, calls, span, many = sys.argv[1:]
    retry: Any = import_module("tm_async.core.retry")
    retry._SPREAD = 0.3
    sys.stdin.readline()
    if how == "stranger":
        asyncio.run(_stranger(int(many)))
    else:
        print(json.dumps(asyncio.run(_worker(url, Rate(int(calls), float(span)), int(many)))))
