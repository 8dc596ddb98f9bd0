"""A server of one file that breaks every answer in its own way, the same way for the same seed; on raw asyncio."""

import asyncio
import hashlib
import socket
import struct
from enum import Enum
from random import Random
from types import TracebackType
from typing import Self

__all__ = ["FileServer", "Harm"]


class Harm(Enum):
    """What is done to one answer."""

    NONE = "none"
    RESET = "reset"
    SHORT = "short body"
    ENDED = "403 of an ended link"
    GONE = "404"
    BUSY = "503"
    CHANGED = "changed file"
    OTHER_RANGE = "another range"
    OTHER_TOTAL = "another total"
    WHOLE = "the range is passed over"
    TOO_MUCH = "more than said"
    NOTHING = "closed without an answer"
    MOVED = "moved"
    UNASKED = "closed before it was asked"
    EARLY = "answers before it was asked"
    LENGTHLESS = "cut, and no length was said"
    LESS = "less than asked"
    REMADE = "changed file, and the condition of the range is passed over"


class FileServer:
    """Serves `/file?<anything>`; for each answer `harms` says what is done to it, and nothing when they are used up."""

    def __init__(self, data: bytes, harms: list[Harm], seed: int = 0, *, tags: bool = True) -> None:
        self.data, self.harms, self.tags = data, harms, tags
        self._rng = Random(seed)
        self.version = 0
        self.extra: dict[str, str] = {}
        """More lines of every answer."""
        self.dated = False
        """Tells versions by Last-Modified, which a range does not repeat (RFC 9110, 15.3.7)."""
        self.moved_to = ""
        self.surplus = b"surplus"
        self.asked: list[int] = []
        """Where each request began."""
        self.sent = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.origin = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    @property
    def tag(self) -> str:
        return '"' + hashlib.sha256(self.data).hexdigest()[:16] + '"'

    @property
    def date(self) -> str:
        return f"Tue, 01 Dec 2026 00:00:{self.version:02} GMT"

    def _version_told(self, ranged: bool) -> list[str]:
        if self.dated:
            return [] if ranged else [f"Last-Modified: {self.date}"]
        return [f"ETag: {self.tag}"] if self.tags else []

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.harms and self.harms[0] in (Harm.UNASKED, Harm.EARLY):
            if self.harms.pop(0) is Harm.EARLY:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")
            writer.close()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            start = int(lines.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
            self.asked.append(start)
            await self._answer(writer, self.harms.pop(0) if self.harms else Harm.NONE, start, lines.get("if-range"))
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, harm: Harm, start: int, if_range: str | None) -> None:
        refusals = {Harm.ENDED: "403 Forbidden", Harm.GONE: "404 Not Found", Harm.BUSY: "503 Busy"}
        if harm is Harm.NOTHING:
            return
        if harm is Harm.MOVED:
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {self.moved_to}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        if harm in refusals:
            writer.write(f"HTTP/1.1 {refusals[harm]}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        if harm in (Harm.CHANGED, Harm.REMADE):
            self.version += 1
            self.data = self._rng.randbytes(len(self.data))
        total = len(self.data)
        holds = harm is Harm.REMADE or if_range in (None, self.date.lower() if self.dated else self.tag)
        ranged = 0 < start < total and harm is not Harm.WHOLE and holds
        if start >= total > 0:
            writer.write(f"HTTP/1.1 416 No\r\nContent-Range: bytes */{total}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        begin = start if ranged else 0
        if harm is Harm.OTHER_RANGE and ranged:
            begin = self._rng.randrange(total)
        end = begin + (total - begin + 1) // 2 if harm is Harm.LESS and ranged else total
        body = self.data[begin:end]
        said = total + 7 if harm is Harm.OTHER_TOTAL and ranged else total
        head = [f"HTTP/1.1 {'206 Partial Content' if ranged else '200 OK'}", f"Content-Length: {len(body)}"]
        head += self._version_told(ranged)
        head += [f"Content-Range: bytes {begin}-{end - 1}/{said}"] if ranged else []
        head += [f"{name}: {value}" for name, value in self.extra.items()]
        if harm is Harm.TOO_MUCH and ranged:  # without a length, which nothing could be compared with otherwise
            head[1], body = "Connection: close", body + self.surplus
        if harm is Harm.LENGTHLESS:
            head[1] = "Transfer-Encoding: chunked"
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        cut = harm in (Harm.RESET, Harm.SHORT, Harm.LENGTHLESS)
        body = body[: self._rng.randrange(len(body))] if cut and body else body
        self.sent += len(body)
        writer.write(b"%x\r\n%b\r\n" % (len(body), body) if harm is Harm.LENGTHLESS and body else body)
        if harm is Harm.RESET:
            connection: socket.socket = writer.get_extra_info("socket")
            await asyncio.sleep(0.002)  # some of it arrives
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return
        await writer.drain()
