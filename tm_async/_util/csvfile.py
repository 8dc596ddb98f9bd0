"""Rows of text as a CSV file that Excel and WPS open as it is meant."""

import csv
import io
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO, cast

__all__ = ["CsvFile", "csv_line", "csv_start", "write_csv"]

CsvFile = str | os.PathLike[str] | BinaryIO | TextIO
"""Where a CSV file goes: a path, or a file that is open for writing."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or passes by before one."""


def csv_start(headings: Sequence[str]) -> bytes:
    """The beginning of a CSV file: the mark by which Excel knows UTF-8, and the first row."""
    return BOM_UTF8 + csv_line(headings)


def csv_line(cells: Sequence[str]) -> bytes:
    """A row of a CSV file. What would be a formula is text: an apostrophe stands before it."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return line.getvalue().encode("utf-8", "backslashreplace")


def write_csv(to: CsvFile, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a whole file, in UTF-8; a path that is there is replaced. Text goes to a text file as that encodes it.

    Raises `OSError`.
    """
    content = b"".join([csv_start(headings), *map(csv_line, rows)])
    if isinstance(to, str | os.PathLike):
        Path(to).write_bytes(content)
    elif isinstance(to, io.TextIOBase):
        cast("TextIO", to).write(content.removeprefix(BOM_UTF8).decode())
    else:
        cast("BinaryIO", to).write(content)
