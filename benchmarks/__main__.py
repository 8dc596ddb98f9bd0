"""Everything, with a report: `python -m benchmarks [--quick] [--out FOLDER]`, from the root of the repository."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import asdict

from benchmarks import calls, downloads, imports, ledgers, pages, payload, start, webhooks
from benchmarks.machine import Target, describe, table

HERE = Path(__file__).parent


def _machine(found: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    pinned = "server and client each on a core of its own" if found["pinned"] else "NOT pinned: too few cores"
    return (
        f"{found['system']}; {found['python']}; load {' '.join(map(str, found['load']))} at the start; {pinned}.\n"
        f"{packages}."
    )


def _targets(targets: list[Target]) -> str:
    return table(("target", "wanted", "measured: median (lowest-highest)", "", "note"), [one.row for one in targets])


def main() -> int:
    """Run, print, write `results.md` and `results.json`; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test: small numbers, no meaningful ratios")
    parser.add_argument("--out", type=Path, default=HERE, help="where to write results.md and results.json")
    options = parser.parse_args()
    machine = describe()
    called = calls.run(quick=options.quick)
    built = payload.run(quick=options.quick)
    listed = pages.run(quick=options.quick)
    hooked = webhooks.run(quick=options.quick)
    imported = imports.run(quick=options.quick)
    started = start.run(quick=options.quick)
    filled = ledgers.run(quick=options.quick)
    fetched = downloads.run(quick=options.quick)
    targets = [
        *calls.targets(called),
        *payload.targets(built),
        *pages.targets(listed),
        *webhooks.targets(hooked),
        *imports.targets(imported),
        *start.targets(started),
        *ledgers.targets(filled),
        *downloads.targets(fetched),
    ]
    kind = " (a quick smoke test: the figures mean nothing)" if options.quick else ""
    report = "\n\n".join(
        (
            f"# Results of {datetime.now(UTC):%Y-%m-%d}{kind}",
            "Only ratios within one run count; see README.md.",
            _machine(machine),
            "## Targets",
            _targets(targets),
            "## Calls",
            calls.report(called),
            "## Payloads",
            payload.report(built),
            "## Pages of lists",
            pages.report(listed),
            "## Events",
            webhooks.report(hooked),
            "## Imports",
            imports.report(imported),
            "## The start",
            start.report(started),
            "## Ledgers",
            ledgers.report(filled),
            "## Downloads",
            downloads.report(fetched),
        )
    )
    raw = {
        "machine": machine,
        "targets": [asdict(target) | {"met": target.met} for target in targets],
        "calls": [[asdict(sample) for sample in samples] for samples in called],
        "payloads": [asdict(sample) for sample in built],
        "pages": [asdict(sample) for sample in listed],
        "webhooks": [asdict(sample) for sample in hooked[0]] + [asdict(hooked[1])],
        "imports": [asdict(sample) for sample in imported],
        "start": [asdict(sample) for sample in started],
        "ledgers": [asdict(sample) for sample in filled],
        "downloads": [asdict(sample) for sample in fetched],
    }
    print(report)
    name = "quick" if options.quick else "results"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{name}.md").write_text(report + "\n", encoding="utf-8")
    (options.out / f"{name}.json").write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    return 0 if options.quick or all(target.met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
