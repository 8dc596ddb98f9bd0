"""An httpx client of the user's in the place of a connection."""

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed
from tm_async.transport.body import read_body, unpacked
from tm_async.transport.engine import describe, parser_holds_more, phases
from tm_async.transport.protocol import Timeout

__all__ = ["OwnClient", "Telling"]


class Telling:
    """Whether a client tells of its work: httpcore does, mocks and transports of the user's own may not."""

    known = False


class OwnClient:
    """Sends through the client and leaves it open. Its connections are its own; their state is looked at afterwards."""

    def __init__(self, family: ModuleType, client: Any, telling: Telling) -> None:
        self._family = family
        self._client = client
        self._telling = telling
        self.asked = True
        """Whether the last request may have been handed to the network, as far as the client tells."""
        self._response: Any = None
        self._given_up = False
        self._last_check: Callable[[], None] | None = None

    async def send(self, request: Request, headers: Headers, timeout: Timeout, largest: int) -> RawAnswer:
        """One exchange. Raises the errors of a transport."""
        family = self._family
        try:
            url = family.URL(request.origin + request.target)
        except family.InvalidURL as error:  # of 64 KiB, for example
            message = f"the HTTP client takes no such URL: {error}"
            raise ConfigurationError(message, operation=request.operation) from None
        extensions: dict[str, Any] = {"timeout": phases(timeout), "trace": self._trace}
        if url.raw_path != request.target.encode():  # httpx normalised it; what goes out must be what was signed
            extensions["target"] = request.target.encode()
        content = request.body or None
        prepared = family.Request(request.method, url, headers=headers, content=content, extensions=extensions)
        self.asked, self._response, self._given_up = not self._telling.known, None, False
        self._last_check = request.last_check
        try:
            response = await self._client.send(prepared, stream=True, follow_redirects=False, auth=None)
            self._response = response
            try:
                body = await self._body(response, largest, request)
            finally:
                await response.aclose()
        except (family.ConnectError, family.ConnectTimeout, family.ProxyError, family.UnsupportedProtocol) as error:
            message = f"on the way to {request.origin}: {describe(error)}"
            raise ConnectionFailed(message, operation=request.operation) from error
        except (family.HTTPError, family.StreamError) as error:
            raise ExchangeFailed(describe(error), operation=request.operation) from error
        return RawAnswer(response.status_code, response.headers.raw, body)

    def usable(self, request: Request) -> bool:
        """Whether it can carry this request: its own pool knows better."""
        return True

    def give_up(self) -> bool:
        """Whether it takes a cancellation: httpcore forgets a socket then. It stops before it sends instead."""
        self._given_up = True
        return False

    def abandon(self) -> None:
        """It is the user's."""

    async def aclose(self) -> None:
        """It is the user's, and stays open."""

    async def _body(self, response: Any, largest: int, request: Request) -> bytes:
        if response.is_stream_consumed:  # by a hook of the user's
            return await read_body(response.aiter_bytes(), largest, request)
        encodings = response.headers.get("content-encoding", "")
        return await read_body(unpacked(response.aiter_raw(), encodings, request), largest, request)

    async def _trace(self, event: str, _: Any) -> None:
        """What httpcore tells of its work, while it does it."""
        if event.startswith("connection."):
            self._telling.known, self.asked = True, False
        elif event.endswith("send_request_headers.started"):
            if self._given_up:
                raise asyncio.CancelledError
            if self._last_check is not None:
                self._last_check()
            self.asked = True
        elif event == "http11.response_closed.started" and self._response is not None:
            # The next moment another request may have the connection.
            stream = self._response.extensions.get("network_stream")
            if stream is not None and parser_holds_more(self._response.stream):
                await stream.aclose()
