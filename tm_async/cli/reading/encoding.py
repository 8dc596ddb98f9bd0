"""The text of a file, whatever Excel, WPS or an editor wrote it in."""

import codecs
import io
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.words import spoken

__all__ = ["encoding_of", "opened_text"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 16
_HEAD = 256
_FEWEST = 2
"""NULs among these bytes by which UTF-16 is known."""


def encoding_of(file: BinaryIO) -> str:
    """The encoding of a whole file: UTF-8, UTF-16, or else GB18030, of which GBK and GB2312 are parts.

    Raises `FileProblem` for what is none of them, and for damaged UTF-8, which could be taken for GB18030.
    """
    file.seek(0)
    head = file.read(_HEAD)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None) or _without_mark(head)
    if encoding is not None:
        if (line := _first_bad_line(file, encoding)) is not None:
            raise FileProblem(_not_text(line, encoding))
        return encoding
    damage = _first_bad_line(file, "utf-8")
    if damage is None:
        return "utf-8"
    if _mostly_utf8(file) or _first_bad_line(file, "gb18030") is not None:
        raise FileProblem(_not_text(damage, "utf-8"))
    return "gb18030"


@contextmanager
def opened_text(file: BinaryIO, encoding: str) -> Generator[TextIO]:
    """The file as text from its beginning, line ends as they are. The file stays open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _without_mark(head: bytes) -> str | None:
    """In UTF-16 one byte of every character of ASCII is NUL, and there are separators at least."""
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) < _FEWEST or 4 * min(first, second) > max(first, second):  # of others a few: 开 is U+5F00
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _not_text(line: int, encoding: str) -> str:
    name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
    return spoken(
        "line {line} is not {name} text, nor is the file GB18030 (GBK); in Excel, save as 'CSV UTF-8'",
        line=line,
        name=name,
    )


def _first_bad_line(file: BinaryIO, encoding: str) -> int | None:
    """The number of the first line that can't be decoded, or that has a NUL; `None`: there is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    line = 1
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(encoding, "ignore")  # pieces end anywhere
            return line + good.count("\n")
        if "\0" in text:
            return line + text[: text.index("\0")].count("\n")
        line += text.count("\n")
        if not piece:
            return None


def _mostly_utf8(file: BinaryIO) -> bool:
    """Whether what is beyond ASCII is UTF-8 for the greater part: in Chinese text of another encoding little is."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    while True:
        piece = file.read(_PIECE)
        text = decoder.decode(piece, final=not piece)
        foreign = sum(char > "\x7f" for char in text)
        broken = text.count("\N{REPLACEMENT CHARACTER}")
        good, bad = good + foreign - broken, bad + broken
        if not piece:
            return good > bad
