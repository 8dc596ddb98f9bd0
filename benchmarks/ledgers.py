"""What an item costs in a ledger that has many. `python -m benchmarks.ledgers [--quick]`.

The gateway answers at once and in memory, so that what is left is the client's, the batch's and the ledger's part.
All ledgers are filled first; then they take turns, and ratios are taken within a turn, so that a machine that is slower
for a while is slower for all.
"""

import argparse
import asyncio
import json
import os
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from attrs import frozen

from benchmarks.machine import Spread, Target, progress, table
from tm_async import CreateMeeting, EnterpriseSecret, TencentMeeting
from tm_async.batch.keyed import items_of
from tm_async.batch.ledger import SqliteLedger
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.transport import Timeout

SIZES = (10_000, 100_000, 1_000_000)
QUICK = (500, 1_000)
ITEMS = 1_000
"""So many of a ledger are sent in each turn."""
TURNS = 8
AUTH = EnterpriseSecret(app_id="a", secret_id="i", secret_key="k")
START = datetime(2030, 1, 7, 2, tzinfo=UTC)


@frozen
class Sample:
    """One size of a ledger."""

    rows: int
    first_ms: float
    """Until the first outcome of the very first `pending`, which makes an index."""
    ms: list[float]
    """`create_many.pending`, milliseconds an item, turn by turn."""
    bytes_per_item: float
    """By which memory grows while so many requests are read, above the smallest size."""


class _AtOnce:
    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        asked = json.loads(request.body)
        meeting = {name: asked[name] for name in ("subject", "start_time", "end_time")} | {"meeting_id": "5"}
        return RawAnswer(200, (), json.dumps({"meeting_info_list": [meeting]}).encode())

    async def aclose(self) -> None:
        pass


def _request(number: int) -> CreateMeeting:
    return CreateMeeting(
        userid=f"user{number % 100}",
        subject=f"Meeting {number}",
        start_time=START,
        end_time=START + timedelta(hours=1),
    )


async def _filled(path: Path, rows: int) -> SqliteLedger:
    """Straight into the table: `plan` would take minutes for a million."""
    ledger = SqliteLedger(path)
    keyed = [one async for one in items_of(CreateMeeting, [_request(0)])]
    assert keyed[0].item is not None
    request = json.loads(keyed[0].item.request)

    def fill(db: Any) -> None:
        row = "INSERT INTO entries (position, key, label, \"group\", request) VALUES (?, ?, '', ?, ?)"
        texts = ((n, f"k{n}", f"g{n}", json.dumps(request | {"subject": f"Meeting {n}"})) for n in range(rows))
        db.executemany(row, texts)

    await ledger._write(fill)  # noqa: SLF001
    return ledger


async def _in_turns(sizes: tuple[int, ...]) -> list[tuple[float, list[float]]]:
    """Of each size, how long the first outcome took, and the milliseconds an item in each turn."""
    items = min(ITEMS, sizes[0] // (TURNS + 1))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        tm = TencentMeeting(AUTH, transport=_AtOnce(), quotas=None)
        ledgers = []
        for rows in sizes:
            progress(f"ledger of {rows:,}")
            ledgers.append(await stack.enter_async_context(await _filled(folder / f"{rows}.db", rows)))
        firsts = [(await _turn(tm, ledger, items))[0] for ledger in ledgers]
        turns = [[(await _turn(tm, ledger, items))[1] / items for ledger in ledgers] for _ in range(TURNS)]
    return list(zip(firsts, map(list, zip(*turns, strict=True)), strict=True))


async def _turn(tm: TencentMeeting, ledger: SqliteLedger, items: int) -> tuple[float, float]:
    """Milliseconds until the first outcome, and until so many."""
    began, seen, first = perf_counter(), 0, 0.0
    async with aclosing(tm.meetings.create_many.pending(ledger, concurrency=64)) as outcomes:
        async for _ in outcomes:
            seen += 1
            first = first or perf_counter() - began
            if seen == items:
                break
    return first * 1e3, (perf_counter() - began) * 1e3


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


async def _growth(sizes: tuple[int, ...]) -> list[float]:
    """Memory that reading requests takes, in bytes for each one above the smallest size."""
    at: dict[int, int] = {}
    number = 0
    async for _ in items_of(CreateMeeting, (_request(n) for n in range(sizes[-1]))):
        number += 1
        if number in sizes:
            at[number] = _resident()
    return [(at[size] - at[sizes[0]]) / max(1, size - sizes[0]) for size in sizes]


def run(*, quick: bool = False) -> list[Sample]:
    """Every size, the smallest first."""
    sizes = QUICK if quick else SIZES
    progress("ledgers")
    growth = asyncio.run(_growth(sizes))
    turns = asyncio.run(_in_turns(sizes))
    return [Sample(size, *taken, grown) for size, taken, grown in zip(sizes, turns, growth, strict=True)]


def targets(samples: list[Sample]) -> list[Target]:
    """The promises about large ledgers."""
    first, last = samples[0], samples[-1]
    times = Spread.of([large / small for large, small in zip(last.ms, first.ms, strict=True)])
    note = f"SQLite, {first.rows:,} and {last.rows:,} rows"
    grown = Spread.of([last.bytes_per_item])
    return [
        Target("an item of a large ledger, times one of a small", times, 1.5, True, note),
        Target("memory for each further request of a batch, bytes", grown, 16, True, f"up to {last.rows:,}"),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    head = (
        "rows in SQLite",
        "`pending`, ms an item: median (lowest-highest)",
        "ms until its very first outcome",
        "memory, bytes a request",
    )
    rows = [
        (f"{one.rows:,}", Spread.of(one.ms).show(2), f"{one.first_ms:,.0f}", f"{one.bytes_per_item:,.1f}")
        for one in samples
    ]
    return table(head, rows) + "\n\nThe first `pending` of a ledger makes the index of its groups."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
