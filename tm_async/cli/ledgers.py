"""`tm-async batch status`, `resume` and `export`: what a ledger says of a batch, and going on with it."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import click
from attrs import evolve

from tm_async.batch.ledger import Ledger, State, open_ledger
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.creating import Run, bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.reading.source import SUFFIXES
from tm_async.cli.recorded import counted, result_of, row_of
from tm_async.cli.results.output import OUT, choose_output, file_output, is_spreadsheet, refuse_overwriting
from tm_async.cli.results.totals import Totals
from tm_async.cli.show import show_json
from tm_async.cli.speaking import Command
from tm_async.cli.standing import Standing, counts_of, current, is_of_staff
from tm_async.cli.waiting import WatchedLimiter
from tm_async.cli.words import spoken
from tm_async.cli.written import Written, written
from tm_async.client.client import TencentMeeting
from tm_async.config import configured_gateway
from tm_async.errors import LedgerError
from tm_async.quotas import shared_limiter

__all__ = [
    "LEDGER",
    "LEDGER_VARIABLE",
    "ask",
    "beside",
    "export",
    "ledger_at",
    "ledger_path",
    "resume",
    "status",
    "with_settle",
]

AnswerT = TypeVar("AnswerT")

LEDGER_VARIABLE = "TENCENT_MEETING_LEDGER"
"""Where a URL with a password is kept out of the list of processes, which everybody on the machine can read."""
LEDGER = "a file, such as batch.db, or a redis:// or postgresql:// URL with a name, such as redis://host/0#june"


def with_settle(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option `--settle`."""
    return click.option(
        "--settle",
        type=click.FloatRange(0, 3600),
        default=30.0,
        show_default=True,
        help="Seconds after which what can't be found was not carried out.",
    )(command)


def beside(file: str) -> str:
    """Where the ledger of a file is, unless the command line says so."""
    return f"{file}.ledger"


def ledger_at(text: str, *, must_exist: bool = True) -> Ledger:
    """The ledger at a path or URL, or beside a file of rows. Raises `UsageError` where a path leads to none."""
    path = ledger_path(text, must_exist=must_exist)
    if path is not None and must_exist and not path.is_file():
        raise click.UsageError(spoken("There is no ledger {path}.", path=path))
    return open_ledger(text if path is None else str(path))


def ledger_path(text: str, *, must_exist: bool = True) -> Path | None:
    """The file of the same ledger; `None` for one at a URL."""
    if re.match("[A-Za-z][A-Za-z0-9+.-]+://", text):
        return None
    rows = must_exist and Path(text).suffix.lower() in SUFFIXES and not _is_database(text)
    return Path(beside(text) if rows else text)


def _file_of(text: str) -> Path:
    """The file of rows that a ledger lies beside, or that stands for it."""
    return Path(text.removesuffix(beside("")))


def _is_database(path: str) -> bool:
    """Whether a ledger has the name of a file of rows."""
    try:
        with Path(path).open("rb") as file:
            return file.read(15) == b"SQLite format 3"
    except OSError:
        return False


@asynccontextmanager
async def _opened(text: str) -> AsyncGenerator[Ledger]:
    ledger = ledger_at(text)
    try:
        yield ledger
    finally:
        await ledger.aclose()


async def ask(text: str, question: Callable[[Ledger], Awaitable[AnswerT]]) -> AnswerT:
    """Ask the ledger of a batch at a path or URL something, and close it. Raises `UsageError` for a staff list's."""
    async with _opened(text) as ledger:
        if await is_of_staff(ledger):
            raise click.UsageError(spoken('This is the ledger of a staff list: run "users sync" again.'))
        return await question(ledger)


@click.command(cls=Command, short_help="Tell how far a batch is.")
@click.argument("ledger", envvar=LEDGER_VARIABLE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(ledger: str, as_json: bool) -> None:
    """Tell how many rows of LEDGER are in each state. Asks no gateway.

    Without the argument LEDGER is what the environment's TENCENT_MEETING_LEDGER says.

    \b
    created   there is a meeting
    rejected  certainly not created, and sending it again is of no use
    unknown   it may or may not have been created; "resume" looks again
    pending   not sent, or certainly not created; "resume" sends it
    sending   under way, or it was when its run ended
    cancelled there was a meeting, until "batch cancel"

    A rejected row that was corrected counts as what became of it then. The exit code is 0 if every row is created
    (or was, and is cancelled), else 1.
    """
    counts = asyncio.run(ask(ledger, counts_of))
    if as_json:
        show_json({str(one): counts[one] for one in Standing})
    else:
        click.echo(counted(counts))
    raise SystemExit(0 if _done(counts) else 1)


def _done(counts: Counter[Standing]) -> bool:
    return counts.total() == counts[Standing.CREATED] + counts[Standing.CANCELLED]


@click.command(cls=Command, short_help="Write what became of every row.")
@click.argument("ledger", envvar=LEDGER_VARIABLE)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write there: a spreadsheet (.xlsx, .csv), else JSON lines.",
)
@click.option("--force", is_flag=True, help="Overwrite the --out file.")
def export(ledger: str, out: Path | None, force: bool) -> None:
    """Write what became of each row of LEDGER, in the order of the file. Asks no gateway.

    To an --out file as a spreadsheet if its name ends in .xlsx or .csv, else as JSON lines: one per row, with the
    members of "batch create" and the row's key. A spreadsheet has your own columns first, read from the file that the
    ledger lies beside, or that is named instead of it; of rows that it does not have (any more), or that were read
    with options, those of the request. Passwords of meetings are in neither.
    """
    refuse_overwriting(out, _file_of(ledger), force=force, ledger=ledger_path(ledger))

    async def write(opened: Ledger) -> None:
        own = await written(opened, _file_of(ledger)) if is_spreadsheet(out) else Written()
        columns = dict.fromkeys(own.columns)
        if is_spreadsheet(out):
            async for entry, _ in current(opened):
                columns.update(dict.fromkeys(own.applied(row_of(entry), entry.key).cells))
        output = file_output(out, sum((await opened.counts()).values()), list(columns), needed=False)
        try:
            async for entry, standing in current(opened):
                result = result_of(entry, standing)
                output.add(evolve(result, cells=own.cells_of(entry.key, result.cells)))
        finally:
            output.finish()

    asyncio.run(ask(ledger, write))


@click.command(cls=Command, short_help="Go on with a batch that was broken off.")
@click.argument("ledger", envvar=LEDGER_VARIABLE)
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=OUT)
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
    first. Several may resume one ledger at the same time, on several machines if it is in a database. What becomes
    of a row is written as it is known, as by "batch create".

    \b
    Exit codes:
      0    every row of the ledger is created
      1    some are not
      2    wrong usage or configuration; nothing was sent
      130  stopped by Ctrl-C; rows under way were finished and reported
    """
    refuse_overwriting(out, _file_of(ledger), force=force, ledger=ledger_path(ledger))
    auth = chosen_auth(oauth=oauth, open_id=open_id)
    transport = bulk_transport(concurrency, configured_gateway().origin)

    async def go_on(opened: Ledger) -> Counter[Standing]:
        interrupt.breaks_off(asyncio.current_task())
        states = (State.PENDING, State.SENDING, State.UNKNOWN)
        left = [entry async for entry, _ in current(opened, *states)]
        own = await written(opened, _file_of(ledger)) if is_spreadsheet(out) else Written()
        rows = {entry.position: own.applied(row_of(entry), entry.key) for entry in left}
        totals = Totals(len(rows))
        columns = dict.fromkeys([*own.columns, *(name for row in rows.values() for name in row.cells)])
        output = choose_output(out, len(rows), list(columns))
        limiter = WatchedLimiter(shared_limiter(), lambda: interrupt.stopped or output.broken)
        tm = TencentMeeting(auth, transport=transport, settle=settle, limiter=limiter)
        run = Run(tm, transport, totals, concurrency, lambda: interrupt.stopped or output.broken, limiter=limiter)
        try:
            async with aclosing(transport):
                await run.resume(opened, rows, output.add)
            return await counts_of(opened)
        except LedgerError as error:
            click.echo(spoken("What was sent will be looked for when the batch is resumed."), err=True)
            raise click.ClickException(str(error)) from error
        finally:
            output.finish()
            if totals.not_invited:
                click.echo(totals.not_invited, err=True)

    with Interrupt() as interrupt:
        try:
            counts = asyncio.run(ask(ledger, go_on))
        except asyncio.CancelledError:
            raise SystemExit(interrupt.exit_code) from None
    click.echo(counted(counts), err=True)
    if interrupt.stopped:
        raise SystemExit(interrupt.exit_code)
    raise SystemExit(0 if _done(counts) else 1)
