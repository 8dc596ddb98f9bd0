"""A delivery: the keys of its items."""

import json

from tm_async.webhooks import Delivery, Event
from tm_async.webhooks.delivery import content_key


def test_the_keys_of_many_items_are_made_once() -> None:
    """Were they copied for each, a thousand items would take a thousand times as long as one."""
    items = [{"number": number} for number in range(3)]
    delivery = Delivery.parse(json.dumps({"event": "e", "trace_id": "t", "payload": items}).encode(), 1.0)
    assert list(delivery.item_keys) == [content_key("e", "t", item) for item in items]
    assert [event.key for event in Event.from_delivery(delivery)] == list(delivery.item_keys)
    assert delivery.key == content_key("e", "t", items)
    assert delivery.item_keys is delivery.item_keys
