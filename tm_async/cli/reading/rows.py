"""The rows of a file, in either format, one at a time: a file may be longer than memory."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import evolve

from tm_async.cli.reading.columns import KEY
from tm_async.cli.reading.csv_rows import csv_rows
from tm_async.cli.reading.jsonl_rows import jsonl_rows
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.errors import Violation

__all__ = ["Format", "read_rows"]


class Format(StrEnum):
    """How the requests of a file are written."""

    CSV = "csv"
    JSONL = "jsonl"


def read_rows(lines: Iterable[bytes], form: Format) -> Iterator[Row]:
    """Every row that is not blank. Raises `FileProblem` where the file as a whole can't be read."""
    read = csv_rows if form is Format.CSV else jsonl_rows
    empty = True
    keys: dict[str, int] = {}
    for row in read(_decoded(lines)):
        empty = False
        yield _with_its_own_key(row, keys)
    if empty:
        raise FileProblem("has no rows")


def _with_its_own_key(row: Row, keys: dict[str, int]) -> Row:
    if row.key is None or keys.setdefault(row.key, row.number) == row.number:
        return row
    first = keys[row.key]
    problem = Violation(KEY, "unique-key", f"is the key of row {first} already", f"与第 {first} 行的 key 相同")
    return evolve(row, request=None, problems=(*row.problems, problem))


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:  # where another encoding can be read as UTF-8 at all
            raise FileProblem(f"line {number} is not UTF-8 text; in Excel, save as 'CSV UTF-8 (Comma delimited)'")
        yield text
