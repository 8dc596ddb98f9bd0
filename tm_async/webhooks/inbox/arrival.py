"""What an inbox keeps of a delivery besides its body."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.inbox.sealed import Bodies

__all__ = ["LAST", "Arrival", "Row", "row_of"]

LAST: Final = 10**15 - 1
"""Milliseconds of UNIX time that are not surpassed: beyond the year 9999, and in 15 digits."""

_LONGEST: Final = 200
"""Characters of a name or subject: databases index them. The platform's have less than fifty."""
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")
"""NUL has no place in PostgreSQL and separates in Redis, half a surrogate pair has none in UTF-8."""


@frozen
class Arrival:
    """One event of a delivery."""

    key: str
    place: int
    subject: str
    happened: int


@frozen
class Row:
    """A delivery, in texts that every database can store and index."""

    key: str
    event: str
    received: float
    key_name: str
    body: bytes = field(repr=False)
    """As it is kept: encrypted if there are store keys."""
    events: Sequence[Arrival]


def row_of(delivery: Delivery, bodies: Bodies) -> Row:
    """What is stored of a delivery. Never fails on what is inside."""
    key = delivery.key
    body = bodies.put(key, delivery.body)
    return Row(
        key, _storable(delivery.event), delivery.received, _storable(delivery.key_name), body, _arrivals(delivery)
    )


def _arrivals(delivery: Delivery) -> list[Arrival]:
    return [_arrival(event, place, delivery) for place, event in enumerate(Event.from_delivery(delivery))]


def _arrival(event: Event, place: int, delivery: Delivery) -> Arrival:
    about, moment = event.subject, event.operate_time
    seconds = delivery.received if moment is None else moment.timestamp()
    subject = "" if about is None else _storable("/".join(part for part in about if part))
    return Arrival(event.key, place, subject, min(max(round(seconds * 1000), 0), LAST))


def _storable(text: str) -> str:
    """The text, or, where no database could index it, its beginning and a digest."""
    if len(text) <= _LONGEST and not _UNFIT.search(text):
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_UNFIT.sub('?', text)[: _LONGEST // 2]}~{digest[:32]}"
