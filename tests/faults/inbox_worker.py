"""The process that promise_inbox ends: it accepts events and handles them at the same time.

`python -m tests.faults.inbox_worker PLACE FIRST LOG HOW`. It accepts deliveries from number FIRST on, without end, and
prints `FIRST n` once it may acknowledge number n. Its two handlers take a moment, fail now and then, and write a line
into LOG for each success. HOW `end`: it accepts nothing, and ends when there is nothing left to handle.
"""

import asyncio
import logging
import os
import sys
from itertools import count
from random import Random

from tests.faults.events import number_of, one_of_many
from tm_async.errors import InboxError
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.inbox import Inbox, State, open_inbox
from tm_async.webhooks.router import Router
from tm_async.webhooks.worker import Worker

IN_FLIGHT = 16
LEASE = 1.0
_OPEN = {State.NEW, State.SENT, State.LEASED}


async def _accept(inbox: Inbox, numbers: "count[int]") -> None:
    for number in numbers:
        try:
            await inbox.accept(one_of_many(number))
        except InboxError:
            continue  # not acknowledged
        os.write(1, b"%d\n" % number)


def _router(log: str, rng: Random) -> Router:
    router = Router()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(name: str) -> None:
        async def handle(event: Event) -> None:
            await asyncio.sleep(rng.random() * 0.005)
            if event.attempt == 1 and rng.random() < 0.05:
                raise ValueError("now and then")
            os.write(out, f"{name} {number_of(event)} {event.late:d}\n".encode())

        router.add(handle, Event, name=name)

    for name in ("first", "second"):
        add(name)
    return router


async def _work(place: str, first: int, log: str, *, ends: bool) -> None:
    inbox = open_inbox(place)
    async with Worker(inbox, _router(log, Random(first)), lease=LEASE, poll=0.05, attempts=30):
        if ends:
            while any(_OPEN & states.keys() for states in (await inbox.counts()).values()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        else:
            numbers = count(first)
            await asyncio.gather(*(_accept(inbox, numbers) for _ in range(IN_FLIGHT)))
    await inbox.aclose()  # type: ignore[unreachable]


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    where, begin, file, how = sys.argv[1:]
    asyncio.run(_work(where, int(begin), file, ends=how == "end"))
