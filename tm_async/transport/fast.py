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

try:
    import httptools
except ImportError as error:
    raise ImportError("FastTransport needs httptools: pip install 'tm-async[fast]'", name=error.name) from error

from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError, ConnectionFailed, ExchangeFailed, TransportError
from tm_async.transport.idleness import Idleness
from tm_async.transport.incoming import Incoming
from tm_async.transport.perloop import PerLoop, close_here, close_socket
from tm_async.transport.pool import GRACE, Places, settle, until
from tm_async.transport.protocol import (
    MAX_ANSWER,
    MAX_HEAD,
    Closing,
    Timeout,
    cancelled,
    check_sizes,
    is_sendable,
    unsendable,
)
from tm_async.transport.proxy import environment_proxy
from tm_async.transport.readable import read_what_came, readable
from tm_async.transport.trust import trusted

__all__ = ["FastTransport"]


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
        check_sizes(connections, max_answer)
        self._connections = connections
        self._verify = verify
        self._trust_env = trust_env
        self._max_answer = max_answer
        self._pools: dict[str, PerLoop[_Pool]] = {}

    def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> Coroutine[Any, Any, RawAnswer]:
        """Send the request; see `Transport`."""
        pools = self._pools.get(request.origin)
        if pools is None:
            pools = self._pools.setdefault(request.origin, self._open(request.origin))
        return pools.current().exchange(request, headers, timeout)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await close_here(self._pools.values())

    def _open(self, origin: str) -> "PerLoop[_Pool]":
        if self._trust_env and environment_proxy(origin) is not None:
            raise ConfigurationError(
                "FastTransport can't use the proxy that the environment demands; HttpxTransport can"
            )
        verify = (self._verify or trusted(trust_env=self._trust_env)) if origin.startswith("https") else None
        idleness = Idleness()
        return PerLoop(lambda: _Pool(origin, verify, self._connections, self._max_answer, idleness))


class _Pool:
    """The connections of one event loop to one origin."""

    def __init__(self, origin: str, verify: ssl.SSLContext | None, size: int, largest: int, idleness: Idleness) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if verify else 80)
        self._authority = parts.netloc
        self._verify = verify
        self._largest = largest
        self._idleness = idleness
        self._places = Places(size)
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self._quiet: asyncio.Future[None] | None = None

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        if not self._places.take_free():
            await self._places.wait(timeout.pool, request)
        try:
            connection = self._reuse(request) or await self._connect(request, timeout)
            try:
                self._places.require_open()  # closed while it was being connected
                if request.last_check is not None:
                    request.last_check()
                # The message has no name here: a report of a traceback with its variables would show its tokens.
                outcome = connection.start(_message(request, headers, self._authority), request, timeout, self._done)
            except BaseException:
                connection.drop()
                raise
        except BaseException:
            self._places.free()
            raise
        self._busy.add(connection)
        return await until(outcome, request)

    def _reuse(self, request: Request) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.usable(request):
                return connection
            connection.drop()
        return None

    async def _connect(self, request: Request, timeout: Timeout) -> "_Connection":
        loop = asyncio.get_running_loop()
        seconds = min((bound for bound in (timeout.connect, timeout.total) if bound is not None), default=None)
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: _Connection(loop, self._largest, self._idleness),
                    self._host,
                    self._port,
                    ssl=self._verify,
                )
        except asyncio.CancelledError as error:
            raise cancelled(error) from None
        except TimeoutError:
            message = f"no connection to {self._host}:{self._port} within {seconds} s"
            raise ConnectionFailed(message, operation=request.operation) from None
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            message = f"no connection to {self._host}:{self._port}: {type(error).__name__}: {error}"
            raise ConnectionFailed(message, operation=request.operation) from error
        try:
            await connection.read_what_came()
        except asyncio.CancelledError as error:
            connection.drop()
            raise cancelled(error) from None
        if not connection.open():
            connection.drop()
            message = "the other side spoke before it was asked; nothing was sent"
            raise ConnectionFailed(message, operation=request.operation)
        return connection

    def _done(self, connection: "_Connection") -> None:
        self._busy.discard(connection)
        if connection.open() and self._quiet is None:
            self._idle.append(connection)
        else:
            connection.drop()
        self._places.free()
        if self._quiet is not None and not self._busy and not self._quiet.done():
            self._quiet.set_result(None)

    async def aclose(self, grace: float | None = None) -> None:
        """Wait a little for exchanges that still run, then close every connection."""
        self._places.close()
        self._quiet = asyncio.get_running_loop().create_future()
        try:
            if self._busy:
                await asyncio.wait([self._quiet], timeout=GRACE if grace is None else grace)
        finally:
            for connection in [*self._busy, *self._idle]:
                connection.give_up()
            self._idle.clear()
        await asyncio.sleep(0)  # the sockets close in the loop's next turn

    def abandon(self) -> None:
        """Let go of all descriptors: the event loop is closed."""
        for connection in [*self._busy, *self._idle]:
            connection.abandon()
        self._busy.clear()
        self._idle.clear()


class _Connection(Incoming):
    """One HTTP/1.1 connection, one exchange at a time. The `on_...` methods are httptools' callbacks."""

    _timeout: Timeout

    def __init__(self, loop: asyncio.AbstractEventLoop, largest: int, idleness: Idleness) -> None:
        super().__init__()
        self._loop = loop
        self._largest = largest
        self._idleness = idleness
        self._transport: asyncio.Transport | None = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._outcome: asyncio.Future[RawAnswer] | None = None
        self._answer: RawAnswer | None = None
        self._rested: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = inf
        self._keep = True
        self._used = loop.time()

    # --- for the pool -------------------------------------------------------------------------------------------

    def start(
        self, message: bytes, request: Request, timeout: Timeout, finished: Callable[["_Connection"], None]
    ) -> "asyncio.Future[RawAnswer]":
        """Write the request. What comes out is in the future; `finished` is called when it ends."""
        self._request, self._finished = request, finished
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._size = 0
        self._complete_head = False
        self._began = self._used = self._loop.time()
        if self._timer is None or timeout is not self._timeout:  # else it rings before this exchange is due
            self._timeout = timeout
            self._watch()
        transport: Any = self._transport
        transport.write(message)  # which may fail: then nothing is under way, and `finished` is not called
        outcome = self._outcome = self._loop.create_future()
        return outcome

    def open(self) -> bool:
        """Whether both sides keep it open, and no exchange is running."""
        transport = self._transport
        return self._keep and self._outcome is None and transport is not None and not transport.is_closing()

    async def read_what_came(self) -> None:
        """On a new connection, before it is used: whatever it is, it is no answer.

        After a TLS handshake a server sends tickets of its own accord; reading tells those from anything else.
        """
        await read_what_came(self._readable)

    def usable(self, request: Request) -> bool:
        """Whether it can carry one more request: nothing came since the last one, and the other side will keep it."""
        self._rested = self._loop.time() - self._used
        return self.open() and self._idleness.allows(self._rested, request) and not self._readable()

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

    def abandon(self) -> None:
        """Let go of the descriptor: the event loop is closed."""
        self._keep = False
        if self._transport is not None:
            close_socket(self._transport)

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
        self._readable = readable(transport)

    def received(self, piece: memoryview) -> None:
        if self._outcome is None:
            self.drop()  # nobody asked for this: what comes next can't be trusted to belong to a request of ours
            return
        self._used = self._loop.time()
        self._size += len(piece)
        if self._size > self._largest:
            self._fail(f"the answer is larger than {self._largest} bytes")
            return
        try:
            self._parser.feed_data(piece)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._keep = False
            if self._answer is None:
                self._fail(f"{type(error).__name__}: {error}")
                return
        if self._answer is not None:
            self._settle(self._answer)
        elif self._size > MAX_HEAD and not self._complete_head:
            self._fail(f"the answer's head is larger than {MAX_HEAD} bytes")

    def eof_received(self) -> None:
        self._left_alone()

    def connection_lost(self, exc: Exception | None) -> None:
        self._left_alone()
        self._unwatch()
        if self._outcome is None:
            return
        if self._complete_head and exc is None and self._ends_with_connection():
            self._settle(RawAnswer(self._parser.get_status_code(), self._headers, bytes(self._body)))
        else:
            if self._rested is not None and not self._size:
                self._idleness.closed(self._rested)
            self._fail(f"the connection was lost{f': {exc}' if exc else ' before the answer was complete'}")

    def _left_alone(self) -> None:
        """The other side sends nothing any more."""
        if self._keep and self._outcome is None:  # nobody here closed it
            self._idleness.closed(self._loop.time() - self._used)
        self._keep = False

    def on_message_begin(self) -> None:
        if self._answer is not None:
            self._keep = False  # a second answer to one request: it is nobody's

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._complete_head:  # what comes after the body says nothing about it
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._complete_head = self._parser.get_status_code() >= 200

    def on_body(self, data: bytes) -> None:
        if self._answer is None:
            self._body += data

    def on_message_complete(self) -> None:
        if self._answer is not None:
            return
        status = self._parser.get_status_code()
        if status < 200:  # 100 or 103: the answer proper is still to come
            self._headers.clear()
            return
        self._keep = self._keep and self._parser.should_keep_alive()
        self._answer = RawAnswer(status, self._headers, bytes(self._body))

    def _ends_with_connection(self) -> bool:
        names = {name.lower() for name, _ in self._headers}
        return not names & {b"content-length", b"transfer-encoding"}

    def _fail(self, problem: str) -> None:
        self._keep = False
        self._settle(ExchangeFailed(problem, operation=self._request.operation))

    def _settle(self, found: RawAnswer | TransportError | asyncio.CancelledError) -> None:
        outcome, self._outcome, self._answer = self._outcome, None, None
        if outcome is None:
            return
        if isinstance(found, RawAnswer):
            self._learn(found)
        settle(outcome, self._request, found)
        self._finished(self)

    def _learn(self, answer: RawAnswer) -> None:
        if self._rested is None:
            self._idleness.announced(answer.headers)
        else:
            self._idleness.served(self._rested)


def _message(request: Request, headers: Headers, authority: str) -> bytes:
    """What goes out. Raises `ConfigurationError` where something could break out of its line."""
    lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {authority}", *map(": ".join, headers)]
    if not is_sendable("".join(lines), request):
        del lines  # a report of a traceback shows what has a name
        raise unsendable(request)
    if request.body or request.method != "GET":
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + request.body
