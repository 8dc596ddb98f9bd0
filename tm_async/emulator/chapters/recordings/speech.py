"""Transcripts as answers show them, from what was said: paragraphs by speaker, sentences, words.

`pid` and `sid` count from 0 over the whole file, as the samples do it; times are milliseconds from its beginning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tm_async.emulator.chapters.recordings.state import Said

__all__ = ["Row", "paragraphs", "spoken"]

Row = dict[str, Any]

_WORD = re.compile(r"[A-Za-z0-9'’-]+[^\w\u4e00-\u9fff]*|.", re.DOTALL)
"""A word in letters with what follows it, or one character."""


def paragraphs(said: Sequence[Said], began: float) -> list[Row]:
    """The paragraphs of a file that began at that time."""
    found: list[Row] = []
    numbered = enumerate(said)
    for pid, (_, group) in enumerate(groupby(numbered, key=lambda one: one[1].ms_open_id)):
        inside = list(group)
        sentences = [_sentence(number, one, began) for number, one in inside]
        speaker = inside[0][1]
        found.append(
            {
                "pid": str(pid),
                "start_time": sentences[0]["start_time"],
                "end_time": sentences[-1]["end_time"],
                "sentences": sentences,
                "speaker_info": {
                    "userid": speaker.userid or "",
                    "ms_open_id": speaker.ms_open_id,
                    "username": speaker.name,
                },
            }
        )
    return found


def _sentence(number: int, said: Said, began: float) -> Row:
    start, end = (int((moment - began) * 1000) for moment in (said.began, said.ended))
    texts = _WORD.findall(said.text)
    step = (end - start) / max(len(texts), 1)
    words = [
        {
            "wid": str(wid),
            "start_time": int(start + wid * step),
            "end_time": int(start + (wid + 1) * step),
            "text": text,
        }
        for wid, text in enumerate(texts)
    ]
    return {"sid": str(number), "start_time": start, "end_time": end, "words": words}


def spoken(rows: Sequence[Row]) -> Iterator[tuple[Row, Mapping[str, Any], str]]:
    """Each sentence of paragraphs: paragraph, sentence, text."""
    for row in rows:
        for sentence in row["sentences"]:
            yield row, sentence, "".join(word["text"] for word in sentence["words"])
