"""`tm-async batch create`: the meetings of a file."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, nullcontext
from inspect import cleandoc
from pathlib import Path

import click
from attrs import evolve
from click.core import ParameterSource

from tm_async.batch.ledger import Ledger
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.cancelling import cancel
from tm_async.cli.creating import Run, announce_quotas, bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.ledgers import (
    LEDGER,
    LEDGER_VARIABLE,
    beside,
    export,
    ledger_at,
    ledger_path,
    resume,
    status,
    with_settle,
)
from tm_async.cli.matching import Matched, match_rows
from tm_async.cli.plan import show_plan
from tm_async.cli.reading.header import aliases_help
from tm_async.cli.reading.moments import zone_named
from tm_async.cli.reading.options import Options
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.rows import Format
from tm_async.cli.reading.source import Source, asked_format, open_source
from tm_async.cli.results.output import OUT, Output, choose_output, refuse_overwriting
from tm_async.cli.results.result import Result
from tm_async.cli.results.totals import Totals, rows_of
from tm_async.cli.show import say
from tm_async.cli.speaking import Group
from tm_async.cli.standing import is_of_staff
from tm_async.cli.template import template
from tm_async.cli.waiting import WatchedLimiter
from tm_async.cli.words import describe, spoken, spoken_error
from tm_async.client.client import TencentMeeting
from tm_async.config import configured_gateway
from tm_async.errors import LedgerConflict, LedgerError
from tm_async.quotas import shared_limiter

__all__ = ["batch", "create"]


@click.group(cls=Group, short_help="Many requests from a file.")
def batch() -> None:
    """Many requests from a file."""


for _command in (template, status, resume, export, cancel):
    batch.add_command(_command)


def _zone(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and zone_named(value) is None:
        raise click.BadParameter(
            spoken("{zone} is not a known time zone name, such as Asia/Shanghai", zone=repr(value))
        )
    return value


@batch.command(short_help="Create the meetings of a file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="Needed for standard input.")
@click.option("--sheet", metavar="NAME", help="Of an .xlsx file; default: the first one that is visible.")
@click.option("--time-zone", metavar="NAME", callback=_zone, help="Of every row that has none, such as Asia/Shanghai.")
@click.option("--ignore-unknown", is_flag=True, help="Pass by columns that no meeting has.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and every problem; send nothing.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=OUT)
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
@click.option("--skip-bad", is_flag=True, help="Send the good rows although there are bad ones.")
@click.option(
    "--ledger",
    metavar="LEDGER",
    envvar=LEDGER_VARIABLE,
    show_envvar=True,
    help=f"Where it is written down what becomes of each row, instead of FILE.ledger: {LEDGER}.",
)
@click.option("--no-ledger", is_flag=True, help="Write nothing down: then running it twice creates everything twice.")
@with_settle
@with_choice_of_auth
def create(
    *,
    file: str,
    form: str | None,
    sheet: str | None,
    time_zone: str | None,
    ignore_unknown: bool,
    dry_run: bool,
    concurrency: int,
    out: Path | None,
    force: bool,
    skip_bad: bool,
    ledger: str | None,
    no_ledger: bool,
    settle: float,
    oauth: bool,
    open_id: str | None,
) -> None:
    """Create the meetings of FILE: a spreadsheet (.xlsx, .csv) or JSON lines (.jsonl, .ndjson); - is standard input.

    \b
    Columns of a spreadsheet, in any order; "batch template" makes one:
      userid, subject, start_time, end_time or duration_minutes    required
      time_zone         Asia/Shanghai; then times need no offset
      hosts, invitees   user ids separated by ; or ,
      guests            86-13800000000 Name; 1-2025550123
      recurrence        daily x5, weekdays x10, weekly x7, biweekly x4,
                        monthly x3, or weekly until 2027-12-31
      password, location, settings.auto_record_type, ... and the
      other members of the request, those of objects with a dot
      key               your own name of the row, unique; not sent
    \b
    Headings may be Chinese:
    {aliases}

    Times are dates of the spreadsheet, or ISO 8601 like 2027-01-05T10:00+08:00, or like 2027年1月5日 10:00. CSV is
    separated by commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030 (GBK). A line of JSON lines is one flat object
    with the names and types of the API. With --oauth, userid is the open id of the user.

    Every row is checked before anything is sent. What becomes of each, in the order of the file, is written to the
    --out file as results arrive: your own columns first if that is a spreadsheet. Without one JSON lines go to
    standard output, or a table where that is a terminal.

    All rows are written down in a ledger first, FILE.ledger unless --ledger names another, then sent. After any end
    of the run, even a crash, the same command (or "batch resume") goes on: what is finished is not sent again, and
    what was under way is looked for first. A row is known by its key, or else by all that it says. A rejected row is
    corrected in the file, and the same command run again. "batch cancel" takes back what was created.

    \b
    Exit codes:
      0    every meeting was created
      1    some were rejected, or it is not known whether they were created
      2    wrong usage, configuration or rows; nothing was sent
      130  stopped by Ctrl-C; rows under way were finished and reported
    """
    chosen = asked_format(file, form, sheet)
    if no_ledger and click.get_current_context().get_parameter_source("ledger") is ParameterSource.ENVIRONMENT:
        ledger = None
    if ledger is not None and no_ledger:
        raise click.UsageError(spoken("--ledger and --no-ledger contradict each other."))
    if ledger is None and not no_ledger and file != "-":
        ledger = beside(file)
    written_down = None if ledger is None else ledger_path(ledger, must_exist=False)
    refuse_overwriting(out, Path(file), force=force, ledger=written_down)
    options = Options(ignore_unknown=ignore_unknown, time_zone=time_zone, sheet=sheet)
    with open_source(file, chosen, options) as source, Interrupt() as interrupt:
        if dry_run:
            there = ledger if ledger is not None and _is_there(ledger) else None
            raise SystemExit(show_plan(source, out, there, skip_bad=skip_bad, stopped=lambda: interrupt.stopped))
        rows = _check(source, interrupt, skip_bad)
        auth = chosen_auth(oauth=oauth, open_id=open_id)
        transport = bulk_transport(concurrency, configured_gateway().origin)
        opened = None if ledger is None else ledger_at(ledger, must_exist=False)
        if opened is None:
            announce_quotas(rows)
        output = choose_output(out, rows, list(source.columns))
        limiter = WatchedLimiter(shared_limiter(), lambda: interrupt.stopped or output.broken)
        tm = TencentMeeting(auth, transport=transport, settle=settle, limiter=limiter)
        totals = Totals(rows)
        run = Run(tm, transport, totals, concurrency, lambda: interrupt.stopped or output.broken, opened, limiter)
        _carry_out(run, source, output, interrupt)
    for line in (totals.summary, totals.not_invited):
        if line:
            say(line, err=True)
    if interrupt.stopped:
        raise SystemExit(interrupt.exit_code)
    raise SystemExit(1 if totals.failed or totals.done < rows or output.broken else 0)


create.help = cleandoc(create.help or "").replace("{aliases}", aliases_help())


def _is_there(ledger: str) -> bool:
    """Whether there is something to ask; a look at a path must not bring the ledger into being."""
    return "://" in ledger or Path(ledger).is_file()


def _carry_out(run: Run, source: Source, output: Output[Result], interrupt: Interrupt) -> None:
    async def send() -> None:
        interrupt.breaks_off(asyncio.current_task())
        async with aclosing(run.ledger) if run.ledger else nullcontext():
            begun = run if run.ledger is None else await _written_down(run, run.ledger, source)
            await begun.create(source.rows(), output.add)

    try:
        asyncio.run(send())
    except asyncio.CancelledError:
        if not interrupt.stopped:
            raise
    except FileProblem as problem:
        click.echo(spoken("{problem} (changed since it was checked)", problem=problem), err=True)
    finally:
        output.finish()


async def _written_down(run: Run, ledger: Ledger, source: Source) -> Run:
    """All rows are in the ledger before the first one is sent; the run that knows of it."""
    try:
        if await is_of_staff(ledger):
            raise LedgerError(spoken("This is the ledger of a staff list"))
        matched = await match_rows(ledger, source.rows())
        await ledger.add(matched.items)  # one transaction: no half of a file stays behind
    except LedgerConflict as error:
        text = '{error}. What exists is not changed by this: restore the row, or "batch cancel" first.'
        raise LedgerError(spoken(text, error=spoken_error(error))) from error
    except LedgerError as error:
        text = "{error}. --ledger names another place, --no-ledger writes nothing down."
        raise LedgerError(spoken(text, error=spoken_error(error))) from error
    for line in _remarks(matched):
        say(line, err=True)
    announce_quotas(len(matched.items) - len(matched.settled))
    return evolve(run, keys=matched.keys, settled=matched.settled)


def _remarks(matched: Matched) -> Iterator[str]:
    """What a second run of a file does, where that may surprise."""
    if matched.settled:
        yield spoken("{rows} settled before, not sent again.", rows=rows_of(len(matched.settled)))
    if matched.corrected:
        yield spoken("{rows} corrected.", rows=rows_of(len(matched.corrected)))
    if matched.again:
        yield spoken("{rows} cancelled before; created anew.", rows=rows_of(len(matched.again)))
    for number, code in matched.changed:
        text = "row {number} was changed after meeting {code} was created of it: this creates another one."
        yield spoken(text, number=number, code=code)


def _check(source: Source, interrupt: Interrupt, skip_bad: bool) -> int:
    """Name every bad row; the number of rows if the run may go on."""
    rows = bad = 0
    for row in source.rows():
        if interrupt.stopped:
            click.echo(spoken("Nothing was sent."), err=True)
            raise SystemExit(interrupt.exit_code)
        rows += 1
        bad += bool(row.problems)
        for problem in row.problems:
            click.echo(spoken("row {number}: {problem}", number=row.number, problem=describe(problem)), err=True)
    if source.remark:
        say(source.remark, err=True)
    if bad and (not skip_bad or bad == rows):
        hint = "" if skip_bad else spoken("; --skip-bad sends the others")
        text = "{bad} of {rows} bad. Nothing was sent{hint}."
        click.echo(spoken(text, bad=f"{bad:,}", rows=rows_of(rows), hint=hint), err=True)
        raise SystemExit(2)
    return rows
