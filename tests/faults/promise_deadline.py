"""A call ends by its deadline, however slow the other side is."""

import asyncio
from collections.abc import Callable
from random import Random

from attrs import define, field

from tests.faults.cuts import Act, Cut
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import (
    FAMILIES,
    client,
    create,
    freeze,
    in_parallel,
    percentile,
    some_operation,
)
from tests.faults.proxy import FaultProxy
from tm_async import Timeout
from tm_async.errors import TencentMeetingError
from tm_async.transport import Transport

WANTED, WANTED_QUICKLY = 0.100, 0.400
"""Seconds; the latter where the machine has much else to do. Without a deadline it would be 0.5 or more."""
IN_FLIGHT = 48
SLOW = {
    Cut.SLOW_READING: 0.3,
    Cut.DRIBBLE: 0.05,
    Cut.BLACKHOLE_BEFORE: 0.0,
    Cut.BLACKHOLE_AFTER: 0.0,
    Cut.DELAY_BEFORE: 5.0,
}
"""With the seconds of their pauses."""


@define
class Late:
    """Seconds by which calls ended after their deadline; negative where they ended before it."""

    calls: list[float] = field(factory=list[float])
    beyond: list[float] = field(factory=list[float])
    """Later than a bare timer of the same loop, set for the same moment: what the machine is to blame for is off."""


async def run(plan: Plan) -> Figure:
    """Calls with deadlines of 0.2 to 0.5 s against a side that takes much longer."""
    calls, wanted = (IN_FLIGHT, WANTED_QUICKLY) if plan.quick else (2_500, WANTED)
    late = Late()
    with gateway() as emulator:
        freeze()
        for family, make in FAMILIES.items():
            await _calls(f"{plan.seed} {family}", emulator, make, calls, late)
    longest, reached = max(late.beyond), [over for over in late.calls if over > 0]
    return Figure(
        promise="deadline",
        wanted=f"at most {wanted * 1000:.0f} ms late",
        measured=f"{longest * 1000:.1f} ms late at most, in {len(late.calls):,} calls",
        ok=longest <= wanted and len(reached) > len(late.calls) / 2,
        failures=[f"--seed {plan.seed}: {longest * 1000:.1f} ms"] if longest > wanted else [],
        details=[
            f"{len(reached):,} calls ran into their deadline; 99 % of them ended within"
            f" {percentile(reached, 0.99) * 1000:.1f} ms of it, all within {max(reached) * 1000:.1f} ms, by the clock"
        ],
    )


async def _calls(seed: str, emulator: Gateway, make: Callable[..., Transport], calls: int, late: Late) -> None:
    loop = asyncio.get_running_loop()
    async with FaultProxy(emulator.port, seed) as proxy:
        # Exchanges that nobody waits for any more go on until `total`: they take their places, too.
        transport = make(connections=8 * IN_FLIGHT, trust_env=False)
        tm = client(emulator.auth, proxy, transport, timeout=Timeout(total=1.0))
        known = (await tm.send(create("known"))).meeting_id
        proxy.choose = _slow

        async def call(number: int) -> None:
            rng = Random(f"{seed} {number}")
            deadline = rng.uniform(0.2, 0.5)
            operation = some_operation(rng, f"{number}", known, people=1_000)
            due = loop.time() + deadline
            fired: list[float] = []
            timer = loop.call_at(due, lambda: fired.append(loop.time()))
            try:
                await tm.with_options(deadline=deadline).send(operation)
            except TencentMeetingError:
                pass
            ended = loop.time()
            timer.cancel()
            late.calls.append(ended - due)
            late.beyond.append(ended - max([due, *fired]))

        await in_parallel(range(calls), IN_FLIGHT, call)
        await transport.aclose()


def _slow(rng: Random) -> Act:
    cut = rng.choice([*SLOW])
    return Act(cut, seconds=SLOW[cut])
