"""HTTP/1.1 messages as bytes, as far as a proxy needs to know them: where a message ends."""

import asyncio
import re
import time

from attrs import frozen

__all__ = ["Message", "Upstream", "page", "read_head", "with_length"]

LIMIT = 1 << 20
KEEPALIVE = 20.0
"""Seconds that a connection is kept; the emulator closes it after 75."""
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+) *\r$")


@frozen
class Message:
    """A whole request or answer."""

    head: bytes
    """Up to and with the empty line."""
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body


async def read_head(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """The head, and how many bytes of body belong to it. Raises `IncompleteReadError` at the end of the stream."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = _LENGTH.search(head)
    return head, int(found[1]) if found else 0


def with_length(message: Message, length: int) -> bytes:
    """The message with a false Content-Length."""
    return _LENGTH.sub(b"Content-Length: %d\r" % length, message.head) + message.body


def page(status: str) -> bytes:
    """An answer as a proxy on the way gives it."""
    body = f"<html><body><h1>{status}</h1></body></html>".encode()
    return b"HTTP/1.1 %b\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (
        status.encode(),
        len(body),
        body,
    )


class Upstream:
    """The server behind: whole requests in, whole answers out, on connections that are kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def exchange(self, request: bytes) -> Message:
        """Pass a request on, once. Raises `OSError` or `EOFError` where the server fails."""
        reader, writer = self._reuse() or await asyncio.open_connection("127.0.0.1", self._port, limit=LIMIT)
        try:
            writer.write(request)
            head, length = await read_head(reader)
            answer = Message(head, await reader.readexactly(length))
        except BaseException:
            writer.transport.abort()
            raise
        self._idle.append((time.monotonic(), reader, writer))
        return answer

    def _reuse(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection that the server has certainly not closed meanwhile: a request must not get lost here."""
        while self._idle:
            used, reader, writer = self._idle.pop()
            if time.monotonic() - used < KEEPALIVE and not reader.at_eof():
                return reader, writer
            writer.transport.abort()
        return None

    async def aclose(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            _, _, writer = self._idle.pop()
            writer.transport.abort()
        await asyncio.sleep(0)
