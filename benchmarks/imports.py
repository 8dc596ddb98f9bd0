"""What an import costs, as the CPU of a whole process. `python -m benchmarks.imports [--quick]`."""

import argparse
import subprocess
import sys
from functools import cached_property

from attrs import frozen

from benchmarks.machine import Spread, Target, cores, cpu_ms_of, pin, progress, table
from tm_async.client.chapters import Chapters

NAMES = "from tm_async import CreateMeeting, EnterpriseSecret, Recurrence, TencentMeeting"
STATEMENTS = {
    "nothing": "pass",
    "import tm_async": "import tm_async",
    "the usual names of tm_async": "from tm_async import TencentMeeting, EnterpriseSecret, Recurrence",
    "the same, a client and a meeting": f"""
{NAMES}
from datetime import datetime, UTC
TencentMeeting(EnterpriseSecret(app_id="a", secret_id="i", secret_key="k"))
CreateMeeting(
    userid="tester", subject="Sync", invitees=["alice"], recurring_rule=Recurrence.weekly(count=7),
    start_time=datetime(2026, 12, 1, 10, tzinfo=UTC), end_time=datetime(2026, 12, 1, 11, tzinfo=UTC),
)
""",
    "the same, and its default transport": f"""
{NAMES}
import tm_async.transport.httpx
""",
    "import httpx": "import httpx",
    "import wemeet_openapi": "import wemeet_openapi",
    "the vendor's client": "from wemeet_openapi import Client; Client('a', 's', 'i', 'k')",
}
A_CHAPTER = """
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.core.mount import Mount
chapter = TencentMeeting(EnterpriseSecret(app_id="a", secret_id="i", secret_key="k")).{name}
next(one for one in vars(type(chapter)).values() if isinstance(one, Mount)).operation
"""
CHAPTERS = {
    f"a client, and the first call of tm.{name}": A_CHAPTER.format(name=name)
    for name, one in vars(Chapters).items()
    if isinstance(one, cached_property)
}
LAZY = ("authlib", "httpx", "tm_async.api", "tm_async.emulator", "cattrs")
"""What `import tm_async` has to leave alone."""


@frozen
class Sample:
    """One statement."""

    label: str
    cpu_ms: Spread
    times_vendor: Spread


def loaded_too_early() -> list[str]:
    """Modules of `LAZY` that `import tm_async` loads all the same."""
    question = f"import sys, tm_async; print(*[name for name in {LAZY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    return done.stdout.split()


def run(*, quick: bool = False) -> list[Sample]:
    """All statements in turns, one process each."""
    pin(cores()[1])
    progress("imports")
    statements = STATEMENTS | CHAPTERS
    for statement in statements.values():
        cpu_ms_of("-c", statement)  # the first run writes byte code
    rounds = [
        {label: cpu_ms_of("-c", statement) for label, statement in statements.items()}
        for _ in range(3 if quick else 25)
    ]
    return [
        Sample(
            label,
            Spread.of([found[label] for found in rounds]),
            Spread.of([found[label] / found["import wemeet_openapi"] for found in rounds]),
        )
        for label in statements
    ]


def targets(samples: list[Sample]) -> list[Target]:
    """The promises about imports."""
    times = {sample.label: sample.times_vendor for sample in samples}
    chapters = sorted((sample for sample in samples if sample.label in CHAPTERS), key=lambda one: one.cpu_ms.median)
    cheap, dear = chapters[0].cpu_ms, chapters[-1].cpu_ms
    early = loaded_too_early()
    note = f"loads {', '.join(early)}" if early else f"leaves {', '.join(LAZY)} alone"
    return [
        Target("import tm_async, whole process, of the vendor's import", times["import tm_async"], 0.75, True, note),
        Target(
            "a client and its dearest chapter, of one with the cheapest",
            Spread(dear.median / cheap.median, dear.low / cheap.high, dear.high / cheap.low),
            1.3,
            True,
            f"{chapters[-1].label.rpartition('.')[2]} and {chapters[0].label.rpartition('.')[2]}",
        ),
        Target("modules that `import tm_async` loads too early", Spread.of([float(len(early))]), 0, True, note),
    ]


def report(samples: list[Sample]) -> str:
    """One table."""
    rows = [(sample.label, sample.cpu_ms.show(), sample.times_vendor.show(2)) for sample in samples]
    head = ("whole process: median (lowest-highest)", "CPU ms", "of the vendor's import")
    note = (
        "Names load on first use: `import tm_async` alone is not what a program pays in the end, the rows below it are."
    )
    return f"{table(head, rows)}\n\n{note}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    samples = run(quick=parser.parse_args().quick)
    print(report(samples))
    print(table(("target", "wanted", "measured", "", "note"), [target.row for target in targets(samples)]))


if __name__ == "__main__":
    main()
