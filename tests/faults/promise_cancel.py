"""A call that is cancelled leaves nothing behind: no place in the transport, no task, no file descriptor."""

import asyncio
import contextlib
from collections.abc import Callable
from random import Random

from tests.faults.certificates import contexts
from tests.faults.cuts import Cut, sometimes
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import FAMILIES, client, create, in_parallel, open_files, places_taken, silent, some_operation
from tests.faults.proxy import FaultProxy
from tests.faults.wire import Upstream
from tm_async import TencentMeeting, Timeout
from tm_async.errors import TencentMeetingError
from tm_async.transport import Transport

CASE, CASE_QUICK = 250, 125
"""Calls of one case: one proxy, one transport."""
TOTAL, TOTAL_TLS = 0.3, 0.008
QUICK_CUTS = tuple(cut for cut in Cut if cut not in (Cut.BLACKHOLE_BEFORE, Cut.BLACKHOLE_AFTER, Cut.SLOW_READING))


async def run(plan: Plan) -> Figure:
    """Cancel half of the calls after each number of turns of the loop, the others at random moments."""
    failures: list[str] = []
    case = CASE_QUICK if plan.quick else CASE
    calls = cancelled = 0
    with gateway() as emulator, silent("tm_async"):
        upstream = Upstream(emulator.port)
        for seed in plan.seeds(60, quick=2):
            for family, make in FAMILIES.items():
                left, hit = await _case(seed, case, emulator, upstream, make)
                calls += case
                cancelled += hit
                failures += [f"--seed {seed}: {family}: {what}" for what in left]
        await upstream.aclose()
    return Figure(
        "cancel",
        "0 places, tasks and file descriptors left over",
        f"{len(failures)} left over after {calls:,} calls, {cancelled:,} of them cancelled under way",
        not failures and cancelled > calls / 4,
        failures,
    )


async def _case(
    seed: int, calls: int, emulator: Gateway, upstream: Upstream, make: Callable[..., Transport]
) -> tuple[list[str], int]:
    """What was left over, and how many calls the cancellation hit."""
    rng = Random(f"{seed}")
    files, tasks = open_files() - _kept(upstream), asyncio.all_tasks()
    choose = sometimes(0.3, QUICK_CUTS, longest=0.02)
    # Every third case has TLS, and so little time that many an exchange ends within its handshake.
    (theirs, ours), total = (contexts(), TOTAL_TLS) if seed % 3 == 1 else ((None, None), TOTAL)
    async with FaultProxy(upstream, seed, choose=choose, tls=theirs) as proxy:
        transport = make(connections=6, trust_env=False, verify=ours)
        # Fewer places than callers: some are cancelled while they wait for one.
        tm = client(emulator.auth, proxy, transport, timeout=Timeout(total=total), deadline=5.0)
        hits = 0

        async def call(number: int) -> None:
            nonlocal hits
            task = asyncio.create_task(_send(tm, rng, f"{seed}-{number}"))
            await _moment(rng, number)
            hits += task.cancel()
            with contextlib.suppress(asyncio.CancelledError, TencentMeetingError):
                await task

        await in_parallel(range(calls), 12, call)
        left = []
        for _ in range(100):  # what was given up runs on, until TOTAL at most
            if places_taken(transport):
                await asyncio.sleep(0.02)
        if taken := places_taken(transport):
            left.append(f"{taken} places")
        await transport.aclose()
        if not await proxy.quiet():
            left.append("connections that the proxy still has")
    for _ in range(5):
        await asyncio.sleep(0)
    if more := asyncio.all_tasks() - tasks:
        left.append(f"tasks {[task.get_coro() for task in more]}")
    if (more_files := open_files() - _kept(upstream) - files) > 0:
        left.append(f"{more_files} file descriptors")
    return left, hits


async def _send(tm: TencentMeeting, rng: Random, subject: str) -> None:
    if rng.random() < 0.1:
        both = tm.send(create(subject)), tm.send(create(subject + "b"))
        await asyncio.gather(*both, return_exceptions=True)  # else the second goes on where the first has failed
    else:
        await tm.send(some_operation(rng, subject, "123"))


async def _moment(rng: Random, number: int) -> None:
    """Every other call is let go on for so many turns of the loop, from none to 59: an await of its own each."""
    if number % 2:
        for _ in range(number // 2 % 60):
            await asyncio.sleep(0)
    else:
        await asyncio.sleep(rng.random() * 0.03)


def _kept(upstream: Upstream) -> int:
    """The proxy's own connections to the server."""
    return len(upstream._idle)
