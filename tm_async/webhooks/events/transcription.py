"""Transcription while a meeting goes on. The event of its end exists, but its name was not found."""

from tm_async.core.answer import AnswerModel
from tm_async.core.codec import Reader
from tm_async.core.declare import answer
from tm_async.core.wire import Moment
from tm_async.webhooks.events.base import MeetingEvent
from tm_async.webhooks.events.spec import code, named, page

__all__ = ["AsrContent", "AsrPushed", "AsrText", "Speaker", "TranscriptionOpened", "Translation"]


class TranscriptionOpened(MeetingEvent):
    """Real-time transcription was switched on."""

    spec = named("meeting.open-asr", page("1095/105662", "2024-12"))


@answer
class Speaker(AnswerModel):
    """Who said it."""

    userid: str = ""
    open_id: str | None = None
    ms_open_id: str | None = None
    nickname: str = ""


@answer
class Translation(AnswerModel):
    """What was said, in another language. The vendor's client knows plain texts, the page objects."""

    text: str = ""
    language: str | None = None

    @classmethod
    def __reader__(cls) -> Reader:
        read = super().__reader__()
        return lambda value: cls(text=value) if type(value) is str else read(value)


@answer
class AsrText(AnswerModel):
    """What was said."""

    text: str = ""
    language: str | None = None
    translate: tuple[Translation, ...] = ()


@answer
class AsrContent(AnswerModel):
    """A piece of the transcript."""

    speaker: Speaker | None = None
    speech_time: Moment | None = None
    """Milliseconds on the wire, as text on the page, as a number in the vendor's client."""
    content: AsrText | None = None
    sid: str | None = None


@answer
class AsrPushed(MeetingEvent):
    """Text of the transcription, once `POST /v1/asr/push-status` asked for it. The sample has no `operate_time`."""

    spec = named("meeting.asr-push", page("1095/107523", "2024-12"), code("official CLI"))

    asr_content: tuple[AsrContent, ...] = ()
    sid: str | None = None
    """In the vendor's client; on the page it is in each piece."""
