"""A batch made by many workers, on any number of machines: taskiq on Redis, one ledger, one limiter.

Install taskiq and taskiq-redis besides tm-async[cli,redis]. Everywhere the same REDIS_URL and credentials:

    taskiq worker --app-dir examples workers:broker --workers 4 --max-async-tasks 1  # on each machine
    python examples/workers.py june meetings.csv  # once: writes the batch down, and calls the workers
    python examples/workers.py june               # calls them again, if something is left
    TENCENT_MEETING_LEDGER="$REDIS_URL#june" tm-async batch status  # tells how far it is

A password in REDIS_URL stays in the environment: the list of processes, which everybody can read, does not show it.

The file has the columns userid, subject, start_time and end_time, with times like 2027-12-01T10:00+08:00; `--demo 200`
makes up meetings of the emulator's users instead. docs/workers.md tells what happens when something breaks.
"""

import argparse
import asyncio
import csv
import logging
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import RedisStreamBroker

from tm_async import Created, EnterpriseSecret, TencentMeeting
from tm_async.batch.ledger import open_ledger
from tm_async.quotas import RedisLimiter

log = logging.getLogger("workers")
url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
broker = RedisStreamBroker(
    url,
    queue_name="tm_async:workers",
    consumer_id="0",  # also what was queued before the first worker came
    xread_count=1,  # take one message, leave the others to other workers
    maxlen=1000,  # acknowledged messages stay in the stream
)


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    state.limiter = RedisLimiter.from_url(url)  # all workers count together
    state.tm = TencentMeeting(EnterpriseSecret.from_env(), limiter=state.limiter)
    state.stopping = False
    # taskiq waits for running tasks before it says that the worker ends: they would not know.
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: Any) -> None:
        state.stopping = True
        before[number](number, frame)

    for number in before:
        signal.signal(number, stop)


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def end(state: TaskiqState) -> None:
    await state.tm.aclose()
    await state.limiter.aclose()


@broker.task("tm_async.work")
async def work(batch: str) -> None:
    """Go once through what the batch still has to do.

    May run any number of times, also at the same time: the ledger knows what is done, a message only wakes a worker.
    """
    state = broker.state
    async with aclosing(open_ledger(url, batch)) as ledger:
        async for outcome in state.tm.meetings.create_many.pending(ledger, stop=lambda: state.stopping):
            if not isinstance(outcome, Created):
                log.warning("%s: %s", batch, outcome)
        counts = await ledger.counts()
    log.info("%s: %s", batch, ", ".join(f"{count} {name}" for name, count in counts.items() if count))
    if state.stopping:
        await work.kiq(batch)  # for the others, or for those that start next


async def produce(batch: str, requests: Iterable[dict[str, Any]], *, passes: int = 4) -> int:
    """Write the batch down, and call as many workers. Returns how many meetings were new; safe to repeat."""
    async with TencentMeeting(EnterpriseSecret.from_env()) as tm, aclosing(open_ledger(url, batch)) as ledger:
        added = await tm.meetings.create_many.plan(requests, ledger)
    await broker.startup()
    for _ in range(passes):
        await work.kiq(batch)
    await broker.shutdown()
    return added


def read(path: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            times = {name: datetime.fromisoformat(row[name]) for name in ("start_time", "end_time")}
            yield {"userid": row["userid"], "subject": row["subject"], **times}


def demo(count: int) -> Iterator[dict[str, Any]]:
    start = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=30)
    for number in range(count):
        times = {"start_time": start, "end_time": start + timedelta(hours=1)}
        yield {"userid": ("tester", "alice", "bob", "carol", "dave")[number % 5], "subject": f"Talk {number}", **times}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Write a batch down, and call the workers.")
    arguments.add_argument("batch", help="the ledger's name")
    arguments.add_argument("file", nargs="?")
    arguments.add_argument("--demo", type=int, default=0, metavar="N")
    given = arguments.parse_args()
    rows = read(given.file) if given.file else demo(given.demo)
    print(asyncio.run(produce(given.batch, rows)), "new meetings")
