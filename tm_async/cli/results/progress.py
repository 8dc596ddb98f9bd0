"""How far a run is, on standard error: a bar on a terminal, else a quiet line now and then."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tm_async.cli.results.result import Result
from tm_async.cli.results.totals import Totals

__all__ = ["shown_progress"]

_QUIET_STEP = 500


@contextmanager
def shown_progress(totals: Totals) -> Generator[Callable[[Result], None]]:
    """Count results with the function that this yields, and show how far it is."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda result: _quietly(totals, result)
        return
    bar = Progress(
        TextColumn("Creating meetings"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=console,
    )
    with bar:
        task = bar.add_task("", total=totals.rows, failed="")

        def advance(result: Result) -> None:
            totals.add(result)
            bar.update(task, advance=1, failed=f"[red]{totals.failed:,} failed" if totals.failed else "")

        yield advance


def _quietly(totals: Totals, result: Result) -> None:
    totals.add(result)
    if totals.done % _QUIET_STEP == 0 and totals.done < totals.rows:
        click.echo(str(totals), err=True)
