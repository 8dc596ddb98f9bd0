"""Speech recognition: words that it should know, and the live transcripts of meetings."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from tm_async.api.inside import OfRoomsDevice
from tm_async.api.shared import ByOperator, MeetingId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import OpenIntEnum, Seconds
from tm_async.rules import NOT_EMPTY, asr, lists, pages
from tm_async.rules.limits import characters, entries

__all__ = ["ExportFileType", "ExportLiveTranscripts", "HotWords", "LiveTranscriptsPage", "SetHotWords", "SetPush"]


@answer
class HotWords(AnswerModel):
    """The words that are in force now."""

    customize_words: tuple[str, ...] = ()
    tag: str = ""


@operation
class SetHotWords(ByOperator, Operation[HotWords]):
    """Set words that speech recognition should know, in place of those that were (doc 1095/106033).

    For creators. With `meeting_id` for that meeting, with `record_file_id` for that file, which is recognised anew
    (then a meeting beside it is not looked at), with neither for everything of the operator's. Own codes: 500167 no
    such file, 500089 no such meeting, 500091 no right, 500093 the meeting is over.
    """

    spec = Spec("asr.set_hot_words", "PUT /v1/asr/config")

    customize_words: Annotated[Collection[Annotated[str, NOT_EMPTY, asr.HOT_WORD]], entries(500)]
    """No digits and signs; at most 10 Chinese characters or 20 letters each, not mixed.

    At most 500, of which a creator's own may be 100.
    """
    tag: Annotated[str, characters(32)]
    """What these words are called."""
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    record_file_id: Annotated[str, NOT_EMPTY] | None = None

    checks: ClassVar = (asr.own_words,)


class ExportFileType(OpenIntEnum):
    """`file_type` of exported transcripts."""

    TEXT = 0
    WORD = 1
    PDF = 2


@answer
class LiveTranscriptsPage(AnswerModel):
    """One page of exported transcripts. The links end after 2 hours."""

    download_url: tuple[str, ...] = ()
    total_page: int | None = None
    total_count: int | None = None
    curr_page: int | None = None
    curr_size: int | None = None


@operation
class ExportLiveTranscripts(ByOperator, PagedOperation[LiveTranscriptsPage, str]):
    """Export what was transcribed while a meeting ran, as files (doc 1095/94442).

    For the host, unless the host opened it to others.
    """

    spec = Spec("asr.export_details", "GET /v1/asr/details")
    paging: ClassVar = Numbered(items="download_url")

    meeting_id: MeetingId
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    file_type: ExportFileType | None = None
    """The gateway's default is 0, text."""
    show_bilingual: bool | None = None
    """With translations; the gateway's default is false."""
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50; the gateway's default is 10."""

    checks: ClassVar = (lists.end_not_before_start,)


@operation
class SetPush(OfRoomsDevice, ByOperator, Operation[None]):
    """Have what is transcribed in a meeting pushed, as the event `meeting.asr-push`, or no more (doc 1095/107522).

    For creators, also before the meeting. It does not turn the transcription itself on.
    """

    spec = Spec("asr.set_push", "POST /v1/asr/push-status", repeat=Repeat.SAFE)

    meeting_id: MeetingId
    is_open: bool
