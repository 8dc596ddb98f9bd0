"""Speech recognition: hot words, and the live transcripts of meetings (doc 1095/106033, 94442, 107522)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.recordings.reach import check_seconds, file_of
from tm_async.emulator.chapters.recordings.serving import link
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["asr", "export_details", "set_hot_words", "set_push"]

asr: Chapter[Meeting] = Chapter("asr")

HOURS_2 = 2 * 3600.0
_WORD = re.compile(r"[\u4e00-\u9fff]{1,10}|[A-Za-z][A-Za-z ]{0,19}")
_SUFFIXES = ("txt", "docx", "pdf")
"""By `file_type`."""


@asr.does("set_hot_words")
def set_hot_words(
    asked: Asked, *, customize_words: Sequence[str], tag: str, meeting_id: str = "", record_file_id: str = ""
) -> Mapping[str, Any]:
    """In place of those before; a file goes before a meeting. They change nothing in transcripts here."""
    if wrong := [word for word in customize_words if not _WORD.fullmatch(word)]:
        raise Refused(190004, f"customize_words: {wrong[0][:40]!r} has digits, signs, or too many characters")
    most = 500 if meeting_id or record_file_id else 100
    if len(customize_words) > most:
        raise Refused(190004, f"customize_words has {len(customize_words)} elements, at most {most}")
    scope = ("operator", asked.operator)
    if record_file_id:
        scope = ("file", _file(asked, record_file_id))
    elif meeting_id:
        scope = ("meeting", _meeting(asked, meeting_id))
    asked.state.recordings.hot_words[scope] = (tag, tuple(customize_words))
    return {"tag": tag, "customize_words": list(customize_words)}


def _file(asked: Asked, record_file_id: str) -> str:
    try:
        return file_of(asked, record_file_id, manage=True, done=False)[1].id
    except Refused as refused:
        raise Refused(500091 if refused.number == 403 else 500167, refused.reason) from None


def _meeting(asked: Asked, meeting_id: str) -> str:
    try:
        meeting = own(asked, meeting_id, admin=False)
    except Refused as refused:
        raise Refused(500089 if refused.number == 9003 else 500091, refused.reason) from None
    if not meeting.ahead(asked.now):
        raise Refused(500093, f"meeting {meeting.id} is over")
    return meeting.id


@asr.lists("export_details")
def export_details(
    asked: Asked,
    *,
    meeting_id: str,
    start_time: int | None = None,
    end_time: int | None = None,
    file_type: int = 0,
    show_bilingual: bool = False,  # nothing is translated here
) -> Sequence[str]:
    """One file for a recording of the meeting in which something was said, with links of 2 hours.

    For the creator and the hosts; the files of a meeting that was not recorded are not emulated.
    """
    check_seconds(start_time, end_time, longest=None)
    meeting = own(asked, meeting_id, admin=False, host=True)
    there, suffix = asked.state.recordings, _SUFFIXES[file_type]
    files = [
        (one, file) for one in there if one.meeting and one.meeting.id == meeting.id for file in one.files.values()
    ]
    return [
        link(asked, f"{file.id}-live.{suffix}", HOURS_2)
        for one, file in files
        if there.speech(one, file) and (start_time or 0) <= file.began <= (end_time or file.began)
    ]


@asr.does("set_push")
def set_push(asked: Asked, *, meeting_id: str, is_open: bool) -> None:
    """By the creator, also before the meeting. No room creates meetings here."""
    pushed = asked.state.recordings.pushed
    (pushed.add if is_open else pushed.discard)(own(asked, meeting_id, admin=False).id)
