"""`tm-async demo`: the whole way from a file to meetings, without an account."""

import asyncio
from pathlib import Path

import click
from rich.console import Console

from tm_async.auth import EnterpriseSecret
from tm_async.cli.creating import Run
from tm_async.cli.reading.row import Row
from tm_async.cli.reading.rows import Format
from tm_async.cli.reading.source import open_source
from tm_async.cli.results.result import Result, Status
from tm_async.cli.results.table import Sample, show_table
from tm_async.cli.results.totals import Totals
from tm_async.cli.show import show_json
from tm_async.cli.speaking import Command
from tm_async.cli.words import spoken
from tm_async.client.client import TencentMeeting

__all__ = ["demo"]

_NEXT = """That was the emulator. Next, with meetings of your own:
  tm-async batch template --out meetings.xlsx    a spreadsheet to fill in
  tm-async batch create meetings.xlsx --dry-run  what would be sent
  export TENCENT_MEETING_APP_ID=... TENCENT_MEETING_SECRET_ID=... TENCENT_MEETING_SECRET_KEY=...
  tm-async batch create meetings.xlsx --out result.xlsx
Without an account, in another terminal:
  tm-async emulator --env-file emulator.env       then here:  set -a; . ./emulator.env; set +a"""


@click.command(cls=Command, short_help="Create a few hundred meetings on the emulator.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the counts, and every row.")
@click.option("--all", "show_all", is_flag=True, help="Show every row in the table.")
@click.option("--concurrency", type=click.IntRange(1, 1024), default=16, show_default=True, help="Requests under way.")
def demo(as_json: bool, show_all: bool, concurrency: int) -> None:
    """Create a few hundred meetings on the emulator, over real HTTP: signed, checked, concurrently.

    No account and no network are needed. A few rows are bad on purpose, to show what that looks like: one breaks
    documented rules and is not sent, others are refused by the gateway. The exit code is 1 if no meeting was created,
    or if the outcome of a request is not known.
    """
    results: list[Result] = []
    with open_source(str(_example()), Format.CSV) as source:
        rows = list(source.rows())
    totals = Totals(len(rows))
    asyncio.run(_create(rows, totals, concurrency, results))
    if as_json:
        show_json({**totals.as_json(), "meetings": [result.as_json() for result in results]})
    else:
        _show(results, totals, show_all)
    raise SystemExit(1 if totals.of(Status.UNKNOWN) or not totals.of(Status.CREATED) else 0)


def _example() -> Path:
    """Beside this module in an installed wheel, under `examples` in a source checkout."""
    packaged = Path(__file__).with_name("meetings.csv")
    return packaged if packaged.exists() else Path(__file__).parents[2] / "examples" / "meetings.csv"


async def _create(rows: list[Row], totals: Totals, concurrency: int, results: list[Result]) -> None:
    from tm_async.emulator import Emulator
    from tm_async.transport.fast import FastTransport

    async with Emulator() as emulator:
        auth = EnterpriseSecret(
            app_id=emulator.app_id,
            sdk_id=emulator.sdk_id,
            secret_id=emulator.secret_id,
            secret_key=emulator.secret_key,
        )
        transport = FastTransport(connections=concurrency)
        tm = TencentMeeting(auth, base_url=emulator.base_url, transport=transport, quotas=None)  # it keeps none
        run = Run(tm, transport, totals, concurrency, stopped=lambda: False)
        await run.create(rows, results.append)


def _show(results: list[Result], totals: Totals, show_all: bool) -> None:
    console = Console()
    sample = Sample(first=len(results) if show_all else 12, last=3)
    for result in results:
        sample.add(result)
    show_table(console, sample)
    hint = "" if show_all else spoken(" --all shows every row.")
    console.print(spoken("{summary}.", summary=totals.summary) + hint, highlight=False, soft_wrap=True)
    if totals.not_invited:
        console.print(totals.not_invited, highlight=False)
    console.print("\n" + spoken(_NEXT), highlight=False, soft_wrap=True)  # made for copying
