"""The default transport: httpx and its engine httpcore, made fit for bulk work.

One `httpx.AsyncClient` with many calls in flight spends most of its time walking over its own pool. Here each slot
holds one httpcore connection and there is no pool, so the cost of a request does not grow with their number; and a
connection that was broken off is thrown away alone. Only a client of the user's goes through httpx itself, and only
for that httpx is loaded.
"""

import ssl
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import httpcore

from tm_async._util.arguments import check_kind
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.secret import hide_text
from tm_async.transport.connections import Slots
from tm_async.transport.engine import EngineConnection
from tm_async.transport.idleness import Idleness
from tm_async.transport.perloop import PerLoop, close_here
from tm_async.transport.protocol import MAX_ANSWER, Closing, Timeout, check_headers, check_sizes
from tm_async.transport.proxy import Proxy, environment_proxy
from tm_async.transport.trust import Certificates, certificates_of_httpx, trusted

if TYPE_CHECKING:
    from tm_async.transport.ownclient import OwnClient

__all__ = ["HttpxTransport"]

_Connection: TypeAlias = "EngineConnection | OwnClient"


class HttpxTransport(Closing):
    """Sends requests with httpx.

    With a `client` of yours (proxy, TLS, hooks, mocks) requests go through it, `connections` at a time; you close it.
    Without one, connections are opened as needed, at most `connections` per event loop, with certificates checked
    against `verify` (default: what httpx trusts) and the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`;
    never for this machine) unless `trust_env` is false or `proxy` names another.
    """

    _httpx = "httpx"
    _httpcore: ModuleType = httpcore
    _certificates: Certificates = staticmethod(certificates_of_httpx)

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
        proxy = hide_text(proxy) or None  # a traceback shows variables
        if proxy is not None:
            check_kind("proxy", proxy, str, "the URL of a proxy as text")
        check_sizes(connections, max_answer)
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
            make = self._maker(request.origin)
            slots = self._slots.setdefault(request.origin, PerLoop(lambda: Slots(self._connections, make)))
        return await slots.current().run(
            request, timeout, lambda connection: connection.send(request, headers, timeout, self._max_answer)
        )

    async def aclose(self, grace: float | None = None) -> None:
        """Close the connections of the running event loop; a client of yours stays open.

        Exchanges that still run, as their callers gave them up, are ended after `grace` seconds (5).
        """
        await close_here(self._slots.values(), grace)

    def _maker(self, origin: str) -> Callable[[], _Connection]:
        """What opens a connection. Raises `ConfigurationError`."""
        if self._client is not None:
            from tm_async.transport.ownclient import OwnClient, Telling

            return partial(OwnClient, import_module(self._httpx), self._client, Telling())
        named = self._proxy or (environment_proxy(origin) if self._trust_env else None)
        proxy = Proxy.parse(named) if named else None
        verify = self._verify
        if verify is None and (origin.startswith("https") or (proxy is not None and proxy.scheme == "https")):
            verify = trusted(self._certificates, trust_env=self._trust_env)
        return partial(EngineConnection, self._httpcore, origin, verify, proxy, Idleness())
