"""The rows of a file, in any format, one at a time: a file of text may be longer than memory."""

from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from attrs import evolve

from tm_async.cli.reading.cell_rows import cell_rows
from tm_async.cli.reading.columns import KEY
from tm_async.cli.reading.csv_cells import csv_cells
from tm_async.cli.reading.encoding import encoding_of, opened_text
from tm_async.cli.reading.jsonl_rows import jsonl_rows
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.sheet_cells import sheet_cells
from tm_async.cli.words import in_both, spoken
from tm_async.errors import Violation

__all__ = ["Format", "read_rows"]


class Format(StrEnum):
    """How the requests of a file are written."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


_PLAIN = Options()


def read_rows(file: BinaryIO, form: Format, options: Options = _PLAIN, encoding: str | None = None) -> Iterator[Row]:
    """Every row that is not blank. `encoding` is found out unless it is given.

    Raises `FileProblem` where the file as a whole can't be read.
    """
    empty = True
    keys: dict[str, int] = {}
    for row in _rows(file, form, options, encoding):
        empty = False
        yield _with_its_own_key(row, keys)
    if empty:
        raise FileProblem(spoken("has no rows"))


def _rows(file: BinaryIO, form: Format, options: Options, encoding: str | None) -> Iterator[Row]:
    if form is Format.XLSX:
        yield from cell_rows(sheet_cells(file, options.sheet), options)
        return
    with opened_text(file, encoding or encoding_of(file)) as text:
        yield from cell_rows(csv_cells(text), options) if form is Format.CSV else jsonl_rows(text, options)


def _with_its_own_key(row: Row, keys: dict[str, int]) -> Row:
    if row.key is None or keys.setdefault(row.key, row.number) == row.number:
        return row
    problem = Violation(KEY, "unique-key", *in_both("is the key of row {row} already", row=keys[row.key]))
    return evolve(row, request=None, problems=(*row.problems, problem))
