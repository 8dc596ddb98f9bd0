"""Cloud recordings."""

from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer
from tm_async.core.wire import Moment
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.spec import code, copy, named, page

__all__ = [
    "RecordApplyInfo",
    "RecordInfo",
    "RecordingApplied",
    "RecordingAudioCompleted",
    "RecordingClipped",
    "RecordingCompleted",
    "RecordingDeleted",
    "RecordingFailed",
    "RecordingFile",
    "RecordingFilesEvent",
    "RecordingPaused",
    "RecordingResumed",
    "RecordingStarted",
    "RecordingStopped",
    "RecordingUpdated",
]


@answer
class RecordingFile(AnswerModel):
    """A file of a recording."""

    record_file_id: str = ""
    lang: str | None = None
    start_time: Moment | None = None
    """Seconds on the wire."""
    end_time: Moment | None = None
    """Seconds on the wire."""
    total_size: int | None = None
    """Bytes."""


@answer
class RecordingFilesEvent(MeetingEvent):
    """Something happened to files of a recording."""

    recording_files: tuple[RecordingFile, ...] = ()


class RecordingStarted(MeetingEvent):
    """The cloud recording began."""

    spec = named("recording.started", page("1095/53226", "2024-07"))


class RecordingPaused(MeetingEvent):
    """The cloud recording was paused."""

    spec = named("recording.paused", copy("2021-11"))


class RecordingResumed(MeetingEvent):
    """The cloud recording went on."""

    spec = named("recording.resumed", copy("2021-11"))


class RecordingStopped(MeetingEvent):
    """The cloud recording was stopped. Its files come later."""

    spec = named("recording.stopped", page("1095/53229"), copy("2021-11"))


class RecordingCompleted(RecordingFilesEvent):
    """The files are ready: the moment from which they have addresses. The page of 2024-12 has no operator."""

    spec = named("recording.completed", page("1095/53230", "2024-12"), copy("2021-11"), code("official CLI 1.0.18"))


class RecordingFailed(RecordingFilesEvent):
    """Making the files failed."""

    spec = named("recording.failed", page("1095/53231"), copy("2021-11"))


class RecordingDeleted(RecordingFilesEvent):
    """Files were deleted. Uploaded recordings have no `meeting_info`."""

    spec = named("recording.deleted", page("1095/53232", "2024-12"), copy("2021-11"))


class RecordingClipped(RecordingFilesEvent):
    """A clip was made from a recording: `recording_files` are the new clips."""

    spec = named("recording.clipped", page("1095/90393", "2024-12"), copy("2022-23"))


@answer
class RecordApplyInfo(AnswerModel):
    """What somebody asks to watch."""

    meeting_record_id: str = ""
    apply_id: str = ""
    """For the call that approves it; no call lists those that are open."""
    apply_spesification: str = ""
    """The reason given. The platform spells it so."""


@answer
class RecordingApplied(MeetingEvent):
    """Somebody asks for permission to watch a recording. No event tells the decision."""

    spec = named("recording.apply", page("1095/90396", "2024-06"), copy("2022-23"))

    record_apply_info: RecordApplyInfo | None = None


@answer
class RecordInfo(AnswerModel):
    """Which recording."""

    meeting_record_id: str = ""


@answer
class RecordingUpdated(MeetingEvent):
    """The name or sharing settings of a recording changed. Not sent for uploaded ones, nor for changes of members."""

    spec = named("recording.updated", page("1095/105653"))

    record_info: RecordInfo | None = None


class RecordingAudioCompleted(RecordingFilesEvent):
    """What a recorder device took was uploaded. Names no user, and no transcript follows."""

    spec = named("recording.audio-completed", code("community", "2026"))
