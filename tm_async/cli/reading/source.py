"""Where rows come from: a file or standard input, read as often as needed and never held in memory."""

import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from attrs import frozen

from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format, read_rows

__all__ = ["Source", "format_of", "open_source"]

_SUFFIXES = {".csv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}


@frozen
class Source:
    """An open file of rows."""

    name: str
    _file: BinaryIO
    _format: Format

    def rows(self) -> Iterator[Row]:
        """The rows from the beginning. Raises `FileProblem` that names the file."""
        self._file.seek(0)
        try:
            yield from read_rows(self._file, self._format)
        except FileProblem as problem:
            raise FileProblem(f"{self.name}: {problem}") from None


def format_of(path: str) -> Format | None:
    """The format that a file's name tells."""
    return _SUFFIXES.get(Path(path).suffix.lower())


@contextmanager
def open_source(path: str, form: Format) -> Generator[Source]:
    """Open a file, or standard input for `-`. What can be read only once is put into a temporary file first."""
    with ExitStack() as opened:
        stdin = path == "-"
        file: BinaryIO = sys.stdin.buffer if stdin else opened.enter_context(Path(path).open("rb"))
        if stdin or not file.seekable():
            spool = opened.enter_context(TemporaryFile())
            shutil.copyfileobj(file, spool)
            file = spool
        yield Source("standard input" if stdin else path, file, form)
