"""A gateway that is down is not hammered, and is not run over when it comes back.

Reads, which may all be repeated, arrive at a steady rate whether earlier ones succeeded or not. The server fails for
some seconds: it refuses connections, resets them, or says 503. What is counted are the attempts on the wire.
"""

import asyncio
import time
from collections.abc import Callable
from random import Random

from attrs import define, field, frozen

from tests.faults.cuts import PASS, Act, Cut, always
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import FAMILIES, client, create, silent
from tests.faults.proxy import FaultProxy
from tm_async import GetMeeting, TencentMeeting, Timeout
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.core.retry import RetryPolicy
from tm_async.errors import TencentMeetingError
from tm_async.transport import Transport

ATTEMPTS, RECOVERY = 1.1, 2.0
BIN = 0.25
"""Seconds over which arrivals are summed."""
MODES = ("refuse", "reset", "503")


@frozen
class Scale:
    """Calls a second, and the seconds that the server is up, down, and up again."""

    rate: float
    up: float
    down: float
    again: float
    retry: RetryPolicy
    peak: float
    """Of arrivals over their mean, at most: other work on the machine that halts the loop makes a peak, too."""


FULL = Scale(100, 2, 10, 6, RetryPolicy(), 2.0)
QUICK = Scale(50, 0.2, 1.4, 1.25, RetryPolicy(budget=8), 3.5)


class _Counting:
    """A transport that notes when attempts begin."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.attempts: list[float] = []

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        self.attempts.append(time.perf_counter())
        return await self._inner.exchange(request, headers, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()


@define
class Seen:
    """One storm."""

    name: str
    scale: Scale
    calls: list[float] = field(factory=list[float])
    failed: list[float] = field(factory=list[float])
    """When failing calls ended."""
    attempts: list[float] = field(factory=list[float])
    down: float = 0.0
    back: float = 0.0

    @property
    def per_call(self) -> float:
        """Attempts per call in the second half of the time without a server."""
        first = (self.down + self.back) / 2
        attempts, calls = (sum(first <= at < self.back for at in times) for times in (self.attempts, self.calls))
        return attempts / max(1, calls)

    @property
    def down_indeed(self) -> bool:
        """Whether nearly every call failed meanwhile: else nothing was measured."""
        failed, calls = (sum(self.down <= at < self.back for at in times) for times in (self.failed, self.calls))
        return failed > 0.9 * calls

    @property
    def recovery(self) -> float:
        """Seconds after which no call failed any more."""
        return max([at - self.back for at in self.failed if at > self.back], default=0.0)

    @property
    def peak(self) -> float:
        """The largest number of attempts in a quarter of a second over their mean, once the server is back."""
        bins = [0] * int(self.scale.again / BIN)
        for at in self.attempts:
            nth = int((at - self.back) // BIN)
            if 0 <= nth < len(bins):
                bins[nth] += 1
        return max(bins) / (sum(bins) / len(bins))

    @property
    def ok(self) -> bool:
        calm = self.per_call <= ATTEMPTS and self.peak <= self.scale.peak
        return self.down_indeed and calm and self.recovery <= RECOVERY

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.per_call:.2f} attempts per call while down, recovered in {self.recovery:.2f} s,"
            f" peak {self.peak:.2f} times the mean; {len(self.calls):,} calls, of which {len(self.failed):,} failed,"
            f" with {len(self.attempts):,} attempts"
        )


async def run(plan: Plan) -> Figure:
    """Every way of being down, on every transport."""
    scale = QUICK if plan.quick else FULL
    storms: list[Seen] = []
    with gateway() as emulator, silent("tm_async"):
        for family, make in [*FAMILIES.items()][plan.quick :]:
            ahead = [_storm(f"{family}, {mode}", mode, scale, plan.seed, emulator, make) for mode in MODES]
            if plan.quick:
                storms += await asyncio.gather(*ahead)
            else:
                storms += [await storm for storm in ahead]
    worst, slowest, highest = (
        max(getattr(storm, name) for storm in storms) for name in ("per_call", "recovery", "peak")
    )
    return Figure(
        promise="storm",
        wanted=(
            f"at most {ATTEMPTS:g} attempts per call while down, recovery within {RECOVERY:g} s,"
            f" peak at most {scale.peak:g} times the mean"
        ),
        measured=f"{worst:.2f} attempts, {slowest:.2f} s, {highest:.2f} times",
        ok=all(storm.ok for storm in storms),
        failures=[f"--seed {plan.seed}: {storm}" for storm in storms if not storm.ok],
        details=[str(storm) for storm in storms],
    )


async def _storm(
    name: str, mode: str, scale: Scale, seed: int, emulator: Gateway, make: Callable[..., Transport]
) -> Seen:
    seen = Seen(name, scale)
    async with FaultProxy(emulator.port, seed) as proxy:
        transport = _Counting(make(trust_env=False))
        tm = client(emulator.auth, proxy, transport, deadline=5.0, retry=scale.retry)
        known = (await tm.send(create("known"))).meeting_id
        seen.attempts = transport.attempts
        arriving = asyncio.create_task(_arrive(tm, known, seen, Random(f"{seed}")))
        await asyncio.sleep(scale.up)
        seen.down = time.perf_counter()
        await _go_down(proxy, mode)
        await asyncio.sleep(scale.down)
        proxy.choose = always(PASS)
        if mode == "refuse":
            proxy.listen()
        seen.back = time.perf_counter()
        await arriving
        await transport.aclose()
    return seen


async def _go_down(proxy: FaultProxy, mode: str) -> None:
    if mode == "refuse":
        await proxy.go_down()
    else:
        proxy.choose = always(Act(Cut.RESET_BEFORE if mode == "reset" else Cut.UNAVAILABLE))


async def _arrive(tm: TencentMeeting, known: str, seen: Seen, rng: Random) -> None:
    """Calls at a steady rate, each a little off its moment, until the end of all phases."""
    scale = seen.scale
    started = time.perf_counter()

    async def call() -> None:
        seen.calls.append(time.perf_counter())
        try:
            await tm.send(GetMeeting(meeting_id=known, operator_id="user0"))
        except TencentMeetingError:
            seen.failed.append(time.perf_counter())

    async with asyncio.TaskGroup() as group:
        for number in range(int(scale.rate * (scale.up + scale.down + scale.again))):
            due = started + (number + rng.random()) / scale.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(call())
