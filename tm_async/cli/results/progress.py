"""How far a run is, on standard error: a bar on a terminal, else a quiet line now and then."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

import click
from attrs import define, field
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tm_async.cli.waiting import WatchedLimiter
from tm_async.cli.words import spoken

__all__ = ["Counting", "shown_progress"]

ResultT = TypeVar("ResultT")
ResultT_contra = TypeVar("ResultT_contra", contravariant=True)

_QUIET_STEP = 500
_SHORT = 1.0
"""Seconds of a wait for quota that nobody needs to hear of."""
_REPEATED = 60.0
"""Seconds between two lines about waiting."""


class Counting(Protocol[ResultT_contra]):
    """What counts results of one kind, and says how far it is."""

    @property
    def rows(self) -> int:
        """Results to come in all."""
        ...

    @property
    def done(self) -> int:
        """Results so far."""
        ...

    @property
    def failed(self) -> int:
        """Results that are not what was wanted."""
        ...

    def add(self, result: ResultT_contra, /) -> None:
        """Count a result."""
        ...


@contextmanager
def shown_progress(
    totals: Counting[ResultT], doing: str, limiter: WatchedLimiter | None = None
) -> Generator[Callable[[ResultT], None]]:
    """Count results with the function that this yields, and show how far it is, and until when it waits for quota."""
    console = Console(stderr=True)
    if not console.is_terminal:
        if limiter is not None:
            limiter.listener = _Quiet().waiting
        yield lambda result: _quietly(totals, result)
        return
    bar = Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        TextColumn("{task.fields[waits]}"),
        console=console,
    )
    with bar:
        task = bar.add_task("", total=totals.rows, failed="", waits="")

        def advance(result: ResultT) -> None:
            totals.add(result)
            failed = f"[red]{spoken('{count} failed', count=f'{totals.failed:,}')}" if totals.failed else ""
            bar.update(task, advance=1, failed=failed)

        if limiter is not None:
            limiter.listener = lambda until: bar.update(task, waits="" if until is None else f"[cyan]{_waits(until)}")
        yield advance


def _waits(until: float) -> str:
    return spoken("waiting for quota until {time}", time=f"{datetime.fromtimestamp(until).astimezone():%H:%M:%S}")


@define
class _Quiet:
    """Where there is no bar: a line when a wait begins, and again every minute."""

    _said: float = field(default=float("-inf"), init=False)

    def waiting(self, until: float | None) -> None:
        now = time.time()
        if until is not None and until - now > _SHORT and now - self._said >= _REPEATED:
            self._said = now
            click.echo(_waits(until), err=True)


def _quietly(totals: Counting[ResultT], result: ResultT) -> None:
    totals.add(result)
    if totals.done % _QUIET_STEP == 0 and totals.done < totals.rows:
        click.echo(str(totals), err=True)
