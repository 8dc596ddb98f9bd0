"""The table of results: the first and the last rows and every failure; what is left out is counted."""

from collections import deque
from collections.abc import Iterator

from attrs import define, field
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.cli.results.result import Result, Status
from tm_async.cli.words import printable, spoken
from tm_async.errors import ValidationError

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
    """Print the chosen results, in one line each where the terminal is wide enough, else in two or three."""
    wide = console.width >= _WIDE
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(spoken("Row"), justify="right", style="dim", no_wrap=True)
    table.add_column(
        spoken("Subject") if wide else spoken("Subject, time"),
        overflow="fold",
        max_width=_left_for_subject(console, sample),
    )
    if wide:
        table.add_column(spoken("Time"), no_wrap=True)
        table.add_column(spoken("Code"), no_wrap=True)
    table.add_column(
        spoken("Join link, or the reason") if wide else spoken("Code, join link or reason"), overflow="fold"
    )
    more = "{count} more" if sample.hidden_failures else "{count} more, all created"
    for item in sample:
        if isinstance(item, int):
            table.add_row("…", Text(spoken(more, count=f"{item:,}"), style="dim"))
        else:
            table.add_row(str(item.row), *(_one_line(item) if wide else _stacked(item)))
    console.print(table)


def _left_for_subject(console: Console, sample: Sample) -> int:
    """Columns for the subject: it is wrapped rather than a link, which is to be clicked or copied in one piece."""
    shown = [item for item in sample if isinstance(item, Result)]
    number = max((len(str(result.row)) for result in shown), default=0)
    link = max((len(result.join_url or "") for result in shown), default=0)
    others = (max(number, 3), link, 22, 11) if console.width >= _WIDE else (max(number, 3), link)
    return max(22, console.width - sum(others) - 3 * len(others) - 2)


def _one_line(result: Result) -> tuple[Text, ...]:
    series = ("  ", (result.repeats, "cyan")) if result.repeats else ()
    return Text.assemble(_subject(result), *series), _time(result), _code(result), _link_or_reason(result)


def _stacked(result: Result) -> tuple[Text, ...]:
    series = (Text(result.repeats, style="cyan"),) if result.repeats else ()
    left = Text("\n").join((_subject(result), _time(result), *series))
    return left, Text("\n").join((_code(result), _link_or_reason(result)))


def _subject(result: Result) -> Text:
    return Text(printable(result.subject) or "-")


def _time(result: Result) -> Text:
    return Text(f"{result.start_time:%Y-%m-%d %H:%M %z}" if result.start_time else "-", style="dim")


def _code(result: Result) -> Text:
    code = result.meeting_code
    if code:
        return Text(" ".join(code[at : at + 3] for at in range(0, len(code), 3)), style="green")
    not_sent = result.error is not None and result.error.type == ValidationError.__name__
    return Text(spoken("not sent") if not_sent else spoken(result.status), style="bold red")


def _link_or_reason(result: Result) -> Text:
    if result.error is not None:
        trace = (f"\n{spoken('trace')} ", printable(result.error.trace_id)) if result.error.trace_id else ()
        return Text.assemble((printable(result.error.message), "red"), *((part, "dim") for part in trace))
    link = Text(printable(result.join_url or ""))
    if result.user_non_registered:
        left_out = ", ".join(map(printable, result.user_non_registered))
        link.append("\n" + spoken("not registered, so not invited: {names}", names=left_out), style="yellow")
    return link
