"""What was said in recordings, and what AI makes of it (doc 1095/65111, 65116, 109458, 105658 to 105661).

Made from what the control plane let people say: its chapters, topics, summaries and minutes are no work of any AI.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.recordings.operations import check_token, recordings
from tm_async.emulator.chapters.recordings.reach import file_of, may_manage
from tm_async.emulator.chapters.recordings.serving import link
from tm_async.emulator.chapters.recordings.speech import Row, paragraphs, spoken
from tm_async.emulator.chapters.recordings.state import UPLOADED, File, Recording
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "get_minutes",
    "get_summary",
    "get_transcript",
    "list_chapters",
    "list_paragraphs",
    "list_speakers",
    "list_topics",
    "recording_ai",
    "search",
]

recording_ai: Chapter[Recording] = Chapter("recording_ai", forbidden=403)

PER_CHAPTER = 10
"""Paragraphs."""
USERID, OPEN_ID, TEMPORARY = 1, 2, 6
HOURS_6 = 6 * 3600.0


def _rows(asked: Asked, record_file_id: str, meeting_id: str = "") -> list[Row]:
    """The paragraphs of a file, once its transcript is there."""
    one, file = file_of(asked, record_file_id)
    if meeting_id and (one.meeting is None or one.meeting.id != meeting_id):
        raise Refused(190004, f"meeting {meeting_id[:40]} has no file {file.id}")
    if asked.now < asked.state.recordings.made(file):
        raise Refused(500051, f"the transcript of file {file.id} is still being made")
    if not (one.sharing["allow_view_transcripts"] or may_manage(asked, one)):
        raise Refused(403, f"allow_view_transcripts of recording {one.id} is off")
    return _paragraphs(asked, one, file) if file.ai else []


@recordings.does("get_transcript")
def get_transcript(
    asked: Asked,
    *,
    record_file_id: str,
    meeting_id: str = "",
    pid: str = "0",
    limit: int | None = None,
    transcripts_type: int = 0,  # both kinds are alike here
) -> Mapping[str, Any]:
    """From a paragraph on, which is inside; `more` only where `pid` or `limit` was sent."""
    check_token(asked)
    rows = _rows(asked, record_file_id, meeting_id)
    if not pid.isdecimal() or (limit is not None and limit < 1):
        raise Refused(190004, f"pid is {pid[:20]!r} and limit {limit}")
    start = int(pid)
    stop = len(rows) if limit is None else start + limit
    return {"more": stop < len(rows), "minutes": {"paragraphs": rows[start:stop], "keywords": [], "audio_detect": 1}}


@recordings.does("list_transcript_paragraphs")
def list_paragraphs(asked: Asked, *, record_file_id: str, meeting_id: str = "") -> Mapping[str, Any]:
    """All of them, without what was said."""
    rows = _rows(asked, record_file_id, meeting_id)
    spans = [{name: row[name] for name in ("pid", "start_time", "end_time")} for row in rows]
    return {"audio_detect": 1, "pids": spans, "total": len(spans)}


@recordings.does("search_transcript")
def search(
    asked: Asked, *, record_file_id: str, text: str, meeting_id: str = "", transcripts_type: int = 0
) -> Mapping[str, Any]:
    """Every place; whether letters' case makes a difference is not documented: here it does."""
    hits: list[Mapping[str, Any]] = []
    times: list[Mapping[str, Any]] = []
    for row, sentence, said in spoken(_rows(asked, record_file_id, meeting_id)):
        where = {"pid": row["pid"], "sid": sentence["sid"]}
        found = [place for place in range(len(said)) if said.startswith(text, place)]
        hits += [{**where, "offset": place, "length": len(text)} for place in found]
        times += [{**where, "start_time": sentence["start_time"]}] if found else []
    return {"hits": hits, "timelines": times}


def _paragraphs(asked: Asked, one: Recording, file: File) -> list[Row]:
    """Made once: nothing more is said in a file that is done. Third parties' apps see open ids."""
    if file.rows is None:
        file.rows = paragraphs(asked.state.recordings.speech(one, file), file.began)
    return file.rows if asked.call.people.app is None else [_by_open_id(asked, row) for row in file.rows]


def _by_open_id(asked: Asked, row: Row) -> Row:
    speaker = row["speaker_info"]
    return row | {"speaker_info": speaker | {"userid": speaker["userid"] and asked.call.people.name(speaker["userid"])}}


def _smart(asked: Asked, record_file_id: str, pwd: str) -> tuple[Recording, list[Row]]:
    """The paragraphs, once everything is made of them; 500182 where nothing will ever be."""
    one, file = file_of(asked, record_file_id, pwd=pwd)
    if not file.ai:
        raise Refused(500182, f"file {file.id} was recorded without AI")
    if asked.now < asked.state.recordings.made(file):
        raise Refused(500051, f"what is made of file {file.id} is not ready")
    return one, _paragraphs(asked, one, file)


def _first(row: Row) -> str:
    return next(said for _, _, said in spoken([row]))


@recording_ai.does("get_summary")
def get_summary(asked: Asked, *, record_file_id: str, pwd: str = "", lang: str = "default") -> Mapping[str, Any]:
    """Nothing is translated here."""
    one, rows = _smart(asked, record_file_id, pwd)
    return {"ai_summary": base64_text("\n".join([one.name, *(f"{_name(row)}: {_first(row)}" for row in rows[:5])]))}


def _name(row: Row) -> str:
    return str(row["speaker_info"]["username"])


@recording_ai.does("get_minutes")
def get_minutes(
    asked: Asked,
    *,
    record_file_id: str,
    pwd: str = "",
    lang: str = "default",
    minute_type: int = 1,
    text_type: int = 1,
    llm: int = 1,
) -> Mapping[str, Any]:
    """In plain text, not as Base64; 30002 where nothing was said. Models and kinds of minutes are alike here."""
    one, rows = _smart(asked, record_file_id, pwd)
    if not rows:
        raise Refused(30002, "nothing was said")
    begin, title = ("- ", f"# {one.name}") if text_type == 2 else ("", one.name)
    lines = [f"{begin}{_name(row)}: {_first(row)}" for row in rows]
    todo = [said for _, _, said in spoken(rows) if "todo" in said.lower()]
    return {
        "meeting_minute": {"minute": "\n".join([title, *lines]), "todo": "\n".join(f"{begin}{one}" for one in todo)}
    }


@recording_ai.does("list_chapters")
def list_chapters(asked: Asked, *, record_file_id: str, pwd: str = "", lang: str = "default") -> Mapping[str, Any]:
    """One for every ten paragraphs."""
    _, rows = _smart(asked, record_file_id, pwd)
    return {
        "chapter_list": [
            {
                "chapter_id": f"{record_file_id}-{row['pid']}",
                "chapter_name": base64_text(_first(row)),
                "start_time": str(row["start_time"]),
                "pic_url": link(asked, f"{record_file_id}-{row['pid']}.jpg", HOURS_6),
            }
            for row in rows[::PER_CHAPTER]
        ]
    }


@recording_ai.does("list_topics")
def list_topics(asked: Asked, *, record_file_id: str, pwd: str = "", lang: str = "default") -> Mapping[str, Any]:
    """One for each speaker."""
    _, rows = _smart(asked, record_file_id, pwd)
    return {
        "ai_topic_list": [
            {
                "topic_id": f"{record_file_id}-{who}",
                "topic_name": base64_text(_first(theirs[0])),
                "topic_time": [_span(row, pid=row["pid"]) for row in theirs],
            }
            for who, theirs in _by_speaker(rows)
        ]
    }


def _by_speaker(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["speaker_info"]["ms_open_id"], []).append(row)
    return list(found.items())


def _span(row: Mapping[str, Any], **members: Any) -> Mapping[str, Any]:
    return {**members, "start_time": str(row["start_time"]), "end_time": str(row["end_time"])}


@recording_ai.does("list_speakers", pages=True)
def list_speakers(asked: Asked, *, record_file_id: str, pwd: str = "") -> Mapping[str, Any]:
    """By userid or open id for people of the enterprise; for others by a temporary id, which is listed for uploads."""
    one, rows = _smart(asked, record_file_id, pwd)
    kind = USERID if asked.call.people.app is None else OPEN_ID
    shown: list[Mapping[str, Any]] = []
    for who, theirs in _by_speaker(rows):
        sentences = [sentence for row in theirs for sentence in row["sentences"]]
        named = theirs[0]["speaker_info"]["userid"]
        known = bool(named) and one.kind != UPLOADED
        shown.append(
            {
                "speaker_id": named if known else who,
                "speaker_id_type": kind if known else TEMPORARY,
                "speaker_name": base64_text(_name(theirs[0])),
                "ms_open_id": base64_text(who),
                "total_time": sum(sentence["end_time"] - sentence["start_time"] for sentence in sentences),
                "speaker_time": [_span(sentence, sid=sentence["sid"]) for sentence in sentences],
            }
        )
    return asked.page(shown)
