"""Where rows come from: a file or standard input, read as often as needed and never held in memory."""

import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import click
from attrs import define, field

from tm_async.cli.reading.encoding import encoding_of
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format, read_rows
from tm_async.cli.words import spoken

__all__ = ["SUFFIXES", "Source", "asked_format", "format_of", "open_again", "open_source"]

SUFFIXES = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,  # what Excel calls Unicode text
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
}
"""What a file's name says of its format."""
_OTHER_SHEETS = {".xls", ".xlsb", ".et", ".ods", ".numbers"}


_PLAIN = Options()


@define
class Source:
    """An open file of rows."""

    name: str
    _file: BinaryIO
    _format: Format
    _options: Options
    columns: dict[str, None] = field(factory=dict[str, None], init=False)
    """The user's own headings, as far as rows were read."""
    _encoding: str | None = field(default=None, init=False)

    def rows(self) -> Iterator[Row]:
        """The rows from the beginning. Raises `FileProblem` that names the file."""
        try:
            if self._encoding is None and self._format is not Format.XLSX:
                self._encoding = encoding_of(self._file)
            for row in read_rows(self._file, self._format, self._options, self._encoding):
                if row.cells.keys() != self.columns.keys():
                    self.columns.update(dict.fromkeys(row.cells))
                yield row
        except FileProblem as problem:
            raise FileProblem(f"{self.name}: {problem}") from None

    @property
    def remark(self) -> str | None:
        """What the user may want to know of how the file was read, once it was."""
        return spoken("{name} is read as GB18030 (GBK).", name=self.name) if self._encoding == "gb18030" else None


def format_of(path: str) -> Format | None:
    """The format that a file's name tells. Raises `FileProblem` for a spreadsheet of another kind."""
    suffix = Path(path).suffix.lower()
    if suffix in _OTHER_SHEETS:
        raise FileProblem(spoken("{name}: {suffix} files can't be read: save it as .xlsx", name=path, suffix=suffix))
    return SUFFIXES.get(suffix)


def asked_format(path: str, form: str | None, sheet: str | None) -> Format:
    """The format that the options say, or the name. Raises `UsageError`, also for the name of a sheet elsewhere."""
    chosen = Format(form) if form else format_of(path)
    if chosen is None:
        names = " or ".join(f"--format {one}" for one in Format)
        raise click.UsageError(spoken("The name does not tell the format: give {names}.", names=names))
    if sheet is not None and chosen is not Format.XLSX:
        raise click.UsageError(spoken("--sheet is for an .xlsx file: {name} has no sheets.", name=path))
    return chosen


@contextmanager
def open_source(path: str, form: Format, options: Options = _PLAIN) -> Generator[Source]:
    """Open a file of meetings, or standard input for `-`."""
    with open_again(path) as (file, name):
        yield Source(name, file, form, options)


@contextmanager
def open_again(path: str) -> Generator[tuple[BinaryIO, str]]:
    """A file, or standard input for `-`, that can be read again and again, and what people call it.

    What can be read only once is put into a temporary file first.
    """
    with ExitStack() as opened:
        stdin = path == "-"
        file: BinaryIO = sys.stdin.buffer if stdin else opened.enter_context(Path(path).open("rb"))
        if stdin or not file.seekable():
            spool = opened.enter_context(TemporaryFile())
            shutil.copyfileobj(file, spool)
            file = spool
        yield file, spoken("standard input") if stdin else path
