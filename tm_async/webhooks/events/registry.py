"""Which class an event's name belongs to. A family's module is loaded when one of its events comes."""

from functools import cache
from importlib import import_module

from tm_async.webhooks.events.base import Event, UnknownEvent
from tm_async.webhooks.events.names import CLASSES

__all__ = ["event_class", "event_classes"]


@cache
def _class(name: str) -> type[Event]:
    module, cls = CLASSES[name]
    found: type[Event] = getattr(import_module(f"tm_async.webhooks.events.{module}"), cls)
    return found


def event_class(name: str) -> type[Event]:
    """The class of an event by its name on the wire; `UnknownEvent` for a name that this version does not know."""
    return _class(name) if name in CLASSES else UnknownEvent


def event_classes() -> dict[str, type[Event]]:
    """Every known event by its name on the wire. Loads all families."""
    return {name: _class(name) for name in CLASSES}
