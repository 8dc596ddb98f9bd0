"""A TCP proxy on this machine that breaks exchanges at chosen points, the same way for the same seed."""

import asyncio
import contextlib
import select
import socket
import ssl
import struct
from collections.abc import Coroutine
from random import Random
from types import TracebackType
from typing import Any, Self

from attrs import define

from tests.faults.cuts import PASS, Act, Choose, Cut, always
from tests.faults.wire import Message, Upstream, page, read_head, with_length

__all__ = ["Deed", "FaultProxy"]

_LINGER = struct.pack("ii", 1, 0)
_GONE = (OSError, EOFError, ssl.SSLError, asyncio.LimitOverrunError)
_SMALL = 4096  # bytes that a connection reads ahead, so that slow reading is felt on the other side


@define
class Deed:
    """What was done to one request, or to a connection on which none came."""

    number: int
    connection: int
    act: Act
    line: str = "(no request)"
    passed_on: bool = False
    answered: int = 0
    """Bytes of the answer that were written."""

    def __str__(self) -> str:
        passed = "passed on" if self.passed_on else "not passed on"
        return f"{self.number}. connection {self.connection}: {self.line}: {self.act}; {passed}, {self.answered} B back"


class FaultProxy:
    """Stands between a client and a server; an async context manager.

    For each request, `choose` says what is done to it: for the first one of a connection as that is accepted, for a
    later one at its first byte. All chance comes from `seed`. With `tls` the client speaks TLS to it; the server
    behind is always reached in plain text. `deeds` has what was done.
    """

    def __init__(
        self,
        upstream: int | Upstream,
        seed: object = 0,
        *,
        choose: Choose | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._own = isinstance(upstream, int)
        self._upstream = Upstream(upstream) if isinstance(upstream, int) else upstream
        self.rng = Random(f"{seed}")
        self.choose = choose or always(PASS)
        self._tls = tls
        self.port = 0
        self.deeds: list[Deed] = []
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.Transport] = set()
        self._accepting = False

    # --- life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def base_url(self) -> str:
        return f"http{'s' if self._tls else ''}://localhost:{self.port}/v1"

    def listen(self) -> None:
        """Take connections, on the port that it had before if any."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(1024)
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        # Not `loop.sock_accept`: cancelled in the turn in which a connection comes, it drops that connection unclosed.
        asyncio.get_running_loop().add_reader(self._listener, self._accept)
        self._accepting = True

    async def go_down(self) -> None:
        """Refuse connections from now on, and reset those that there are; `listen` ends it."""
        if self._accepting:
            self._accepting = False
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            await asyncio.sleep(0)  # what was just accepted begins: a task that never began would close nothing
        for transport in list(self._open):
            _reset(transport)

    async def quiet(self, patience: float = 10.0) -> bool:
        """Wait until every connection has ended: afterwards nothing is passed on any more. Close the client first.

        False if one is still there after `patience` seconds: the client forgot to close it.
        """
        try:
            async with asyncio.timeout(patience):
                while self._tasks or select.select([self._listener], [], [], 0)[0]:
                    await (asyncio.wait(self._tasks) if self._tasks else asyncio.sleep(0))
        except TimeoutError:
            return False
        return True

    async def aclose(self) -> None:
        """End everything; requests that are held back are lost."""
        await self.go_down()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._own:
            await self._upstream.aclose()
        await asyncio.sleep(0)  # the sockets close in the loop's next turn

    def story(self) -> str:
        """Every deed, a line each."""
        return "\n".join(str(deed) for deed in self.deeds)

    # --- connections ----------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            self._connections += 1
            self._spawn(self._serve(connection, self._connections))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next(self, number: int) -> Deed:
        deed = Deed(len(self.deeds) + 1, number, self.choose(self.rng))
        self.deeds.append(deed)
        return deed

    async def _serve(self, connection: socket.socket, number: int) -> None:
        deed = self._next(number)
        with contextlib.suppress(*_GONE):
            if deed.act.cut is Cut.REFUSE:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
                connection.close()
                return
            if deed.act.cut is Cut.TLS_HANDSHAKE:
                await _hang_up_early(connection, deed.act)
                return
            reader, writer = await self._streams(connection)
            transport: Any = writer.transport
            self._open.add(transport)
            try:
                first = await reader.readexactly(1)
                while await self._one(deed, first, reader, writer):
                    first = await reader.readexactly(1)  # only now there is a next request
                    deed = self._next(number)
            finally:
                self._open.discard(transport)
                end = transport.close if deed.act.cut in _ORDERLY else transport.abort
                end()

    async def _streams(self, connection: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_SMALL)
        protocol = _Ended(reader)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=self._tls)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    # --- one request ----------------------------------------------------------------------------------------------

    async def _one(self, deed: Deed, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read, pass on, answer, as the act has it; whether the connection goes on."""
        request = await self._read(deed, first, reader, writer)
        if request is None:
            return False
        cut, answer = deed.act.cut, None
        if cut is Cut.BLACKHOLE_BEFORE:
            await _ignore(reader)
            return False
        if cut is Cut.DELAY_BEFORE:
            await asyncio.sleep(deed.act.seconds)
        if not cut.never_arrives:
            deed.passed_on = True
            answer = await self._upstream.exchange(request)
        if cut is Cut.BLACKHOLE_AFTER:
            await _ignore(reader)
            return False
        return await self._answer(deed, answer, reader, writer)

    async def _read(
        self, deed: Deed, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        act = deed.act
        if act.cut in (Cut.RESET_BEFORE, Cut.REFUSE, Cut.TLS_HANDSHAKE):
            _reset(writer.transport)
            return None
        head, length = await read_head(reader)
        head = first + head
        deed.line = head.split(b" HTTP/", 1)[0].decode("latin-1")
        if act.cut is Cut.RESET_INSIDE:
            await reader.readexactly(int(act.at * length))
            _reset(writer.transport)
            return None
        if act.cut is not Cut.SLOW_READING:
            return head + await reader.readexactly(length)
        body = b""
        while len(body) < length:
            await asyncio.sleep(act.seconds)
            body += await reader.readexactly(min(256, length - len(body)))
        return head + body

    async def _answer(
        self, deed: Deed, answer: Message | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        act = deed.act
        if act.cut is Cut.DELAY_AFTER:
            await asyncio.sleep(act.seconds)
        if act.cut is Cut.DRIBBLE and answer is not None:
            await _dribble(deed, answer.raw, writer)
            return not writer.transport.is_closing()
        data = self._bytes(act, answer)
        deed.answered = len(data)
        writer.write(data)
        if act.cut in _GOES_ON:
            return True
        if act.cut in (Cut.GARBAGE, Cut.LENGTH_TOO_BIG) and not act.hard:  # the client has to end it
            await _ignore(reader)
        elif act.cut is Cut.CLOSE_IDLE:
            await asyncio.sleep(act.seconds)
        elif act.cut is Cut.RESET_AFTER or (act.cut in (Cut.CUT_HEAD, Cut.CUT_BODY) and act.hard):
            _reset(writer.transport)
        return False

    def _bytes(self, act: Act, answer: Message | None) -> bytes:
        """What the client gets of an answer; `None`: there is none."""
        if answer is None:
            return page("503 Service Unavailable")
        head, body, at = answer.head, answer.body, act.at
        match act.cut:
            case Cut.RESET_AFTER | Cut.CLOSE_AFTER:
                return b""
            case Cut.BAD_GATEWAY:
                return page("502 Bad Gateway")
            case Cut.CUT_HEAD:
                return head[: 1 + int(at * (len(head) - 2))]
            case Cut.CUT_BODY | Cut.TLS_CUT:
                return head + body[: int(at * len(body))]
            case Cut.GARBAGE:
                return (b"HTTP/1.1 " if act.at < 0.5 else b"") + self.rng.randbytes(1 + int(at * 2000))
            case Cut.LENGTH_TOO_BIG:
                return with_length(answer, len(body) + 1 + int(at * 1000))
            case Cut.LENGTH_TOO_SMALL:
                return with_length(answer, int(at * len(body)))
            case Cut.DUPLICATE:
                return answer.raw * 2
            case _:
                return answer.raw


_GOES_ON = frozenset(
    {Cut.PASS, Cut.SLOW_READING, Cut.DELAY_BEFORE, Cut.DELAY_AFTER, Cut.UNAVAILABLE, Cut.BAD_GATEWAY}
    | {Cut.LENGTH_TOO_SMALL, Cut.DUPLICATE}
)
_ORDERLY = frozenset({Cut.PASS, Cut.CLOSE_AFTER, Cut.CUT_HEAD, Cut.CUT_BODY, Cut.GARBAGE, Cut.CLOSE_IDLE} | _GOES_ON)


class _Ended(asyncio.StreamReaderProtocol):
    """A stream that is broken off has ended: nobody looks at its error, which asyncio would complain about."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(None)


def _reset(transport: Any) -> None:
    """End the connection with a RST."""
    found = transport.get_extra_info("socket")
    if found is not None and found.fileno() >= 0:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    transport.abort()


async def _hang_up_early(connection: socket.socket, act: Act) -> None:
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_recv(connection, 1 + int(act.at * 200))
        if act.hard:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    finally:
        connection.close()


async def _ignore(reader: asyncio.StreamReader) -> None:
    """Stay silent until the client ends the connection."""
    while await reader.read(65536):
        pass


async def _dribble(deed: Deed, data: bytes, writer: asyncio.StreamWriter) -> None:
    for byte in data:
        if writer.transport.is_closing():
            return
        writer.write(bytes((byte,)))
        deed.answered += 1
        await asyncio.sleep(deed.act.seconds)
