"""`tm-async batch status`, `resume` and `export`: what a ledger says of a batch, and going on with it."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import click

from tm_async.batch.ledger import Ledger, State, open_ledger
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.creating import Run, bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.recorded import counted, line_of, row_of
from tm_async.cli.results.output import choose_output, refuse_overwriting
from tm_async.cli.results.totals import Totals
from tm_async.cli.show import json_line, show_json
from tm_async.client import TencentMeeting
from tm_async.environment import configured_gateway
from tm_async.errors import LedgerError

__all__ = ["LEDGER", "export", "ledger_at", "resume", "status", "with_settle"]

AnswerT = TypeVar("AnswerT")

LEDGER = "a file, such as batch.db, or a redis:// or postgresql:// URL with a name, such as redis://host/0#june"


def with_settle(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option `--settle`."""
    return click.option(
        "--settle",
        type=click.FloatRange(0, 3600),
        default=30.0,
        show_default=True,
        help="Seconds after which a meeting that is not in the list was not created.",
    )(command)


def ledger_at(text: str, *, must_exist: bool = True) -> Ledger:
    """The ledger at a path or URL. Raises `UsageError` where a path leads to none."""
    path = None if re.match("[A-Za-z][A-Za-z0-9+.-]+://", text) else Path(text)
    if path is not None and must_exist and not path.is_file():
        raise click.UsageError(f"There is no ledger {path}.")
    return open_ledger(text)


@asynccontextmanager
async def _opened(text: str) -> AsyncGenerator[Ledger]:
    ledger = ledger_at(text)
    try:
        yield ledger
    finally:
        await ledger.aclose()


async def _ask(text: str, question: Callable[[Ledger], Awaitable[AnswerT]]) -> AnswerT:
    async with _opened(text) as ledger:
        return await question(ledger)


@click.command(short_help="Tell how far a batch is.")
@click.argument("ledger")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(ledger: str, as_json: bool) -> None:
    """Tell how many rows of LEDGER are in each state. Asks no gateway.

    \b
    created   there is a meeting
    rejected  certainly not created, and sending it again is of no use
    unknown   it may or may not have been created; "resume" looks again
    pending   not sent, or certainly not created; "resume" sends it
    sending   under way, or it was when its run ended

    The exit code is 0 if every row is created, else 1.
    """
    counts = asyncio.run(_ask(ledger, lambda opened: opened.counts()))
    if as_json:
        show_json({str(state): counts[state] for state in State})
    else:
        click.echo(counted(counts))
    raise SystemExit(0 if sum(counts.values()) == counts[State.CREATED] else 1)


@click.command(short_help="Write what became of every row.")
@click.argument("ledger")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write there, not to standard output.")
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
def export(ledger: str, out: Path | None, force: bool) -> None:
    """Write one JSON line per row of LEDGER, in the order of the file. Asks no gateway.

    The members are those of "batch create", with the row's key. Passwords of meetings are not among them.
    """
    refuse_overwriting(out, Path(ledger), force=force)

    async def write(opened: Ledger) -> None:
        file = sys.stdout.buffer if out is None else out.open("wb")
        try:
            async for entry in opened.entries():
                file.write(json_line(line_of(entry)))
        finally:
            file.flush()
            if out is not None:
                file.close()

    asyncio.run(_ask(ledger, write))


@click.command(short_help="Go on with a batch that was broken off.")
@click.argument("ledger")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one JSON line per row there.")
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
@with_settle
@with_choice_of_auth
def resume(
    ledger: str,
    concurrency: int,
    out: Path | None,
    force: bool,
    settle: float,
    oauth: bool,
    open_id: str | None,
) -> None:
    """Send the rows of LEDGER that are pending, and look for those whose outcome is not known.

    Nothing that is finished is sent again. What was under way when its run ended is looked for in its creator's list
    first. Several may resume one ledger at the same time, on several machines if it is in a database. One JSON line
    per row is written as it is known.

    \b
    Exit codes:
      0    every row of the ledger is created
      1    some are not
      2    wrong usage or configuration; nothing was sent
      130  stopped by Ctrl-C; rows under way were finished and reported
    """
    refuse_overwriting(out, Path(ledger), force=force)
    auth = chosen_auth(oauth=oauth, open_id=open_id)
    transport = bulk_transport(concurrency, configured_gateway().origin)
    tm = TencentMeeting(auth, transport=transport, settle=settle)

    async def go_on(opened: Ledger) -> dict[State, int]:
        interrupt.breaks_off(asyncio.current_task())
        async with aclosing(transport), tm:
            states = (State.PENDING, State.SENDING, State.UNKNOWN)
            rows = {entry.position: row_of(entry) async for entry in opened.entries(*states)}
            totals = Totals(len(rows))
            output = choose_output(out, len(rows))
            run = Run(tm, transport, totals, concurrency, lambda: interrupt.stopped or output.broken)
            try:
                await run.resume(opened, rows, output.add)
                return await opened.counts()
            except LedgerError as error:
                click.echo("What was sent will be looked for when the batch is resumed.", err=True)
                raise click.ClickException(str(error)) from error
            finally:
                output.finish()

    with Interrupt() as interrupt:
        try:
            counts = asyncio.run(_ask(ledger, go_on))
        except asyncio.CancelledError:
            raise SystemExit(interrupt.exit_code) from None
    click.echo(counted(counts), err=True)
    if interrupt.stopped:
        raise SystemExit(interrupt.exit_code)
    raise SystemExit(0 if sum(counts.values()) == counts[State.CREATED] else 1)
