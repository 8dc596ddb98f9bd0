"""What is made of recordings: transcripts, summaries, minutes. The names of three more such events were not found."""

from collections.abc import Mapping
from typing import ClassVar

from tm_async.core.declare import answer
from tm_async.core.wire import OpenIntEnum
from tm_async.webhooks.events.base import ENVELOPE
from tm_async.webhooks.events.recordings import RecordingFilesEvent
from tm_async.webhooks.events.spec import code, named, page

__all__ = ["SmartEvent", "SmartMinutesReady", "SmartResult", "SmartSummaryReady", "SmartTranscriptReady"]


class SmartResult(OpenIntEnum):
    """`result`."""

    OK = 1
    FAILED = 2


@answer
class SmartEvent(RecordingFilesEvent):
    """Something was made of a recording."""

    also_in: ClassVar[Mapping[str, str]] = {"result": ENVELOPE, "operate_time": ENVELOPE, "job_id": ENVELOPE}

    job_id: str | None = None
    """May stand beside the payload. The vendor's client has it in all three."""
    result: SmartResult | None = None
    """May stand beside the payload, as in a hand-made sample, whose `operate_time` is in seconds."""


@answer
class SmartTranscriptReady(SmartEvent):
    """The transcript of a recording is ready."""

    spec = named("smart.transcripts", page("1095/121282"), code("official CLI"))

    lang: str | None = None
    """The page does not say whether it stands here or with the file: see `recording_files`, too."""


class SmartSummaryReady(SmartEvent):
    """The summary of a recording is ready."""

    spec = named("smart.fullsummary", code("community", "2025-26"))


class SmartMinutesReady(SmartEvent):
    """The minutes of a recording are ready, or failed: see `result`."""

    spec = named("smart.minutes", code("official CLI 1.0.18"), code("community"))
