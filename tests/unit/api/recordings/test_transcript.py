"""A transcript as a whole: lines, turns, search, and the files that are made of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
import srt
import webvtt
from hypothesis import example, given
from hypothesis import strategies as st

from tm_async.api.recordings import Paragraph, Transcript


def paragraph(pid: int, name: str, *sentences: tuple[int, int, str]) -> Paragraph:
    rows = [
        {"sid": str(n), "start_time": start, "end_time": end, "words": [{"text": text}]}
        for n, (start, end, text) in enumerate(sentences)
    ]
    speaker = {"userid": name.lower(), "username": name}
    return Paragraph.from_wire({"pid": str(pid), "sentences": rows, "speaker_info": speaker})


TALK = Transcript(
    record_file_id="7",
    keywords=("budget",),
    paragraphs=(
        paragraph(0, "Alice", (0, 1500, "Good morning."), (1500, 3_661_007, "*Budget* <b>first</b> & --> last")),
        paragraph(1, "Alice", (3_661_007, 3_661_007, "")),
        paragraph(2, "张三", (3_661_010, 3_661_010, "大家好。"), (3_662_000, 3_663_000, "我们\n开始吧。")),
    ),
)


def test_lines_and_speakers() -> None:
    assert [line.text for line in TALK.lines][2:] == ["大家好。", "我们 开始吧。"], "what is empty is left out"
    assert TALK.lines[2].end - TALK.lines[2].start == timedelta(milliseconds=1), "a line takes some time"
    assert list(TALK.speakers) == ["Alice", "张三"]
    assert TALK.speakers["张三"] == timedelta(milliseconds=1001)


def test_search() -> None:
    assert [line.pid for line in TALK.search("budget")] == ["0"]
    assert TALK.search("budget", case=True) == []
    assert len(TALK.search("开始")) == 1


def test_text_and_markdown() -> None:
    assert TALK.to_text() == (
        "00:00:00 Alice\nGood morning. *Budget* <b>first</b> & --> last\n\n01:01:01 张三\n大家好。我们 开始吧。\n"
    )
    assert TALK.to_markdown().startswith("**Alice** (00:00:00)\n\nGood morning. \\*Budget\\* \\<b\\>first\\</b\\> &")


def test_json() -> None:
    value = json.loads(TALK.to_json())
    assert (value["record_file_id"], value["keywords"], len(value["lines"])) == ("7", ["budget"], 4)
    assert value["lines"][1]["end"] == 3_661_007


def test_subtitles_are_read_by_others() -> None:
    read = list(srt.parse(TALK.to_srt(), ignore_errors=False))
    assert [(one.start, one.end) for one in read] == [(line.start, line.end) for line in TALK.lines]
    assert read[1].content == "Alice: *Budget* <b>first</b> & --> last"
    captions = list(webvtt.from_string(TALK.to_vtt()))
    assert [(one.voice, one.start, one.end) for one in captions][1] == ("Alice", "00:00:01.500", "01:01:01.007")
    assert len(captions) == len(TALK.lines)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 10**9), st.integers(-5, 10**6)), max_size=8))
@example([("--", "0", 0, 0)])
def test_whatever_was_said_can_be_read_again(rows: list[tuple[str, str, int, int]]) -> None:
    talk = Transcript(
        record_file_id="7",
        paragraphs=tuple(
            paragraph(n, name, (start, start + length, text)) for n, (name, text, start, length) in enumerate(rows)
        ),
    )
    read = list(srt.parse(talk.to_srt(), ignore_errors=False))
    assert [(one.start, one.end) for one in read] == [(line.start, line.end) for line in talk.lines]
    blocks = talk.to_vtt().rstrip("\n").split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert [len(block.splitlines()) for block in blocks[1:]] == [3] * len(talk.lines), "no text ends its cue"
    assert not any("-->" in block.splitlines()[2] for block in blocks[1:])
    json.loads(talk.to_json())
    talk.to_text()
    talk.to_markdown()


@pytest.mark.parametrize("wire", [{}, {"sentences": [{"words": [{"text": "x"}]}]}, {"speaker_info": None}])
def test_answers_that_lack_members(wire: dict[str, Any]) -> None:
    talk = Transcript(record_file_id="7", paragraphs=(Paragraph.from_wire(wire),))
    assert [line.text for line in talk.lines] == (["x"] if "sentences" in wire else [])
