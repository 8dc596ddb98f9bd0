"""Rows in, results out: every row gets exactly one, in the order of the file."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing

import click
from attrs import frozen

from tm_async.api.meetings import CreateMeeting
from tm_async.batch.ledger import Ledger
from tm_async.cli.reading.row import Row
from tm_async.cli.results.progress import shown_progress
from tm_async.cli.results.result import Result
from tm_async.cli.results.totals import Totals
from tm_async.client import TencentMeeting
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
            click.echo(f"The quota is {rate}, so this takes at least {seconds / 60:.0f} minutes.", err=True)


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

    async def create(self, rows: Iterable[Row], sink: Callable[[Result], object]) -> None:
        """Create the meetings, with progress on standard error. Bad rows are passed by, and have their result."""
        await self._show(self._created(rows), sink)

    async def resume(self, ledger: Ledger, rows: Mapping[int, Row], sink: Callable[[Result], object]) -> None:
        """Go on with a ledger; `rows` are those that were open at first, by position."""
        await self._show(self._resumed(ledger, rows), sink)

    async def _show(self, results: AsyncGenerator[Result], sink: Callable[[Result], object]) -> None:
        async with aclosing(self.transport), self.tm:
            with shown_progress(self.totals) as count:
                async for result in results:
                    sink(result)
                    count(result)

    async def _resumed(self, ledger: Ledger, rows: Mapping[int, Row]) -> AsyncGenerator[Result, None]:
        create = self.tm.meetings.create_many
        async for outcome in create.pending(ledger, concurrency=self.concurrency, stop=self.stopped):
            row = rows.get(outcome.index) or Row(outcome.index + 1, "")  # added by somebody meanwhile
            yield Result.of_outcome(row, outcome)

    async def _created(self, rows: Iterable[Row]) -> AsyncGenerator[Result, None]:
        begun: deque[Row] = deque()

        def requests() -> Iterator[CreateMeeting]:
            for row in rows:
                if self.stopped():
                    return
                begun.append(row)
                if row.request is not None:
                    yield row.request

        try:
            async for outcome in self.tm.meetings.create_many(
                requests(), concurrency=self.concurrency, ledger=self.ledger, key=lambda _: begun[-1].key
            ):
                while (row := begun.popleft()).request is None:
                    yield Result.of_bad_row(row)
                yield Result.of_outcome(row, outcome)
        except asyncio.CancelledError:
            if not self.stopped():
                raise
        for row in begun:  # bad rows at the end; and when broken off, rows whose outcome nobody waits for
            yield Result.of_bad_row(row) if row.request is None else Result.of_abandoned(row)
