"""The default transport: httpx and its engine httpcore, made fit for bulk work.

One `httpx.AsyncClient` with many calls in flight spends most of its time walking over its own pool. Here each slot
holds one httpcore connection and there is no pool, so the cost of a request does not grow with their number; and a
connection that was broken off is thrown away alone. A client of the user's, or a proxy, goes through httpx itself.
"""

import ssl
from collections.abc import AsyncIterable
from functools import lru_cache
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpcore
import httpx

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed
from tm_async.transport.places import PerLoop
from tm_async.transport.protocol import MAX_ANSWER, Closing, Timeout, check_headers
from tm_async.transport.proxy import environment_proxy
from tm_async.transport.slots import Slots

__all__ = ["HttpxTransport"]

_KEEPALIVE = 30.0
"""Seconds that an unused connection is kept. The gateway's own limit is not documented."""


class HttpxTransport(Closing):
    """Sends requests with httpx.

    With a `client` of yours (proxy, TLS, hooks, mocks) requests go through it, `connections` at a time; you close it.
    Without one, connections are opened as needed, at most `connections` per event loop, with certificates checked
    against `verify` (default: what httpx trusts) and the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`;
    never for this machine) unless `trust_env` is false or `proxy` names another.
    """

    _httpx: ModuleType = httpx
    _httpcore: ModuleType = httpcore

    def __init__(
        self,
        client: Any | None = None,
        *,
        connections: int = 64,
        verify: ssl.SSLContext | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
        max_answer: int = MAX_ANSWER,
    ) -> None:
        self._client = client
        self._connections = connections
        self._verify = verify
        self._proxy = proxy
        self._trust_env = trust_env
        self._max_answer = max_answer
        self._slots: dict[str, PerLoop[Slots[_Connection]]] = {}

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        """Send the request; see `Transport`."""
        check_headers(headers, request)
        slots = self._slots.get(request.origin)
        if slots is None:
            slots = self._slots[request.origin] = PerLoop(lambda: self._make_slots(request.origin))
        return await slots.current().run(
            request, timeout, lambda connection: connection.send(request, headers, timeout, self._max_answer)
        )

    async def aclose(self) -> None:
        """Close the connections of the running event loop; a client of yours stays open."""
        for slots in self._slots.values():
            await slots.aclose()

    def _make_slots(self, origin: str) -> "Slots[_Connection]":
        if self._client is not None:
            shared = _ThroughHttpx(self._httpx, self._client)
            return Slots(self._connections, lambda: shared)
        verify = self._verify or (_ssl_context(self._httpx, self._trust_env) if origin.startswith("https") else None)
        proxy = self._proxy or (environment_proxy(origin) if self._trust_env else None)
        if proxy is not None:
            return Slots(self._connections, lambda: self._through_proxy(proxy, verify))
        return Slots(self._connections, lambda: _Direct(self._httpcore, origin, verify))

    def _through_proxy(self, proxy: str, verify: ssl.SSLContext | None) -> "_Connection":
        limits = self._httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEPALIVE)
        try:
            transport = self._httpx.AsyncHTTPTransport(
                verify=verify or True, proxy=proxy, limits=limits, trust_env=False
            )
        except (ValueError, ImportError) as error:  # a proxy of an unknown kind, or one that needs another package
            raise ConfigurationError(f"the proxy can't be used: {error}") from error
        return _ThroughHttpx(self._httpx, self._httpx.AsyncClient(transport=transport), ours=True)


class _Connection(Protocol):
    async def send(self, request: Request, headers: Headers, timeout: Timeout, largest: int) -> RawAnswer: ...
    def usable(self) -> bool: ...
    async def aclose(self) -> None: ...


class _Direct:
    """One httpcore connection, without a pool around it."""

    def __init__(self, core: ModuleType, origin: str, verify: ssl.SSLContext | None) -> None:
        parts = urlsplit(origin)
        self._core = core
        self._scheme = parts.scheme.encode()
        self._host = (parts.hostname or "").encode("idna" if not (parts.hostname or "").isascii() else "ascii")
        self._port = parts.port
        self._authority = parts.netloc.encode("ascii", "replace")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        where = core.Origin(self._scheme, self._host, port)
        self._network = _Network(core)
        self._connection = core.AsyncHTTPConnection(
            where, ssl_context=verify, keepalive_expiry=_KEEPALIVE, network_backend=self._network
        )

    async def send(self, request: Request, headers: Headers, timeout: Timeout, largest: int) -> RawAnswer:
        core = self._core
        try:
            response = await self._connection.handle_async_request(
                core.Request(
                    request.method,
                    core.URL(scheme=self._scheme, host=self._host, port=self._port, target=request.target.encode()),
                    headers=self._lines(request, headers),
                    content=request.body,
                    extensions=_extensions(request, timeout),
                )
            )
            try:
                body = await _read(response.aiter_stream(), largest, request)
            finally:
                await response.aclose()
        except (core.ConnectError, core.ConnectTimeout, core.ConnectionNotAvailable) as error:
            raise ConnectionFailed(_describe(error), operation=request.operation) from error
        except (core.NetworkError, core.TimeoutException, core.ProtocolError) as error:
            raise ExchangeFailed(_describe(error), operation=request.operation) from error
        return RawAnswer(response.status, response.headers, body)

    def _lines(self, request: Request, headers: Headers) -> list[tuple[bytes, bytes]]:
        lines = [(b"Host", self._authority)]
        lines += [(name.encode(), value.encode()) for name, value in headers]
        if request.body or request.method != "GET":
            lines.append((b"Content-Length", b"%d" % len(request.body)))
        return lines

    def usable(self) -> bool:
        return self._connection.is_available() and not self._connection.has_expired()

    async def aclose(self) -> None:
        try:
            await self._connection.aclose()
        finally:
            await self._network.aclose()


class _Network:
    """Opens one connection and keeps hold of it.

    Where an exchange is cancelled within the TLS handshake, httpcore forgets the socket, and nobody ever closes it.
    """

    def __init__(self, core: ModuleType) -> None:
        self._backend = core.AnyIOBackend()
        self._stream: Any = None

    async def connect_tcp(self, *where: Any, **options: Any) -> Any:
        self._stream = await self._backend.connect_tcp(*where, **options)
        return self._stream

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def aclose(self) -> None:
        if self._stream is not None:
            await self._stream.aclose()


class _ThroughHttpx:
    """An httpx client in the place of a connection: the user's own, which stays open, or one of ours for a proxy."""

    def __init__(self, family: ModuleType, client: Any, *, ours: bool = False) -> None:
        self._family = family
        self._client = client
        self._ours = ours

    async def send(self, request: Request, headers: Headers, timeout: Timeout, largest: int) -> RawAnswer:
        family = self._family
        url = family.URL(request.origin + request.target)
        extensions = _extensions(request, timeout)
        if url.raw_path != request.target.encode():  # httpx normalised it; what goes out must be what was signed
            extensions["target"] = request.target.encode()
        content = request.body or None
        prepared = family.Request(request.method, url, headers=headers, content=content, extensions=extensions)
        try:
            response = await self._client.send(prepared, stream=True, follow_redirects=False, auth=None)
            try:
                body = await _read(response.aiter_bytes(), largest, request)
            finally:
                await response.aclose()
        except (family.ConnectError, family.ConnectTimeout, family.ProxyError, family.UnsupportedProtocol) as error:
            raise ConnectionFailed(_describe(error), operation=request.operation) from error
        except (family.HTTPError, family.StreamError) as error:
            raise ExchangeFailed(_describe(error), operation=request.operation) from error
        return RawAnswer(response.status_code, response.headers.raw, body)

    def usable(self) -> bool:
        return True

    async def aclose(self) -> None:
        if self._ours:
            await self._client.aclose()


async def _read(pieces: AsyncIterable[bytes], largest: int, request: Request) -> bytes:
    body = b""
    async for piece in pieces:
        body = body + piece if body else piece
        if len(body) > largest:
            raise ExchangeFailed(f"the answer is larger than {largest} bytes", operation=request.operation)
    return body


def _extensions(request: Request, timeout: Timeout) -> dict[str, Any]:
    extensions: dict[str, Any] = {"timeout": _phases(timeout)}
    if (check := request.last_check) is not None:

        async def trace(event: str, _: Any) -> None:
            if event == "http11.send_request_headers.started":
                check()

        extensions["trace"] = trace
    return extensions


def _phases(timeout: Timeout) -> dict[str, float | None]:
    return {"connect": timeout.connect, "read": timeout.read, "write": timeout.write, "pool": None}


@lru_cache(maxsize=4)
def _ssl_context(family: ModuleType, trust_env: bool) -> ssl.SSLContext:
    """One for all connections: building it takes about 40 ms."""
    context: ssl.SSLContext = family.create_ssl_context(trust_env=trust_env)
    return context


def _describe(error: Exception) -> str:
    """The error's kind in words, with its text: httpx often has none."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
