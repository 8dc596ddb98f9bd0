"""Random inputs of every operation that the vendor's SDK has: what differs between its request and ours.

`python -m tests.conformance [--seed N ...] [--rounds N] [--operation ID ...]`, at the repository's root.
"""

import argparse
import sys
from collections.abc import Sequence
from random import Random

from tests.conformance.known import COMPARED, differing
from tests.conformance.random_inputs import drawn

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print; 1 where something differs that is not listed."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="may be given more than once (default: 1, 2 and 3)")
    parser.add_argument("--rounds", type=int, default=100, help="inputs per operation and seed (default: 100)")
    parser.add_argument("--operation", choices=COMPARED, action="append", help="only this one; may be repeated")
    options = parser.parse_args(arguments)
    seeds, names = options.seed or (1, 2, 3), options.operation or [*COMPARED]
    found = 0
    for seed in seeds:
        for name in names:
            for number in range(options.rounds):
                differences = differing(drawn(COMPARED[name], Random(f"{seed} {name} {number}")))
                found += len(differences)
                for (_, member, kind), shown in differences.items():
                    where = f"{name}, seed {seed}, round {number}"
                    print(f"{where}: {member}: {kind}: {shown[:300]}", flush=True)
    inputs = len(seeds) * len(names) * options.rounds
    many = f"{len(names)} operation{'s' * (len(names) > 1)}"
    print(f"{found} differences in {inputs:,} random inputs of {many}; seeds {', '.join(map(str, seeds))}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
