"""The default transport: httpx, made fit for bulk work.

One `httpx.AsyncClient` with many calls in flight spends most of its time walking over its own pool. Here each
connection is an httpx transport with a pool of one, kept in our own list, so the cost of a request does not grow
with their number; and one that was broken off is thrown away alone.
"""

import ssl
from functools import lru_cache
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from tm_async.core.exchange import Headers, RawAnswer, Request, is_loopback
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed
from tm_async.transport.protocol import MAX_ANSWER, Timeout
from tm_async.transport.slots import Slots, SlotsPerLoop

__all__ = ["HttpxTransport"]


class HttpxTransport:
    """Sends requests with httpx.

    With a `client` of yours (proxy, TLS, hooks, mocks) requests go through it, `connections` at a time; you close it.
    Without one, connections are opened as needed, at most `connections` per event loop, with certificates checked
    against `verify` (default: what httpx trusts) and the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`;
    never for this machine) unless `trust_env` is false or `proxy` names another.
    """

    _family: ModuleType = httpx

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
        self._slots: dict[str, SlotsPerLoop[_Connection]] = {}
        self._build_url = lru_cache(maxsize=64)(self._family.URL)

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        """Send the request; see `Transport`."""
        slots = self._slots.get(request.origin)
        if slots is None:
            slots = self._slots[request.origin] = SlotsPerLoop(lambda: self._make_slots(request.origin))
        return await slots.current().run(
            request, timeout, lambda connection: self._send(connection, request, headers, timeout)
        )

    async def aclose(self) -> None:
        """Close the connections of the running event loop; a client of yours stays open."""
        for slots in self._slots.values():
            await slots.aclose()

    def _make_slots(self, origin: str) -> "Slots[_Connection]":
        if self._client is not None:
            shared = _ThroughClient(self._client)
            return Slots(self._connections, lambda: shared, _close)
        settings = self._connection_settings(origin)
        return Slots(self._connections, lambda: self._open(settings), _close)

    def _open(self, settings: dict[str, Any]) -> "_Connection":
        try:
            transport: _Connection = self._family.AsyncHTTPTransport(**settings)
        except (ValueError, ImportError) as error:  # a proxy of an unknown kind, or one that needs another package
            raise ConfigurationError(f"a connection can't be set up: {error}") from error
        return transport

    def _connection_settings(self, origin: str) -> dict[str, Any]:
        return {
            "verify": self._verify or _ssl_context(self._family, self._trust_env),
            "http1": True,
            "http2": False,
            "limits": self._family.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30.0),
            "trust_env": False,
            "proxy": self._proxy or (_environment_proxy(origin) if self._trust_env else None),
            "retries": 0,
        }

    async def _send(self, connection: "_Connection", request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        family = self._family
        prepared = family.Request(
            request.method,
            self._build_url(request.origin + request.target),
            headers=headers,
            content=request.body or None,
            extensions={
                # httpx would normalise the URL; what goes out must be what was signed
                "target": request.target.encode("ascii"),
                "timeout": {
                    "connect": timeout.connect,
                    "read": timeout.read,
                    "write": timeout.write,
                    "pool": None,
                },
            },
        )
        try:
            response = await connection.handle_async_request(prepared)
            try:
                body = await self._read(response, request)
            finally:
                await response.aclose()
        except (
            family.ConnectError,
            family.ConnectTimeout,
            family.ProxyError,
            family.UnsupportedProtocol,
        ) as error:
            raise ConnectionFailed(_describe(error), operation=request.operation) from error
        except (family.HTTPError, family.StreamError) as error:
            raise ExchangeFailed(_describe(error), operation=request.operation) from error
        return RawAnswer(response.status_code, response.headers.raw, body)

    async def _read(self, response: Any, request: Request) -> bytes:
        pieces: list[bytes] = []
        size = 0
        async for piece in response.aiter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > self._max_answer:
                raise ExchangeFailed(f"the answer is larger than {self._max_answer} bytes", operation=request.operation)
        return b"".join(pieces)


class _Connection(Protocol):
    async def handle_async_request(self, request: Any, /) -> Any: ...
    async def aclose(self) -> None: ...


class _ThroughClient:
    """A user's own client in the place of a connection: never closed by us."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def handle_async_request(self, request: Any) -> Any:
        return await self._client.send(request, stream=True, follow_redirects=False, auth=None)

    async def aclose(self) -> None:
        pass


async def _close(connection: _Connection) -> None:
    await connection.aclose()


@lru_cache(maxsize=4)
def _ssl_context(family: ModuleType, trust_env: bool) -> ssl.SSLContext:
    """One for all connections: building it takes about 40 ms."""
    context: ssl.SSLContext = family.create_ssl_context(trust_env=trust_env)
    return context


def _environment_proxy(origin: str) -> str | None:
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _describe(error: Exception) -> str:
    """The error's kind in words, with its text: httpx often has none."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
