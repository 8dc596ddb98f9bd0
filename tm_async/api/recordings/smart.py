"""What is made of a recording by AI: summary, minutes and to-dos, chapters, topics, speakers.

For the creator, super administrators and administrators of recordings; with OAuth2 for users of business, enterprise
and education editions. `pwd` is for those who are not the recording's owners. Own codes: 500051 still being made,
500182 never, as smart recording is off for this file.
"""

from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.recordings.values import RecordFileId
from tm_async.api.shared import ByOperator
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import Base64Text, OpenIntEnum, OpenStrEnum, masked
from tm_async.rules import NOT_EMPTY, lists, pages, recordings

__all__ = [
    "Chapter",
    "Chapters",
    "GetMinutes",
    "GetSummary",
    "Language",
    "ListChapters",
    "ListSpeakers",
    "ListTopics",
    "Llm",
    "MeetingMinute",
    "MinuteType",
    "Minutes",
    "SpeakerIdType",
    "SpeakerTime",
    "SpeakersPage",
    "SpokenBy",
    "Summary",
    "TextType",
    "Topic",
    "TopicTime",
    "Topics",
]


class Language(OpenStrEnum):
    """`lang`."""

    ORIGINAL = "default"
    CHINESE = "zh"
    ENGLISH = "en"
    JAPANESE = "ja"


class MinuteType(OpenIntEnum):
    """`minute_type`: how minutes are grouped; with Hunyuan only."""

    BY_CHAPTER = 1
    BY_TOPIC = 2
    BY_SPEAKER = 3


class TextType(OpenIntEnum):
    """`text_type`."""

    PLAIN = 1
    MARKDOWN = 2


class Llm(OpenIntEnum):
    """`llm`: which model writes. Users claim a third one."""

    HUNYUAN = 1
    DEEPSEEK = 2


class SpeakerIdType(OpenIntEnum):
    """`speaker_id_type`."""

    USERID = 1
    OPEN_ID = 2
    TEMPORARY = 6
    """Of uploaded files."""


@mixin
class _OfFile(ByOperator):
    record_file_id: RecordFileId
    pwd: Annotated[str, NOT_EMPTY] | None = field(default=None, repr=masked)
    """The recording's password, for those who are not its owners."""


@mixin
class _Translated(_OfFile):
    lang: Language | None = None
    """The gateway's default is the language that was spoken."""


@answer
class Summary(AnswerModel):
    """The summary of a recording."""

    ai_summary: Base64Text = ""


@operation
class GetSummary(_Translated, Operation[Summary]):
    """Read the summary of a recording (doc 1095/105661)."""

    spec = Spec("recording_ai.get_summary", "GET /v1/smart/fullsummary")


@answer
class MeetingMinute(AnswerModel):
    """Minutes, and what is to be done."""

    minute: str = ""
    todo: str = ""


_NO_MINUTES = MeetingMinute()


@answer
class Minutes(AnswerModel):
    """The minutes of a recording."""

    meeting_minute: MeetingMinute = _NO_MINUTES


@operation
class GetMinutes(_Translated, Operation[Minutes]):
    """Read the minutes of a recording, with what is to be done (doc 1095/109458)."""

    spec = Spec("recording_ai.get_minutes", "GET /v1/smart/minutes/{record_file_id}")

    minute_type: MinuteType | None = None
    """With `llm` 1 only; the gateway's default is 1, by chapter."""
    text_type: TextType | None = None
    """The gateway's default is 1, plain."""
    llm: Llm | None = None
    """The gateway's default is 1, Hunyuan."""

    checks: ClassVar = (recordings.minutes_of_hunyuan,)


@answer
class Chapter(AnswerModel):
    """A chapter of a recording."""

    chapter_id: str = ""
    chapter_name: Base64Text = ""
    start_time: int | None = None
    """Milliseconds from the start of the recording; text on the wire."""
    pic_url: str = ""
    """A picture of it. Differs at every call."""


@answer
class Chapters(AnswerModel):
    """The chapters of a recording."""

    chapter_list: tuple[Chapter, ...] = ()


@operation
class ListChapters(_Translated, Operation[Chapters]):
    """List the chapters of a recording (doc 1095/105658)."""

    spec = Spec("recording_ai.list_chapters", "GET /v1/smart/chapters")


@answer
class TopicTime(AnswerModel):
    """When a topic was talked about. Milliseconds from the start of the recording; text on the wire."""

    pid: str = ""
    start_time: int | None = None
    end_time: int | None = None


@answer
class Topic(AnswerModel):
    """A topic of a recording."""

    topic_id: str = ""
    topic_name: Base64Text = ""
    topic_time: tuple[TopicTime, ...] = ()


@answer
class Topics(AnswerModel):
    """The topics of a recording."""

    ai_topic_list: tuple[Topic, ...] = ()


@operation
class ListTopics(_Translated, Operation[Topics]):
    """List the topics of a recording, and when they were talked about (doc 1095/105660)."""

    spec = Spec("recording_ai.list_topics", "GET /v1/smart/topics")


@answer
class SpeakerTime(AnswerModel):
    """When somebody spoke. Milliseconds from the start of the recording; text on the wire."""

    sid: str = ""
    start_time: int | None = None
    end_time: int | None = None


@answer
class SpokenBy(AnswerModel):
    """Somebody who spoke."""

    speaker_id: str = ""
    speaker_id_type: SpeakerIdType | None = None
    speaker_name: Base64Text = ""
    ms_open_id: str | None = None
    """The page calls it Base64."""
    total_time: int | None = None
    """Milliseconds."""
    speaker_time: tuple[SpeakerTime, ...] = ()


@answer
class SpeakersPage(AnswerModel):
    """One page of those who spoke. It does not say how many pages there are."""

    speaker_list: tuple[SpokenBy, ...] = ()
    total_count: int | None = None


@operation
class ListSpeakers(_OfFile, PagedOperation[SpeakersPage, SpokenBy]):
    """List who spoke in a recording, and when (doc 1095/105659)."""

    spec = Spec("recording_ai.list_speakers", "GET /v1/smart/speakers")
    paging: ClassVar = Numbered(items="speaker_list", last=None, count="total_count")

    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(50)] = 50
    """At most 50."""
