"""Requests to somebody's receiver, as the platform makes them: no redirects, nothing repeated."""

import time
from types import TracebackType
from typing import Self

import click
from attrs import evolve, field, frozen

from tm_async._util.foreign import printable
from tm_async.cli.words import spoken
from tm_async.core.exchange import Request
from tm_async.core.hosts import taken_apart
from tm_async.errors import TransportError
from tm_async.transport import Timeout
from tm_async.transport.httpx import HttpxTransport
from tm_async.webhooks.sending import Outgoing
from tm_async.webhooks.wire import SUCCESS

__all__ = ["Posted", "Poster"]

DEADLINE = 5.0
"""Seconds after which the platform hangs up."""


@frozen
class Posted:
    """What came back, or why nothing did."""

    status: int | None
    body: bytes = field(repr=False)
    seconds: float
    """How long it took."""
    trouble: str = ""

    @property
    def redirects(self) -> bool:
        """Whether it sends elsewhere, where the platform does not go."""
        return self.status is not None and 300 <= self.status < 400

    @property
    def accepted(self) -> bool:
        """Whether it acknowledges a delivery: the status, and the exact text."""
        return self.status == 200 and self.body == SUCCESS

    @property
    def said(self) -> str:
        """What came instead."""
        if self.status is None or self.redirects:
            return self.trouble
        return spoken("HTTP 200 with another text") if self.status == 200 else f"HTTP {self.status}"


class Poster:
    """Sends to one address while it is entered. Raises `click.BadParameter` for what is none.

    The platform takes HTTP and HTTPS. A query of the address stays in front.
    """

    def __init__(self, url: str) -> None:
        parts = taken_apart(url)
        if parts is None:
            raise click.BadParameter(spoken("the URL can't be read"))
        port = parts.port
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
            raise click.BadParameter(spoken("the URL must be http:// or https://, a host and a path, no credentials"))
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
        self._path, self._query = parts.path or "/", parts.query
        self._transport = HttpxTransport()

    async def post(self, sent: Outgoing, seconds: float = DEADLINE) -> Posted:
        """Send it and wait, so many seconds at most."""
        query = "&".join(part for part in (self._query, sent.query_string) if part)
        request = Request(sent.method, f"{self._path}?{query}" if query else self._path, self._origin, sent.body)
        timeout = Timeout(connect=seconds, read=seconds, write=seconds, pool=seconds, total=seconds)
        started = time.monotonic()
        try:
            answer = await self._transport.exchange(request, sent.headers, timeout)
        except TransportError as error:
            return Posted(None, b"", time.monotonic() - started, str(error))
        place = printable(answer.header(b"location") or "?")
        got = Posted(answer.status, answer.body, time.monotonic() - started)
        text = "redirects ({status}) to {place}; the platform does not follow"
        return evolve(got, trouble=spoken(text, status=got.status, place=place)) if got.redirects else got

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()
