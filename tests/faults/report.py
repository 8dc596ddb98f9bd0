"""The figures as a part of docs/reliability.md, between two marks; the words around them are not touched."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import asdict

from tests.faults.figure import Figure, Plan

__all__ = ["BEGIN", "END", "PAGE", "keep", "kept", "report", "write"]

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN = "<!-- figures: begin (written by `python -m tests.faults`) -->"
END = "<!-- figures: end -->"
KEPT = PAGE.parents[1] / ".faults.json"
"""What a run has measured so far, should it be broken off; removed when the page is written."""


def keep(figures: Sequence[Figure], path: Path = KEPT) -> None:
    """Write down what was measured so far."""
    path.write_text(json.dumps([asdict(one) for one in figures]), encoding="utf-8")


def kept(path: Path = KEPT) -> list[Figure]:
    """What a run that was broken off has measured."""
    return [Figure(**one) for one in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def report(figures: Sequence[Figure], plan: Plan) -> str:
    """A table of what was promised and measured, and what there is to say besides."""
    rows = [
        f"| {one.promise} | {one.wanted} | {one.measured} | {'kept' if one.ok else '**not kept**'} |" for one in figures
    ]
    more = [f"- {one.promise}: {line}" for one in figures for line in (*one.details, *one.failures[:5])]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    head = f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine}, {python}; first seed {plan.seed}."
    table = ["| promise | wanted | measured | |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([head, "", *table, "", *more])


def write(figures: Sequence[Figure], plan: Plan, page: Path = PAGE) -> None:
    """Replace what is between the marks. Promises that were not measured now keep nothing: measure all for a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{page.name} lacks the marks between which the figures stand")
    page.write_text(f"{before}{BEGIN}\n{report(figures, plan)}\n{END}{after}", encoding="utf-8")
    if page == PAGE:
        KEPT.unlink(missing_ok=True)
