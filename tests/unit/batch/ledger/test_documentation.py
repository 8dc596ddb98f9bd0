"""The snippets of docs/ledger.md run, its tables name what there is, and its own ledger keeps the contract."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.meta.test_readme import execute
from tm_async.batch import ledger as package
from tm_async.batch.ledger import MemoryLedger, SqliteLedger, State
from tm_async.batch.resumable import LEASE
from tm_async.core.outcome import Created
from tm_async.emulator import Emulator

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).parents[4] / "docs" / "ledger.md").read_text(encoding="utf-8")
PROGRAM, WORKERS, OWN = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
START = datetime(2027, 12, 1, 2, tzinfo=UTC)


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def requests() -> list[dict[str, Any]]:
    end = START + timedelta(hours=1)
    return [{"userid": "tester", "subject": f"Talk {n}", "start_time": START, "end_time": end} for n in range(3)]


async def test_the_programs(tm_emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one twice: nothing is created twice."""
    for name, value in tm_emulator.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    printed: list[Any] = []
    namespace: dict[str, Any] = {
        "requests": requests(),
        "url": "workers.db",
        "print": lambda *said: printed.append(said),
    }
    await execute(PROGRAM, namespace)
    first, printed[:] = [outcome.result.meeting_id for (outcome,) in printed], []
    await execute(PROGRAM, namespace)
    assert [outcome.result.meeting_id for (outcome,) in printed] == first
    assert len(set(first)) == 3
    assert (tmp_path / "batch.db").stat().st_mode & 0o777 == 0o600
    printed.clear()
    await execute(WORKERS, namespace)
    assert namespace["added"] == 3
    assert sorted(index for index, _ in printed) == [0, 1, 2]
    assert all(isinstance(outcome, Created) for _, outcome in printed)
    async with SqliteLedger(tmp_path / "workers.db") as ledger:
        assert (await ledger.counts())[State.CREATED] == 3


def test_the_ledger_of_the_page_keeps_the_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(OWN)
    options = ["asyncio_mode=strict", "asyncio_default_fixture_loop_scope=function", "filterwarnings=error"]
    reports = pytester.inline_run(*(f"--override-ini={option}" for option in options), "-p", "no:cacheprovider")
    passed, skipped, failed = reports.listoutcomes()
    assert not [report.longreprtext for report in failed]
    assert not skipped
    assert len({report.nodeid for report in passed}) > 50


def test_the_tables_are_complete() -> None:
    assert re.findall(r"^\| `(\w+)`", section("States and leases"), re.MULTILINE) == [str(state) for state in State]
    table = PAGE[: PAGE.index("\n## ")]
    kinds = {name for name in package.__all__ if name.endswith("Ledger") and name != "Ledger"}
    assert set(re.findall(r"^\| `(\w+)", table, re.MULTILINE)) == kinds
    assert f"{LEASE:.0f} seconds" in section("States and leases")


def test_the_methods_are_as_many_as_the_page_says() -> None:
    methods = {name for name in vars(package.Ledger) if not name.startswith("_")}
    assert len(methods) == 8
    assert "the eight methods" in section("A ledger of your own")
    assert all(hasattr(MemoryLedger(), name) for name in methods)
