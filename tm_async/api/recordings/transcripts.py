"""What was said in a recording: paragraphs, sentences and words with their times. `Transcript` puts it together.

The calls are for those who may see the recording, in business, enterprise and education editions.
"""

from typing import Annotated, Any, ClassVar

from attrs import frozen

from tm_async.api.recordings.values import ByAnyOperator, RecordFileId, WithStsToken
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Cursor, PagedOperation
from tm_async.core.secret import hides
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import NOT_EMPTY
from tm_async.rules.limits import at_least

__all__ = [
    "GetTranscript",
    "ListTranscriptParagraphs",
    "Paragraph",
    "ParagraphSpan",
    "SearchTranscript",
    "Sentence",
    "Speaker",
    "SpeakerDetection",
    "TranscriptHit",
    "TranscriptHits",
    "TranscriptKind",
    "TranscriptMinutes",
    "TranscriptPage",
    "TranscriptParagraphs",
    "TranscriptTimeline",
    "Word",
]


class TranscriptKind(OpenIntEnum):
    """`transcripts_type`."""

    ORIGINAL = 0
    POLISHED = 1
    """By AI."""


class SpeakerDetection(OpenIntEnum):
    """`audio_detect`: whether it is settled who speaks."""

    RUNNING = 0
    """Names may still change."""
    DONE = 1
    """Or not needed."""


@answer
class Word(AnswerModel):
    """A word, or a character. Times are milliseconds from the start of the recording, as they are everywhere here."""

    wid: str = ""
    start_time: int = 0
    end_time: int = 0
    text: str = ""


@answer
class Sentence(AnswerModel):
    """A sentence."""

    sid: str = ""
    start_time: int = 0
    end_time: int = 0
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """What was said."""
        return "".join(word.text for word in self.words)


@answer
class Speaker(AnswerModel):
    """Who speaks."""

    userid: str = ""
    """Empty for people from outside, and for uploads."""
    ms_open_id: str | None = None
    username: str = ""


_NOBODY = Speaker()


@answer
class Paragraph(AnswerModel):
    """What one speaker said at a stretch."""

    pid: str = ""
    start_time: int = 0
    end_time: int = 0
    sentences: tuple[Sentence, ...] = ()
    speaker_info: Speaker = _NOBODY

    @property
    def text(self) -> str:
        """What was said."""
        return "".join(sentence.text for sentence in self.sentences)


@answer
class TranscriptMinutes(AnswerModel):
    """The paragraphs of a page."""

    paragraphs: tuple[Paragraph, ...] = ()
    keywords: tuple[str, ...] = ()
    audio_detect: SpeakerDetection | None = None


_EMPTY = TranscriptMinutes()


@answer
class TranscriptPage(AnswerModel):
    """One page of a transcript."""

    more: bool | None = None
    """Whether there are more paragraphs; says so only where `pid` or `limit` was sent."""
    minutes: TranscriptMinutes = _EMPTY

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The rows of the page."""
        return self.minutes.paragraphs


@frozen(kw_only=True)
class _ByParagraph(Cursor):
    """A cursor that the answer does not have: `pid` is the first paragraph of a page, which the last one tells."""

    def following(self, operation: Any, page: Any) -> dict[str, Any] | None:
        """The paragraph after the last one; ids count up (doc 1095/65111)."""
        if not page.more:
            return None
        last = page.paragraphs[-1].pid if page.paragraphs else ""
        return {"pid": str(int(last) + 1) if last.isdecimal() else None}


@mixin
class _OfFile(ByAnyOperator):
    record_file_id: RecordFileId
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    """May be left out for uploaded recordings."""


@hides(texts=("sts_token",))
@operation
class GetTranscript(WithStsToken, _OfFile, PagedOperation[TranscriptPage, Paragraph]):
    """Read the transcript of a file, all at once or page by page (doc 1095/65111).

    Without `pid` and `limit` one answer has everything. Apps that were made from 2026-01-16 on need an STS token, and
    the gateway's refusal does not say so.
    """

    spec = Spec("recordings.get_transcript", "GET /v1/records/transcripts/details", ticket="sts_token")
    paging: ClassVar = _ByParagraph(items="paragraphs", key=("pid",), more="more", fields=(("pid", ""),))

    pid: Annotated[str, NOT_EMPTY] | None = None
    """The first paragraph that is wanted; the gateway's default is 0, the first one."""
    limit: Annotated[int, at_least(1, page=None)] | None = None
    """How many paragraphs a page has; left out: all."""
    transcripts_type: TranscriptKind | None = None
    """The gateway's default is 0, the original."""


@answer
class ParagraphSpan(AnswerModel):
    """When a paragraph was said."""

    pid: str = ""
    start_time: int = 0
    end_time: int = 0


@answer
class TranscriptParagraphs(AnswerModel):
    """All paragraphs of a transcript, without what was said."""

    pids: tuple[ParagraphSpan, ...] = ()
    total: int | None = None
    audio_detect: SpeakerDetection | None = None


@operation
class ListTranscriptParagraphs(_OfFile, Operation[TranscriptParagraphs]):
    """List the paragraphs of a transcript, without what was said (no page known)."""

    spec = Spec("recordings.list_transcript_paragraphs", "GET /v1/records/transcripts/paragraphs")


@answer
class TranscriptHit(AnswerModel):
    """Where a text was found."""

    pid: str = ""
    sid: str = ""
    offset: int = 0
    """In the sentence, from 0."""
    length: int = 0


@answer
class TranscriptTimeline(AnswerModel):
    """When a sentence was said in which the text was found."""

    pid: str = ""
    sid: str = ""
    start_time: int = 0


@answer
class TranscriptHits(AnswerModel):
    """Where a text was found, and when that was said."""

    hits: tuple[TranscriptHit, ...] = ()
    timelines: tuple[TranscriptTimeline, ...] = ()


@operation
class SearchTranscript(_OfFile, Operation[TranscriptHits]):
    """Look for a text in a transcript (doc 1095/65116)."""

    spec = Spec("recordings.search_transcript", "GET /v1/records/transcripts/search")

    text: Annotated[str, NOT_EMPTY]
    """As it is: what an address can't hold is encoded on the way."""
    transcripts_type: TranscriptKind | None = None
    """The gateway's default is 0, the original."""
