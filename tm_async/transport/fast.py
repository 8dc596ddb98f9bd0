"""A faster transport (extra `fast`): asyncio's own streams of bytes, with httptools as the parser.

Several times less CPU per call than httpx, because a call is one write and a few callbacks: no task, no pool to walk
over, no thread. Ready-made fast clients were tried first; they rewrite header names, re-encode the target, or send a
POST again when a reused connection dies (see docs/transports.md). It knows for certain whether a byte of a request
was handed to the network, and it needs no proxy support to reach the gateway: through a proxy, use `HttpxTransport`.
"""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any, cast
from urllib.parse import urlsplit

import httptools

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed, TransportError
from tm_async.transport.places import GRACE, PerLoop, Places, settle, until
from tm_async.transport.protocol import MAX_ANSWER, NOTHING_SENT, Closing, Timeout, check_headers
from tm_async.transport.proxy import environment_proxy

__all__ = ["FastTransport"]

_KEEPALIVE = 30.0
"""Seconds that an unused connection is kept. The gateway's own limit is not documented."""


class FastTransport(Closing):
    """Sends requests on asyncio connections, at most `connections` at a time per event loop.

    Of the timeouts, `read` also bounds the writing: it is the longest silence of the gateway.
    Certificates are checked against `verify` (default: what httpx trusts). Raises `ConfigurationError` where the
    environment demands a proxy for the gateway, unless `trust_env` is false.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        verify: ssl.SSLContext | None = None,
        trust_env: bool = True,
        max_answer: int = MAX_ANSWER,
    ) -> None:
        self._connections = connections
        self._verify = verify
        self._trust_env = trust_env
        self._max_answer = max_answer
        self._pools: dict[str, PerLoop[_Pool]] = {}

    def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> Coroutine[Any, Any, RawAnswer]:
        """Send the request; see `Transport`."""
        pools = self._pools.get(request.origin)
        if pools is None:
            pools = self._pools[request.origin] = self._open(request.origin)
        return pools.current().exchange(request, headers, timeout)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        for pools in self._pools.values():
            await pools.aclose()

    def _open(self, origin: str) -> "PerLoop[_Pool]":
        if self._trust_env and environment_proxy(origin) is not None:
            raise ConfigurationError(
                "FastTransport can't use the proxy that the environment demands; HttpxTransport can"
            )
        verify = (self._verify or _trusted_by_httpx(self._trust_env)) if origin.startswith("https") else None
        return PerLoop(lambda: _Pool(origin, verify, self._connections, self._max_answer))


def _trusted_by_httpx(trust_env: bool) -> ssl.SSLContext:
    """The same certificates as the default transport's."""
    import httpx

    context = httpx.create_ssl_context(trust_env=trust_env)
    context.set_alpn_protocols(["http/1.1"])
    return context


class _Pool:
    """The connections of one event loop to one origin."""

    def __init__(self, origin: str, verify: ssl.SSLContext | None, size: int, largest: int) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if verify else 80)
        self._authority = parts.netloc
        self._verify = verify
        self._largest = largest
        self._places = Places(size)
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self._quiet: asyncio.Future[None] | None = None

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        check_headers(headers, request)
        if not self._places.take_free():
            await self._places.wait(timeout.pool, request)
        try:
            connection = self._reuse() or await self._connect(request, timeout)
            if request.last_check is not None:
                connection.ask(request.last_check)
        except BaseException:
            self._places.free()
            raise
        self._busy.add(connection)
        # The message has no name here: a report of a traceback with its variables would show the tokens in it.
        outcome = connection.start(_message(request, headers, self._authority), request, timeout, self._finished)
        return await until(outcome, request)

    def _reuse(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.usable():
                return connection
            connection.drop()
        return None

    async def _connect(self, request: Request, timeout: Timeout) -> "_Connection":
        loop = asyncio.get_running_loop()
        seconds = min((bound for bound in (timeout.connect, timeout.total) if bound is not None), default=None)
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: _Connection(loop, self._largest),
                    self._host,
                    self._port,
                    ssl=self._verify,
                )
        except asyncio.CancelledError:
            raise asyncio.CancelledError(NOTHING_SENT) from None
        except TimeoutError:
            raise ConnectionFailed(f"no connection within {seconds} s", operation=request.operation) from None
        except (OSError, ssl.SSLError, ValueError) as error:
            raise ConnectionFailed(f"{type(error).__name__}: {error}", operation=request.operation) from error
        return connection

    def _finished(self, connection: "_Connection") -> None:
        self._busy.discard(connection)
        if connection.usable() and self._quiet is None:
            self._idle.append(connection)
        else:
            connection.drop()
        self._places.free()
        if self._quiet is not None and not self._busy and not self._quiet.done():
            self._quiet.set_result(None)

    async def aclose(self) -> None:
        """Wait a little for exchanges that still run, then close every connection."""
        self._places.close()
        self._quiet = asyncio.get_running_loop().create_future()
        if self._busy:
            await asyncio.wait([self._quiet], timeout=GRACE)
        for connection in [*self._busy, *self._idle]:
            connection.give_up()
        self._idle.clear()
        await asyncio.sleep(0)  # the sockets close in the loop's next turn


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection, one exchange at a time. The `on_...` methods are httptools' callbacks."""

    def __init__(self, loop: asyncio.AbstractEventLoop, largest: int) -> None:
        self._loop = loop
        self._largest = largest
        self._transport: asyncio.Transport | None = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._outcome: asyncio.Future[RawAnswer] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = inf
        self._keep = True
        self._used = loop.time()

    # --- for the pool -------------------------------------------------------------------------------------------

    def start(
        self, message: bytes, request: Request, timeout: Timeout, finished: Callable[["_Connection"], None]
    ) -> "asyncio.Future[RawAnswer]":
        """Write the request. What comes out is in the future; `finished` is called however it ends."""
        self._request, self._timeout, self._finished = request, timeout, finished
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._size = 0
        self._complete_head = False
        self._began = self._used = self._loop.time()
        outcome = self._outcome = self._loop.create_future()
        self._watch()
        cast("asyncio.Transport", self._transport).write(message)
        return outcome

    def usable(self) -> bool:
        """Whether it can carry one more request."""
        open_ = self._transport is not None and not self._transport.is_closing()
        return open_ and self._keep and self._outcome is None and self._loop.time() - self._used < _KEEPALIVE

    def ask(self, check: Callable[[], None]) -> None:
        """Let `check` have the last word before `start`. Where it raises, this connection is closed."""
        try:
            check()
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Close at once."""
        self._keep = False
        self._unwatch()
        if self._transport is not None:
            self._transport.abort()

    def give_up(self) -> None:
        """Close although an exchange may be running."""
        if self._outcome is not None:
            self._settle(asyncio.CancelledError())
        self.drop()

    # --- time ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """One timer for both bounds: silence between two pieces, and the exchange as a whole.

        It outlives its exchange: when it fires it looks what is due now, so that few calls have to set one.
        """
        read, total = self._timeout.read, self._timeout.total
        due = min(self._used + (inf if read is None else read), self._began + (inf if total is None else total))
        if due < self._due:
            self._unwatch()
            self._due = due
            self._timer = self._loop.call_at(due, self._late)

    def _unwatch(self) -> None:
        self._due = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._unwatch()
        if self._outcome is None:
            return
        now = self._loop.time()
        read, total = self._timeout.read, self._timeout.total
        if total is not None and now >= self._began + total:
            self._fail(f"the exchange took more than {total} s in all")
        elif read is not None and now >= self._used + read:
            self._fail(f"no piece of the answer came within {read} s")
        else:
            self._watch()

    # --- from the network ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._outcome is None:
            self.drop()  # nobody asked for this: what comes next can't be trusted to belong to a request of ours
            return
        self._used = self._loop.time()
        self._size += len(data)
        if self._size > self._largest:
            self._fail(f"the answer is larger than {self._largest} bytes")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(f"{type(error).__name__}: {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep = False
        self._unwatch()
        if self._outcome is None:
            return
        if self._complete_head and exc is None and self._ends_with_connection():
            self.on_message_complete()
        else:
            self._fail(f"the connection was lost{f': {exc}' if exc else ' before the answer was complete'}")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._complete_head = self._parser.get_status_code() >= 200

    def on_body(self, data: bytes) -> None:
        self._body.append(data)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:  # 100 or 103: the answer proper is still to come
            self._headers.clear()
            return
        if self._outcome is None:
            self._keep = False  # a second answer to one request
            return
        self._keep = self._keep and self._parser.should_keep_alive()
        self._settle(RawAnswer(status, self._headers, b"".join(self._body)))

    def _ends_with_connection(self) -> bool:
        names = {name.lower() for name, _ in self._headers}
        return not names & {b"content-length", b"transfer-encoding"}

    def _fail(self, problem: str) -> None:
        self._keep = False
        self._settle(ExchangeFailed(problem, operation=self._request.operation))

    def _settle(self, found: RawAnswer | TransportError | asyncio.CancelledError) -> None:
        outcome, self._outcome = self._outcome, None
        if outcome is None:
            return
        settle(outcome, self._request, found)
        self._finished(self)


def _message(request: Request, headers: Headers, authority: str) -> bytes:
    lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if request.body or request.method != "GET":
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + request.body
