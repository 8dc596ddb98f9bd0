"""The moments of a request are those that are sent: what it is compared with has no fractions of a second either."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from tests.conftest import START, meeting
from tm_async import Recurrence
from tm_async.api.index import operations
from tm_async.api.meetings.lookup import candidates
from tm_async.batch.keyed import items_of
from tm_async.core.annotations import Declared, declared
from tm_async.core.answer import AnswerModel
from tm_async.core.codec import members, to_wire
from tm_async.core.parse import keep, restore
from tm_async.core.wire import TimeFormat
from tm_async.errors import ValidationError

PRECISE = START + timedelta(microseconds=123_456)


def models(said: Declared) -> Iterator[type[Any]]:
    """The classes that a request of this type is made of."""
    model = (said.items or said).model
    if model is not None and not issubclass(model, AnswerModel):
        yield model
        for part in members(model).values():
            yield from models(part)


def moments(cls: type[Any]) -> dict[str, TimeFormat]:
    return {name: form for name, said in members(cls).items() if (form := said.note(TimeFormat))}


WITH_MOMENTS = sorted(
    {model for operation in operations().values() for model in models(declared(operation)) if moments(model)},
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("cls", WITH_MOMENTS)
def test_every_request_with_moments_cuts_them(cls: type[Any]) -> None:
    """A class that forgot to would be compared with what the gateway never heard of."""
    made = object.__new__(cls)
    for field in attrs.fields(cls):
        object.__setattr__(made, field.name, PRECISE if field.name in moments(cls) else None)
    with suppress(ValidationError, TypeError, AttributeError):  # its other fields are no valid request
        made.__attrs_post_init__()
    for name, form in moments(cls).items():
        milliseconds = form in (TimeFormat.MILLISECONDS, TimeFormat.MILLISECONDS_TEXT)
        assert getattr(made, name).microsecond == (123_000 if milliseconds else 0)


def test_all_of_them_are_looked_at() -> None:
    assert {"CreateMeeting", "ModifyMeeting", "ModifyOccurrence", "SetEnrollConfig", "Recurrence", "ListMeetings"} <= {
        cls.__name__ for cls in WITH_MOMENTS
    }


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai", "America/New_York"])
async def test_requests_that_are_sent_alike_are_equal(zone: str | None) -> None:
    """On the wire, to each other, in a ledger, and to a look."""
    start = PRECISE.astimezone(ZoneInfo(zone)) if zone else PRECISE
    precise, plain = (
        meeting(start_time=one, end_time=one + timedelta(hours=1)) for one in (start, start.replace(microsecond=0))
    )
    assert precise == plain
    assert to_wire(precise) == to_wire(plain)
    assert keep(precise) == keep(plain)
    assert restore(type(precise), json.loads(json.dumps(keep(plain)))) == precise
    assert candidates.likeness(precise) == candidates.likeness(plain)
    first, second = [keyed.item async for keyed in items_of(type(plain), [precise, plain])]
    assert first is not None
    assert second is not None
    assert first.key.removesuffix("-1") == second.key.removesuffix("-2")
    assert first.request == second.request


def test_rules_judge_what_is_sent() -> None:
    """An end that is later by less than a second is no end."""
    with pytest.raises(ValidationError, match="must be after start_time"):
        meeting(start_time=START, end_time=START + timedelta(microseconds=999_999))
    until = START + timedelta(days=3)
    start = until + timedelta(microseconds=5)
    rule = Recurrence.daily(until=until)
    assert meeting(start_time=start, end_time=start + timedelta(hours=1), recurring_rule=rule).recurring_rule == rule
    assert Recurrence.daily(until=until + timedelta(microseconds=5)) == rule


@pytest.mark.parametrize("odd", [None, "soon", 5, datetime(2037, 12, 1, microsecond=5)])  # noqa: DTZ001
def test_what_is_no_moment_is_left_to_the_rules(odd: Any) -> None:
    with pytest.raises(ValidationError, match="start_time: (has no time zone|must be an aware datetime|is required)"):
        meeting(start_time=odd)
