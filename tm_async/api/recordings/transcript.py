"""`Transcript`: all that was said in a file, put together from its pages, as text, Markdown, SRT, VTT and JSON."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

from attrs import frozen

from tm_async.api.recordings.transcripts import GetTranscript, Paragraph, SpeakerDetection
from tm_async.core.mount import Sender
from tm_async.core.paging import Walk

__all__ = ["Line", "Transcript", "clock_time", "escaped", "read_transcript"]


@frozen(kw_only=True)
class Line:
    """A sentence, with who said it, and when after the start of the recording."""

    start: timedelta
    end: timedelta
    speaker: str
    """A name; empty where nobody is known."""
    userid: str
    """Empty for people from outside, and for uploads."""
    text: str
    pid: str
    sid: str


@frozen(kw_only=True, slots=False)
class Transcript:
    """What was said in a file of a recording."""

    record_file_id: str
    paragraphs: tuple[Paragraph, ...] = ()
    keywords: tuple[str, ...] = ()
    is_settled: bool = True
    """Whether it is settled who speaks; names may still change before."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences one after the other; those without a word are left out."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        for paragraph in self.paragraphs:
            speaker = paragraph.speaker_info
            for sentence in paragraph.sentences:
                if text := " ".join(sentence.text.split()):
                    start, end = sentence.start_time, max(sentence.end_time, sentence.start_time + 1)
                    yield Line(
                        start=timedelta(milliseconds=start),
                        end=timedelta(milliseconds=end),
                        speaker=" ".join(speaker.username.split()),
                        userid=speaker.userid,
                        text=text,
                        pid=paragraph.pid,
                        sid=sentence.sid,
                    )

    @property
    def speakers(self) -> dict[str, timedelta]:
        """Who spoke, and for how long, in the order of their first words."""
        found: dict[str, timedelta] = {}
        for line in self.lines:
            found[line.speaker] = found.get(line.speaker, timedelta()) + (line.end - line.start)
        return found

    def search(self, text: str, *, case: bool = False) -> list[Line]:
        """The sentences with a text in them; letters' case makes a difference with `case` only.

        The gateway has a search of its own, `tm.recordings.search_transcript`.
        """
        wanted = text if case else text.casefold()
        return [line for line in self.lines if wanted in (line.text if case else line.text.casefold())]

    # --- as files -------------------------------------------------------------------------------------------------

    def to_text(self) -> str:
        """A paragraph for each turn, below its time and its speaker."""
        return "\n".join(f"{clock_time(turn[0].start)} {turn[0].speaker}\n{_said(turn)}\n" for turn in self._turns())

    def to_markdown(self) -> str:
        """Likewise, the speaker in bold."""
        return "\n".join(
            f"**{escaped(turn[0].speaker) or '?'}** ({clock_time(turn[0].start)})\n\n{escaped(_said(turn))}\n"
            for turn in self._turns()
        )

    def to_srt(self) -> str:
        """Subtitles (SubRip), a sentence each."""
        return "".join(
            f"{number}\n{_cue(line, ',')}\n{f'{line.speaker}: ' if line.speaker else ''}{line.text}\n\n"
            for number, line in enumerate(self.lines, 1)
        )

    def to_vtt(self) -> str:
        """Subtitles (WebVTT), a sentence each, with their speakers as voices."""
        cues = (
            f"{number}\n{_cue(line, '.')}\n{_voice(line.speaker)}{_in_vtt(line.text)}\n"
            for number, line in enumerate(self.lines, 1)
        )
        return "\n".join(["WEBVTT\n", *cues])

    def to_json(self) -> str:
        """The sentences as JSON; times are milliseconds from the start of the recording."""
        rows = [
            {
                "start": line.start // _MILLISECOND,
                "end": line.end // _MILLISECOND,
                "speaker": line.speaker,
                "userid": line.userid,
                "text": line.text,
                "pid": line.pid,
                "sid": line.sid,
            }
            for line in self.lines
        ]
        value: dict[str, Any] = {"record_file_id": self.record_file_id, "keywords": self.keywords, "lines": rows}
        return json.dumps(value, ensure_ascii=False, indent=2)

    def _turns(self) -> Iterator[list[Line]]:
        """The sentences of each paragraph, those of one speaker's paragraphs on end together."""
        turn: list[Line] = []
        for line in self.lines:
            if turn and turn[-1].speaker != line.speaker:
                yield turn
                turn = []
            turn.append(line)
        if turn:
            yield turn


_MILLISECOND = timedelta(milliseconds=1)
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def _said(turn: list[Line]) -> str:
    """Sentences one after the other: with a space between them, unless they are in Chinese or Japanese."""
    text = turn[0].text
    for line in turn[1:]:
        together = _CJK.match(text[-1]) or _CJK.match(line.text[0])
        text += line.text if together else f" {line.text}"
    return text


def clock_time(moment: timedelta) -> str:
    """`01:02:03`, of a time after the start of a recording."""
    seconds = moment // timedelta(seconds=1)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def escaped(text: str) -> str:
    """A text as one line of Markdown, nothing of which is taken for markup."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _cue(line: Line, point: str) -> str:
    start, end = (f"{clock_time(one)}{point}{one // _MILLISECOND % 1000:03}" for one in (line.start, line.end))
    return f"{start} --> {end}"


def _voice(speaker: str) -> str:
    end = " >" if speaker.endswith("--") else ">"  # which would be an arrow; readers strip the blank
    return f"<v {_in_vtt(speaker)}{end}" if speaker else ""


def _in_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def read_transcript(client: Sender, operation: GetTranscript) -> Transcript:
    """All pages of a transcript from one paragraph on, put together."""
    walk = Walk(operation)
    paragraphs: list[Paragraph] = []
    keywords: dict[str, None] = {}
    detection: SpeakerDetection | None = None
    while walk.next is not None:
        page = await client.send(walk.next)
        paragraphs += walk.take(page)
        keywords |= dict.fromkeys(page.minutes.keywords)
        detection = page.minutes.audio_detect
    return Transcript(
        record_file_id=operation.record_file_id,
        paragraphs=tuple(paragraphs),
        keywords=tuple(keywords),
        is_settled=detection is not SpeakerDetection.RUNNING,
    )
