"""Rows in, results out: every row gets exactly one, in the order of the file."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing

import click
from attrs import evolve, field, frozen

from tm_async.api.meetings import CreateMeeting, Meeting
from tm_async.batch.ledger import Ledger
from tm_async.cli.reading.row import Row
from tm_async.cli.results.progress import shown_progress
from tm_async.cli.results.result import Result
from tm_async.cli.results.totals import Totals
from tm_async.cli.standing import is_key_of_note
from tm_async.cli.waiting import Stopped, WatchedLimiter
from tm_async.cli.words import spoken
from tm_async.client.client import TencentMeeting
from tm_async.core.outcome import Outcome, Rejected
from tm_async.quotas import configured_quotas
from tm_async.transport.protocol import Transport
from tm_async.transport.proxy import environment_proxy

__all__ = ["Run", "announce_quotas", "bulk_transport"]


def bulk_transport(connections: int, origin: str) -> Transport:
    """The fast one; where the environment demands a proxy, the default one."""
    if environment_proxy(origin) is not None:
        from tm_async.transport.httpx import HttpxTransport

        return HttpxTransport(connections=connections)
    from tm_async.transport.fast import FastTransport

    return FastTransport(connections=connections)


def announce_quotas(rows: int) -> None:
    """Say so if the quotas make a run long."""
    quotas = configured_quotas()
    for rate in quotas.per_app if quotas else ():
        seconds = (rows - 1) // rate.calls * rate.seconds
        if seconds >= 60:
            text = "The quota is {calls} in {span} s, so this takes at least {minutes} minutes."
            counts = {"calls": f"{rate.calls:,}", "span": f"{rate.seconds:g}", "minutes": f"{seconds / 60:.0f}"}
            click.echo(spoken(text, **counts), err=True)


@frozen
class Run:
    """One run of a file's rows against a gateway."""

    tm: TencentMeeting
    transport: Transport
    """The client's; closed at the end."""
    totals: Totals
    concurrency: int
    stopped: Callable[[], bool]
    """Once it says so no further row is begun."""
    ledger: Ledger | None = None
    limiter: WatchedLimiter | None = None
    """The client's."""
    keys: Mapping[int, str] = field(factory=dict[int, str], repr=False)
    """Of rows, by their numbers, in the ledger."""
    settled: Collection[int] = ()
    """Numbers of rows for which the ledger has an outcome."""

    async def create(self, rows: Iterable[Row], sink: Callable[[Result], object]) -> None:
        """Create the meetings, with progress on standard error. Bad rows are passed by, and have their result."""
        await self._show(self._created(rows), sink)

    async def resume(self, ledger: Ledger, rows: Mapping[int, Row], sink: Callable[[Result], object]) -> None:
        """Go on with a ledger; `rows` are those that were open at first, by position."""
        await self._show(self._resumed(ledger, rows), sink)

    async def _show(self, results: AsyncGenerator[Result], sink: Callable[[Result], object]) -> None:
        async with aclosing(self.transport), self.tm:
            with shown_progress(self.totals, spoken("Creating meetings"), self.limiter) as count:
                async for result in results:
                    sink(result)
                    count(result)

    async def _resumed(self, ledger: Ledger, rows: Mapping[int, Row]) -> AsyncGenerator[Result, None]:
        create = self.tm.meetings.create_many
        async for outcome in create.pending(ledger, concurrency=self.concurrency, stop=self.stopped):
            if _was_stopped(outcome) or is_key_of_note(outcome.request):  # of a note that no run finished
                continue
            row = rows.get(outcome.index) or Row(outcome.index + 1, "")  # added by somebody meanwhile
            yield Result.of_outcome(row, outcome)

    async def _created(self, rows: Iterable[Row]) -> AsyncGenerator[Result, None]:
        begun: deque[Row] = deque()
        requests = self._requests(rows, begun)
        try:
            async for outcome in self.tm.meetings.create_many(
                requests,
                concurrency=self.concurrency,
                ledger=self.ledger,
                key=None if self.ledger is None else self._key_of(begun),
            ):
                while (row := begun.popleft()).request is None:
                    yield Result.of_bad_row(row)
                if not _was_stopped(outcome):
                    yield Result.of_outcome(evolve(row, settled=row.number in self.settled), outcome)
        except asyncio.CancelledError:
            if not self.stopped():
                raise
        for row in begun:  # bad rows at the end; and when broken off, rows whose outcome nobody waits for
            yield _left(row)

    def _requests(self, rows: Iterable[Row], begun: deque[Row]) -> Iterator[CreateMeeting]:
        for row in rows:
            if self.stopped():
                return
            begun.append(row)
            if row.request is not None:
                yield row.request

    def _key_of(self, begun: Sequence[Row]) -> Callable[[object], str | None]:
        return lambda _: self.keys.get(begun[-1].number, begun[-1].key)


def _left(row: Row) -> Result:
    return Result.of_bad_row(row) if row.request is None else Result.of_abandoned(row)


def _was_stopped(outcome: Outcome[Meeting]) -> bool:
    """Whether it was not sent because an end was asked for: so its row was not begun."""
    return isinstance(outcome, Rejected) and isinstance(outcome.error, Stopped)
