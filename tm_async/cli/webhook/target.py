"""One request to somebody's receiver, as the platform makes it: no redirects, nothing repeated."""

import time
from urllib.parse import urlsplit

import click
from attrs import field, frozen

from tm_async.core.exchange import Request
from tm_async.errors import TransportError
from tm_async.transport import Timeout
from tm_async.transport.httpx import HttpxTransport
from tm_async.webhooks.sending import Outgoing

__all__ = ["Got", "Target", "exchange", "request_of"]


@frozen
class Target:
    """An address that receives events."""

    origin: str
    path: str
    query: str

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Raises `click.BadParameter`. The platform takes HTTP and HTTPS."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise click.BadParameter(f"the URL can't be read: {error}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
            raise click.BadParameter("the URL must be http:// or https://, a host and a path, without credentials")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
        return cls(origin, parts.path or "/", parts.query)


@frozen
class Got:
    """What came back, or why nothing did."""

    status: int | None
    body: bytes = field(repr=False)
    seconds: float
    trouble: str = ""
    location: str | None = None


def request_of(target: Target, sent: Outgoing) -> Request:
    """The request with the query of both."""
    query = "&".join(part for part in (target.query, sent.query_string) if part)
    return Request(sent.method, f"{target.path}?{query}" if query else target.path, target.origin, sent.body)


async def exchange(transport: HttpxTransport, target: Target, sent: Outgoing, seconds: float) -> Got:
    """Send it and wait, for so many seconds at most."""
    timeout = Timeout(connect=seconds, read=seconds, write=seconds, pool=seconds, total=seconds)
    started = time.monotonic()
    try:
        answer = await transport.exchange(request_of(target, sent), sent.headers, timeout)
    except TransportError as error:
        return Got(None, b"", time.monotonic() - started, str(error))
    return Got(answer.status, answer.body, time.monotonic() - started, location=answer.header(b"location"))
