"""The table of results: the first and the last rows and every failure; what is left out is counted."""

from collections import deque
from collections.abc import Iterator

from attrs import define, field
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.cli.result import Result, Status
from tm_async.cli.words import printable

__all__ = ["Sample", "show_table"]

_WIDE = 110
"""Columns of a terminal from which on a meeting takes one line."""


@define
class Sample:
    """Some of many results. However many there are, memory stays small."""

    first: int
    last: int
    failures: int = 1000
    """More failures than that are counted only."""
    _kept: list[tuple[int, Result]] = field(factory=list[tuple[int, Result]], init=False)
    _tail: deque[tuple[int, Result]] = field(init=False)
    _seen: int = field(default=0, init=False)
    _failed: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._tail = deque(maxlen=self.last)

    def add(self, result: Result) -> None:
        """Take the next result into account."""
        place = (self._seen, result)
        self._seen += 1
        failed = result.status is not Status.CREATED
        self._failed += failed
        if self._seen <= self.first or (failed and self._failed <= self.failures):
            self._kept.append(place)
        else:
            self._tail.append(place)

    def __iter__(self) -> Iterator[Result | int]:
        """The chosen results in order, and between them the number of those left out."""
        upcoming = 0
        for index, result in sorted((*self._kept, *self._tail), key=lambda place: place[0]):
            if index > upcoming:
                yield index - upcoming
            yield result
            upcoming = index + 1
        if upcoming < self._seen:
            yield self._seen - upcoming

    @property
    def hidden_failures(self) -> int:
        """Failures that are not shown."""
        shown = sum(isinstance(item, Result) and item.status is not Status.CREATED for item in self)
        return self._failed - shown


def show_table(console: Console, sample: Sample) -> None:
    """Print the chosen results, in one line each where the terminal is wide enough, else in two."""
    wide = console.width >= _WIDE
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("Row", justify="right", style="dim", no_wrap=True)
    headings = ("Subject", "Time", "Code", "Join link, or the reason") if wide else ("Subject, time", "Code, join link or reason")
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading in {"Time", "Code"})
    more = "" if sample.hidden_failures else ", all created"
    for item in sample:
        if isinstance(item, int):
            table.add_row("…", Text(f"{item:,} more{more}", style="dim"))
        else:
            table.add_row(str(item.row), *(_cells(item) if wide else _stacked(item)))
    console.print(table)


def _cells(result: Result) -> tuple[Text, Text, Text, Text]:
    subject = Text(printable(result.subject) or "-")
    if result.repeats:
        subject.append(f"  {result.repeats}", style="cyan")
    time = f"{result.start_time:%Y-%m-%d %H:%M} {_offset(result)}" if result.start_time else "-"
    return subject, Text(time), _code(result), _link_or_reason(result)


def _stacked(result: Result) -> tuple[Text, Text]:
    subject, time, code, link = _cells(result)
    time.stylize("dim")
    return Text("\n").join((subject, time)), Text("\n").join((code, link))


def _offset(result: Result) -> str:
    """The offset as people write it: `+08:00`."""
    return result.start_time.isoformat()[-6:] if result.start_time else ""


def _code(result: Result) -> Text:
    code = result.meeting_code
    if not code:
        return Text(result.status, style="bold red")
    return Text(" ".join(code[at : at + 3] for at in range(0, len(code), 3)), style="green")


def _link_or_reason(result: Result) -> Text:
    if result.error is not None:
        trace = f" (trace {result.error.trace_id})" if result.error.trace_id else ""
        return Text(printable(result.error.message + trace), style="red")
    link = Text(printable(result.join_url or ""))
    if result.user_non_registered:
        left_out = ", ".join(map(printable, result.user_non_registered))
        link.append(f"\nnot registered, not invited: {left_out}", style="yellow")
    return link
