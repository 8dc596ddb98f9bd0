"""`tm-async batch create` against an emulator on a real socket."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GOOD, HEADER, Done
from tm_async.cli.interrupt import Interrupt
from tm_async.cli.results.output import choose_output
from tm_async.cli.results.result import Result, Status
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
BAD = "tester,bad,2038-01-05T10:00+08:00,,60,,,12a4,"
UNKNOWN_CREATOR = "nobody,who,2038-01-05T10:00+08:00,,60,,,,"


def csv_file(folder: Path, *rows: str) -> Path:
    file = folder / "meetings.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return file


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_meeting_is_created(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    series = "alice,Stand-up,2038-01-05 10:00,,15,Asia/Shanghai,bob;mallory,123456,weekdays x5"
    done = run("batch", "create", csv_file(tmp_path, GOOD, series), "--concurrency", "1")
    assert done.code == 0
    assert done.err.startswith("2 created, 0 rejected, 0 unknown of 2 rows in ")
    first, second = lines(done.out)
    (one, other) = emulator.state.meetings.values()
    assert first == {
        "row": 2,
        "status": "created",
        "subject": "周会",
        "meeting_id": one.id,
        "meeting_code": one.code,
        "join_url": one.join_url,
        "start_time": "2038-01-05T10:00:00+08:00",
        "user_non_registered": [],
        "error": None,
    }
    assert second["user_non_registered"] == ["mallory"]
    assert len(other.occurrences) == 5
    assert "123456" not in done.out + done.err


def test_nothing_is_sent_when_a_row_is_bad(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("batch", "create", csv_file(tmp_path, GOOD, BAD, "x"), "--out", out)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "row 3: password: must be 4 to 6 digits (doc 1095/42417)\n"
        "row 4: has 1 cells, the header has 9; put a cell that holds a separator in quotes\n"
        "2 of 3 rows bad. Nothing was sent; --skip-bad sends the others.\n"
    )
    assert emulator.journal == []
    assert not out.exists()


def test_skip_bad_sends_the_good_rows(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    rows = [BAD, GOOD, BAD, BAD, UNKNOWN_CREATOR, GOOD, BAD]
    done = run("batch", "create", csv_file(tmp_path, *rows), "--skip-bad", "--out", out, "--concurrency", "2")
    assert (done.code, done.out) == (1, "")
    assert "2 created, 5 rejected, 0 unknown of 7 rows" in done.err
    written = lines(out.read_text(encoding="utf-8"))
    assert [line["row"] for line in written] == [2, 3, 4, 5, 6, 7, 8]
    assert [line["status"] for line in written] == ["created" if row == GOOD else "rejected" for row in rows]
    assert written[0]["error"] == {
        "type": "ValidationError",
        "code": None,
        "message": "password: must be 4 to 6 digits (doc 1095/42417)",
        "trace_id": None,
    }
    assert (written[4]["error"]["type"], written[4]["error"]["code"]) == ("InvalidRequest", 190001)
    assert written[4]["error"]["trace_id"]
    assert len(emulator.state.meetings) == 2


def test_only_bad_rows(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    done = run("batch", "create", csv_file(tmp_path, BAD), "--skip-bad")
    assert done.code == 2
    assert "1 of 1 row bad. Nothing was sent.\n" in done.err
    assert emulator.journal == []


def test_an_unclear_outcome_is_called_unknown(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """The list can't be read either, so it stays unclear."""
    emulator.add_fault(FaultRule(operation="meetings.create", nth=2, drop="after"))
    emulator.add_fault(FaultRule(operation="meetings.list", error_code=9042))
    done = run("batch", "create", csv_file(tmp_path, GOOD, GOOD, GOOD), "--concurrency", "1")
    assert done.code == 1
    assert "2 created, 0 rejected, 1 unknown of 3 rows" in done.err
    assert [line["status"] for line in lines(done.out)] == ["created", "unknown", "created"]
    error = lines(done.out)[1]["error"]
    assert (error["type"], error["code"], error["trace_id"]) == ("ExchangeFailed", None, None)
    assert error["message"].startswith("may or may not have been done: ExchangeFailed: ")
    assert "; looking it up failed: meetings.list: error 9042" in error["message"]
    assert len(emulator.state.meetings) == 3


def test_an_unclear_outcome_keeps_code_and_trace_of_its_cause(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=550000))
    emulator.add_fault(FaultRule(operation="meetings.list", error_code=9042))
    done = run("batch", "create", csv_file(tmp_path, GOOD))
    (line,) = lines(done.out)
    assert (line["status"], line["error"]["type"], line["error"]["code"]) == ("unknown", "ServiceError", 550000)
    assert line["error"]["trace_id"]


def test_an_unclear_outcome_is_cleared_up_where_the_list_can(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """Requests that are alike, too: the one that is missing is the one that nobody else made."""
    emulator.add_fault(FaultRule(operation="meetings.create", nth=2, drop="after"))
    done = run("batch", "create", csv_file(tmp_path, GOOD, GOOD, GOOD), "--concurrency", "1")
    assert done.code == 0
    assert "3 created, 0 rejected, 0 unknown of 3 rows" in done.err
    assert [line["meeting_id"] for line in lines(done.out)] == list(emulator.state.meetings)
    assert all(line["join_url"] and line["meeting_code"] for line in lines(done.out))


def test_quiet_lines_where_there_is_no_terminal(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    done = run("batch", "create", csv_file(tmp_path, *[GOOD] * 1001), "--concurrency", "64")
    assert done.code == 0
    assert done.err.splitlines()[:2] == [
        "500 created, 0 rejected, 0 unknown of 1,001 rows",
        "1,000 created, 0 rejected, 0 unknown of 1,001 rows",
    ]
    assert [line["row"] for line in lines(done.out)] == list(range(2, 1003))
    assert len(emulator.state.meetings) == 1001


def test_standard_input(run: Run, emulator: Emulator) -> None:
    line = json.dumps({"userid": "tester", "subject": "s", "start_time": "2038-01-05T10:00Z", "end_time": "2146305600"})
    done = run("batch", "create", "-", "--format", "jsonl", stdin=f"{line}\n{line}\n")
    assert done.code == 0
    assert len(emulator.state.meetings) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_file_that_can_be_read_once_only(emulator: Emulator, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with _start("batch", "create", str(pipe)) as process:
        pipe.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
        assert process.wait() == 0
    assert len(emulator.state.meetings) == 1


@pytest.mark.usefixtures("emulator")
def test_an_output_file_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    file, out = csv_file(tmp_path, GOOD), tmp_path / "out.jsonl"
    out.write_text("precious", encoding="utf-8")
    done = run("batch", "create", file, "--out", out)
    assert done.code == 2
    assert "--force overwrites it" in done.err
    assert out.read_text(encoding="utf-8") == "precious"
    done = run("batch", "create", file, "--out", file, "--force")
    assert done.code == 2
    assert "--out is the file that is read" in done.err
    assert run("batch", "create", file, "--out", out, "--force").code == 0
    assert len(lines(out.read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["-"], "give --format csv or --format jsonl or --format xlsx"),
        (["no-such-file.csv"], "does not exist"),
        (["{file}", "--concurrency", "0"], "not in the range"),
        (["{file}", "--out", "{folder}/no/out.jsonl"], "out.jsonl can't be written: No such file or directory"),
        (["-", "--format", "csv"], "standard input: has no header row"),
    ],
)
def test_wrong_usage(run: Run, emulator: Emulator, tmp_path: Path, arguments: list[str], problem: str) -> None:
    file = csv_file(tmp_path, GOOD)
    done = run("batch", "create", *(argument.format(file=file, folder=tmp_path) for argument in arguments))
    assert (done.code, done.out) == (2, "")
    assert problem in done.err
    assert emulator.journal == []


def test_without_credentials_nothing_is_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("batch", "create", csv_file(tmp_path, GOOD), "--out", out)
    assert done.code == 2
    assert "TENCENT_MEETING_SECRET_KEY" in done.err
    assert not out.exists()


# --- being stopped -----------------------------------------------------------------------------------------------


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tm_async", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_begins_no_more_rows(emulator: Emulator, tmp_path: Path, number: int, code: int) -> None:
    count = 3000
    with _start("batch", "create", str(csv_file(tmp_path, *[GOOD] * count))) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(number)
        rest, err = process.stdout.read(), process.stderr.read()
    assert process.returncode == code
    results = lines((first + rest).decode())
    assert len(results) < count
    assert {result["status"] for result in results} == {"created"}
    # nothing that was begun is missing from the report
    assert {result["meeting_id"] for result in results} == set(emulator.state.meetings)
    assert f"{count - len(results):,} not begun" in err.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_reader_that_goes_away(emulator: Emulator, tmp_path: Path) -> None:
    count = 3000
    with _start("batch", "create", str(csv_file(tmp_path, *[GOOD] * count))) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read().decode().splitlines()
        assert process.wait() == 1
    assert err[0].startswith("The results can't be written any more")
    recorded = {json.loads(line)["meeting_id"] for line in err if line.startswith("{")}
    assert recorded == set(emulator.state.meetings)
    assert len(recorded) < count


async def test_the_second_signal_breaks_off() -> None:
    now = [100.0]
    with Interrupt(clock=lambda: now[0]) as interrupt:
        interrupt.breaks_off(asyncio.current_task())
        assert not interrupt.stopped
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)  # the same, delivered twice by a wrapper
        assert interrupt.stopped
        assert interrupt.exit_code == 130
        now[0] += 1
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.get_running_loop().create_future()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_breaking_off_reports_the_rows_under_way(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two signals, the second one after the first row's result."""
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("tm_async.cli.batch.Interrupt", lambda: Interrupt(clock=lambda: float(next(clock))))
    monkeypatch.setattr("tm_async.cli.batch.choose_output", _Interrupting)
    emulator.add_fault(FaultRule(operation="meetings.create", nth=4, delay=1))  # it is under way then
    out = tmp_path / "out.jsonl"
    done = run("batch", "create", csv_file(tmp_path, *[GOOD] * 100), "--out", out, "--concurrency", "4")
    assert done.code == 130
    results = lines(out.read_text(encoding="utf-8"))
    statuses = [result["status"] for result in results]
    assert statuses[0] == "created"
    assert statuses[-1] == "unknown"
    assert results[-1]["error"]["type"] == "Interrupted"
    assert len(emulator.state.meetings) <= len(results) < 100


class _Interrupting:
    """An output that interrupts the run twice, at its first result."""

    def __init__(self, out: Path | None, rows: int, columns: list[str]) -> None:
        self._inner = choose_output(out, rows, columns)
        self.finish = self._inner.finish
        self.broken = False

    def add(self, result: Result) -> None:
        self._inner.add(result)
        if result.status is Status.CREATED and result.row == 2:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)


# --- on a terminal -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo terminals")
@pytest.mark.usefixtures("emulator")
def test_a_terminal_shows_a_bar_and_a_table(tmp_path: Path) -> None:
    import pty

    file = csv_file(tmp_path, *[GOOD] * 30, UNKNOWN_CREATOR)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tm_async", "batch", "create", str(file)]
    environ = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        shown = _until_closed(ours).decode()
        assert process.wait() == 1
    assert "--out FILE records all" in shown
    assert "31/31" in shown
    assert "10 more, all created" in shown
    assert "the user is not registered" in shown
    assert "30 created, 1 rejected, 0 unknown of 31 rows" in shown


def _until_closed(terminal: int) -> bytes:
    pieces = []
    try:
        while piece := os.read(terminal, 65536):
            pieces.append(piece)
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(terminal)
    return b"".join(pieces)
