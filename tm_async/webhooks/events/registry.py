"""Which class an event's name belongs to. A family's module is loaded when one of its events comes."""

from importlib import import_module

from tm_async.webhooks.events.base import Event, UnknownEvent
from tm_async.webhooks.events.names import CLASSES

__all__ = ["event_class", "event_classes"]


_loaded: dict[str, type[Event]] = {}


def event_class(name: str) -> type[Event]:
    """The class of an event by its name on the wire; `UnknownEvent` for a name that this version does not know."""
    found = _loaded.get(name)
    if found is None:
        if name not in CLASSES:
            return UnknownEvent
        module, cls = CLASSES[name]
        found = _loaded[name] = getattr(import_module(f"tm_async.webhooks.events.{module}"), cls)
    return found


def event_classes() -> dict[str, type[Event]]:
    """Every known event by its name on the wire. Loads all families."""
    return {name: event_class(name) for name in CLASSES}
