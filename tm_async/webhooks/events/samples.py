"""A delivery of every event, from its documented example, for tests and for `tm-async webhook send`.

`samples.jsonl` has them with their sources. Where the sources list members and show no example, the values are ours,
and the source says so.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, cast, get_type_hints
from uuid import uuid4

import attrs

from tm_async._util.near import did_you_mean
from tm_async.core.codec import members
from tm_async.core.wire import is_array, is_object
from tm_async.errors import ConfigurationError
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.events.reading import events_in

__all__ = ["Sample", "placed", "sample", "sample_envelope", "samples"]

EventT = TypeVar("EventT", bound=Event)
_RECEIVED = 1_760_000_000.0


@attrs.frozen
class Sample:
    """A delivery, and where it is from."""

    event: str
    source: str
    delivery: dict[str, Any] = attrs.field(repr=False)


@cache
def samples() -> tuple[Sample, ...]:
    """All of them; an event may have several, the one that `sample` takes first."""
    text = (files("tm_async.webhooks.events") / "samples.jsonl").read_text(encoding="utf-8")
    return tuple(Sample(**json.loads(line)) for line in text.splitlines())


def sample_envelope(name: str) -> dict[str, Any]:
    """A copy of an event's sample, with a trace id of its own: two samples are two events.

    Raises `ConfigurationError` for a name that is not known.
    """
    found = next((one for one in samples() if one.event == name), None)
    if found is None:
        hint = did_you_mean(name, [one.event for one in samples()], most=1)
        raise ConfigurationError(f"no event {name!r} is known{hint}")
    return deepcopy(found.delivery) | {"trace_id": str(uuid4())}


def placed(envelope: dict[str, Any], path: str, value: object) -> None:
    """Set what a path such as `meeting_info.meeting_id` or `recording_files.0.lang` names in the first item.

    Objects on the way are made. A path that begins with `envelope.` begins beside the payload. Raises
    `ConfigurationError` where the path leads through something else.
    """
    steps = path.split(".")
    target: Any = envelope["payload"][0]
    if steps[0] == "envelope":
        target = envelope
        steps = steps[1:]
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        if is_array(target) and step.isdecimal() and int(step) < len(target):
            if last:
                target[int(step)] = value
            target = target[int(step)]
        elif is_object(target) and step:
            if last:
                target[step] = value
            target = target.setdefault(step, {})
        else:
            raise ConfigurationError(f"{path}: {'.'.join(steps[: place + 1])} is not there to be set")


def sample(cls: type[EventT], changes: Mapping[str, object], given: Mapping[str, object]) -> EventT:
    """See `Event.sample`."""
    spec = getattr(cls, "spec", None)
    if spec is None:
        raise ConfigurationError(f"{cls.__name__} is no event of the platform's, so it has no sample")
    envelope = sample_envelope(spec.name)
    for path, value in [*((_path(cls, name), value) for name, value in given.items()), *changes.items()]:
        placed(envelope, path, _on_the_wire(value, path))
    body = json.dumps(envelope, ensure_ascii=False).encode()
    return cast("EventT", events_in(Delivery.parse(body, _RECEIVED, "sample"))[0])


def _path(cls: type[Event], name: str) -> str:
    known = members(cls)
    if name in known:
        return name
    info = get_type_hints(cls).get("meeting_info")
    if info is not None and name in members(info):
        return f"meeting_info.{name}"
    raise ConfigurationError(f"{cls.__name__} has no member {name}")


def _on_the_wire(value: object, path: str) -> object:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ConfigurationError(f"{path}: give an aware datetime")
    milliseconds = path.rpartition(".")[2] == "operate_time"
    return round(value.timestamp() * 1000) if milliseconds else int(value.timestamp())
