"""The process that promise_kill ends: it sends the meetings of a batch with a ledger, and tells of every attempt.

`python -m tests.faults.kill_worker LEDGER ITEMS LEASE HOW CLOCKS`, with the emulator's environment. HOW is `batch` (all
requests through `create_many`), `pending` (they are planned, then what the ledger still has to do is done), or `end`:
both in turn, until nothing is open. It prints a line when it begins and for each create that goes out, and for `end`
then what the caller was told, as JSON. CLOCKS is `right`, or the seed of a machine's clock that differs from the
ledger's and is set now and then, or `naps` and a seed: then the machine also sleeps.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from tests.faults.harness import create
from tests.faults.wrong_clocks import Napping, WrongClock
from tm_async import CreateMeeting, EnterpriseSecret, TencentMeeting, Timeout
from tm_async.batch.ledger import Ledger, open_ledger
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.transport.fast import FastTransport

CONCURRENCY = 32
USERS = 25
ROUNDS = 60
SETTLE = 0.5
"""The emulator acts late by a tenth of a second at most: what is not there then will not be made any more."""


class _Telling(FastTransport):
    """Says on standard output when a create goes out."""

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        if request.method == "POST":
            print("sent", flush=True)
        return await super().exchange(request, headers, timeout)


def requests(items: int) -> Iterator[CreateMeeting]:
    """The batch: meetings with subjects of their own, of some users."""
    return (create(f"item {number}", f"user{number % USERS}") for number in range(items))


async def _work(where: str, items: int, how: str, clocks: str) -> None:
    ledger: Any = open_ledger(where)
    clock = time.time if clocks == "right" else WrongClock(clocks)
    if clocks.startswith("naps"):
        ledger = Napping(ledger, clocks)
    async with _Telling(trust_env=False) as transport:
        auth = EnterpriseSecret.from_env()
        tm = TencentMeeting(auth, transport=transport, quotas=None, settle=SETTLE, clock=clock)
        if how == "pending":
            await tm.meetings.create_many.plan(requests(items), ledger, key=_subject)
            await _pending(tm, ledger)
        else:
            await _batch(tm, items, ledger)
        if how == "end":
            print(json.dumps(await _ended(tm, items, ledger)), flush=True)
    await ledger.aclose()


async def _batch(tm: TencentMeeting, items: int, ledger: Ledger) -> Counter[str]:
    told = Counter[str]()
    outcomes = tm.meetings.create_many(
        requests(items), ledger=ledger, concurrency=CONCURRENCY, as_completed=True, key=_subject
    )
    async for outcome in outcomes:
        told[type(outcome).__name__] += 1
    return told


async def _pending(tm: TencentMeeting, ledger: Ledger) -> None:
    async for _ in tm.meetings.create_many.pending(ledger, concurrency=CONCURRENCY):
        pass


async def _ended(tm: TencentMeeting, items: int, ledger: Ledger) -> dict[str, int]:
    """Go on until nothing is open, then ask once more for the outcome of everything."""
    for _ in range(ROUNDS):
        counts = await ledger.counts()
        if not any(count for state, count in counts.items() if not state.final):
            break
        await asyncio.sleep(0.1)
        await _pending(tm, ledger)
    return dict(await _batch(tm, items, ledger))


def _subject(request: Any) -> str:
    return str(request.subject)


def _hasten(lease: float) -> None:
    """Waits of the package that are there for a gateway which may act late, and for other runs."""
    resumable: Any = import_module("tm_async.batch.resumable")
    sending: Any = import_module("tm_async.batch.send_many")
    resumable.LEASE, sending._LOOKS = lease, (0.0, SETTLE / 2, SETTLE / 2)


if __name__ == "__main__":
    path, count, lease, how, clocks = sys.argv[1:]
    _hasten(float(lease))
    print("ready", flush=True)
    asyncio.run(_work(path, int(count), how, clocks))
