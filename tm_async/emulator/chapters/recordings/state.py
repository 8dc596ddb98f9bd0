"""The recordings that the emulated enterprise holds. Knows nothing of HTTP, codes or wire shapes.

Nothing happens by itself: how far a recording is follows from when it was made, whenever somebody looks. Times are UNIX
seconds, except those of what was said.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from attrs import define, field

from tm_async.emulator.chapters.meetings.recurrence import Span
from tm_async.emulator.chapters.meetings.state import Meeting

__all__ = ["CLOUD", "UPLOADED", "File", "Recording", "Recordings", "Said", "Seen", "Upload"]

CLOUD, UPLOADED = 0, 2
"""`record_type`."""
TRANSCODING, MAKING = 60.0, 60.0
"""Seconds; no document has any."""
BLOCK_SIZE = 5 * 2**20
"""Bytes of the parts of an upload; no document has any."""
SIZE_PER_SECOND = 4 * 1024


@define(kw_only=True)
class Said:
    """What somebody said, from when to when."""

    began: float
    ended: float
    text: str
    userid: str | None
    ms_open_id: str
    name: str


@define(kw_only=True)
class Seen:
    """That somebody saw or downloaded a file."""

    kind: int
    """`event_type`: 1 download, 2 view."""
    userid: str
    at: float
    file: str
    """Id of the file, which may be gone meanwhile."""
    seconds: float = 0.0
    share: int = 100
    """Per cent of the file."""


@define(kw_only=True)
class File:
    """A file of a recording: from its beginning, or from going on, to a pause, or to its end."""

    id: str
    began: float
    ended: float | None = None
    """`None`: it is still running."""
    size: int | None = None
    """Bytes; `None`: what the time makes."""
    data: bytes | None = field(default=None, repr=False)
    """What was uploaded."""
    ai: bool = True
    """Whether transcript and minutes are made."""
    said: list[Said] | None = field(default=None, repr=False)
    """`None`: what was said in the meeting meanwhile."""
    rows: list[dict[str, Any]] | None = field(default=None, repr=False)
    """The paragraphs of its transcript, once somebody has asked."""

    @property
    def bytes(self) -> int:
        """How long it is."""
        if self.data is not None:
            return len(self.data)
        return self.size if self.size is not None else int(((self.ended or self.began) - self.began) * SIZE_PER_SECOND)


@define(kw_only=True)
class Recording:
    """All files of one recorded session, or what was uploaded."""

    id: str
    owner: str
    app: str | None = None
    """SdkId of the third-party app that made the meeting."""
    kind: int = CLOUD
    meeting: Meeting | None = None
    """As it was when the recording began; `None` for uploads."""
    span: Span | None = None
    """What was recorded of a series."""
    name: str
    private: bool = False
    """Whether it is of a private network."""
    files: dict[str, File] = field(factory=dict[str, File])
    sharing: dict[str, Any] = field(factory=dict[str, Any])
    access: dict[str, int] = field(factory=dict[str, int])
    """`permission` by userid, or by ms_open_id for people from outside."""
    applications: dict[str, str] = field(factory=dict[str, str])
    """Who asks to see it, by the id of the application."""
    seen: list[Seen] = field(factory=list[Seen])
    transferred: bool = False
    over: bool = False
    """Whether it was ended; else it runs, or is paused."""

    @property
    def running(self) -> File | None:
        """The file that is being recorded; `None` during a pause, too."""
        return next((file for file in self.files.values() if file.ended is None), None)

    @property
    def began(self) -> float:
        """When its first file did."""
        return min(file.began for file in self.files.values())


@define(kw_only=True)
class Upload:
    """An upload in parts."""

    operator: str
    name: str
    size: int
    began: float
    parts: dict[int, bytes] = field(factory=dict[int, bytes], repr=False)


class Recordings:
    """Every recording, what was said in meetings, and what is under way."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._recordings: dict[str, Recording] = {}
        self._files: dict[str, str] = {}
        """Id of the recording, by that of a file."""
        self.gone: set[str] = set()
        """Ids of recordings and files that were deleted."""
        self.said: dict[str, list[Said]] = {}
        """By id of the meeting, in order."""
        self.pushed: set[str] = set()
        """Ids of meetings whose live transcript is pushed."""
        self.hot_words: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        """Tag and words, by what they are for and its id."""
        self.uploads: dict[str, Upload] = {}
        self.tokens: dict[str, float] = {}
        """STS tokens, with their ends."""
        self.needs_token = False
        """Whether the app was made on 2026-01-16 or later, and needs STS tokens."""
        self.transcoding, self.making, self.block_size = TRANSCODING, MAKING, BLOCK_SIZE

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._recordings.values())

    def get(self, recording: str) -> Recording | None:
        """By its id."""
        return self._recordings.get(recording)

    def of_file(self, file: str) -> Recording | None:
        """By the id of one of its files."""
        return self._recordings.get(self._files.get(file, ""))

    def open(self, meeting_id: str) -> Recording | None:
        """The recording of a meeting that runs, or is paused."""
        return next((one for one in self if one.meeting and one.meeting.id == meeting_id and not one.over), None)

    def add(self, **members: Any) -> Recording:
        """One more recording, without a file yet."""
        made = Recording(id=self.new_id(), **members)
        made.sharing = {"enable_sharing": True, "enable_password": False, "enable_approve": False, "share_scope": 0}
        made.sharing |= {"enable_sharing_expire": False, "allow_download": False, "allow_view_transcripts": True}
        self._recordings[made.id] = made
        return made

    def add_file(self, recording: Recording, **members: Any) -> File:
        """One more file of a recording."""
        file = File(id=self.new_id(), **members)
        recording.files[file.id] = file
        self._files[file.id] = recording.id
        return file

    def delete_file(self, recording: Recording, file: str) -> None:
        """Take a file away; what becomes of a recording without any is not documented: it goes, too."""
        del recording.files[file]
        del self._files[file]
        self.gone.add(file)
        if not recording.files:
            del self._recordings[recording.id]
            self.gone.add(recording.id)

    def delete(self, recording: Recording) -> list[str]:
        """Take all its files away, and it with them: which they were."""
        files = list(recording.files)
        for file in files:
            self.delete_file(recording, file)
        return files

    def forget(self, who: str) -> None:
        """Somebody is there no longer, and sees nothing (not documented)."""
        for one in self:
            one.access.pop(who, None)
            one.applications = {each: by for each, by in one.applications.items() if by != who}

    def new_id(self) -> str:
        """An id that nothing has."""
        return str(self._rng.randrange(10**18, 10**19))

    def state(self, recording: Recording, now: float) -> int:
        """1 recording, 2 transcoding, 3 done."""
        if not recording.over:
            return 1
        return 3 if all(now >= self.done(file) for file in recording.files.values()) else 2

    def done(self, file: File) -> float:
        """When it is transcoded; it has ended."""
        return (file.ended or 0.0) + self.transcoding

    def made(self, file: File) -> float:
        """When its transcript and minutes are there."""
        return self.done(file) + self.making

    def speech(self, recording: Recording, file: File) -> list[Said]:
        """What was said in a file."""
        if file.said is not None:
            return file.said
        said = self.said.get(recording.meeting.id, []) if recording.meeting else []
        return [one for one in said if file.began <= one.began < (file.ended or one.ended)]

    def as_dict(self, recording: Recording, now: float) -> Mapping[str, object]:
        """For the control plane."""
        return {
            "meeting_record_id": recording.id,
            "meeting_id": recording.meeting.id if recording.meeting else None,
            "owner": recording.owner,
            "state": self.state(recording, now),
            "record_file_ids": list(recording.files),
        }
