"""Fetching a file by an address that came in an answer: piece by piece, from an offset, over a connection of its own.

Not the transport of the gateway's calls: a file may be gigabytes, its host is named by an answer, and nothing of the
client's credentials goes there. An address is a secret, as whoever has it has the file: no error shows it.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from socket import inet_aton, inet_ntoa
from typing import Any
from urllib.parse import quote, urljoin

import httpcore
from attrs import frozen

from tm_async.core.hosts import ascii_host, taken_apart
from tm_async.errors import AddressRefused, ConnectionFailed, ExchangeFailed
from tm_async.transport.connections import Spoilt
from tm_async.transport.engine import describe, phases, proxied
from tm_async.transport.guard import require_public
from tm_async.transport.protocol import Timeout
from tm_async.transport.proxy import Proxy, environment_proxy
from tm_async.transport.stream import Network
from tm_async.transport.trust import trusted

__all__ = ["Fetched", "fetch"]

REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_AS_IT_IS = "/%?&=:;,@!$'()*+~"


@frozen
class Fetched:
    """The head of an answer, and its body to come."""

    status: int
    headers: Mapping[str, str]
    """By lower-case names; the last of several."""
    pieces: AsyncIterator[bytes]


@frozen
class _Where:
    """A URL taken apart."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, url: str) -> "_Where":
        parts = taken_apart(url)
        try:
            host = ascii_host(parts.hostname or "") if parts else None
        except ValueError:
            host = None
        if parts is None or host is None:
            raise AddressRefused("the file's address can't be read")
        port, query = parts.port, f"?{quote(parts.query, safe=_AS_IT_IS)}" if parts.query else ""
        target = quote(parts.path or "/", safe=_AS_IT_IS) + query
        if parts.scheme not in ("http", "https") or parts.username is not None or port == 0:
            raise AddressRefused("the file's address must be https, without credentials")
        return cls(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), target)

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@asynccontextmanager
async def fetch(
    url: str, headers: Mapping[str, str], *, timeout: Timeout, known: str = "", allow_private: bool = False
) -> AsyncGenerator[Fetched]:
    """Ask for a file. At most five redirects are followed, each held to the same rules.

    Only https is followed, and only to the internet, unless `allow_private`; `known` is an origin that may be asked
    all the same: the gateway's own, which the user named. Behind a proxy it is the proxy that looks names up, so only
    addresses written as numbers can be judged. Raises `AddressRefused`, `ConnectionFailed`, `ExchangeFailed`.
    """
    for _ in range(REDIRECTS + 1):
        where = _Where.parse(url)
        free = allow_private or (bool(known) and where.origin == _Where.parse(known).origin)
        if where.scheme != "https" and not free:
            raise AddressRefused("the file's address is plain http, which shows the file to the network")
        async with _one(where, headers, timeout, guarded=not free) as answer:
            moved = answer.headers.get("location") if answer.status in _MOVED else None
            if moved is None:
                yield answer
                return
        url = _joined(url, moved)
    raise AddressRefused(f"the file's address leads on more than {REDIRECTS} times")


def _joined(url: str, moved: str) -> str:
    try:
        return urljoin(url, moved)
    except ValueError:  # which has it
        pass
    raise AddressRefused("the file's address leads on to one that can't be read")


@asynccontextmanager
async def _one(
    where: _Where, headers: Mapping[str, str], timeout: Timeout, *, guarded: bool
) -> AsyncGenerator[Fetched]:
    named = environment_proxy(where.origin)
    proxy = Proxy.parse(named) if named else None
    if guarded and proxy is not None:
        _check_number(where.host)
    layers = (where.scheme == "https") + (proxy is not None and proxy.scheme == "https")
    check = require_public if guarded and proxy is None else None
    network: Any = Network(httpcore, layers, "the proxy " if proxy else "", check)
    verify = trusted(trust_env=True) if layers else None
    origin = httpcore.Origin(where.scheme.encode(), where.host.encode(), where.port)
    if proxy is None:
        connection = httpcore.AsyncHTTPConnection(origin, ssl_context=verify, network_backend=network)
    else:
        connection = proxied(httpcore, proxy, verify, network).create_connection(origin)
    network.begin(None)
    shown = where.origin.partition("://")[2]
    try:
        response = await connection.handle_async_request(_request(where, headers, timeout))
        network.head_is_over()
        try:
            lines = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            yield Fetched(response.status, lines, response.aiter_stream())
        finally:
            await response.aclose()
    except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError) as error:
        raise ConnectionFailed(f"the host of the file, {shown}: {describe(error)}") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise ExchangeFailed(f"the host of the file, {shown}: {describe(error)}") from error
    except Spoilt:
        raise ConnectionFailed(f"the host of the file, {shown}, closed or spoke before it was asked") from None
    finally:
        await network.aclose()


def _check_number(host: str) -> None:
    try:
        number = host if ":" in host else inet_ntoa(inet_aton(host.removesuffix(".")))  # such as 127.1 or 0x7f000001
    except OSError:
        return  # a name, which the proxy looks up
    require_public(number)


def _request(where: _Where, headers: Mapping[str, str], timeout: Timeout) -> httpcore.Request:
    default = {"http": 80, "https": 443}[where.scheme]
    authority = where.origin.partition("://")[2]
    host = authority.rpartition(":")[0] if where.port == default else authority
    lines = [(name.encode(), value.encode()) for name, value in {"Host": host, "Accept": "*/*", **headers}.items()]
    url = httpcore.URL(
        scheme=where.scheme.encode(), host=where.host.encode(), port=where.port, target=where.target.encode()
    )
    return httpcore.Request("GET", url, headers=lines, extensions={"timeout": phases(timeout)})
