"""What came to the callback's address, decided by a pure function: no I/O, no clock, no framework.

Each step trusts the ones before it only: method, size, formats, signature against every key, the clock, and only then
Base64, decryption, padding, the first JSON value, the envelope, how many events. Whoever sends something else learns a
status and nothing more; the reason is for the log.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from hmac import compare_digest
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from attrs import field, frozen

from tm_async.core.jsonbytes import load
from tm_async.core.wire import is_object
from tm_async.errors import UnreadableDelivery
from tm_async.webhooks import wire
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.keys import WebhookKey, WebhookKeys

__all__ = ["MAX_AGE", "MAX_AHEAD", "Challenge", "Headers", "Reason", "Refused", "receive"]

MAX_AGE = 7 * 24 * 3600.0
"""Seconds. No window is documented, and what timestamp a retry bears is not, either. It has to stay below the time for
which an inbox knows what it has seen: then a replay is too old, or a duplicate."""
MAX_AHEAD = 600.0
"""Seconds that a timestamp may be ahead of this machine's clock."""

Text = str | bytes
Headers = Mapping[str, str] | Iterable[tuple[Text, Text]]
"""The request's headers, best as pairs: a mapping can't show that a header came twice."""


class Reason(StrEnum):
    """Why something is refused, in the order of the steps."""

    METHOD = "neither GET nor POST"
    TOO_LARGE = "too large"
    NO_CHECK_STR = "a GET without exactly one check_str"
    BODY = "the body is not a JSON object with data"
    HEADER_MISSING = "timestamp, nonce or signature is missing"
    HEADER_TWICE = "timestamp, nonce or signature came twice"
    FORMAT = "timestamp, nonce, signature or data is not in its format"
    SIGNATURE = "the signature fits no key"
    AHEAD = "the timestamp is in the future"
    TOO_OLD = "the timestamp is too old"
    BASE64 = "data is not Base64"
    PLAIN = "not encrypted, although an AES key is configured"
    DECRYPTION = "no AES key decrypts it"
    CHALLENGE = "the challenge is none"
    ENVELOPE = "what was decrypted is no event"
    TOO_MANY = "more than 2,000 events in one delivery"


_STATUS = {
    Reason.METHOD: 405,
    Reason.TOO_LARGE: 413,
    Reason.SIGNATURE: 401,
    Reason.AHEAD: 401,
    Reason.TOO_OLD: 401,
    Reason.TOO_MANY: 413,
}


@frozen
class Challenge:
    """The platform checks the address, on saving it and as a heartbeat: answer with exactly this text."""

    text: bytes = field(repr=False)
    key_name: str = ""


@frozen
class Refused:
    """Not from the platform, or not understood. The sender gets the status and no reason."""

    reason: Reason

    @property
    def status(self) -> int:
        """The HTTP status to answer with."""
        return _STATUS.get(self.reason, 400)


def receive(
    keys: WebhookKeys,
    method: str,
    query_string: Text,
    headers: Headers,
    body: bytes,
    now: float,
    *,
    allow_plain: bool = False,
    max_age: float = MAX_AGE,
) -> Challenge | Delivery | Refused:
    """Decide about one request. Never raises for what is in it.

    `query_string`: as it came, not decoded, without the question mark: a decoder of forms takes the `+` of Base64 for a
    space. `body`: as it came. `now`: UNIX seconds. `allow_plain`: take deliveries that are not encrypted although a
    key of the ring has an AES key; they are tried as encrypted ones first. `max_age`: seconds.
    """
    if method == "POST":
        data = _posted(body)
    elif method == "GET":
        data = _checked(query_string)
    else:
        return Refused(Reason.METHOD)
    if type(data) is Reason:
        return Refused(data)
    matching = _signed(keys, headers, data, now, max_age)
    if not isinstance(matching, list):
        return Refused(matching)
    try:
        raw = wire.decoded(data)
    except ValueError:
        return Refused(Reason.BASE64)
    allowed = allow_plain or not keys.encrypts
    return _bounded(_event(matching, raw, allowed, now)) if method == "POST" else _challenge(matching, raw, allowed)


# --- before the signature ---------------------------------------------------------------------------------------------


def _posted(body: bytes) -> str | Reason:
    if len(body) > wire.LARGEST_BODY:
        return Reason.TOO_LARGE
    try:
        value = load(body)
    except (ValueError, RecursionError):
        return Reason.BODY
    data = value.get("data") if is_object(value) else None
    if type(data) is not str:
        return Reason.BODY
    return data if data and data.isascii() else Reason.FORMAT


def _checked(query_string: Text) -> str | Reason:
    query = query_string if isinstance(query_string, bytes) else query_string.encode("utf-8", "surrogatepass")
    if len(query) > wire.LARGEST_QUERY:
        return Reason.TOO_LARGE
    found = [value for name, _, value in (part.partition(b"=") for part in query.split(b"&")) if name == b"check_str"]
    if len(found) != 1:
        return Reason.NO_CHECK_STR
    data = unquote_to_bytes(found[0])
    return data.decode() if data and data.isascii() else Reason.FORMAT


_PLACES: dict[Text, int] = {
    spelled: place
    for place, name in enumerate(("timestamp", "nonce", "signature"))
    for spelled in (name, name.encode())
}
_LENGTHS = {len(name) for name in _PLACES}


def _signed(
    keys: WebhookKeys, headers: Headers, data: str, now: float, max_age: float
) -> list[tuple[str, WebhookKey]] | Reason:
    """The keys that the signature fits: several, if only the AES key was changed."""
    values: list[Any] = [None, None, None]
    pairs = cast("Iterable[tuple[Text, Text]]", headers.items() if isinstance(headers, Mapping) else headers)
    for name, value in pairs:
        if len(name) not in _LENGTHS:
            continue
        place = _PLACES.get(name.lower())
        if place is not None:
            if values[place] is not None:
                return Reason.HEADER_TWICE
            values[place] = value if isinstance(value, str) else value.decode("latin-1")
    timestamp, nonce, signature = values
    if timestamp is None or nonce is None or signature is None:
        return Reason.HEADER_MISSING
    if not (wire.is_timestamp(timestamp) and wire.is_nonce(nonce) and signature.isascii()):
        return Reason.FORMAT
    # A list: every key is tried, whichever fits, and how long it takes tells nothing.
    matching = [named for named in keys.named if compare_digest(named[1].sign(timestamp, nonce, data), signature)]
    if not matching:
        return Reason.SIGNATURE if wire.is_signature(signature) else Reason.FORMAT
    moment = wire.seconds(timestamp)
    if moment > now + MAX_AHEAD:
        return Reason.AHEAD
    return matching if moment >= now - max_age else Reason.TOO_OLD


# --- after the signature ----------------------------------------------------------------------------------------------


def _event(matching: list[tuple[str, WebhookKey]], raw: bytes, plain_allowed: bool, now: float) -> Delivery | Refused:
    reason = Reason.DECRYPTION
    for name, key in matching:
        if not key.encrypts:
            continue
        try:
            return Delivery.parse(key.decrypt(raw), now, name)
        except UnreadableDelivery:
            reason = Reason.ENVELOPE
        except ValueError:
            continue
    try:
        plain = Delivery.parse(raw, now, matching[0][0], encrypted=False)
    except UnreadableDelivery:
        return Refused(reason if any(key.encrypts for _, key in matching) else Reason.ENVELOPE)
    return plain if plain_allowed else Refused(Reason.PLAIN)


def _bounded(found: Delivery | Refused) -> Delivery | Refused:
    many = isinstance(found, Delivery) and len(found.payload) > wire.MOST_EVENTS
    return Refused(Reason.TOO_MANY) if many else found


def _challenge(matching: list[tuple[str, WebhookKey]], raw: bytes, plain_allowed: bool) -> Challenge | Refused:
    found = [*_decrypted(matching, raw)]
    if plain_allowed:
        found.append(Challenge(raw, matching[0][0]))
    if not found:
        return Refused(Reason.DECRYPTION)
    # What another key decrypts ends like a padding once in 250 times, and nothing else tells it from the challenge.
    chosen = next((one for one in found if one.text.isascii() and one.text.decode().isprintable()), found[0])
    # The signature covers no method: a recorded delivery, sent as a GET, would be answered with what it hides.
    if not chosen.text or chosen.text.lstrip().startswith((b"{", b"[")):
        return Refused(Reason.CHALLENGE)
    return chosen


def _decrypted(matching: list[tuple[str, WebhookKey]], raw: bytes) -> Iterator[Challenge]:
    for name, key in matching:
        if key.encrypts:
            with suppress(ValueError):
                yield Challenge(key.decrypt(raw), name)
