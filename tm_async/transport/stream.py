"""A stream of bytes for httpcore on asyncio's own connections, which sees what comes when nothing was asked.

httpcore's own keep in buffers of their own what the event loop has read already: nobody could tell whether an answer
had begun to arrive before its request was sent. It also costs less.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, cast

from tm_async.transport.connecting import connect
from tm_async.transport.connections import Spoilt
from tm_async.transport.incoming import Incoming
from tm_async.transport.perloop import close_socket
from tm_async.transport.protocol import MAX_HEAD
from tm_async.transport.readable import read_what_came, readable

__all__ = ["Network"]

_FULL = 256 * 1024
"""Bytes that wait to be read, above which no more are taken from the socket."""


class Network:
    """One connection's way to the network, in the form of an httpcore network backend.

    It keeps hold of what it opened: where an exchange is cancelled within the TLS handshake, httpcore forgets it.
    `whose` names who is at the other end, in errors. After `layers` TLS handshakes, what is written is the request;
    before, it is talk with a proxy. `check` is asked of the addresses that are connected to.
    """

    def __init__(
        self, core: ModuleType, layers: int, whose: str = "", check: Callable[[str], None] | None = None
    ) -> None:
        self._core = core
        self._check = check
        self._layers = layers
        self._whose = whose
        self._last_check: Callable[[], None] | None = None
        self._stream: _Stream | None = None

    @property
    def asked(self) -> bool:
        """Whether a byte of the current request may have been handed to the network."""
        return self._stream is not None and self._stream.asked

    @property
    def answered(self) -> bool:
        """Whether anything was received since the request was begun."""
        return self._stream is not None and self._stream.answered

    def begin(self, last_check: Callable[[], None] | None) -> None:
        """What is written next is a new request; `last_check` is asked just before its first byte is."""
        self._last_check = last_check
        if self._stream is not None:
            self._stream.begin(last_check)

    def head_is_over(self) -> None:
        """The body comes now, which somebody else keeps within bounds."""
        if self._stream is not None:
            self._stream.in_head = False

    def end(self, on_closed: Callable[[], None]) -> bool:
        """See `_Stream.end`."""
        return self._stream is not None and self._stream.end(on_closed)

    def quiet(self) -> bool:
        """See `_Stream.quiet`."""
        return self._stream is not None and self._stream.quiet()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, **_: object
    ) -> "_Stream":
        """Open the connection; raises the errors of httpcore, which name host and port."""
        loop = asyncio.get_running_loop()
        due = None if timeout is None else loop.time() + timeout
        where = f"{self._whose}[{host}]:{port}" if ":" in host else f"{self._whose}{host}:{port}"
        try:
            async with asyncio.timeout_at(due):
                make = partial(_Stream, self._core, loop, self._layers, host)
                stream = self._stream = await connect(make, host, port, self._check)
        except TimeoutError as error:
            raise self._core.ConnectTimeout(f"no connection to {where} within {timeout} s") from error
        except (OSError, ValueError) as error:
            raise self._core.ConnectError(f"no connection to {where}: {error}") from error
        stream.begin(self._last_check)
        if due is not None:
            stream.bound = due, f"no way through {where} within {timeout} s"
        return stream

    async def sleep(self, seconds: float) -> None:
        """For retries of httpcore's, of which there are none here."""
        await asyncio.sleep(seconds)

    def abandon(self) -> None:
        """The loop is closed: let go of the descriptor."""
        if self._stream is not None:
            self._stream.abandon()

    async def aclose(self) -> None:
        """Close at once."""
        if self._stream is not None:
            await self._stream.aclose()


class _Stream(Incoming):
    """One connection: what httpcore writes goes out, and what comes in waits until httpcore reads it."""

    _transport: asyncio.Transport
    _readable: Callable[[], bool]

    def __init__(self, core: ModuleType, loop: asyncio.AbstractEventLoop, layers: int, host: str) -> None:
        super().__init__()
        self._core = core
        self._loop = loop
        self._layers = layers
        self._host = host
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._reading: asyncio.Future[None] | None = None
        self._writing: asyncio.Future[None] | None = None
        self._full = False
        self._idle = True
        self._last_check: Callable[[], None] | None = None
        self._taken = 0
        self.in_head = True
        """Whether the head of the answer is still to come, or coming."""
        self.asked = False
        self.answered = False
        """Whether anything was received since the request was begun."""
        self.bound: tuple[float, str] | None = None
        """Until when the connection, TLS and what is said to a proxy included, must stand, and what is said if not."""
        self._on_closed: Callable[[], None] | None = None

    # --- for the exchange -----------------------------------------------------------------------------------------

    def begin(self, last_check: Callable[[], None] | None) -> None:
        """See `Network.begin`."""
        self._last_check = last_check
        self.asked = self.answered = False
        self.in_head, self._taken = True, 0

    def end(self, on_closed: Callable[[], None]) -> bool:
        """The exchange is over. Whether another one may follow: nothing has come that is not part of it.

        `on_closed` is called when the other side closes the connection before that.
        """
        self._idle = True
        self._on_closed = on_closed
        if self._readable is _never:
            self._readable = readable(self._transport)
        return self.quiet()

    def quiet(self) -> bool:
        """Whether nothing has come since the last exchange, neither bytes nor the end, as far as was read."""
        return not (self._pieces or self._ended or self._transport.is_closing())

    # --- what httpcore asks ---------------------------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.in_head and self._taken > MAX_HEAD:
            raise self._core.ReadError(f"the answer's head is larger than {MAX_HEAD} bytes")
        if not self._pieces:
            if not self._ended:
                waiter = self._reading = self._loop.create_future()
                late = self._core.ReadTimeout, f"no piece of the answer came within {timeout} s"
                await self._until(waiter, timeout, *late)
            if not self._pieces:
                if self._error is not None:
                    raise self._core.ReadError(f"the connection was lost: {self._error}") from self._error
                return b""
        piece = self._pieces.popleft()
        if len(piece) > max_bytes:
            self._pieces.appendleft(piece[max_bytes:])
            piece = piece[:max_bytes]
        self._size -= len(piece)
        self._taken += len(piece)
        if self._full and self._size <= _FULL:
            self._full = False
            self._transport.resume_reading()
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        if self._idle:
            if not self.quiet() or self._readable():
                raise Spoilt
            self._idle = False
        if self._ended or self._transport.is_closing():
            raise self._core.WriteError("the connection was lost")
        if not self._layers and not self.asked:
            if self._last_check is not None:
                self._last_check()
            self.asked = True
        self._transport.write(buffer)
        if self._writing is not None:
            late = self._core.WriteTimeout, f"the request could not be written within {timeout} s"
            await self._until(self._writing, timeout, *late)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        host = server_hostname or self._host
        if self._pieces:
            raise self._core.ConnectError(f"{host} spoke before the TLS handshake")
        try:
            async with asyncio.timeout_at(None if self.bound is None else self.bound[0]):
                transport = await self._loop.start_tls(
                    self._transport, self, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            raise self._core.ConnectTimeout(f"no TLS with {host} within {timeout} s") from error
        except (OSError, ValueError) as error:
            raise self._core.ConnectError(f"no TLS with {host}: {error}") from error
        if transport is None or self._ended:
            raise self._core.ConnectError(f"no TLS with {host}: the connection was lost")
        self._transport = transport
        self._layers -= 1
        self._idle = True
        # A server sends tickets of its own accord then: what can be read need not be an answer. Only reading tells.
        await read_what_came(self._readable)
        self._readable = _never
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return not self.quiet() or self._readable()
        return self._transport.get_extra_info(_NAMES.get(info, info))

    async def aclose(self) -> None:
        self._on_closed = None
        self._transport.abort()
        await asyncio.sleep(0)  # the socket closes in the loop's next turn

    def abandon(self) -> None:
        """The loop is closed."""
        self._on_closed = None
        close_socket(self._transport)

    # --- what the event loop tells --------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._readable = readable(transport)

    def received(self, piece: memoryview) -> None:
        self._pieces.append(bytes(piece))
        self._size += len(piece)
        self.answered = True
        if self._size > _FULL and not self._full:
            self._full = True
            self._transport.pause_reading()
        _wake(self._reading)

    def eof_received(self) -> None:
        self._lost(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(exc)

    def pause_writing(self) -> None:
        self._writing = self._loop.create_future()

    def resume_writing(self) -> None:
        waiter, self._writing = self._writing, None
        _wake(waiter)

    def _lost(self, error: Exception | None) -> None:
        if self._ended:
            return
        self._ended, self._error = True, error
        if self._idle and self._on_closed is not None:
            self._on_closed()
        _wake(self._reading)
        _wake(self._writing)

    async def _until(
        self, waiter: "asyncio.Future[None]", timeout: float | None, late: Callable[[str], Exception], message: str
    ) -> None:
        """Like `asyncio.timeout`, for what happens several times in each call."""
        if self._layers and self.bound is not None:  # it is said to a proxy: part of connecting
            due, words = self.bound
            left = max(0.0, due - self._loop.time())
            if timeout is None or left < timeout:
                timeout, late, message = left, self._core.ConnectTimeout, words
        timer = None if timeout is None else self._loop.call_later(timeout, _expire, waiter, late, message)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()


_NAMES = {"client_addr": "sockname", "server_addr": "peername"}


def _never() -> bool:
    return False


def _wake(waiter: "asyncio.Future[None] | None") -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


def _expire(waiter: "asyncio.Future[None]", late: Callable[[str], Exception], message: str) -> None:
    if not waiter.done():
        waiter.set_exception(late(message))
