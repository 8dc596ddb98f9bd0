"""The addresses of files: bytes with ranges, until the address ends.

What the vendor's file servers answer is documented nowhere; here a link that has ended is 403, what is gone 404.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tm_async.emulator.chapters.recordings.content import content
from tm_async.emulator.chapters.recordings.state import File, Recording, Seen
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.state import State

if TYPE_CHECKING:
    from tm_async.emulator.backend import Backend

__all__ = ["PREFIX", "Files", "link"]

PREFIX = "/files/"
DOWNLOAD = 1
_TYPES = {"mp4": "video/mp4", "m4a": "audio/mp4", "txt": "text/plain; charset=utf-8"}


def link(asked: Asked, name: str, life: float) -> str:
    """An address of a file (`<record_file_id>.mp4`) that lives for so many seconds of the emulator's clock."""
    ends, by = int(asked.now + life), asked.state.users[asked.operator].uuid  # no userid: the app may be another's
    return f"{asked.call.origin}{PREFIX}{quote(name)}?ends={ends}&by={by}&key={_key(name, ends, by)}"


def _key(name: str, ends: int, by: str) -> str:
    return _digest(f"{name}\n{ends}\n{by}".encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> str:
    return hmac.digest(b"emulator", data, "sha256").hex()[:32]


class Files:
    """Answers GET and HEAD below `/files/`."""

    def __init__(self, backend: "Backend") -> None:
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        state, now = self._backend.state, self._backend.clock()
        given = {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        name, ends, by = scope["path"].removeprefix(PREFIX), given.get("ends", ""), given.get("by", "")
        if scope["method"] not in {"GET", "HEAD"}:
            return Response("only GET and HEAD", 405)
        key = given.get("key", "").encode()
        good = _is_count(ends) and hmac.compare_digest(_key(name, int(ends), by).encode(), key)
        if not good or now >= int(ends):
            return Response("the address has ended, or was never given", 403)
        file_id, _, kind = name.rpartition(".")
        recording = state.recordings.of_file(file_id.partition("-")[0])
        if recording is None:
            return Response("there is no such file", 404)
        file = recording.files[file_id.partition("-")[0]]
        headers = Headers(scope=scope)
        if scope["method"] == "GET" and "range" not in headers and "-" not in file_id:  # nothing that is made of it
            who = next((user.userid for user in state.users.values() if user.uuid == by), "")
            recording.seen.append(Seen(kind=DOWNLOAD, userid=who, at=now, file=file.id))
        return _ranged(headers, scope["method"] == "HEAD", name, *_source(state, recording, file, file_id, kind), kind)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _source(state: State, recording: Recording, file: File, file_id: str, kind: str) -> tuple[bytes | None, int]:
    """The bytes, or `None` for those that are made from the name; and how many."""
    if kind == "mp4" and "-" not in file_id:
        return file.data, file.bytes
    if kind == "m4a":
        return None, max(file.bytes // 10, 1)
    text = "\n".join(f"{one.name}: {one.text}" for one in state.recordings.speech(recording, file))
    data = f"{recording.name}\n{text}\n".encode("utf-8", "replace")
    return data, len(data)


def _ranged(headers: Headers, head: bool, name: str, data: bytes | None, size: int, kind: str) -> Response:
    tag = f'"{_digest(f"{name} {size}".encode() if data is None else data)}"'
    told = {"Accept-Ranges": "bytes", "ETag": tag, "Content-Type": _TYPES.get(kind, "application/octet-stream")}
    wanted = headers.get("range", "")
    if headers.get("if-range", tag) != tag:
        wanted = ""
    start, stop, status = 0, size, 200
    if wanted.startswith("bytes=") and "," not in wanted:
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        if (first and not _is_count(first)) or (last and not _is_count(last)) or not (first or last):
            return Response("that is no range", 400)
        start = int(first) if first else max(size - int(last), 0)
        stop = min(int(last) + 1, size) if first and last else size
        if start >= size or stop <= start:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
        status, told["Content-Range"] = 206, f"bytes {start}-{stop - 1}/{size}"
    told["Content-Length"] = str(stop - start)
    if head:
        return Response(status_code=status, headers=told)
    pieces: Iterable[bytes] = content(name, size, start, stop) if data is None else [data[start:stop]]
    return StreamingResponse(_each(pieces), status, headers=told)


async def _each(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)  # else nobody notices that the client has gone
