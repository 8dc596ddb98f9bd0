"""Which recordings there are, and which of their files are wanted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from tm_async.api.recordings import FileKind, RecordFile, Recording, RecordingSource
from tm_async.client.client import TencentMeeting

__all__ = ["Wanted", "as_json", "began", "find", "size_of", "wanted"]


@frozen(kw_only=True)
class Wanted:
    """A file of a recording, or what was made of it."""

    recording: Recording
    file: RecordFile | None
    """`None` while it is being made."""
    kind: FileKind

    @property
    def record_file_id(self) -> str:
        """The id of the file; empty while it is being made."""
        return self.file.record_file_id if self.file else ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.record_file_id, self.kind

    @property
    def start(self) -> datetime | None:
        """When it begins, as this machine's clock shows it."""
        start = (self.file.record_start_time if self.file else None) or self.recording.media_start_time
        return start.astimezone() if start else None

    @property
    def values(self) -> dict[str, str | datetime | None]:
        """What templates of names may use."""
        of = self.recording
        return {
            "start": self.start,
            "subject": of.subject,
            "host": of.host_user_id,
            "meeting_code": of.meeting_code,
            "meeting_id": of.meeting_id,
            "meeting_record_id": of.meeting_record_id,
            "record_file_id": self.record_file_id,
            "kind": self.kind,
        }

    def source(self, operator: str) -> RecordingSource:
        """Where it comes from. The list of addresses needs no STS token, and has no minutes."""
        recording = None if self.kind == "minutes" else self.recording.meeting_record_id
        return RecordingSource(
            record_file_id=self.record_file_id, operator_id=operator, kind=self.kind, meeting_record_id=recording
        )


async def find(tm: TencentMeeting, operator: str, since: datetime, until: datetime) -> list[Recording]:
    """The recordings of a time, the oldest first. Raises the errors of a call."""
    found = await tm.recordings.list(operator_id=operator, start_time=since, end_time=until, page_size=20).collect()
    return sorted(found, key=lambda one: (began(one), one.meeting_record_id))


def began(recording: Recording) -> float:
    """UNIX seconds; 0 where it is not said."""
    return recording.media_start_time.timestamp() if recording.media_start_time else 0.0


def size_of(recording: Recording) -> int:
    """Bytes of its files."""
    return sum(file.record_size or 0 for file in recording.record_files)


def wanted(found: Sequence[Recording], kinds: Sequence[FileKind]) -> list[Wanted]:
    """Each file with each kind, once."""
    return list({(one.recording.meeting_record_id, *one.key): one for one in _all(found, kinds)}.values())


def _all(found: Sequence[Recording], kinds: Sequence[FileKind]) -> Iterator[Wanted]:
    for recording in found:
        for file in recording.record_files or (None,):
            for kind in kinds:
                yield Wanted(recording=recording, file=file, kind=kind)


def as_json(recording: Recording) -> dict[str, Any]:
    """Always the same members, in the same order."""
    return {
        "meeting_record_id": recording.meeting_record_id,
        "meeting_id": recording.meeting_id,
        "meeting_code": recording.meeting_code,
        "host_user_id": recording.host_user_id,
        "subject": recording.subject,
        "state": recording.state,
        "record_type": recording.record_type,
        "start_time": _text(recording.media_start_time),
        "files": [
            {
                "record_file_id": file.record_file_id,
                "start_time": _text(file.record_start_time),
                "end_time": _text(file.record_end_time),
                "size": file.record_size,
            }
            for file in recording.record_files
        ],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
