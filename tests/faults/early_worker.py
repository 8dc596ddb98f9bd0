"""The process that promise_early ends early: it sends a batch with a ledger in Redis.

`python -m tests.faults.early_worker LEDGER ITEMS AFTER`, with the emulator's environment. It leaves its batch after so
many outcomes; with 0 it goes on, until Ctrl-C. It prints a line for each outcome.
"""

import asyncio
import sys
from contextlib import aclosing

from tests.faults.harness import create
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.batch.ledger import open_ledger
from tm_async.transport.fast import FastTransport

CONCURRENCY = 32


async def _work(where: str, items: int, after: int) -> None:
    async with FastTransport(trust_env=False) as transport, aclosing(open_ledger(where)) as ledger:
        tm = TencentMeeting(EnterpriseSecret.from_env(), transport=transport, quotas=None)
        requests = (create(f"item {number}", f"user{number % 10}") for number in range(items))
        batch = tm.meetings.create_many(requests, ledger=ledger, concurrency=CONCURRENCY, as_completed=True)
        async with aclosing(batch) as outcomes:
            seen = 0
            async for _ in outcomes:
                seen += 1
                print("outcome", flush=True)
                if seen == after:
                    break


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
