"""Every promise, measured, at the repository's root.

`python -m tests.faults [--promise NAME] [--seed N] [--quick | --full] [--go-on]`
"""

import argparse
import asyncio
import sys
import time
import traceback
from importlib import import_module

from tests.faults.figure import Figure, Plan
from tests.faults.report import keep, kept, write

PROMISES = (
    "duplicates",
    "normalised",
    "clocks",
    "deadline",
    "storm",
    "quotas",
    "foreign",
    "cancel",
    "early",
    "kill",
    "answers",
    "memory",
    "loop",
    "descriptors",
    "pollers",
    "forgeries",
    "deliveries",
    "inbox",
    "events",
    "acknowledgements",
    "downloads",
    "recordings",
)


def measure(promise: str, plan: Plan) -> Figure:
    """One promise, on an event loop of its own. What breaks a measurement down does not lose the others."""
    try:
        found: Figure = asyncio.run(import_module(f"tests.faults.promise_{promise}").run(plan))
    except Exception as error:  # noqa: BLE001 - whatever it is
        traceback.print_exc()
        found = Figure(promise, "a figure", f"broke down: {type(error).__name__}", ok=False)
    return found


def main() -> int:
    """Measure and print; everything, in its long form, also into docs/reliability.md. 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Every promise, measured.")
    parser.add_argument(
        "--promise", choices=PROMISES, action="append", help="only this one; may be given more than once"
    )
    parser.add_argument("--seed", type=int, help="only this seed: what a failure names")
    parser.add_argument("--first-seed", type=int, default=1, help="the seed to begin with (default: 1)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="the short form, for a smoke test; nothing is written")
    size.add_argument("--full", action="store_true", help="10,000 seeds of every cut point, not 2,000: about an hour")
    parser.add_argument(
        "--go-on", action="store_true", help="not again what an earlier run measured; the page is written once all is"
    )
    options = parser.parse_args()
    only = options.seed is not None
    plan = Plan(options.seed if only else options.first_seed, quick=options.quick, full=options.full, only=only)
    print(f"first seed {plan.seed}", flush=True)
    for_the_page = not (options.quick or only) and (options.go_on or not options.promise)
    figures = kept() if options.go_on and for_the_page else []
    done = {one.promise for one in figures}
    for promise in options.promise or PROMISES:
        if promise in done:
            continue
        started = time.monotonic()
        figures.append(measure(promise, plan))
        print(f"{figures[-1]}\n    {time.monotonic() - started:.0f} s", flush=True)
        if for_the_page:
            keep(figures)
    if for_the_page and {one.promise for one in figures} == set(PROMISES):
        write(sorted(figures, key=lambda one: PROMISES.index(one.promise)), plan)
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
