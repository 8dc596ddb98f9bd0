"""`tm-async batch create --dry-run`: the plan of a file; nothing is sent, and nothing written."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GOOD, Done
from tests.cli.test_batch import BAD, _until_closed, csv_file
from tm_async.emulator import Emulator

Run = Callable[..., Done]
SERIES = "alice,Stand-up,2027-01-05 10:00,,15,America/New_York,bob;carol,123456,weekdays x5"


def test_what_would_be_sent(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD, SERIES)
    done = run("batch", "create", file, "--dry-run")
    assert done.code == 0
    first, second = (json.loads(line) for line in done.out.splitlines())
    assert first == {
        "row": 2,
        "status": "new",
        "subject": "周会",
        "time": "2038-01-05 10:00-11:00 +0800",
        "occurrences": 1,
        "request": {
            "userid": "tester",
            "instanceid": 1,
            "subject": "周会",
            "type": 0,
            "start_time": "2146269600",
            "end_time": "2146273200",
        },
        "problems": [],
    }
    assert (second["time"], second["occurrences"]) == ("2027-01-05 10:00-10:15 America/New_York", 5)
    assert second["request"]["password"] == "***"
    assert done.err == ("To be sent: meetings 2, occurrences 6, creators 2, invitations 2.\nNothing was sent.\n")
    assert emulator.journal == []
    assert [one.name for one in tmp_path.iterdir()] == ["meetings.csv"]


def test_violations_are_grouped_by_kind(run: Run, tmp_path: Path) -> None:
    """No credentials are needed for that."""
    soon = "tester,s,{},,60,,,,"
    rows = [BAD, GOOD, *[BAD] * 20, soon.format("soon"), soon.format("later")]
    done = run("batch", "create", csv_file(tmp_path, *rows), "--dry-run")
    assert done.code == 2
    assert done.err.splitlines() == [
        "21 rows: password: must be 4 to 6 digits (doc 1095/42417) (row 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ...)",
        "2 rows: start_time: 'soon' must be an ISO 8601 date and time, like 2027-01-05T10:00+08:00 (row 24, 25)",
        "23 rows bad, so nothing would be sent; --skip-bad sends the others.",
        "Without them: meetings 1, occurrences 1, creators 1, invitations 0.",
        "Nothing was sent.",
    ]
    assert run("batch", "create", csv_file(tmp_path, *rows), "--dry-run", "--skip-bad").code == 0
    assert run("batch", "create", csv_file(tmp_path, BAD), "--dry-run", "--skip-bad").code == 2


def test_what_is_settled_is_not_sent_again(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    run("batch", "create", csv_file(tmp_path, GOOD))
    calls = len(emulator.journal)
    done = run("batch", "create", csv_file(tmp_path, GOOD, SERIES), "--dry-run")
    assert [json.loads(line)["status"] for line in done.out.splitlines()] == ["settled", "new"]
    assert "1 row settled before, not sent again." in done.err
    assert "To be sent: meetings 1, occurrences 5" in done.err
    assert len(emulator.journal) == calls
    assert run("batch", "status", tmp_path / "meetings.csv").out == "1 created, 0 rejected, 0 unknown of 1 row\n"


def test_a_long_plan_tells_how_long_it_takes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_QUOTAS", "documented")
    done = run("batch", "create", csv_file(tmp_path, *[GOOD] * 901), "--dry-run")
    assert "so this takes at least 3 minutes" in done.err


def test_a_plan_writes_no_file(run: Run, tmp_path: Path) -> None:
    done = run("batch", "create", csv_file(tmp_path, GOOD), "--dry-run", "--out", tmp_path / "o.csv")
    assert (done.code, "leave --out away" in done.err) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo terminals")
def test_the_plan_on_a_terminal(tmp_path: Path) -> None:
    import pty

    file = csv_file(tmp_path, *[GOOD] * 30, BAD, SERIES)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tm_async", "batch", "create", str(file), "--dry-run"]
    environ: dict[str, Any] = {**os.environ, "COLUMNS": "140", "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        shown = _until_closed(ours).decode()
        assert process.wait() == 2
    assert "2038-01-05 10:00-11:00 +0800" in shown
    assert "must be 4 to 6 digits" in shown
    assert "11 more" in shown
