"""A file of a recording in one's own storage: fetched whole, whatever happens on the way, or not there at all."""

import asyncio
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeVar, get_args

from attrs import field, frozen

from tm_async._util.filenames import safe_name, safe_suffix
from tm_async._util.tracebacks import without_frames
from tm_async.api.recordings.files import DerivedFile, FileAddresses, GetRecordingFile, ListAddresses
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator
from tm_async.core.secret import hides
from tm_async.errors import ConfigurationError, DownloadFailed, FileAbsent, TencentMeetingError, TransportError
from tm_async.storage.partial import Note, PartialFile
from tm_async.transport.fetch import Fetched, fetch
from tm_async.transport.protocol import Timeout

__all__ = ["Download", "FileKind", "FileSender", "Progress", "RecordingSource", "Saved"]

ResultT = TypeVar("ResultT")

FileKind = Literal["video", "audio", "transcript", "minutes"]
"""What of a recording's file is wanted."""

ATTEMPTS = 6
"""Attempts in a row that bring nothing new, after which a download is given up."""
_FIRST, _LONGEST = 0.5, 30.0
"""Seconds between two of them."""
_BLOCK = 1024 * 1024
"""Bytes that are written at a time."""
_ENDED = frozenset({401, 403, 404, 410})
"""No page says what an address that has ended answers."""
_WRITTEN = "; SRT, VTT and Markdown are written by what tm.recordings.read_transcript gives"
_ABSENT = "not allowed (allow_download), not there yet, or not given with OAuth2 for the free edition"


class FileSender(Sender, Protocol):
    """What downloads need of the client."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the gateway."""
        ...

    @property
    def timeout(self) -> Timeout:
        """Bounds of an exchange's phases."""
        ...


@frozen
class Progress:
    """How far a download is."""

    received: int
    """Bytes that are written, those of earlier attempts among them."""
    total: int | None
    """Bytes of the whole; `None` while nobody has said."""


@frozen
class Saved:
    """A file that was fetched whole."""

    path: Path
    size: int
    """Bytes."""
    fetched: int
    """Bytes that came over the network this time; fewer than `size` where an earlier attempt was gone on with."""


@hides(texts=("sts_token",))
@frozen(kw_only=True)
class RecordingSource:
    """Which file, and how its address is asked for: it ends soon, so that is done whenever it is needed."""

    record_file_id: str
    operator_id: str
    kind: FileKind = "video"
    form: str | None = None
    """Of a transcript or of minutes: `txt`, `pdf`, `docx`; by default the first that there is."""
    meeting_record_id: str | None = None
    """With it addresses come from `list_addresses`, which needs no STS token."""
    sts_token: str | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.kind not in get_args(FileKind):
            raise ConfigurationError(f"kind must be one of {', '.join(get_args(FileKind))}")
        if self.form is not None and self.kind not in ("transcript", "minutes"):
            raise ConfigurationError("form is for a transcript or minutes")

    @property
    def name(self) -> str:
        """What tells it from other files; no address is in it."""
        return "/".join([self.record_file_id, self.kind, *([self.form] if self.form else [])])

    async def address(self, client: Sender) -> tuple[str, str]:
        """A fresh address, and the file's suffix. Raises `FileAbsent` where there is none."""
        found = await self._addresses(client)
        url, suffix = self._chosen(found)
        if not url:
            if forms := [one.file_type for one in self._derived(found) if one.download_address and self.form]:
                said = f"the {self.kind} of {self.record_file_id} is there as {', '.join(forms)}, not as {self.form}"
                raise FileAbsent(said + _WRITTEN * (self.kind == "transcript"))
            raise FileAbsent(f"the answer has no address of the {self.kind} of {self.record_file_id}: {_ABSENT}")
        return url, suffix

    async def _addresses(self, client: Sender) -> FileAddresses:
        if self.meeting_record_id is None:
            return await client.send(
                GetRecordingFile(
                    record_file_id=self.record_file_id, operator_id=self.operator_id, sts_token=self.sts_token
                )
            )
        operation = ListAddresses(meeting_record_id=self.meeting_record_id, operator_id=self.operator_id, page_size=50)
        async for one in Paginator(operation, client):
            if one.record_file_id == self.record_file_id:
                return one
        raise DownloadFailed(f"the recording {self.meeting_record_id} has no file {self.record_file_id}")

    def _chosen(self, found: FileAddresses) -> tuple[str, str]:
        if self.kind == "video":
            return found.download_address, found.download_address_file_type or "mp4"
        if self.kind == "audio":
            return found.audio_address, found.audio_address_file_type or "m4a"
        for one in self._derived(found):
            if one.download_address and self.form in (None, one.file_type):
                return one.download_address, one.file_type or "txt"
        return "", ""

    def _derived(self, found: FileAddresses) -> Iterator[DerivedFile]:
        lists = ("ai_meeting_transcripts", "meeting_summary") if self.kind == "transcript" else ("ai_minutes",)
        for name in lists:
            yield from getattr(found, name, ())


class Download:
    """One file on its way; see `tm.recordings.download`. Iterate it to see how far it is; leaving the block waits."""

    def __init__(
        self,
        client: FileSender,
        source: RecordingSource,
        to: "str | os.PathLike[str] | Callable[[str], Path]",
        *,
        size: int | None = None,
        overwrite: bool = False,
        allow_private: bool = False,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client, self._source, self._to = client, source, to
        self._size, self._overwrite, self._allow_private = size, overwrite, allow_private
        self._attempts, self._sleep = attempts, sleep
        self._progress = Progress(0, size)
        self._changed = asyncio.Event()
        self._fetched = 0
        self._task: asyncio.Task[Saved] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._changed.set())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task = self._running()
        if kind is not None:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
            return
        try:
            await task
        except asyncio.CancelledError:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
            raise

    async def __aiter__(self) -> AsyncIterator[Progress]:
        """How far it is, whenever that has changed since somebody last looked; ends with the download."""
        task = self._running()
        while not task.done():
            await self._changed.wait()
            self._changed.clear()
            yield self._progress

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    @property
    def saved(self) -> Saved:
        """The file, once it is there. Raises what went wrong."""
        return self._running().result()

    def _running(self) -> "asyncio.Task[Saved]":
        if self._task is None:
            raise ConfigurationError("a download is used with `async with`, or by `tm.recordings.save`")
        return self._task

    # --- the work -------------------------------------------------------------------------------------------------

    async def _run(self) -> Saved:
        try:
            return await self._save()
        except TencentMeetingError as error:
            raise without_frames(error)  # noqa: B904 - it keeps what it came from; frames have the address

    async def _save(self) -> Saved:
        url, suffix = await self._source.address(self._client)
        target = await asyncio.to_thread(self._target, suffix)
        part = PartialFile(target, self._source.name, replace=self._overwrite)
        try:
            await _whole(part.open)
            self._tell(part)
            await self._until_whole(part, url)
            size = part.size
            await _whole(self._require_size, part)
            await _whole(part.finish)
        finally:
            await _whole(part.close)
        return Saved(target, size, self._fetched)

    def _target(self, suffix: str) -> Path:
        """The file; `to` may be a function that finds it by its suffix."""
        if callable(self._to):
            return self._to(suffix)
        to = Path(self._to)
        if not to.is_dir():
            return to
        # An answer chooses no other folder, neither by a suffix nor by an id.
        return to / f"{safe_name(self._source.record_file_id)}.{safe_suffix(suffix, 'bin')}"

    async def _until_whole(self, part: PartialFile, url: str) -> None:
        """Attempt after attempt, as long as they bring something new now and then."""
        best, idle = part.size, 0
        while True:
            try:
                if await self._attempt(part, url):
                    return
                trouble: Exception = DownloadFailed(f"{part.target}: the server answers with another part than asked")
            except _Ended as ended:
                trouble = DownloadFailed(f"{part.target}: the address answers HTTP {ended.status}, a fresh one, too")
                url = (await self._source.address(self._client))[0]
            except (TransportError, _Later) as error:
                trouble = error
            if part.size > best:
                best, idle = part.size, 0
            idle += 1
            if idle >= self._attempts:
                said = f"{idle} attempts in a row brought nothing new, {part.size} bytes are kept"
                raise DownloadFailed(f"{part.target}: {said}: {trouble}") from trouble
            await self._sleep(min(_FIRST * 2 ** (idle - 1), _LONGEST))

    async def _attempt(self, part: PartialFile, url: str) -> bool:
        """One exchange, from where we are. Whether the file is whole now."""
        note, start = part.note, part.size
        if start and start == note.total:
            return True
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if note.tag is not None:
                headers["If-Range"] = note.tag
        async with fetch(
            url,
            headers,
            timeout=self._client.timeout,
            known=self._client.origin,
            allow_private=self._allow_private,
        ) as answer:
            fits = await _whole(self._place, part, answer)
            if fits:
                await self._take(part, answer)
        return fits and (part.note.total is None or part.size == part.note.total)

    def _place(self, part: PartialFile, answer: Fetched) -> bool:
        """Put the file to where this answer goes on; whether there is such a place."""
        if answer.status in _ENDED:
            raise _Ended(answer.status)
        if answer.status == 429 or answer.status >= 500:
            raise _Later(f"the host of the file answers HTTP {answer.status}")
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            raise DownloadFailed("the file comes packed in a way that nobody asked for")
        told = _told(answer, self._source.name)
        if answer.status == 200:
            part.begin(told)
            return True
        if answer.status == 206 and _start(answer) == part.size and _same(told, part):
            part.learn(told)
            return True
        if answer.status in (206, 416):
            part.begin(Note(source=self._source.name))
            return False
        raise DownloadFailed(f"the host of the file answers HTTP {answer.status}")

    async def _take(self, part: PartialFile, answer: Fetched) -> None:
        pieces, size = list[bytes](), 0
        try:
            async for piece in answer.pieces:
                pieces.append(piece)
                size += len(piece)
                if size >= _BLOCK:
                    block, pieces, size = pieces, [], 0  # nobody's any more: a write that breaks off is not done again
                    await self._write(part, block)
        finally:
            if pieces:
                await self._write(part, pieces)

    async def _write(self, part: PartialFile, pieces: list[bytes]) -> None:
        await _whole(part.write, pieces)
        self._fetched += sum(map(len, pieces))
        if part.note.total is not None and part.size > part.note.total:
            part.begin(Note(source=self._source.name))
            raise _Later("the host of the file sends more than it said")
        if self._size is not None and part.size > self._size:
            self._require_size(part)
        self._tell(part)

    def _tell(self, part: PartialFile) -> None:
        self._progress = Progress(part.size, part.note.total if part.note.total is not None else self._size)
        self._changed.set()

    def _require_size(self, part: PartialFile) -> None:
        """What is whole and not it is dropped: the next attempt would find it whole again, and not ask."""
        if self._size is not None and (size := part.size) != self._size:
            part.begin(Note(source=self._source.name))
            raise DownloadFailed(f"{part.target}: {size} bytes came, and {self._size} were expected")


async def _whole(work: Callable[..., ResultT], *given: Any) -> ResultT:
    """The result of blocking work, which a cancellation waits for: a thread must not work on what somebody closes."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        if not working.cancelled():
            working.exception()  # nobody's any more
        raise


class _Ended(Exception):
    """The address has ended, or never was one."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Later(Exception):
    """The host can't serve it now."""


def _told(answer: Fetched, source: str) -> Note:
    """What an answer's head says of the whole file."""
    headers = answer.headers
    tag = headers.get("etag", "")
    strong = tag if tag.startswith('"') else headers.get("last-modified")
    total = (
        headers.get("content-length") if answer.status == 200 else headers.get("content-range", "").rpartition("/")[2]
    )
    whole = int(total) if total and total.isascii() and total.isdecimal() and len(total) < 19 else None
    return Note(source=source, total=whole, tag=strong, digest=_digest(headers, whole=answer.status == 200))


def _same(told: Note, part: PartialFile) -> bool:
    """Whether a range is of the file whose beginning is there; one of nobody knows how much never is."""
    note = part.note
    if told.total is None or not part.size:
        return told.total is not None
    dated = note.tag is not None and not note.tag.startswith('"')  # a range need not repeat it (RFC 9110, 15.3.7)
    return note.total in (None, told.total) and (note.tag in (None, told.tag) or (dated and told.tag is None))


def _digest(headers: Mapping[str, str], *, whole: bool) -> str | None:
    """The hash of the whole file, by `Repr-Digest` (RFC 9530) or, of an answer that has all of it, `Content-MD5`."""
    found = headers.get("repr-digest", "")
    if found.startswith("sha-256=:"):
        return _hex("sha256", found.removeprefix("sha-256=:").partition(":")[0])
    return _hex("md5", headers["content-md5"]) if whole and "content-md5" in headers else None


def _hex(kind: str, text: str) -> str | None:
    try:
        return f"{kind}:{b64decode(text, validate=True).hex()}"
    except ValueError:
        return None


def _start(answer: Fetched) -> int | None:
    unit, _, rest = answer.headers.get("content-range", "").partition(" ")
    first = rest.partition("-")[0]
    return int(first) if unit == "bytes" and first.isascii() and first.isdecimal() and len(first) < 19 else None
