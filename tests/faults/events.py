"""Events with numbers, of some meetings."""

import json

from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event

__all__ = ["MEETINGS", "envelope", "number_of", "one_of_many"]

MEETINGS = 40
NOON = 1_790_000_000_000


def envelope(number: int) -> bytes:
    """The body of a delivery: the event with that number, which happened that many milliseconds after noon."""
    item = {"operate_time": NOON + number, "meeting_info": {"meeting_id": f"{number % MEETINGS}"}}
    return json.dumps({"event": "meeting.end", "trace_id": f"trace {number}", "payload": [item]}).encode()


def one_of_many(number: int) -> Delivery:
    """The same, received."""
    return Delivery.parse(envelope(number), NOON / 1000)


def number_of(event: Event) -> int:
    """The event's number."""
    return int(event.delivery.trace_id.removeprefix("trace "))
