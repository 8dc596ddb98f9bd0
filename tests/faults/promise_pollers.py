"""Who creates a meeting just when the server closes the idle connection still learns what became of it.

The worst case is a pause that equals the server's idle time. The server closes then, without a word; once it
announces the time (`Keep-Alive`), once it does not.
"""

import asyncio
from functools import partial

from attrs import define

from tests.faults.figure import Figure, Plan
from tests.faults.harness import FAMILIES, client, create, silent
from tests.flow.conftest import AUTH, answer, raw_server, read_request
from tm_async import TencentMeeting
from tm_async.errors import OutcomeUnknown

WANTED = 1.0
"""Per cent of the creates."""
IDLE = 1.2
"""Seconds. With 5, as many servers have it, nothing is lost at all: so long a pause is not trusted to begin with."""
POLLERS = 25


@define
class _Count:
    created: int = 0
    unknown: int = 0

    @property
    def per_cent(self) -> float:
        return 100 * self.unknown / (self.created + self.unknown)


async def run(plan: Plan) -> Figure:
    """Creates of unknown outcome among all creates."""
    rounds = 2 if plan.quick else 100
    announced = (True,) if plan.quick else (True, False)  # what is learnt from a loss takes more than a few calls
    measured = [(family, told, _Count()) for family in FAMILIES for told in announced]
    with silent("tm_async.transport"):
        await asyncio.gather(*(_poll_all(family, count, rounds, told=told) for family, told, count in measured))
    worst = max(count.per_cent for _, _, count in measured)
    return Figure(
        promise="pollers",
        wanted=f"less than {WANTED:g} % of the creates unknown",
        measured=f"{worst:.2f} % with a pause that equals the server's idle time",
        ok=worst < WANTED,
        failures=[] if worst < WANTED else [f"{worst:.2f} %"],
        details=[
            f"{family}, the server {'announces' if told else 'does not announce'} its {IDLE:g} s: "
            f"{count.unknown} unknown of {count.created + count.unknown:,} creates"
            for family, told, count in measured
        ],
    )


async def _poll_all(family: str, count: _Count, rounds: int, *, told: bool) -> None:
    lines = ("Keep-Alive: timeout=1",) if told else ()
    said = answer(b'{"meeting_info_list":[{"meeting_id":"5"}]}', "200 OK", *lines)
    spread = IDLE if rounds > 2 else 0.1  # seconds over which the pollers begin
    async with raw_server(partial(_impatient, said)) as url, FAMILIES[family](trust_env=False) as transport:
        tm = client(AUTH, url, transport)
        await asyncio.gather(*(_poll(tm, number * spread / POLLERS, rounds, count) for number in range(POLLERS)))


async def _impatient(said: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            async with asyncio.timeout(IDLE):
                await read_request(reader)
        except TimeoutError:
            return
        writer.write(said)


async def _poll(tm: TencentMeeting, after: float, rounds: int, count: _Count) -> None:
    await asyncio.sleep(after)
    for _ in range(rounds):
        try:
            await tm.send(create("again"))
            count.created += 1
        except OutcomeUnknown:
            count.unknown += 1
        await asyncio.sleep(IDLE)
