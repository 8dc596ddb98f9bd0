"""`Notes`: all that AI made of a file, in one value and as Markdown."""

import re
from datetime import timedelta

from attrs import frozen

from tm_async.api.recordings.smart import (
    Chapter,
    GetMinutes,
    GetSummary,
    Language,
    ListChapters,
    ListSpeakers,
    ListTopics,
    SpokenBy,
    TextType,
    Topic,
)
from tm_async.api.recordings.transcript import clock_time, escaped
from tm_async.core.mount import Sender
from tm_async.core.paging import Paginator

__all__ = ["Notes", "read_notes"]

_BULLET = re.compile(r"^\s*(?:[-*+•·]|\d+[.)、．])\s*(?:\[[ xX]\]\s*)?")


@frozen(kw_only=True)
class Notes:
    """The summary of a file, its minutes, what is to be done, chapters, topics and speakers."""

    summary: str = ""
    minutes: str = ""
    """Markdown, as the platform writes it."""
    todos: tuple[str, ...] = ()
    """The lines of the to-dos, without what stands before them."""
    chapters: tuple[Chapter, ...] = ()
    topics: tuple[Topic, ...] = ()
    speakers: tuple[SpokenBy, ...] = ()

    def to_markdown(self) -> str:
        """All of it, a section each; what there is none of is left out."""
        spans = ((topic, topic.topic_time[0].start_time if topic.topic_time else None) for topic in self.topics)
        sections = {
            "Summary": [self.summary] if self.summary else [],
            "Minutes": [self.minutes] if self.minutes else [],
            "To do": [f"- [ ] {todo}" for todo in self.todos],
            "Chapters": [f"- {_at(one.start_time)} {escaped(one.chapter_name)}" for one in self.chapters],
            "Topics": [f"- {_at(start)} {escaped(one.topic_name)}" for one, start in spans],
            "Speakers": [f"- {escaped(one.speaker_name)} ({_at(one.total_time)})" for one in self.speakers],
        }
        return "\n\n".join(f"## {title}\n\n" + "\n".join(lines) for title, lines in sections.items() if lines) + "\n"


def _at(milliseconds: int | None) -> str:
    return "--:--:--" if milliseconds is None else clock_time(timedelta(milliseconds=milliseconds))


async def read_notes(
    client: Sender, *, operator_id: str, record_file_id: str, lang: Language | None, pwd: str | None
) -> Notes:
    """Five calls, one after the other."""
    minutes = GetMinutes(
        operator_id=operator_id, record_file_id=record_file_id, lang=lang, pwd=pwd, text_type=TextType.MARKDOWN
    )
    summary = GetSummary(operator_id=operator_id, record_file_id=record_file_id, lang=lang, pwd=pwd)
    chapters = ListChapters(operator_id=operator_id, record_file_id=record_file_id, lang=lang, pwd=pwd)
    topics = ListTopics(operator_id=operator_id, record_file_id=record_file_id, lang=lang, pwd=pwd)
    speakers = ListSpeakers(operator_id=operator_id, record_file_id=record_file_id, pwd=pwd)
    written = (await client.send(minutes)).meeting_minute
    return Notes(
        summary=(await client.send(summary)).ai_summary,
        minutes=written.minute,
        todos=tuple(todo for line in written.todo.splitlines() if (todo := _BULLET.sub("", line).strip())),
        chapters=(await client.send(chapters)).chapter_list,
        topics=(await client.send(topics)).ai_topic_list,
        speakers=tuple(await Paginator(speakers, client).collect()),
    )
