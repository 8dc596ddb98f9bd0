"""`tm-async batch create --dry-run`: what would be sent, and everything that is wrong; nothing is sent."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from attrs import define, field
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tm_async.api.meetings import CreateMeeting
from tm_async.batch.ledger import Ledger
from tm_async.cli.creating import announce_quotas
from tm_async.cli.ledgers import ask
from tm_async.cli.matching import match_rows
from tm_async.cli.reading.columns import SECRET
from tm_async.cli.reading.moments import zone_named
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.series import describe_series
from tm_async.cli.reading.source import Source
from tm_async.cli.results.totals import rows_of
from tm_async.cli.show import json_line
from tm_async.cli.words import describe, printable, spoken
from tm_async.core.codec import to_wire
from tm_async.core.wire import is_object
from tm_async.rules.occurrences import count_occurrences

__all__ = ["show_plan"]

_SHOWN = 20
_BAD = 1000
"""More rows than these are counted only."""
_NAMED = 12
"""Rows that are named of a group of problems."""


def show_plan(
    source: Source, out: Path | None, ledger: str | None, *, skip_bad: bool, stopped: Callable[[], bool]
) -> int:
    """Show the plan of a file; the exit code that tells whether it could be sent."""
    if out is not None:
        raise click.UsageError(spoken("--dry-run writes nothing; leave --out away."))
    console = Console()
    plan = _Plan(settled=asyncio.run(ask(ledger, lambda book: _settled(book, source))) if ledger else frozenset())
    for row in source.rows():
        if stopped():
            return 130
        plan.add(row)
        if not console.is_terminal:
            click.echo(json_line(_line(row, settled=row.number in plan.settled)), nl=False)
    if console.is_terminal:
        console.print(_table(plan))
    for line in _words(plan, source, skip_bad=skip_bad):
        click.echo(line, err=True)
    announce_quotas(plan.new)
    return 0 if not plan.bad or (skip_bad and plan.new) else 2


async def _settled(ledger: Ledger, source: Source) -> frozenset[int]:
    return (await match_rows(ledger, source.rows())).settled


@define
class _Plan:
    """What the rows of a file come to."""

    settled: frozenset[int]
    """Numbers of rows for which nothing is sent any more."""
    rows: int = 0
    bad: int = 0
    new: int = 0
    occurrences: int = 0
    invitations: int = 0
    creators: set[str] = field(factory=set[str])
    shown: list[Row] = field(factory=list[Row])
    problems: dict[tuple[str, str, str], tuple[str, list[int]]] = field(
        factory=dict[tuple[str, str, str], tuple[str, list[int]]]
    )
    """By kind: the words of the first one, and the numbers of the rows."""

    def add(self, row: Row) -> None:
        self.rows += 1
        self.bad += row.request is None
        if (row.request is None and self.bad <= _BAD) or self.rows <= _SHOWN:
            self.shown.append(row)
        for problem in row.problems:
            kind = (problem.field, problem.rule, re.sub("'[^']*'", "", problem.message))
            _, numbers = self.problems.setdefault(kind, (describe(problem), []))
            numbers.append(row.number)
        if row.request is not None and row.number not in self.settled:
            self.new += 1
            self.occurrences += _occurrences(row.request)
            self.invitations += len(row.request.invitees or ())
            self.creators.add(row.request.userid)


def _words(plan: _Plan, source: Source, *, skip_bad: bool) -> Iterator[str]:
    if source.remark:
        yield source.remark
    for words, numbers in sorted(plan.problems.values(), key=lambda group: -len(group[1])):
        named = ", ".join(map(str, numbers[:_NAMED])) + (", ..." if len(numbers) > _NAMED else "")
        yield spoken("{rows}: {problem} (row {numbers})", rows=rows_of(len(numbers)), problem=words, numbers=named)
    if plan.settled:
        yield spoken("{rows} settled before, not sent again.", rows=rows_of(len(plan.settled)))
    if plan.bad:
        text = "{rows} bad." if skip_bad else "{rows} bad, so nothing would be sent; --skip-bad sends the others."
        yield spoken(text, rows=rows_of(plan.bad))
    text = "To be sent: meetings {meetings}, occurrences {occurrences}, creators {creators}, invitations {people}."
    if plan.bad and not skip_bad:
        text = (
            "Without them: meetings {meetings}, occurrences {occurrences}, creators {creators}, invitations {people}."
        )
    counts = {"meetings": plan.new, "occurrences": plan.occurrences, "people": plan.invitations}
    counts["creators"] = len(plan.creators)
    yield spoken(text, **{name: f"{count:,}" for name, count in counts.items()})
    yield spoken("Nothing was sent.")


def _occurrences(request: CreateMeeting) -> int:
    return count_occurrences(request) or 1


def _span(request: CreateMeeting) -> str:
    """When it takes place, in its own zone."""
    zone = zone_named(request.time_zone) if request.time_zone else None
    start, end = (moment.astimezone(zone) if zone else moment for moment in (request.start_time, request.end_time))
    day = "" if end.date() == start.date() else f"{end:%Y-%m-%d} "
    return f"{start:%Y-%m-%d %H:%M}-{day}{end:%H:%M} {request.time_zone or f'{start:%z}'}"


def _line(row: Row, *, settled: bool) -> dict[str, Any]:
    """A row of the plan for machines: always the same members."""
    request = row.request
    return {
        "row": row.number,
        **({} if row.key is None else {"key": row.key}),
        "status": "bad" if request is None else "settled" if settled else "new",
        "subject": row.subject,
        "time": _span(request) if request else None,
        "occurrences": count_occurrences(request) if request else None,
        "request": _hidden(to_wire(request)) if request else None,
        "problems": [describe(problem) for problem in row.problems],
    }


def _hidden(request: Any, prefix: str = "") -> Any:
    """What is sent, with `***` for what is secret."""
    return {
        name: "***" if prefix + name in SECRET else _hidden(value, f"{prefix}{name}.") if is_object(value) else value
        for name, value in request.items()
    }


def _table(plan: _Plan) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(spoken("Row"), justify="right", style="dim", no_wrap=True)
    for heading in (
        spoken("Subject"),
        spoken("Time"),
        spoken("Creator"),
        spoken("What would be sent, or what is wrong"),
    ):
        table.add_column(heading, overflow="fold")
    for row in plan.shown:
        request = row.request
        subject = Text(printable(row.subject) or "-")
        if request is None:
            problems = "; ".join(describe(problem) for problem in row.problems)
            table.add_row(str(row.number), subject, "-", "-", Text(problems, style="red"))
        else:
            sent = _sent(request, settled=row.number in plan.settled)
            table.add_row(str(row.number), subject, _span(request), Text(printable(request.userid)), sent)
    if more := plan.rows - len(plan.shown):
        table.add_row("…", Text(spoken("{count} more", count=f"{more:,}"), style="dim"))
    return table


def _sent(request: CreateMeeting, *, settled: bool) -> Text:
    if settled:
        return Text(spoken("nothing: it is settled"), style="dim")
    parts = [spoken("1 meeting")]
    if series := describe_series(request):
        parts = [spoken("a series of {count} ({series})", count=_occurrences(request), series=series)]
    if request.invitees:
        parts.append(spoken("{count} invited", count=len(request.invitees)))
    return Text(", ".join(parts))
