"""Where results go: JSON lines in a file or a pipe, or a table on a terminal."""

import sys
from pathlib import Path
from typing import BinaryIO, Protocol

import click
from rich.console import Console

from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.results.result import Result
from tm_async.cli.results.table import Sample, show_table
from tm_async.cli.show import json_line

__all__ = ["Output", "choose_output", "refuse_overwriting"]

_SHOWN = 20
"""Rows of the table, failures aside."""


class Output(Protocol):
    """Takes results one by one."""

    broken: bool
    """Whether results can't be recorded any more: then no further row should be begun."""

    def add(self, result: Result) -> None:
        """Take a result."""
        ...

    def finish(self) -> None:
        """There are no more."""
        ...


def choose_output(out: Path | None, rows: int) -> Output:
    """Lines into the named file; without one a table on a terminal, else lines. Raises `FileProblem`."""
    if out is not None:
        try:
            return _Lines(out.open("wb"))
        except OSError as error:
            raise FileProblem(f"{out} can't be written: {error.strerror}") from None
    console = Console()
    if not console.is_terminal:
        return _Lines(sys.stdout.buffer)
    if rows > _SHOWN:
        click.echo(f"The first {_SHOWN} meetings and every failure will be shown; --out FILE records all.", err=True)
    return _Table(console)


def refuse_overwriting(out: Path | None, file: Path, *, force: bool) -> None:
    """Raise `UsageError` where results would destroy what is read, or without `force` anything else."""
    if out is None or not out.exists():
        return
    if file.exists() and out.samefile(file):
        raise click.UsageError("--out is the file that is read.")
    if not force:
        raise click.UsageError(f"{out} exists; --force overwrites it.")


class _Lines:
    def __init__(self, file: BinaryIO) -> None:
        self.broken = False
        self._file = file

    def add(self, result: Result) -> None:
        line = json_line(result.as_json())
        try:
            self._file.write(line)
            self._file.flush()  # so that a killed run tells what it did
        except OSError as error:
            if not self.broken:
                click.echo(f"The results can't be written any more: {error}. The others follow here.", err=True)
            self.broken = True
            self._file = sys.stderr.buffer
            self._file.write(line)

    def finish(self) -> None:
        if self._file not in {sys.stdout.buffer, sys.stderr.buffer}:
            self._file.close()


class _Table:
    def __init__(self, console: Console) -> None:
        self.broken = False
        self._console = console
        self._sample = Sample(first=_SHOWN, last=0)
        self.add = self._sample.add

    def finish(self) -> None:
        show_table(self._console, self._sample)
