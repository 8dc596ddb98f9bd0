"""The other direction: an event as the platform would deliver it, for trying a receiver out."""

import json
import secrets
import time
from collections.abc import Mapping
from urllib.parse import quote

from attrs import field, frozen

from tm_async.webhooks import wire
from tm_async.webhooks.keys import WebhookKey

__all__ = ["Outgoing", "check_request", "delivery_request", "new_nonce"]


@frozen(kw_only=True)
class Outgoing:
    """A request that the platform could have made."""

    method: str
    query_string: str = ""
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)


def delivery_request(
    key: WebhookKey,
    envelope: Mapping[str, object] | bytes,
    *,
    timestamp: str | None = None,
    nonce: str | None = None,
    plain: bool = False,
) -> Outgoing:
    """A POST with this envelope, encrypted unless the key has no AES key or `plain` is asked for, and signed.

    `timestamp`: text of UNIX seconds or milliseconds; now, in milliseconds, by default.
    """
    text = envelope if isinstance(envelope, bytes) else json.dumps(envelope, ensure_ascii=False).encode()
    data = wire.encoded(key.encrypt(text) if key.encrypts and not plain else text)
    body = json.dumps({"data": data}).encode()
    headers = _signed(key, data, timestamp, nonce)
    return Outgoing(method="POST", headers=(("Content-Type", "application/json"), *headers), body=body)


def check_request(
    key: WebhookKey, challenge: str, *, timestamp: str | None = None, nonce: str | None = None, plain: bool = False
) -> Outgoing:
    """A GET that asks for this challenge, as on saving the settings and as a heartbeat."""
    text = challenge.encode()
    data = wire.encoded(key.encrypt(text) if key.encrypts and not plain else text)
    headers = _signed(key, data, timestamp, nonce)
    return Outgoing(method="GET", query_string=f"check_str={quote(data, safe='')}", headers=headers)


def new_nonce() -> str:
    """Eight digits, as in the page's sample."""
    return str(secrets.randbelow(9 * 10**7) + 10**7)


def _signed(key: WebhookKey, data: str, timestamp: str | None, nonce: str | None) -> tuple[tuple[str, str], ...]:
    timestamp = timestamp or str(time.time_ns() // 1_000_000)
    nonce = nonce or new_nonce()
    return (("timestamp", timestamp), ("nonce", nonce), ("signature", key.sign(timestamp, nonce, data)))
