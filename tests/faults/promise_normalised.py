"""Whatever a gateway makes of subjects, times and lists: no meeting is called absent that is there, none made twice.

A case is one way to show meetings and one seed: a client with one connection and a user of its own makes many meetings
in turn, of which some are cut; what is unknown is reconciled, and what is absent created anew by half of the callers.
Then the emulator is asked what there is. "Undecided" is no wrong answer here, if the gateway changes what it was sent.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from attrs import define, field, frozen

from tests.faults.caller import Told, told_of
from tests.faults.cuts import Act, Cut, in_turn
from tests.faults.figure import Figure, Plan
from tests.faults.gateway import Gateway, gateway
from tests.faults.harness import FAMILIES, START, client, create, in_parallel, silent
from tests.faults.promise_duplicates import LONGEST, RETRY, SETTLE, TIMEOUT
from tests.faults.proxy import FaultProxy
from tests.faults.shapes import SHAPES, shape_of
from tests.faults.wire import Upstream
from tm_async import CreateMeeting, Timeout

CREATES = 10
"""In turn on one connection."""
SHARE = 0.4
"""Of them, that are cut."""
CROWD = 30
"""Meetings that a user of the unordered list has besides: more than a page."""
IN_FLIGHT = 16
CUTS = (Cut.BLACKHOLE_BEFORE, Cut.DELAY_BEFORE, Cut.RESET_AFTER, Cut.BAD_GATEWAY, Cut.CUT_BODY, Cut.DELAY_AFTER)
"""Those after which nobody knows; some before the meeting is made, some after."""
WORDS = ("weekly", "Planning", "ＲＥＶＩＥＷ", "Zoë's", "周会", "𠮷野", "🎉", "R&D", "<draft>")


@frozen
class Case:
    """One way to show meetings with one seed."""

    seed: int
    userid: str

    @property
    def shape(self) -> str:
        return shape_of(self.userid)

    def requests(self, rng: Random) -> Iterator[CreateMeeting]:
        """Meetings with subjects that a gateway may want to change, some at the same time, none in whole seconds."""
        for number in range(CREATES):
            start = START + timedelta(hours=rng.randrange(3), microseconds=rng.randrange(10**6))
            subject = f" {self.userid} {number} {'  '.join(rng.sample(WORDS, 3))} "
            yield create(subject, self.userid, start_time=start, end_time=start + timedelta(minutes=50))


@define
class Tally:
    """What came out of the cases of one way to show meetings."""

    told: Counter[str] = field(factory=Counter[str])
    doubles: int = 0
    absent: int = 0
    """Said of what was there."""
    failures: list[str] = field(factory=list[str])


async def run(plan: Plan) -> Figure:
    """Every way to show meetings with every seed."""
    seeds = plan.seeds(60, quick=1, full=300)
    cases = [Case(seed, f"user{number}") for number, seed in enumerate(seed for seed in seeds for _ in SHAPES)]
    tallies = {shape: Tally() for shape in SHAPES}
    with gateway(users=len(cases), shaped=True) as emulator, silent("tm_async", "asyncio"):
        upstream = Upstream(emulator.port)

        async def play(case: Case) -> None:
            ended[case] = await _case(case, emulator, upstream)

        ended: dict[Case, list[tuple[CreateMeeting, Told]]] = {}
        await in_parallel(cases, IN_FLIGHT, play)
        await upstream.aclose()
        meetings = await asyncio.to_thread(emulator.meetings)
    for case, creates in ended.items():
        for request, told in creates:
            _count(tallies[case.shape], case, told, meetings.get(request.subject, []))
    return _figure(tallies, len(cases) * CREATES)


def _figure(tallies: dict[str, Tally], wanted: int) -> Figure:
    doubles, absent = (sum(getattr(one, name) for one in tallies.values()) for name in ("doubles", "absent"))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    total = sum(tally.told.total() for tally in tallies.values())
    return Figure(
        promise="normalised",
        wanted="0 duplicates, 0 false absences, 0 wrong answers",
        measured=(
            f"{doubles} duplicates, {absent} false absences, {len(failures)} wrong answers"
            f" in {total:,} creates under {len(SHAPES)} ways to show meetings"
        ),
        ok=not failures and not doubles and not absent and total == wanted,
        failures=failures,
        details=[
            f"{shape}: " + ", ".join(f"{what} {count:,}" for what, count in tally.told.most_common())
            for shape, tally in tallies.items()
        ],
    )


def _count(tally: Tally, case: Case, told: Told, made: list[str]) -> None:
    undecided = told.what.startswith("Undecided")
    tally.told["undecided" if undecided else told.what] += 1
    tally.doubles += len(made) > 1
    tally.absent += told.what in ("absent", "again") and len(made) > (told.what == "again")
    if len(made) > 1 if undecided and case.shape not in ("as sent", "unordered") else told.wrong(made):
        tally.failures.append(f"--promise normalised --seed {case.seed}: {case.shape}: told {told}, there is {made}")


async def _case(case: Case, emulator: Gateway, upstream: Upstream) -> list[tuple[CreateMeeting, Told]]:
    rng = Random(f"{case.shape} {case.seed}")
    told: list[tuple[CreateMeeting, Told]] = []
    async with FaultProxy(upstream, rng.random()) as proxy:
        transport = FAMILIES[rng.choice([*FAMILIES])](connections=1, trust_env=False)
        options = {"timeout": TIMEOUT, "deadline": 0.5, "retry": RETRY, "settle": SETTLE}
        tm = client(emulator.auth, proxy, transport, **options)
        if case.shape == "unordered":
            patient = tm.with_options(deadline=None, timeout=Timeout())
            for number in range(CROWD):
                start = START + timedelta(days=number - CROWD // 3)
                await patient.send(
                    create(f"crowd {number}", case.userid, start_time=start, end_time=start + timedelta(hours=1))
                )
        for request in case.requests(rng):
            cut = rng.choice(CUTS) if rng.random() < SHARE else Cut.PASS
            proxy.choose = in_turn(Act.draw(rng, cut, LONGEST))
            told.append((request, await told_of(tm, request, proxy, again=rng.random() < 0.5)))
        await transport.aclose()
    return told
