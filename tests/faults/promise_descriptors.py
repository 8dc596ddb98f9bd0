"""A client that is used in one `asyncio.run` after the other, and never closed, leaves no descriptor open."""

import asyncio
import gc

from tests.faults.figure import Figure, Plan
from tests.faults.harness import FAMILIES, client, create, open_files
from tests.flow.conftest import AUTH
from tests.flow.threaded import Server, created, server
from tm_async import TencentMeeting

LOOPS, QUICK_LOOPS = 10_000, 30
WIDTH = 3
"""Calls at a time, and so connections, in each loop."""


async def run(plan: Plan) -> Figure:
    """Descriptors of this process before and after, without the garbage collector's help."""
    loops = QUICK_LOOPS if plan.quick else LOOPS
    left: dict[str, int] = {}
    for family, make in FAMILIES.items():
        with server(lambda _, number: [created(number)]) as gateway:
            tm = client(AUTH, gateway.url, make(trust_env=False))
            left[family] = await asyncio.to_thread(_left, tm, gateway, loops)
    total = sum(abs(count) for count in left.values())
    return Figure(
        promise="descriptors",
        wanted="0 file descriptors left over",
        measured=f"{total} left over after {loops:,} event loops with {WIDTH} connections each",
        ok=total == 0,
        failures=[f"{family}: {count:+,}" for family, count in left.items() if count],
        details=[f"{', '.join(left)}: {loops:,} times `asyncio.run`, one client, never closed; no garbage collection"],
    )


def _left(tm: TencentMeeting, gateway: Server, loops: int) -> int:
    async def work() -> None:
        await asyncio.gather(*(tm.send(create(str(number))) for number in range(WIDTH)))

    asyncio.run(work())
    gateway.wait_until(lambda: not gateway.open)
    before = open_files()
    gc.disable()
    try:
        for _ in range(loops):
            asyncio.run(work())
    finally:
        gc.enable()
    gateway.wait_until(lambda: not gateway.open)
    return open_files() - before
