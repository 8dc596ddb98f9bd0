"""One delivery of the platform after it was verified and decrypted: an envelope with one event or several."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from attrs import field, frozen

from tm_async.core.jsonbytes import load
from tm_async.core.wire import is_array, is_object
from tm_async.errors import UnreadableDelivery

__all__ = ["Delivery", "content_key"]

_first_value = json.JSONDecoder().raw_decode
_in_order = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_NOT_PARTS_OF_THE_ENVELOPE = {"event", "trace_id", "unique_sequence", "payload"}


@frozen(kw_only=True, slots=False)
class Delivery:
    """What came with one POST. Its events are in `tm_async.webhooks.events_of`."""

    event: str
    """The name of what happened, the same for all items of the payload: `meeting.end`."""
    trace_id: str = ""
    """The platform's id of the push, likely the same when it is repeated. Old deliveries call it `unique_sequence`."""
    envelope: Mapping[str, Any] = field(repr=False)
    """The JSON object as it came, for what this version does not know."""
    body: bytes = field(repr=False)
    """What was decrypted, byte for byte."""
    received: float
    """When it came, in UNIX seconds by this machine's clock."""
    key_name: str = ""
    """The name of the key of the ring that the signature fits."""
    encrypted: bool = True
    """Whether it came encrypted."""

    @classmethod
    def parse(cls, body: bytes, received: float, key_name: str = "", *, encrypted: bool = True) -> "Delivery":
        """Read a decrypted body. What follows the first JSON value is ignored: the page leaves a suffix open.

        Raises `UnreadableDelivery`.
        """
        try:
            envelope = load(body)
        except (ValueError, RecursionError):
            envelope = _followed_by_something(body)
        if not is_object(envelope) or type(event := envelope.get("event")) is not str or not event:
            raise UnreadableDelivery("not a JSON object with the name of an event")
        trace = envelope.get("trace_id") or envelope.get("unique_sequence")
        delivery = object.__new__(cls)  # as the constructor, in half the time
        delivery.__dict__.update(
            event=event,
            trace_id=trace if type(trace) is str else str(trace) if type(trace) is int else "",
            envelope=envelope,
            body=body,
            received=received,
            key_name=key_name,
            encrypted=encrypted,
        )
        return delivery

    @property
    def received_at(self) -> datetime:
        """`received` as an aware datetime, in UTC."""
        return datetime.fromtimestamp(self.received, UTC)

    @property
    def payload(self) -> list[Any]:
        """The items, one for each event. One that is missing or empty counts as one item without members."""
        found = self.envelope.get("payload")
        if is_array(found):
            return found or [{}]
        return [found] if is_object(found) else [{}]

    @property
    def extra(self) -> dict[str, Any]:
        """Members that stand beside the payload."""
        return {name: value for name, value in self.envelope.items() if name not in _NOT_PARTS_OF_THE_ENVELOPE}

    @property
    def key(self) -> str:
        """The content key: hex SHA-256 over event, trace id and the payload in a canonical form."""
        return self._keys[0]

    @property
    def item_keys(self) -> Sequence[str]:
        """The content key of each item of `payload`: the same, over the item alone."""
        return self._keys[1]

    @cached_property
    def _keys(self) -> tuple[str, Sequence[str]]:
        """Together, as each item is most of the payload. Items may be many: nothing is copied for each of them."""
        items = [_canonical(item if is_object(item) else {}) for item in self.payload]
        found = self.envelope.get("payload")
        whole = is_array(found) and bool(found) and all(map(is_object, found))
        payload = f"[{','.join(items)}]" if whole else _canonical(found)
        whole_key, *keys = [_digest(self.event, self.trace_id, one) for one in (payload, *items)]
        return whole_key, tuple(keys)


def content_key(event: str, trace_id: str, payload: object) -> str:
    """Equal for equal content, whatever the order of members and the spacing; trace ids alone are reused.

    Raises `UnreadableDelivery` for hundreds of levels of nesting: the documented payloads have eight.
    """
    return _digest(event, trace_id, _canonical(payload))


def _digest(event: str, trace_id: str, canonical: str) -> str:
    return sha256(f"[{_in_order(event)},{_in_order(trace_id)},{canonical}]".encode()).hexdigest()


def _canonical(value: object) -> str:
    try:
        return _in_order(value)
    except RecursionError:
        raise UnreadableDelivery("nested too deeply") from None


def _followed_by_something(body: bytes) -> object:
    try:
        text = body.decode("utf-8", "surrogateescape").lstrip(" \t\r\n")
        value, end = _first_value(text)
        text[:end].encode()  # what follows may be any bytes, the value is text
    except (ValueError, RecursionError):
        pass
    else:
        found: object = value
        return found
    raise UnreadableDelivery("not JSON")  # not from the error, which shows what it read
