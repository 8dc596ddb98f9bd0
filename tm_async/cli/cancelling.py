"""`tm-async batch cancel`: takes back the meetings that a batch made."""

import asyncio
from contextlib import aclosing
from typing import cast

import click
from attrs import frozen
from rich.console import Console

from tm_async.api.meetings import CancelMeeting, CancelSeries
from tm_async.batch.bounded import bounded
from tm_async.batch.ledger import Entry, Ledger, State
from tm_async.cli.acting import chosen_auth, with_choice_of_auth
from tm_async.cli.creating import bulk_transport
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.ledgers import LEDGER_VARIABLE, ask
from tm_async.cli.recorded import counted, result_of, row_of
from tm_async.cli.results.result import Result, message_of
from tm_async.cli.results.table import Sample, show_table
from tm_async.cli.results.totals import rows_of
from tm_async.cli.speaking import Command
from tm_async.cli.standing import Standing, counts_of, current, note_cancelled, number_of
from tm_async.cli.waiting import Stopped, WatchedLimiter
from tm_async.cli.words import printable, spoken
from tm_async.client.client import TencentMeeting
from tm_async.config import configured_gateway
from tm_async.core.wire import is_object
from tm_async.errors import LedgerError, NotFound, TencentMeetingError
from tm_async.quotas import shared_limiter

__all__ = ["cancel"]

_SHOWN = 20
_PATIENCE = 600.0
"""Seconds for one of them, the wait for quota included: that may be a minute for as many as are under way."""


@frozen
class _Taken:
    """What came of one attempt to take a meeting back."""

    entry: Entry
    error: TencentMeetingError | None


@click.command(cls=Command, short_help="Take back the meetings that a batch made.")
@click.argument("ledger", envvar=LEDGER_VARIABLE)
@click.option("--yes", is_flag=True, help="Cancel without asking.")
@click.option("--reason", metavar="TEXT", help="Told to the gateway, which may show it to those invited.")
@click.option("--reason-code", type=int, default=1, show_default=True, help="A number of your own.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
@with_choice_of_auth
def cancel(
    ledger: str, yes: bool, reason: str | None, reason_code: int, concurrency: int, oauth: bool, open_id: str | None
) -> None:
    """Cancel every meeting that LEDGER knows to be created, a series as a whole; its name, or that of the batch's file.

    They are shown first, and nothing is cancelled before you say so. What is cancelled is written down: "batch status"
    tells it apart, and running the file again creates it anew. May be repeated and broken off at any time.

    \b
    Exit codes:
      0    all of them are cancelled
      1    some are not
      2    wrong usage or configuration, or not wanted; nothing was cancelled
      130  stopped by Ctrl-C
    """
    created, unreadable = _readable(asyncio.run(ask(ledger, _created)))
    if not created:
        click.echo(spoken("There is no meeting to cancel."), err=True)
        raise SystemExit(1 if unreadable else 0)
    _preview([result_of(entry, Standing.CREATED) for entry in created])
    auth = chosen_auth(oauth=oauth, open_id=open_id)
    if not yes and not _wanted(len(created)):
        click.echo(spoken("Nothing was cancelled."), err=True)
        raise SystemExit(2)
    with Interrupt() as interrupt:
        transport = bulk_transport(concurrency, configured_gateway().origin)
        limiter = WatchedLimiter(shared_limiter(), lambda: interrupt.stopped)
        tm = TencentMeeting(auth, transport=transport, limiter=limiter, deadline=_PATIENCE)

        async def take_back(opened: Ledger) -> str:
            async def work(_: int, entry: Entry) -> _Taken | None:
                return None if interrupt.stopped else await _take_back(tm, opened, entry, reason_code, reason)

            async with aclosing(transport), tm:
                async for taken in bounded(work, created, concurrency=concurrency, as_completed=True):
                    if taken is not None:
                        failed.extend([taken] if taken.error else [])
            return counted(await counts_of(opened))

        failed: list[_Taken] = []
        summary = asyncio.run(ask(ledger, take_back))
    for taken in failed:
        row = row_of(taken.entry)
        text = "row {number} ({subject}) was not cancelled: {error}"
        why = printable(message_of(taken.error)) if taken.error else ""
        click.echo(spoken(text, number=row.number, subject=printable(row.subject), error=why), err=True)
    click.echo(summary, err=True)
    if interrupt.stopped:
        raise SystemExit(interrupt.exit_code)
    raise SystemExit(1 if failed or unreadable else 0)


def _readable(entries: list[Entry]) -> tuple[list[Entry], int]:
    """Those whose request can be read, and how many can't, each of which is told."""
    created: list[Entry] = []
    for entry in entries:
        if row_of(entry).request is not None:
            created.append(entry)
            continue
        meeting_id = str(cast("dict[str, object]", entry.outcome.get("result") or {}).get("meeting_id", "?"))
        text = "row {number} can't be read, and its meeting {meeting_id} is not cancelled"
        click.echo(spoken(text, number=number_of(entry), meeting_id=printable(meeting_id)), err=True)
    return created, len(entries) - len(created)


async def _created(ledger: Ledger) -> list[Entry]:
    return [entry async for entry, standing in current(ledger, State.CREATED) if standing is Standing.CREATED]


def _preview(results: list[Result]) -> None:
    sample = Sample(first=_SHOWN, last=3)
    for result in results:
        sample.add(result)
    show_table(Console(), sample)


def _wanted(count: int) -> bool:
    try:
        return click.confirm(spoken("Cancel the meetings of {rows}?", rows=rows_of(count)), err=True)
    except click.Abort:  # nobody is there to answer
        click.echo(err=True)
        return False


async def _take_back(
    tm: TencentMeeting, ledger: Ledger, entry: Entry, reason_code: int, reason: str | None
) -> _Taken | None:
    """`None`: an end was asked for before it was sent."""
    request = row_of(entry).request
    kind = CancelMeeting if request is None or request.recurring_rule is None else CancelSeries
    result = entry.outcome.get("result")
    meeting_id = str(result.get("meeting_id", "")) if is_object(result) else ""
    try:
        operation = kind(
            meeting_id=meeting_id,
            userid=request.userid if request else "",
            reason_code=reason_code,
            reason_detail=reason,
            cancelled_is_done=True,
        )
        await tm.exchange(operation)
    except Stopped:
        return None
    except NotFound:  # somebody else took it back
        pass
    except TencentMeetingError as error:
        return _Taken(entry, error)
    try:
        await note_cancelled(ledger, entry)
    except LedgerError as error:
        return _Taken(entry, error)
    return _Taken(entry, None)
