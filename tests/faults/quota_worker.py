"""One of the processes that share a limiter: as many calls as it lets through, for some seconds.

`python -m tests.faults.quota_worker REDIS CALLS SPAN MARGIN SECONDS`, with the emulator's environment. It waits for a
line on standard input, so that all begin together, and prints what it saw as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter

from tm_async import EnterpriseSecret, GetMeeting, TencentMeeting
from tm_async.errors import DeadlineExceeded, NotFound, QuotaExceeded, TencentMeetingError
from tm_async.quotas import Quotas, Rate, RedisLimiter
from tm_async.transport.fast import FastTransport

TASKS = 20


async def _calls(redis: str, rate: Rate, margin: float, seconds: float) -> Counter[str]:
    seen: Counter[str] = Counter()
    limiter = RedisLimiter.from_url(redis, margin=margin)
    async with FastTransport(trust_env=False) as transport:
        tm = TencentMeeting(
            EnterpriseSecret.from_env(),
            transport=transport,
            limiter=limiter,
            quotas=Quotas(per_app=(rate,)),
            retry=None,
            deadline=None,
        )
        end = time.monotonic() + seconds

        async def call() -> None:
            while (left := end - time.monotonic()) > 0:
                try:
                    await tm.with_options(deadline=left).send(GetMeeting(meeting_id="1", operator_id="user0"))
                except NotFound:
                    seen["answered"] += 1
                except (QuotaExceeded, DeadlineExceeded):
                    return  # no more room until the end, or the end has come
                except TencentMeetingError as error:
                    seen[type(error).__name__] += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(TASKS):
                group.create_task(call())
    await limiter.aclose()
    return seen


if __name__ == "__main__":
    url, calls, span, margin, seconds = sys.argv[1:]
    sys.stdin.readline()
    print(json.dumps(asyncio.run(_calls(url, Rate(int(calls), float(span)), float(margin), float(seconds)))))
