"""Signed creates against the trivial server: requests per second and client CPU per request.

`python -m benchmarks.calls [--quick]`. Each contender has a process of its own in each round, pinned to the client's
core; the server keeps the other one. They take turns of 500 creates, and ratios are taken within a round, so that a
machine that is slower for a while is slower for all.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Self

from attrs import asdict, frozen

from benchmarks import meeting
from benchmarks.contenders import BY_NAME, CONTENDERS, VENDOR_THREADS, Contender
from benchmarks.machine import Spread, Target, cores, cpu_of, cpu_seconds, pin, progress, runner_of, speed, table

IN_FLIGHT = (1, 16, 64, 256)
FULL_TURNS, QUICK_TURNS = 10, 1
FULL_COUNT, QUICK_COUNT = 500, 300
"""Creates in each turn."""
FULL_ROUNDS, QUICK_ROUNDS = 5, 1
HTTPX_ROUNDS = 3
"""Plain httpx is so slow that it runs in the first rounds only, and after the others: between its turns they would
lose their connections. Always with the full number of requests."""


@frozen
class Turn:
    """What one turn of a contender took, in seconds."""

    passed: float
    cpu: float
    """Of the client."""
    server: float | None
    """CPU of the server."""
    machine_us: float
    """CPU of a fixed piece of Python just before."""


@frozen
class Sample:
    """All turns of a contender in one round."""

    name: str
    in_flight: int
    count: int
    per_second: float
    cpu_us: float
    """Client CPU per request."""
    server_us: float | None
    """Server CPU per request."""
    machine_us: float
    """CPU of a fixed piece of Python, on average."""

    @classmethod
    def of(cls, contender: Contender, in_flight: int, count: int, turns: Sequence[Turn]) -> "Sample":
        """`count`: creates in each turn."""
        creates = count * len(turns)
        server = [turn.server for turn in turns if turn.server is not None]
        return cls(
            contender.name,
            in_flight,
            creates,
            creates / sum(turn.passed for turn in turns),
            sum(turn.cpu for turn in turns) / creates * 1e6,
            sum(server) / creates * 1e6 if len(server) == len(turns) else None,
            sum(turn.machine_us for turn in turns) / len(turns),
        )


# --- in the client's process -------------------------------------------------------------------------------------


async def take_turns(contender: Contender, origin: str, in_flight: int, server: int) -> None:
    """Open the client, warm it up, and carry out as many creates as each line of the input says."""
    async with contender.open(origin, in_flight) as batch:
        await batch(max(2 * in_flight, FULL_COUNT))
        print("ready", flush=True)
        for line in sys.stdin:
            machine = speed()
            theirs, ours, started = cpu_of(server), cpu_seconds(), time.perf_counter()
            await batch(int(line))
            passed, cpu = time.perf_counter() - started, cpu_seconds() - ours
            after = cpu_of(server)
            turn = Turn(passed, cpu, None if theirs is None or after is None else after - theirs, machine)
            print(json.dumps(asdict(turn)), flush=True)


def _check_same_meeting() -> None:
    from tm_async import CreateMeeting
    from tm_async.core.exchange import Gateway
    from tm_async.core.prepare import prepare

    meeting.check_same(prepare(CreateMeeting(**meeting.arguments()), Gateway("http://localhost")))


# --- in the parent -----------------------------------------------------------------------------------------------


@contextmanager
def serving(core: int | None) -> Iterator[tuple[str, int]]:
    pinned = [] if core is None else ["--core", str(core)]
    command = [sys.executable, "-m", "benchmarks.server", *pinned]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
        finally:
            process.kill()


class _Client:
    """The process of a contender."""

    def __init__(self, contender: Contender, in_flight: int, origin: str, server: int) -> None:
        self._name = contender.name
        arguments = ["--one", contender.name, str(in_flight), origin, str(server)]
        command = [sys.executable, "-m", "benchmarks.calls", *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._told()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def turn(self, count: int) -> Turn:
        """Let it carry out so many creates."""
        assert self._process.stdin is not None
        print(count, file=self._process.stdin, flush=True)
        return Turn(**json.loads(self._told()))

    def _told(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} failed")
        return line


def _in_turns(
    contenders: Sequence[Contender], in_flight: int, turns: int, count: int, origin: str, server: int
) -> list[Sample]:
    """The first turn of each is for warming up: a client has waited until all others were ready."""
    with ExitStack() as stack:
        clients = [stack.enter_context(_Client(one, in_flight, origin, server)) for one in contenders]
        _, *taken = [[client.turn(count) for client in clients] for _ in range(1 + turns)]
    return [
        Sample.of(one, in_flight, count, own) for one, own in zip(contenders, zip(*taken, strict=True), strict=True)
    ]


def run(*, quick: bool = False) -> list[list[Sample]]:
    """All rounds."""
    _check_same_meeting()
    turns, count, rounds = (QUICK_TURNS, QUICK_COUNT, QUICK_ROUNDS) if quick else (FULL_TURNS, FULL_COUNT, FULL_ROUNDS)
    found: list[list[Sample]] = []
    with serving(cores()[0]) as (origin, server):
        for number in range(rounds):
            progress(f"calls: round {number + 1} of {rounds}")
            samples: list[Sample] = []
            for in_flight in IN_FLIGHT:
                present = [one for one in CONTENDERS if in_flight in one.in_flight]
                together = [one for one in present if one.name != "httpx"]
                alone = [one for one in present if one.name == "httpx" and number < HTTPX_ROUNDS]
                for group in (together, alone):
                    samples += _in_turns(group, in_flight, turns, count, origin, server)
            found.append(samples)
    return found


# --- what it means -----------------------------------------------------------------------------------------------

Key = tuple[str, int]


def _by_key(samples: list[Sample]) -> dict[Key, Sample]:
    return {(sample.name, sample.in_flight): sample for sample in samples}


def _ratio(rounds: list[list[Sample]], ours: Key, theirs: Key, *, cpu: bool = False) -> Spread:
    """Ours to theirs, round by round: of requests per second, or of CPU per request."""
    values = []
    for keyed in map(_by_key, rounds):
        if ours in keyed and theirs in keyed:
            mine, other = keyed[ours], keyed[theirs]
            values.append(mine.cpu_us / other.cpu_us if cpu else mine.per_second / other.per_second)
    return Spread.of(values)


def targets(rounds: list[list[Sample]]) -> list[Target]:
    """The promises about calls."""

    def faster(promise: str, ours: Key, theirs: Key, wanted: float) -> Target:
        cpu = _ratio(rounds, theirs, ours, cpu=True)
        return Target(promise, _ratio(rounds, ours, theirs), wanted, note=f"by CPU {cpu.show(2)}")

    default, fast, vendor = ("tm_default", 64), ("tm_fast", 64), ("vendor", 64)
    return [
        faster("default at 64 in flight, times the vendor's SDK", default, vendor, 1.0),
        faster("default at 64 in flight, times plain httpx", default, ("httpx", 64), 3.0),
        Target(
            "default, CPU per request at 256 in flight, times that at 16",
            _ratio(rounds, ("tm_default", 256), ("tm_default", 16), cpu=True),
            1.3,
            at_most=True,
        ),
        faster("fast at 64 in flight, times the vendor's SDK", fast, vendor, 6.0),
        faster("fast at 64 in flight, times aiohttp with plain dicts", fast, ("aiohttp", 64), 1.25),
        Target(
            "fast, CPU per request with retries, quotas and clock, times that without",
            _ratio(rounds, fast, ("tm_bare", 64), cpu=True),
            1.15,
            at_most=True,
        ),
    ]


def report(rounds: list[list[Sample]]) -> str:
    """Two tables."""
    groups: dict[Key, list[Sample]] = defaultdict(list)
    for samples in rounds:
        for sample in samples:
            groups[sample.name, sample.in_flight].append(sample)

    def cell(contender: Contender, in_flight: int, member: str) -> str:
        group = groups.get((contender.name, in_flight))
        return Spread.of([getattr(sample, member) for sample in group]).show() if group else "-"

    parts = []
    for title, member in (("Client CPU per request, µs", "cpu_us"), ("Requests per second", "per_second")):
        rows = [
            (contender.label, *[cell(contender, in_flight, member) for in_flight in IN_FLIGHT])
            for contender in CONTENDERS
        ]
        parts.append(f"{title}: median (lowest-highest)\n\n" + table(("in flight", *map(str, IN_FLIGHT)), rows))
    everything = [sample for samples in rounds for sample in samples]
    machine = Spread.of([sample.machine_us for sample in everything])
    parts.append(
        f"{everything[0].count:,} creates in each of {len(rounds)} rounds (plain httpx: {HTTPX_ROUNDS}). The vendor "
        f"is blocking and has {VENDOR_THREADS} threads, whatever the column.\n"
        f"Machine: a fixed piece of Python took {machine.show()} µs next to each measurement.{_server_load(everything)}"
    )
    return "\n\n".join(parts)


def _server_load(samples: list[Sample]) -> str:
    known = [sample for sample in samples if sample.server_us is not None]
    if not known:
        return ""
    busiest = max(known, key=lambda sample: (sample.server_us or 0) * sample.per_second)
    share = (busiest.server_us or 0) * busiest.per_second / 1e6
    return f" The server was busy for {share:.0%} of the time at most ({BY_NAME[busiest.name].label})."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=4, metavar=("NAME", "IN_FLIGHT", "ORIGIN", "SERVER"))
    options = parser.parse_args()
    if options.one:
        name, in_flight, origin, server = options.one
        pin(cores()[1])
        contender = BY_NAME[name]
        runner_of(contender.loop)(take_turns(contender, origin, int(in_flight), int(server)))
        return
    rounds = run(quick=options.quick)
    print(report(rounds))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(rounds)]))


if __name__ == "__main__":
    main()
