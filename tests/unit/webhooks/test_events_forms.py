"""Every member of every event is read in each form in which deliveries have it."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import attrs
import pytest

from tm_async.core.annotations import Declared, fields
from tm_async.core.codec import is_base64, is_time
from tm_async.core.wire import wire_name
from tm_async.webhooks import Event, events_of
from tm_async.webhooks.events.base import ENVELOPE
from tm_async.webhooks.events.registry import event_classes

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())
FORMS = ("numbers", "texts", "seconds")

Pair = tuple[Any, Any]
"""What comes, and what it is read as."""


def value(said: Declared, form: str) -> Pair:
    if said.items is not None:
        came, read = value(said.items, form)
        return [came, came], (read, read)
    if attrs.has(said.tp):
        return members(said.tp, form)
    if is_time(said):
        later = SECONDS * 1000 + 5
        return (SECONDS, NOON) if form == "seconds" else (str(later) if form == "texts" else later, NOON + FIVE)
    if is_base64(said):
        return b64encode("周会\n一".encode()).decode(), "周会\n一"
    if issubclass(said.tp, Enum):
        known = said.tp(997 if issubclass(said.tp, int) else "BRAND_NEW")
        return str(known.value) if form == "texts" else known.value, known
    if said.tp is bool:
        return {"texts": "true", "seconds": 1}.get(form, True), True
    if said.tp is int:
        return "7" if form == "texts" else 7, 7
    return 18357763596888459343 if form == "numbers" else "18357763596888459343", "18357763596888459343"


FIVE = timedelta(milliseconds=5)


def members(cls: type[Any], form: str) -> tuple[dict[str, Any], dict[str, Any]]:
    came, read = dict[str, Any](), dict[str, Any]()
    for name, said in fields(cls).items():
        came[wire_name(name, said.notes)], read[name] = value(said, form)
    return came, read


def shown(model: Any, wanted: Any) -> Any:
    """As much of a model as is wanted, in the same shape."""
    if isinstance(wanted, dict):
        assert model.extra == {}
        return {name: shown(getattr(model, name), one) for name, one in wanted.items()}
    if isinstance(wanted, tuple):
        return tuple(shown(one, each) for one, each in zip(model, wanted, strict=True))
    return model


def delivered(cls: type[Event], *items: Any, **beside: Any) -> list[Event]:
    return events_of(json.dumps({"event": cls.spec.name, "trace_id": "t", "payload": items, **beside}).encode(), 1.0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cls", event_classes().values(), ids=event_classes())
def test_every_member_is_read(cls: type[Event], form: str) -> None:
    came, wanted = members(cls, form)
    first, second = delivered(cls, came, {**came, "brand_new": [1]})
    assert type(first) is type(second) is cls
    assert shown(first, wanted) == wanted
    assert (first.wire, second.extra) == (came, {"brand_new": [1]})
    json.dumps([first.to_dict(), second.to_dict()])


@pytest.mark.parametrize("cls", event_classes().values(), ids=event_classes())
def test_what_is_null_is_as_if_missing(cls: type[Event]) -> None:
    came, _ = members(cls, "numbers")
    nothing, missing = delivered(cls, dict.fromkeys(came), {})
    assert nothing.to_dict() == missing.to_dict()
    assert nothing.extra == {}


@pytest.mark.parametrize("cls", event_classes().values(), ids=event_classes())
def test_members_that_stand_elsewhere_are_found(cls: type[Event]) -> None:
    for member, where in cls.also_in.items():
        came, read = value(fields(cls)[member], "numbers")
        beside = {member: came} if where == ENVELOPE else {}
        (event,) = delivered(cls, {where: {member: came}} if where else {}, **beside)
        assert getattr(event, member) == read
