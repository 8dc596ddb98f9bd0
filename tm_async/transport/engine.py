"""One connection of httpcore, straight to the gateway or through a proxy, with no pool around it."""

import asyncio
import ssl
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed, TransportError
from tm_async.transport.body import read_body
from tm_async.transport.idleness import Idleness
from tm_async.transport.protocol import Timeout
from tm_async.transport.proxy import Proxy
from tm_async.transport.stream import Network

__all__ = ["EngineConnection", "describe", "parser_holds_more", "phases", "proxied"]


class EngineConnection:
    """A connection that makes sure that an answer belongs to its request.

    What the parser still holds when an exchange is over, and what comes while nothing was asked, is nobody's: such a
    connection is not used again.
    """

    def __init__(
        self, core: ModuleType, origin: str, verify: ssl.SSLContext | None, proxy: Proxy | None, idleness: Idleness
    ) -> None:
        parts = urlsplit(origin)
        self._core = core
        self._scheme = parts.scheme.encode()
        self._host = (parts.hostname or "").encode()
        self._port = parts.port
        self._authority = parts.netloc.encode()
        self._proxy = proxy
        self._idleness = idleness
        self._loop = asyncio.get_running_loop()
        self._used: float | None = None
        """When its last exchange ended."""
        self._fit = True
        where = core.Origin(self._scheme, self._host, parts.port or (443 if parts.scheme == "https" else 80))
        layers = (parts.scheme == "https") + (proxy is not None and proxy.scheme == "https")
        self._network = Network(core, layers, "the proxy " if proxy else "")
        if proxy is None:
            self._connection = core.AsyncHTTPConnection(where, ssl_context=verify, network_backend=self._network)
        else:
            self._connection = proxied(core, proxy, verify, self._network).create_connection(where)

    @property
    def asked(self) -> bool:
        """Whether a byte of the last request may have been handed to the network."""
        return self._network.asked

    async def send(self, request: Request, headers: Headers, timeout: Timeout, largest: int) -> RawAnswer:
        """One exchange. Raises `Spoilt`, or the errors of a transport."""
        core = self._core
        rested = None if self._used is None else self._loop.time() - self._used
        self._network.begin(request.last_check)
        try:
            response = await self._connection.handle_async_request(
                core.Request(
                    request.method,
                    core.URL(scheme=self._scheme, host=self._host, port=self._port, target=request.target.encode()),
                    headers=self._lines(request, headers),
                    content=request.body,
                    extensions={"timeout": phases(timeout)},
                )
            )
            self._network.head_is_over()
            try:
                body = await read_body(response.aiter_stream(), largest, request)
            finally:
                await response.aclose()
        except (core.NetworkError, core.TimeoutException, core.ProtocolError, core.ProxyError) as error:
            if rested is not None and not isinstance(error, core.TimeoutException) and not self._network.answered:
                self._idleness.closed(rested)
            raise self._failed(error, request) from error
        if rested is None:
            self._idleness.announced(response.headers)
        else:
            self._idleness.served(rested)
        self._used = self._loop.time()
        connection = self._connection
        self._fit = self._network.end(self._closed) and connection.is_available() and not parser_holds_more(connection)
        return RawAnswer(response.status, response.headers, body)

    def usable(self, request: Request) -> bool:
        """Whether it can carry one more request."""
        if self._used is None or not (self._fit and self._network.quiet()):
            return False
        return self._idleness.allows(self._loop.time() - self._used, request)

    def give_up(self) -> bool:
        """Whether it takes a cancellation before anything is sent: it does, and leaves nothing open."""
        return True

    def abandon(self) -> None:
        """Let go of the descriptor: the event loop is closed."""
        self._network.abandon()

    async def aclose(self) -> None:
        """Close it."""
        await self._network.aclose()

    def _lines(self, request: Request, headers: Headers) -> list[tuple[bytes, bytes]]:
        lines = [(b"Host", self._authority)]
        lines += [(name.encode(), value.encode()) for name, value in headers]
        if request.body or request.method != "GET":
            lines.append((b"Content-Length", b"%d" % len(request.body)))
        return lines

    def _closed(self) -> None:
        """The other side closed it while it was idle."""
        if self._used is not None:
            self._idleness.closed(self._loop.time() - self._used)

    def _failed(self, error: Exception, request: Request) -> TransportError:
        message = describe(error)
        if self.asked:
            return ExchangeFailed(message, operation=request.operation)
        core, proxy = self._core, self._proxy
        if proxy is not None and not isinstance(error, core.ConnectError | core.ConnectTimeout):  # those name it
            message = f"the proxy {proxy.host}:{proxy.port}: {message}"
        return ConnectionFailed(message, operation=request.operation)


def proxied(core: ModuleType, proxy: Proxy, verify: ssl.SSLContext | None, network: Network) -> Any:
    """What makes connections through the proxy."""
    where = core.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
    credentials = proxy.credentials and tuple(part.encode() for part in proxy.credentials)
    common = {"proxy_url": where, "proxy_auth": credentials, "ssl_context": verify, "network_backend": network}
    if proxy.scheme == "http":
        return core.AsyncHTTPProxy(**common)
    if proxy.scheme == "https":
        return core.AsyncHTTPProxy(**common, proxy_ssl_context=verify)
    try:
        return core.AsyncSOCKSProxy(**common)
    except RuntimeError:
        raise ConfigurationError("the proxy can't be used: for SOCKS the package socksio must be installed") from None


def parser_holds_more(inside: Any) -> bool:
    """Whether httpcore's parser holds bytes beyond the exchange that is over.

    httpcore keeps it to itself, somewhere below what we see. Where it is not found, it may hold anything.
    """
    while inside is not None:
        parser = getattr(inside, "_h11_state", None)
        if parser is not None:
            return bool(parser.trailing_data != (b"", False))
        inside = next((getattr(inside, name) for name in _INWARD if hasattr(inside, name)), None)
    return True


_INWARD = ("_connection", "_stream", "_httpcore_stream")


def phases(timeout: Timeout) -> dict[str, float | None]:
    """The timeouts as httpx takes them."""
    return {"connect": timeout.connect, "read": timeout.read, "write": timeout.write, "pool": None}


def describe(error: Exception) -> str:
    """The error's kind in words, with its text: httpx often has none."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
