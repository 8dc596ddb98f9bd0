"""Uploading a file: whole if it is small, else in parts, gone on with where an earlier run stopped.

How far an upload is stands in a small file beside it, which is written after each part and goes when all is done. Parts
are sent one after the other: whether they may come otherwise is not documented.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from attrs import asdict, define, frozen

from tm_async._util.filelock import locked
from tm_async.api.jobs import EventSource, Listeners, poll
from tm_async.api.polling import Polling
from tm_async.api.recordings.uploads import (
    FinishUpload,
    PrepareUpload,
    UploadFileType,
    UploadJob,
    UploadPart,
    UploadWhole,
)
from tm_async.core.mount import Sender
from tm_async.errors import ConfigurationError, InvalidRequest, TencentMeetingError
from tm_async.rules.recordings import VIDEO_SUFFIXES

__all__ = ["UploadResult", "UploadResults", "upload_file"]

WHOLE = 20_971_520
"""Bytes up to which a file goes in one piece (doc 1095/106694)."""
LIFE = 6 * 3600.0 - 600.0
"""Seconds for which an upload is gone on with: a little less than what is documented (doc 1095/106696)."""
_FORMAT = 1
_KEPT = 1000
"""Results that nobody has waited for yet, at most."""

Progress = Callable[[int, int], object]
"""Is told how many bytes of how many have arrived."""


@define(kw_only=True)
class _State:
    """How far an upload is."""

    file: list[Any]
    """Name, size and time of change, and who uploads: what tells that it is the same upload."""
    upload_id: str
    block_size: int
    block_num: int
    began: float
    """UNIX seconds."""
    sent: int = 0
    """Parts that have arrived."""
    finishing: bool = False
    """Whether it was asked to be finished, and no answer is known."""

    def save(self, path: Path) -> None:
        """In one step, so that a crash leaves the old one or the new one."""
        beside = path.with_name(path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"format": _FORMAT, **asdict(self)}))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> "_State | None":
        """What an earlier run left; `None` for nothing, and for what is no such file."""
        try:
            value: Any = json.loads(path.read_text(encoding="utf-8"))
            found = cls(**value) if value.pop("format") == _FORMAT else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return found if found is not None and found.is_sound else None

    @property
    def is_sound(self) -> bool:
        """Whether it can be gone on with: it comes from a file that anybody may have written."""
        kinds = [type(cast("object", value)).__name__ for value in asdict(self, recurse=False).values()]
        return (
            kinds in (["list", "str", "int", "int", began, "int", "bool"] for began in ("int", "float"))
            and 0 < self.block_size < 2**63
            and 0 <= self.sent <= self.block_num < 2**31
        )


@frozen(kw_only=True)
class _Upload:
    client: Sender
    path: Path
    beside: Path
    asked: Mapping[str, Any]
    """Who uploads what: the arguments of `PrepareUpload`."""
    heard: Mapping[str, Any]
    """`speak_number` and `ai_record`."""
    size: int
    changed: int
    clock: Callable[[], float]
    progress: Progress

    async def run(self) -> UploadJob:
        if self.size <= WHOLE:
            asked = {name: value for name, value in self.asked.items() if name != "file_size"}
            content = await asyncio.to_thread(self.path.read_bytes)
            job = await self.client.send(UploadWhole(**asked, **self.heard, file_content=content))
            self.progress(self.size, self.size)
            return job
        earlier = await self._begun()
        state = earlier or await self._anew()
        known = earlier is None or earlier.sent < earlier.block_num  # as it took a part of it in this run
        try:
            await self._send_parts(state)
            return await self._finish(state)
        except InvalidRequest:
            if earlier is None or (known and state.sent == state.block_num):
                raise
        state = await self._anew()  # the platform does not know it any more
        await self._send_parts(state)
        return await self._finish(state)

    async def _begun(self) -> _State | None:
        """What an earlier run began, if it was with this very file and not too long ago."""
        found = await asyncio.to_thread(_State.load, self.beside)
        if found is None or found.file != self._file or self.clock() - found.began >= LIFE:
            return None
        if found.finishing:
            message = (
                f"an earlier run was stopped while it finished this upload: look whether the recording is there, then "
                f"delete {self.beside} to upload it again"
            )
            unclear = TencentMeetingError(message, operation=FinishUpload.spec.id)
            unclear.outcome_unknown = True
            raise unclear
        return found

    @property
    def _file(self) -> list[Any]:
        return [self.asked["file_name"], self.size, self.changed, self.asked["operator_id"]]

    async def _anew(self) -> _State:
        began = self.clock()
        made = await self.client.send(PrepareUpload(**self.asked))
        if made.block_size <= 0 or made.block_num != -(-self.size // made.block_size):
            message = f"{made.block_num} parts of {made.block_size} bytes are not {self.size} bytes"
            raise TencentMeetingError(message, operation=PrepareUpload.spec.id)
        state = _State(
            file=self._file,
            upload_id=made.upload_id,
            block_size=made.block_size,
            block_num=made.block_num,
            began=began,
        )
        await asyncio.to_thread(state.save, self.beside)
        return state

    async def _send_parts(self, state: _State) -> None:
        who = self.asked["operator_id"]
        for number in range(state.sent + 1, state.block_num + 1):
            part = await asyncio.to_thread(self._read, (number - 1) * state.block_size, state.block_size)
            send = UploadPart(operator_id=who, upload_id=state.upload_id, file_seq=number, file_content=part)
            await self.client.send(send)
            state.sent = number
            await asyncio.to_thread(state.save, self.beside)
            self.progress(min(number * state.block_size, self.size), self.size)

    def _read(self, start: int, length: int) -> bytes:
        with self.path.open("rb") as file:
            now = os.fstat(file.fileno())
            if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
                raise ConfigurationError(f"{self.path} was changed while it was uploaded")
            file.seek(start)
            return file.read(length)

    async def _finish(self, state: _State) -> UploadJob:
        state.finishing = True
        await asyncio.to_thread(state.save, self.beside)
        asked = FinishUpload(operator_id=self.asked["operator_id"], upload_id=state.upload_id, **self.heard)
        try:
            job = await self.client.send(asked)
        except TencentMeetingError as error:
            if not error.outcome_unknown:
                state.finishing = False
                await asyncio.to_thread(state.save, self.beside)
            raise
        await asyncio.to_thread(self.beside.unlink, missing_ok=True)
        return job


def _unwatched(_done: int, _whole: int) -> None: ...


async def upload_file(
    client: Sender,
    path: Path,
    *,
    operator_id: str,
    file_name: str | None,
    file_type: UploadFileType | None,
    speak_number: int,
    ai_record: bool | None,
    clock: Callable[[], float],
    progress: Progress | None,
) -> UploadJob:
    """Upload a file; the job that makes a recording of it."""
    found = await asyncio.to_thread(path.stat)
    name = path.name if file_name is None else file_name
    video = name.rpartition(".")[2].lower() in VIDEO_SUFFIXES
    kind = file_type or (UploadFileType.VIDEO if video else UploadFileType.AUDIO)
    asked = {"operator_id": operator_id, "file_name": name, "file_type": kind, "file_size": found.st_size}
    PrepareUpload(**cast("Any", asked))  # its rules are those of a whole upload, too
    upload = _Upload(
        client=client,
        path=path,
        beside=path.with_name(path.name + ".tm-upload"),
        asked=asked,
        heard={"speak_number": speak_number, "ai_record": ai_record},
        size=found.st_size,
        changed=found.st_mtime_ns,
        clock=clock,
        progress=progress or _unwatched,
    )
    with await asyncio.to_thread(_alone, path):
        return await upload.run()


def _alone(path: Path) -> BinaryIO:
    """The file, which no other run uploads until this is closed, where the system can do that."""
    file = path.open("rb")
    ours = True
    with suppress(OSError):  # some network disks have no locks
        ours = locked(file.fileno())
    if not ours:
        file.close()
        raise ConfigurationError(f"{path} is being uploaded by another run")
    return file


@frozen(kw_only=True)
class UploadResult:
    """What came of an upload."""

    job_id: str
    ok: bool
    error: str = ""
    """Why it failed."""
    values: Mapping[str, str] = {}
    """What the platform says of the recording: `file_name`, and ids whose names are not documented."""


class UploadResults:
    """Results of uploads, which come by the event `common.job-results` only: `UploadResults(hooks)`, once.

    The event has to reach this process, before `wait` or after.
    """

    def __init__(self, events: EventSource) -> None:
        self._results: dict[str, UploadResult] = {}
        self._listeners = Listeners()
        events.add(self.heard, "common.job-results")

    async def heard(self, event: Any) -> None:
        """Keep a result, for whoever waits for it."""
        made = event.notify_info.success if event.notify_info else ()
        values = {one.key: one.value for row in made for one in row}
        failed = event.job_status == _FAILED
        self._results[event.job_id] = UploadResult(
            job_id=event.job_id, ok=not failed, error=event.error_msg, values=values
        )
        while len(self._results) > _KEPT:
            del self._results[next(iter(self._results))]
        self._listeners.wake(event.job_id)

    async def wait(self, job_id: str, *, within: float = 3600.0) -> UploadResult:
        """The result of a job. Raises `DeadlineExceeded` where none comes."""

        async def look() -> UploadResult | None:
            return self._results.pop(job_id, None)

        with self._listeners.listening(job_id) as came:
            what, rarely = f"no event told what came of job {job_id}", Polling(first=60.0)
            return await poll(look, within=within, what=what, operation=FinishUpload.spec.id, polling=rarely, came=came)


_FAILED = 2
"""`job_status` (doc 1095/106697)."""
