"""Files of recordings into a directory, some at a time; what became of each."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from attrs import frozen

from tm_async._util.filenames import safe_suffix
from tm_async.api.recordings import Download, Progress
from tm_async.cli.recordings.finding import Wanted
from tm_async.cli.recordings.manifest import Manifest
from tm_async.cli.recordings.naming import Template
from tm_async.cli.recordings.sts import told
from tm_async.cli.results.result import message_of
from tm_async.cli.words import spoken
from tm_async.client.client import TencentMeeting
from tm_async.errors import FileAbsent, NotReady, TencentMeetingError

__all__ = ["Became", "Fetcher", "Status", "Watcher"]

_SUFFIXES = {"video": "mp4", "audio": "m4a", "transcript": "txt", "minutes": "txt"}
_MARKED = frozenset({"transcript", "minutes"})
"""Kinds that are told by the name, as both are texts."""


class Status(StrEnum):
    """What can become of a file."""

    SAVED = "saved"
    THERE = "there"
    """It was there whole before; nothing was sent for it."""
    ABSENT = "absent"
    """There is nothing of this kind, or not yet."""
    FAILED = "failed"


@frozen(kw_only=True)
class Became:
    """What became of a file."""

    wanted: Wanted
    status: Status
    path: Path | None = None
    size: int | None = None
    """Bytes."""
    fetched: int = 0
    """Bytes that came over the network this time."""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Always the same members, in the same order."""
        start = self.wanted.start
        return {
            "meeting_record_id": self.wanted.recording.meeting_record_id,
            "record_file_id": self.wanted.record_file_id or None,
            "kind": self.wanted.kind,
            "subject": self.wanted.recording.subject,
            "start_time": start.isoformat(timespec="seconds") if start else None,
            "status": self.status,
            "file": str(self.path) if self.path else None,
            "size": self.size,
            "fetched": self.fetched,
            "reason": self.reason or None,
        }


Watcher = Callable[[Progress], object]
"""Told how far a download is."""


@frozen(kw_only=True)
class Fetcher:
    """Fetches what is wanted, `jobs` files at a time."""

    tm: TencentMeeting
    operator: str
    manifest: Manifest
    template: Template
    jobs: int
    allow_private: bool = False

    async def fetch(
        self, wanted: Sequence[Wanted], watch: Callable[[Wanted], Watcher], done: Callable[[Became], object]
    ) -> None:
        """Fetch all of it; `watch` is asked at a download's beginning who is told of it, `done` hears its end."""
        ahead = iter(wanted)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self.jobs, len(wanted))):
                group.create_task(self._work(ahead, watch, done))

    async def _work(
        self, ahead: Iterator[Wanted], watch: Callable[[Wanted], Watcher], done: Callable[[Became], object]
    ) -> None:
        for one in ahead:
            done(await self._became(one, watch))

    async def _became(self, one: Wanted, watch: Callable[[Wanted], Watcher]) -> Became:
        if one.file is None:
            return Became(wanted=one, status=Status.ABSENT, reason=spoken("it is not finished yet"))
        path = self.manifest.there(one.key)
        if path is not None:
            return self._there(one, path)
        try:
            return await self._fetched(one, watch(one))
        except FileAbsent:
            why = spoken("there is none, or not yet, or it may not be downloaded")
            return Became(wanted=one, status=Status.ABSENT, reason=why)
        except NotReady as error:
            return Became(wanted=one, status=Status.ABSENT, reason=message_of(error))
        except TencentMeetingError as error:
            return Became(wanted=one, status=Status.FAILED, reason=told(error))

    def _there(self, one: Wanted, path: Path) -> Became:
        """What was fetched before; what is not as it was then is the user's, maybe, so it is only told."""
        size, whole = path.stat().st_size, self.manifest.size(one.key)
        if whole in (None, size):
            return Became(wanted=one, status=Status.THERE, path=path, size=size)
        text = "{file} has {size} bytes, and had {whole} when it was fetched; without it the next run fetches it anew"
        why = spoken(text, file=path, size=f"{size:,}", whole=f"{whole:,}")
        return Became(wanted=one, status=Status.FAILED, path=path, size=size, reason=why)

    async def _fetched(self, one: Wanted, told: Watcher) -> Became:
        def target(suffix: str) -> Path:
            ending = safe_suffix(suffix, _SUFFIXES[one.kind])
            mark = f".{one.kind}" if one.kind in _MARKED else ""
            return self.manifest.path(one.key, self.template.name(one.values), f"{mark}.{ending}")

        source = one.source(self.operator)
        async with Download(self.tm, source, target, allow_private=self.allow_private) as download:
            async for progress in download:
                told(progress)
        saved = download.saved
        await asyncio.to_thread(self.manifest.keep_size, one.key, saved.size)
        return Became(wanted=one, status=Status.SAVED, path=saved.path, size=saved.size, fetched=saved.fetched)
