"""Whatever a signed delivery has inside: events that can be looked at, or a refusal. Nothing is raised."""

import json
from random import Random

from tests.curious import read_everything, secret_names, with_canaries
from tests.faults.figure import Figure, Plan
from tests.faults.forging import ENCRYPTING, NOW, PLAIN
from tests.faults.mutation import mutated
from tm_async.webhooks import Delivery, Event, MeetingTimeline, Refused, WebhookKeys, receive
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.events.samples import samples
from tm_async.webhooks.router import Router
from tm_async.webhooks.sending import delivery_request


async def run(plan: Plan) -> Figure:
    """Mutated deliveries of all events, encrypted and signed, as far as a handler."""
    handled: list[Event] = []
    router = Router()

    @router.on("*")
    async def every(event: Event) -> None:
        handled.append(event)

    deliveries = [sample.delivery for sample in samples()]
    secrets = frozenset(secret_names())
    bodies = [json.dumps(with_canaries(one, secrets), ensure_ascii=False).encode() for one in deliveries]
    rings = [(key, WebhookKeys(key)) for key in (ENCRYPTING, PLAIN)]
    failures: list[str] = []
    refused = 0
    seeds = plan.seeds(100_000, quick=800)
    for seed in seeds:
        rng = Random(f"{seed}")
        body = mutated(rng, rng.choice(bodies))
        key, keys = rng.choice(rings)
        sent = delivery_request(key, body, timestamp=str(int(NOW)))
        try:
            found = receive(keys, sent.method, sent.query_string, sent.headers, sent.body, NOW)
            if isinstance(found, Delivery):
                await _look_at(found, router)
            elif isinstance(found, Refused):
                refused += 1
            else:
                failures.append(f"--seed {seed}: became a challenge")
        except Exception as error:  # noqa: BLE001 - these are what is looked for
            failures.append(f"--seed {seed}: {error!r}, of {body[:200]!r}")
    return Figure(
        promise="deliveries",
        wanted="0 crashes",
        measured=f"{len(failures)} crashes on {len(seeds):,} mutated deliveries of {len(CLASSES)} events",
        ok=not failures,
        failures=failures,
        details=[f"{len(handled):,} events came to a handler, {refused:,} deliveries were refused as no envelope"],
    )


async def _look_at(delivery: Delivery, router: Router) -> None:
    _ = repr(delivery), delivery.extra, delivery.key, delivery.received_at
    timeline = MeetingTimeline()
    for event in Event.from_delivery(delivery):
        read_everything(event)
        timeline.add(event)
        _ = timeline.state, timeline.info, timeline.inside, timeline.waiting, timeline.recording, timeline.ended_at
        await router.handle(event)
