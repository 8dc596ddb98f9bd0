"""A logical create makes at most one meeting, or says that it does not know; and looking it up settles that rightly.

A case is one cut point and one seed: a proxy of its own, a connection that is new or was used before, the cut at the
create, and sometimes more cuts at what the client sends next. Where the outcome is unknown it is reconciled; where the
meeting is said to be absent, half of the callers create it anew. Then the emulator is asked what there is.
"""

import asyncio
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from random import Random

from attrs import define, field, frozen

from tests.faults.caller import Told, told_of, warm_up
from tests.faults.certificates import contexts
from tests.faults.cuts import Act, Cut, in_turn
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import FAMILIES, client, create, in_parallel, silent
from tests.faults.proxy import FaultProxy
from tests.faults.wire import Upstream
from tm_async import Timeout
from tm_async.core.retry import RetryPolicy

CUTS = tuple(cut for cut in Cut if cut is not Cut.PASS)
FULL = 10_000
"""Seeds that were promised."""
LONGEST = 0.4
"""Seconds that the proxy holds something back at most."""
SETTLE = 0.8
"""Longer than that: then a meeting that is not there will not be made any more."""
CHUNK = 1_000
IN_FLIGHT = 64
TIMEOUT = Timeout(connect=0.25, read=0.25, write=0.25, pool=0.25, total=0.4)
RETRY = RetryPolicy(attempts=3, first=0.02, longest=0.04)


@frozen
class Case:
    """One cut point with one seed."""

    cut: Cut
    seed: int
    userid: str

    @property
    def subject(self) -> str:
        return f"{self.cut.value} {self.seed}"

    def acts(self, rng: Random) -> Iterator[Act]:
        """What is done to the create, and to what follows it."""
        yield Act.draw(rng, self.cut, LONGEST)
        for _ in range(3):
            yield Act.draw(rng, rng.choice(CUTS) if rng.random() < 0.2 else Cut.PASS, LONGEST)


@frozen
class Ended:
    """What the caller was told, and how it came to that."""

    told: Told
    story: str = field(repr=False)


@define
class Tally:
    """What came out of some cases."""

    told: Counter[str] = field(factory=Counter)
    doubles: int = 0
    failures: list[str] = field(factory=list)


async def run(plan: Plan) -> Figure:
    """Every cut point with every seed; in the long form on all cores."""
    seeds = plan.seeds(2_000, quick=4, full=FULL)
    shards = 1 if len(seeds) < CHUNK else os.cpu_count() or 1
    if shards == 1:
        tallies = [await _shard(seeds, 0, 1)]
    else:
        with ProcessPoolExecutor(shards, multiprocessing.get_context("spawn")) as pool:
            loop = asyncio.get_running_loop()
            work = [loop.run_in_executor(pool, _in_a_process, seeds, shard, shards) for shard in range(shards)]
            tallies = await asyncio.gather(*work)
    told = sum((tally.told for tally in tallies), Counter[str]())
    failures = [failure for tally in tallies for failure in tally.failures]
    doubles = sum(tally.doubles for tally in tallies)
    return Figure(
        promise="duplicates",
        wanted="0 duplicates, 0 wrong answers",
        measured=(
            f"{doubles} duplicates and {len(failures)} wrong answers in {len(CUTS)} cut points x {len(seeds):,} seeds"
        ),
        ok=not failures and not doubles and told.total() == len(CUTS) * len(seeds),
        failures=failures,
        details=[
            "callers were told: " + ", ".join(f"{what} {count:,}" for what, count in told.most_common()),
            *([] if plan.full else [f"`--full` has {FULL:,} seeds of each"]),
        ],
    )


def _in_a_process(seeds: range, shard: int, shards: int) -> Tally:
    return asyncio.run(_shard(seeds, shard, shards))


async def _shard(seeds: range, shard: int, shards: int) -> Tally:
    """Every so-many-th chunk of the cases, on an emulator of its own."""
    tally = Tally()
    with gateway(users=CHUNK) as emulator, silent("tm_async", "asyncio"):
        upstream = Upstream(emulator.port)
        for cases in islice(_chunks(seeds), shard, None, shards):
            ended = await _play(cases, emulator, upstream)
            meetings = await asyncio.to_thread(emulator.meetings)
            for case in cases:
                told, made = ended[case].told, meetings[case.subject]
                tally.told[told.what] += 1
                tally.doubles += len(made) > 1
                if told.wrong(made):
                    tally.failures.append(_failure(case, ended[case], len(made)))
            await asyncio.to_thread(emulator.reset)
        await upstream.aclose()
    return tally


def _chunks(seeds: range) -> Iterator[list[Case]]:
    """Cases that are played together, each with a user of its own: the list of a user stays short."""
    cases: list[Case] = []
    for cut in CUTS:
        for seed in seeds:
            cases.append(Case(cut, seed, f"user{len(cases)}"))
            if len(cases) == CHUNK:
                yield cases
                cases = []
    if cases:
        yield cases


async def _play(cases: list[Case], emulator: Gateway, upstream: Upstream) -> dict[Case, Ended]:
    ended: dict[Case, Ended] = {}

    async def play(case: Case) -> None:
        ended[case] = await _case(case, emulator, upstream)

    await in_parallel(cases, IN_FLIGHT, play)
    return ended


async def _case(case: Case, emulator: Gateway, upstream: Upstream) -> Ended:
    rng = Random(f"{case.cut.value} {case.seed}")
    family = rng.choice([*FAMILIES])
    theirs, ours = contexts() if case.cut in (Cut.TLS_HANDSHAKE, Cut.TLS_CUT) else (None, None)
    async with FaultProxy(upstream, rng.random(), tls=theirs) as proxy:
        transport = FAMILIES[family](connections=8, trust_env=False, verify=ours)
        options = {"timeout": TIMEOUT, "deadline": 0.5, "retry": RETRY, "settle": SETTLE}
        tm = client(emulator.auth, proxy, transport, **options)
        if rng.random() < 0.5:
            await warm_up(tm)
        proxy.choose = in_turn(*case.acts(rng))
        told = await told_of(tm, create(case.subject, case.userid), proxy, again=rng.random() < 0.5)
        await transport.aclose()
        if not await proxy.quiet():
            told = Told(f"{told.what}, and a connection was left open")
        return Ended(told, f"{family}\n{proxy.story()}")


def _failure(case: Case, ended: Ended, meetings: int) -> str:
    where = f"--promise duplicates --seed {case.seed}: {case.cut.value}"
    head = f"{where}: told {ended.told.what!r}, {meetings} meetings there; "
    return head + ended.story.replace("\n", "\n      ")
