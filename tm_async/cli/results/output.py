"""Where results go: JSON lines in a file or a pipe, or a table on a terminal."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import click
from rich.console import Console

from tm_async._util.csvfile import csv_line, csv_start
from tm_async.cli.private_file import open_private
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.results.columns import headings, result_cells
from tm_async.cli.results.result import Result
from tm_async.cli.results.sheets import Workbook
from tm_async.cli.results.table import Sample, show_table
from tm_async.cli.show import json_line
from tm_async.cli.words import spoken

__all__ = ["OUT", "Output", "choose_output", "file_output", "is_spreadsheet", "output_to", "refuse_overwriting"]

ResultT_contra = TypeVar("ResultT_contra", contravariant=True)

_SHOWN = 20
"""Rows of the table, failures aside."""
_CSV, _XLSX = ".csv", ".xlsx"
_OTHER_SHEETS = {".xls", ".xlsb", ".xlsm", ".et", ".ods", ".tsv", ".numbers"}
OUT = "Write what becomes of each row there: a spreadsheet (.xlsx, .csv), else JSON lines."
"""What the option `--out` says of itself."""
_LEDGER = ("", "-wal", "-shm", "-journal")
"""How the names of SQLite's files go on."""
_SHEET = 1_048_575
"""Rows of a sheet, below its headings."""


class Output(Protocol[ResultT_contra]):
    """Takes results one by one."""

    broken: bool
    """Whether results can't be recorded any more: then no further row should be begun."""

    def add(self, result: ResultT_contra, /) -> None:
        """Take a result."""
        ...

    def finish(self) -> None:
        """There are no more."""
        ...


def choose_output(out: Path | None, rows: int, columns: Sequence[str] = ()) -> Output[Result]:
    """Into the named file, a spreadsheet or lines by its suffix; else a table on a terminal, or lines.

    `columns`: the user's own, which come first in a spreadsheet. Raises `FileProblem`.
    """
    if out is not None:
        return file_output(out, rows, columns)
    console = Console()
    if not console.is_terminal:
        return _Lines(sys.stdout.buffer)
    if rows > _SHOWN:
        text = "The first {count} meetings and every failure will be shown; --out FILE records all."
        click.echo(spoken(text, count=_SHOWN), err=True)
    return _Table(console)


def file_output(out: Path | None, rows: int, columns: Sequence[str] = (), *, needed: bool = True) -> Output[Result]:
    """Into the named file, a spreadsheet or lines by its suffix; else lines to stdout. Raises `FileProblem`.

    Unless they are `needed`, as they tell of no change, a reader of stdout that goes away has what it wanted:
    `BrokenPipeError`, which ends the command quietly.
    """
    return output_to(out, rows, headings(columns), partial(result_cells, columns), needed=needed)


def output_to(
    out: Path | None,
    rows: int,
    first: Sequence[str],
    cells_of: Callable[[Any], Sequence[str]],
    *,
    needed: bool = True,
) -> Output[Any]:
    """The same for results of any kind, which have `as_json`; a spreadsheet has them as cells below the headings."""
    if out is None:
        return _Lines(sys.stdout.buffer, needed=needed)
    suffix = out.suffix.lower()
    if rows > _SHEET and suffix == _XLSX:
        raise FileProblem(
            spoken("{out}: a sheet has at most {rows} rows; name a .csv file", out=out, rows=f"{_SHEET:,}")
        )
    try:
        file = open_private(out, replace=True)
    except OSError as error:
        raise FileProblem(spoken("{out} can't be written: {error}", out=out, error=error.strerror)) from None
    if suffix == _XLSX:
        return _Sheet(file, first, cells_of)
    if suffix == _CSV:
        file.write(csv_start(first))
        return _Lines(file, lambda result: csv_line(cells_of(result)))
    return _Lines(file)


def is_spreadsheet(out: Path | None) -> bool:
    """Whether results go there as a spreadsheet."""
    return out is not None and out.suffix.lower() in {_CSV, _XLSX}


def refuse_overwriting(out: Path | None, file: Path, *, force: bool, ledger: Path | None = None) -> None:
    """Raise `UsageError` where results would destroy what is read or written down, or without `force` anything else.

    Also for a spreadsheet of a kind that can't be written: it would be taken for one. `ledger`: its file, which need
    not be there yet.
    """
    if out is not None and out.suffix.lower() in _OTHER_SHEETS:
        raise click.UsageError(
            spoken("{out}: {suffix} files can't be written; name it .xlsx", out=out, suffix=out.suffix)
        )
    if out is None:
        return
    if _is_same(out, file):
        raise click.UsageError(spoken("--out is the file that is read."))
    if ledger is not None and any(_is_same(out, Path(f"{ledger}{more}")) for more in _LEDGER):
        raise click.UsageError(spoken("--out is the ledger, which says what was done."))
    if out.exists() and not force:
        raise click.UsageError(spoken("{out} exists; --force overwrites it.", out=out))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)


def _json(result: Any) -> bytes:
    return json_line(result.as_json())


class _Lines:
    def __init__(self, file: BinaryIO, line_of: Callable[[Any], bytes] = _json, *, needed: bool = True) -> None:
        self.broken = False
        self._needed = needed
        self._file = file
        self._line_of = line_of

    def add(self, result: Any, /) -> None:
        line = self._line_of(result)
        try:
            self._file.write(line)
            self._file.flush()  # so that a killed run tells what it did
        except OSError as error:
            if isinstance(error, BrokenPipeError) and not self._needed:
                raise
            if not self.broken:
                _tell_of(error)
            self.broken = True
            self._file = sys.stderr.buffer
            self._file.write(line)

    def finish(self) -> None:
        if self._file not in {sys.stdout.buffer, sys.stderr.buffer}:
            self._file.close()


class _Sheet:
    """A workbook, which is written at the end: what a killed run did is in its ledger."""

    def __init__(self, file: BinaryIO, first: Sequence[str], cells_of: Callable[[Any], Sequence[str]]) -> None:
        self.broken = False
        self._cells_of = cells_of
        self._book = Workbook(file, first)

    def add(self, result: Any, /) -> None:
        self._book.add(self._cells_of(result))

    def finish(self) -> None:
        try:
            self._book.close()
        except OSError as error:
            _tell_of(error)
            self.broken = True


def _tell_of(error: OSError) -> None:
    click.echo(spoken("The results can't be written any more: {error}. The others follow here.", error=error), err=True)


class _Table:
    def __init__(self, console: Console) -> None:
        self.broken = False
        self._console = console
        self._sample = Sample(first=_SHOWN, last=0)
        self.add = self._sample.add

    def finish(self) -> None:
        show_table(self._console, self._sample)
