"""From a delivery to its events."""

from tm_async.core.wire import is_object
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import ENVELOPE, Event
from tm_async.webhooks.events.registry import event_class

__all__ = ["events_in", "events_of"]


def events_of(body: bytes, received: float, key_name: str = "") -> list[Event]:
    """The events of a decrypted body, as an inbox keeps it. `received`: when it came, in UNIX seconds.

    Raises `UnreadableDelivery` for what was no delivery.
    """
    return events_in(Delivery.parse(body, received, key_name))


def events_in(delivery: Delivery) -> list[Event]:
    """The events of a delivery, in order. An item that is no object is one without members; see `.delivery`."""
    cls = event_class(delivery.event)
    found: list[Event] = []
    for index, item in enumerate(delivery.payload):
        event = object.__new__(cls)  # as `from_wire`, without the call
        event.__dict__.update(_wire=item if is_object(item) else {}, _delivery=delivery, _index=index)
        if cls.also_in:
            _look_elsewhere(event, cls)
        found.append(event)
    return found


def _look_elsewhere(event: Event, cls: type[Event]) -> None:
    for member, where in cls.also_in.items():
        other = event.delivery.envelope if where == ENVELOPE else event.wire.get(where)
        if event.wire.get(member) is None and is_object(other) and member in other:
            event.__dict__[member] = getattr(cls.from_wire(other), member)
