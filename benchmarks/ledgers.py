"""What an item costs in a ledger that has many. `python -m benchmarks.ledgers [--quick]`.

The gateway answers at once and in memory, so that what is left is the client's, the batch's and the ledger's part.
"""

import argparse
import asyncio
import json
import os
from contextlib import aclosing
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
ITEMS = 2_000
"""So many of a ledger are sent in each round."""
ROUNDS = 3
AUTH = EnterpriseSecret(app_id="a", secret_id="i", secret_key="k")
START = datetime(2030, 1, 7, 2, tzinfo=UTC)
ANSWER = RawAnswer(200, (), b'{"meeting_info_list":[{"meeting_id":"5","meeting_code":"1","subject":"x"}]}')


@frozen
class Sample:
    """One size of a ledger."""

    rows: int
    ms: Spread
    """`create_many.pending`, milliseconds an item."""
    bytes_per_item: float
    """By which memory grows while so many requests are read, above the smallest size."""


class _AtOnce:
    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        return ANSWER

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


async def _pending(rows: int) -> Spread:
    with TemporaryDirectory() as folder:
        async with await _filled(Path(folder) / "ledger.db", rows) as ledger:
            tm = TencentMeeting(AUTH, transport=_AtOnce(), quotas=None)
            return Spread.of([await _round(tm, ledger, min(ITEMS, rows // (ROUNDS + 1))) for _ in range(ROUNDS)])


async def _round(tm: TencentMeeting, ledger: SqliteLedger, items: int) -> float:
    began, seen = perf_counter(), 0
    async with aclosing(tm.meetings.create_many.pending(ledger, concurrency=64)) as outcomes:
        async for _ in outcomes:
            seen += 1
            if seen == items:
                break
    return (perf_counter() - began) / items * 1e3


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
    samples = []
    for size, grown in zip(sizes, growth, strict=True):
        progress(f"ledger of {size:,}")
        samples.append(Sample(size, asyncio.run(_pending(size)), grown))
    return samples


def targets(samples: list[Sample]) -> list[Target]:
    """The promises about large ledgers."""
    first, last = samples[0], samples[-1]
    times = Spread(last.ms.median / first.ms.median, last.ms.low / first.ms.high, last.ms.high / first.ms.low)
    note = f"SQLite, {first.rows:,} and {last.rows:,} rows"
    grown = Spread.of([last.bytes_per_item])
    return [
        Target("an item of a large ledger, times one of a small", times, 1.5, True, note),
        Target("memory for each further request of a batch, bytes", grown, 16, True, f"up to {last.rows:,}"),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(f"{one.rows:,}", one.ms.show(2), f"{one.bytes_per_item:,.1f}") for one in samples]
    return table(("rows in SQLite", "pending, ms an item: median (lowest-highest)", "memory, bytes a request"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
