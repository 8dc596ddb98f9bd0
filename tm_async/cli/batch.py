"""`tm-async batch create`: the meetings of a file."""

import asyncio
from contextlib import aclosing, nullcontext
from pathlib import Path

import click

from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.creating import Run, announce_quotas, bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.ledgers import LEDGER, export, ledger_at, resume, status, with_settle
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.rows import Format
from tm_async.cli.reading.source import Source, format_of, open_source
from tm_async.cli.recorded import add_rows
from tm_async.cli.results.output import Output, choose_output, refuse_overwriting
from tm_async.cli.results.totals import Totals
from tm_async.cli.words import describe
from tm_async.client import TencentMeeting
from tm_async.environment import configured_gateway

__all__ = ["batch", "create"]


@click.group()
def batch() -> None:
    """Many requests from a file."""


for _command in (status, resume, export):
    batch.add_command(_command)


@batch.command(short_help="Create the meetings of a file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="Needed for standard input.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one JSON line per row there.")
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
@click.option("--skip-bad", is_flag=True, help="Send the good rows although there are bad ones.")
@click.option(
    "--ledger", metavar="LEDGER", help=f"Write down what becomes of each row, to go on after any end: {LEDGER}."
)
@with_settle
@with_choice_of_auth
def create(
    file: str,
    form: str | None,
    concurrency: int,
    out: Path | None,
    force: bool,
    skip_bad: bool,
    ledger: str | None,
    settle: float,
    oauth: bool,
    open_id: str | None,
) -> None:
    """Create the meetings of FILE: CSV (.csv) or JSON lines (.jsonl, .ndjson); - is standard input.

    \b
    Columns of a CSV file:
      userid, subject, start_time, end_time or duration_minutes    required
      time_zone         Asia/Shanghai; then times need no offset
      hosts, invitees   user ids separated by ;
      guests            86-13800000000 Name; 1-2025550123
      recurrence        daily x5, weekdays x10, weekly x7, biweekly x4,
                        monthly x3, or weekly until 2027-12-31
      password, location, settings.auto_record_type, ... and the
      other members of the request, those of objects with a dot
      key               your own name of the row, unique; not sent
    Times are ISO 8601, like 2027-01-05T10:00+08:00. A line of JSON lines is
    one flat object with the names and types of the API. With --oauth,
    userid is the open id of the user.

    Every row is checked before anything is sent. One JSON line per row, in the order of the file, is written to the
    --out file as results arrive; without it to standard output, or as a table where that is a terminal.

    With --ledger all rows are written down first, then sent. After any end of the run, even a crash, the same command
    (or "batch resume") goes on: what is finished is not sent again, and what was under way is looked for first. A row
    is known by its key, or else by all that it says.

    \b
    Exit codes:
      0    every meeting was created
      1    some were rejected, or it is not known whether they were created
      2    wrong usage, configuration or rows; nothing was sent
      130  stopped by Ctrl-C; rows under way were finished and reported
    """
    chosen = Format(form) if form else format_of(file)
    if chosen is None:
        raise click.UsageError("The name does not tell the format: give --format csv or --format jsonl.")
    refuse_overwriting(out, Path(file), force=force)
    with open_source(file, chosen) as source, Interrupt() as interrupt:
        rows = _check(source, interrupt, skip_bad)
        auth = chosen_auth(oauth=oauth, open_id=open_id)
        transport = bulk_transport(concurrency, configured_gateway().origin)
        tm = TencentMeeting(auth, transport=transport, settle=settle)
        opened = None if ledger is None else ledger_at(ledger, must_exist=False)
        announce_quotas(rows)
        output = choose_output(out, rows)
        totals = Totals(rows)
        run = Run(tm, transport, totals, concurrency, lambda: interrupt.stopped or output.broken, opened)
        _carry_out(run, source, output, interrupt)
    click.echo(totals.summary, err=True)
    if interrupt.stopped:
        raise SystemExit(interrupt.exit_code)
    raise SystemExit(1 if totals.failed or totals.done < rows or output.broken else 0)


def _carry_out(run: Run, source: Source, output: Output, interrupt: Interrupt) -> None:
    async def send() -> None:
        interrupt.breaks_off(asyncio.current_task())
        async with aclosing(run.ledger) if run.ledger else nullcontext():
            if run.ledger is not None:
                await add_rows(run.ledger, source.rows())
            await run.create(source.rows(), output.add)

    try:
        asyncio.run(send())
    except asyncio.CancelledError:
        if not interrupt.stopped:
            raise
    except FileProblem as problem:
        click.echo(f"{problem} (changed since it was checked)", err=True)
    finally:
        output.finish()


def _check(source: Source, interrupt: Interrupt, skip_bad: bool) -> int:
    """Name every bad row; the number of rows if the run may go on."""
    rows = bad = 0
    for row in source.rows():
        if interrupt.stopped:
            click.echo("Nothing was sent.", err=True)
            raise SystemExit(interrupt.exit_code)
        rows += 1
        bad += bool(row.problems)
        for problem in row.problems:
            click.echo(f"row {row.number}: {describe(problem)}", err=True)
    if bad and (not skip_bad or bad == rows):
        hint = "" if skip_bad else "; --skip-bad sends the others"
        click.echo(f"{bad:,} of {rows:,} rows are bad. Nothing was sent{hint}.", err=True)
        raise SystemExit(2)
    return rows
