"""Events that the platform delivers several times are handled once.

Signed and encrypted deliveries come to a receiver with an SQLite inbox in random order, each four times, many at once,
while two workers, each with a handle of its own on the inbox, have them handled.
"""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.faults.events import envelope, number_of
from tests.faults.figure import Figure, Plan
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.hooks import Webhooks
from tm_async.webhooks.inbox import SqliteInbox, State
from tm_async.webhooks.keys import WebhookKey, WebhookKeys
from tm_async.webhooks.sending import delivery_request
from tm_async.webhooks.worker import Worker

EVENTS, QUICK, TIMES = 10_000, 300, 4
IN_FLIGHT = 64
HANDLERS = ("first", "second")


async def run(plan: Plan) -> Figure:
    """One run."""
    events = QUICK if plan.quick else EVENTS
    rng = Random(plan.seed)
    keys = WebhookKeys(WebhookKey("ExampleToken0123456789abc", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        hooks = Webhooks(keys, inbox=path)
        done = Counter[tuple[str, int]]()
        for name in HANDLERS:
            _add(hooks, name, done)
        numbers = [number for number in range(events) for _ in range(TIMES)]
        rng.shuffle(numbers)
        async with hooks, SqliteInbox(path) as other, hooks.worker(poll=0.01), Worker(other, hooks, poll=0.01):
            refused = await _deliver(hooks, keys.current, numbers)
            await _handled(other)
        counts = await other.counts()
        await other.aclose()
    once = sum(times == 1 for times in done.values())
    twice = {one: times for one, times in done.items() if times > 1}
    failures = [f"{one} succeeded {times} times" for one, times in list(twice.items())[:5]]
    failures += [f"{refused} deliveries were not acknowledged"] * bool(refused)
    failures += [f"the inbox has {counts}"] * (counts != {name: {State.DONE: events} for name in HANDLERS})
    return Figure(
        promise="events",
        wanted="each handler succeeds once per event",
        measured=(
            f"{once:,} of {events * len(HANDLERS):,} succeeded once, {len(twice)} more often, in"
            f" {events:,} events delivered {TIMES} times each"
        ),
        ok=not failures and once == events * len(HANDLERS),
        failures=failures,
    )


def _add(hooks: Webhooks, name: str, done: Counter[tuple[str, int]]) -> None:
    async def handle(event: Event) -> None:
        await asyncio.sleep(0)
        done[name, number_of(event)] += 1

    hooks.add(handle, Event, name=name)


async def _deliver(hooks: Webhooks, key: WebhookKey, numbers: list[int]) -> int:
    """How many were not acknowledged."""
    left = iter(numbers)

    async def send() -> int:
        refused = 0
        for number in left:
            sent = delivery_request(key, envelope(number))
            reply = await hooks.respond("POST", "", sent.headers, sent.body)
            refused += reply.status != 200
        return refused

    return sum(await asyncio.gather(*(send() for _ in range(IN_FLIGHT))))


async def _handled(inbox: SqliteInbox) -> None:
    while any({State.NEW, State.LEASED} & states.keys() for states in (await inbox.counts()).values()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
