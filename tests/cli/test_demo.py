"""`tm-async demo`, and how its results look."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests.cli.conftest import Done
from tm_async.cli.results.result import Failure, Result, Status
from tm_async.cli.results.table import Sample, show_table
from tm_async.emulator import Emulator

Run = Callable[..., Done]
EXAMPLE = Path(__file__).parents[2] / "examples" / "meetings.csv"


def test_json(run: Run) -> None:
    done = run("demo", "--json")
    assert done.code == 0
    shown = json.loads(done.out)
    meetings = shown["meetings"]
    assert (shown["rows"], shown["created"], shown["rejected"], shown["unknown"]) == (300, 297, 3, 0)
    assert shown["per_second"] > 0
    assert [meeting["row"] for meeting in meetings] == list(range(2, 302))
    assert [meeting["error"]["type"] for meeting in meetings if meeting["error"]] == [
        "ValidationError",
        "InvalidRequest",
        "ValidationError",
    ]
    assert [meeting["user_non_registered"] for meeting in meetings if meeting["user_non_registered"]] == [["mallory"]]
    assert all(meeting["join_url"] for meeting in meetings if meeting["status"] == "created")


def test_table(run: Run) -> None:
    done = run("demo")
    assert done.code == 0
    assert "297 created, 3 rejected, 0 unknown of 300 rows" in done.out
    assert "Creator is not registered" in done.out
    assert "more, all created" in done.out
    assert len(done.out.splitlines()) < 100
    everything = run("demo", "--all").out
    assert "more, all created" not in everything
    assert everything.count("https://meeting.tencent.com/dm/") == 297


def test_the_example_uses_the_emulators_users() -> None:
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    users = {user.userid for user in Emulator().users}
    people = {
        name for row in rows for name in (*row["hosts"].split(";"), *row["invitees"].split(";"), row["userid"]) if name
    }
    assert people - users == {"mallory", "nobody"}
    assert sum(bool(row["recurrence"]) for row in rows) > 20
    assert sum(not row["subject"].isascii() for row in rows) > 100


# --- the table ---------------------------------------------------------------------------------------------------


def result(row: int, status: Status = Status.CREATED) -> Result:
    if status is Status.CREATED:
        return Result(
            row=row, subject=f"周会 {row}", status=status, meeting_code="123456789", join_url="https://m.example/x"
        )
    return Result(row=row, subject=f"bad {row}", status=status, error=Failure("RateLimited", 190310, "too many", "t1"))


def sample(size: int, failed: set[int], **limits: int) -> list[Result | int]:
    chosen = Sample(**({"first": 3, "last": 2} | limits))
    for row in range(size):
        chosen.add(result(row, Status.REJECTED if row in failed else Status.CREATED))
    assert len(chosen._kept) + len(chosen._tail) <= 10  # memory stays small
    return [item if isinstance(item, int) else item.row for item in chosen]


@pytest.mark.parametrize(
    ("size", "failed", "shown"),
    [
        (0, set(), []),
        (2, set(), [0, 1]),
        (5, set(), [0, 1, 2, 3, 4]),
        (6, set(), [0, 1, 2, 1, 4, 5]),
        (100, {50}, [0, 1, 2, 47, 50, 47, 98, 99]),
        (10, {1, 9}, [0, 1, 2, 4, 7, 8, 9]),
    ],
)
def test_first_last_and_every_failure(size: int, failed: set[int], shown: list[int]) -> None:
    assert sample(size, failed) == shown


def test_very_many_failures_are_counted() -> None:
    chosen = Sample(first=1, last=0, failures=2)
    for row in range(10):
        chosen.add(result(row, Status.UNKNOWN))
    assert [item if isinstance(item, int) else item.row for item in chosen] == [0, 1, 8]
    assert chosen.hidden_failures == 8
    assert "8 more" in shown(chosen)
    assert "all created" not in shown(chosen)


def shown(chosen: Sample, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show_table(console, chosen)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_nothing_is_cut_off(width: int) -> None:
    chosen = Sample(first=10, last=0)
    long = "客户成功部 技术分享：异步编程 " * 4
    link = "https://meeting.tencent.com/dm/" + "x" * 12
    chosen.add(
        Result(row=1, subject=long, status=Status.CREATED, meeting_code="123456789", join_url=link, repeats="daily x5")
    )
    chosen.add(result(2, Status.UNKNOWN))
    chosen.add(
        Result(
            row=3,
            subject="\x1b[31mred\x07",
            status=Status.REJECTED,
            error=Failure("ValidationError", None, "why", None),
        )
    )
    text = shown(chosen, width)
    assert ("".join(text.split())).count("技术分享：异步编程") >= 1 or width < 80
    assert "…" not in text
    assert width < 80 or link in text
    assert "123 456 789" in text
    assert "unknown" in text
    assert "not sent" in text
    assert "\x1b" not in text
    assert "\x07" not in text
