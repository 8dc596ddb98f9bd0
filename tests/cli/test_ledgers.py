"""`tm-async batch` with a ledger: broken off at any moment, gone on with, and nothing is created twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD, HEADER, Done
from tests.cli.test_batch import BAD, UNKNOWN_CREATOR, csv_file, lines
from tm_async.cli.creating import announce_quotas
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
SECRET = "tester,secret,2038-01-05T10:00+08:00,,60,,,887766,"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "batch.db"


def test_a_finished_file_creates_nothing_more(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    file = csv_file(tmp_path, GOOD, GOOD, UNKNOWN_CREATOR, GOOD)
    first = run("batch", "create", file, "--ledger", db)
    calls = len(emulator.journal)
    again = run("batch", "create", file, "--ledger", db)
    assert first.code == again.code == 1
    assert lines(again.out) == lines(first.out)
    assert [line["status"] for line in lines(first.out)] == ["created", "created", "rejected", "created"]
    assert len(emulator.journal) == calls
    more = run("batch", "create", csv_file(tmp_path, GOOD, GOOD, UNKNOWN_CREATOR, GOOD, GOOD), "--ledger", db)
    assert len(emulator.state.meetings) == 4
    assert lines(more.out)[:4] == lines(first.out)


def test_status(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", nth=3, drop="after"))
    emulator.add_fault(FaultRule(operation="meetings.list", error_code=9042))
    rows = [GOOD, UNKNOWN_CREATOR, GOOD.replace("周会", "a"), GOOD]
    run("batch", "create", csv_file(tmp_path, *rows), "--ledger", db, "--concurrency", "1")
    done = run("batch", "status", db)
    assert (done.code, done.out) == (1, "2 created, 1 rejected, 1 unknown of 4 rows\n")
    done = run("batch", "status", db, "--json")
    assert json.loads(done.out) == {
        "pending": 0,
        "sending": 0,
        "created": 2,
        "rejected": 1,
        "unknown": 1,
        "cancelled": 0,
    }


def test_a_ledger_named_by_the_environment(
    run: Run, emulator: Emulator, tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A URL with a password is not to be read in the list of processes."""
    monkeypatch.setenv("TENCENT_MEETING_LEDGER", str(db))
    assert run("batch", "create", csv_file(tmp_path, GOOD)).code == 0
    assert run("batch", "status").out == "1 created, 0 rejected, 0 unknown of 1 row\n"
    assert run("batch", "resume").code == 0
    assert len(lines(run("batch", "export").out)) == 1
    monkeypatch.delenv("TENCENT_MEETING_LEDGER")
    assert run("batch", "status").code == 2


def test_resume_clears_up_what_was_unknown(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", nth=2, drop="after"))
    emulator.add_fault(FaultRule(operation="meetings.list", error_code=9042, times=1))
    rows = [GOOD, GOOD.replace("周会", "other")]
    done = run("batch", "create", csv_file(tmp_path, *rows), "--ledger", db, "--concurrency", "1")
    assert [line["status"] for line in lines(done.out)] == ["created", "unknown"]
    done = run("batch", "resume", db)
    assert (done.code, done.err) == (0, "2 created, 0 rejected, 0 unknown of 2 rows\n")
    (line,) = lines(done.out)
    assert (line["row"], line["status"], line["subject"]) == (3, "created", "other")
    assert line["meeting_id"] in emulator.state.meetings
    assert len(emulator.state.meetings) == 2
    assert run("batch", "resume", db).out == ""


def test_resume_gives_up_what_fails_every_time(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    """Such as a quota of the day: each row is tried once, and stays pending."""
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=190311))
    rows = [GOOD.replace("周会", str(number)) for number in range(40)]
    done = run("batch", "create", csv_file(tmp_path, *rows), "--ledger", db, "--concurrency", "4")
    assert {line["error"]["code"] for line in lines(done.out)} == {190311}
    before = len(emulator.journal)
    done = run("batch", "resume", db)
    assert (done.code, done.err) == (1, "0 created, 0 rejected, 0 unknown, 40 pending of 40 rows\n")
    assert 40 <= len(emulator.journal) - before <= 60
    assert emulator.state.meetings == {}
    emulator.clear_faults()
    assert run("batch", "resume", db).code == 0
    assert len(emulator.state.meetings) == 40


def test_export(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", nth=2, error_code=190311))
    done = run(
        "batch", "create", csv_file(tmp_path, SECRET, GOOD, UNKNOWN_CREATOR), "--ledger", db, "--concurrency", "1"
    )
    out = tmp_path / "export.jsonl"
    exported = run("batch", "export", db, "--out", out)
    assert (exported.code, exported.out) == (0, "")
    written = out.read_text(encoding="utf-8")
    assert "887766" not in written
    found = lines(written)
    assert [line["row"] for line in found] == [2, 3, 4]
    assert [line["status"] for line in found] == ["created", "pending", "rejected"]
    assert [line["error"] and line["error"]["code"] for line in found] == [None, 190311, 190001]
    expected = [{**line, "key": one["key"]} for line, one in zip(lines(done.out), found, strict=True)]
    expected[1]["status"] = "pending"
    assert found == expected
    assert lines(run("batch", "export", db).out) == found
    assert run("batch", "export", db, "--out", out).code == 2
    assert run("batch", "export", db, "--out", db, "--force").code == 2


def test_keys_of_ones_own(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    """A row with a key is the same row although its order or number changes, and never another request."""
    header = f"key,{HEADER}"

    def file(*rows: str) -> Path:
        path = tmp_path / "keyed.csv"
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return path

    done = run("batch", "create", file(f"a,{GOOD}", f"b,{GOOD}"), "--ledger", db)
    assert [line["key"] for line in lines(done.out)] == ["a", "b"]
    run("batch", "create", file(f"c,{GOOD}", f"b,{GOOD}", f"a,{GOOD}"), "--ledger", db)
    assert len(emulator.state.meetings) == 3

    done = run("batch", "create", file(f"d,{GOOD}", "a," + GOOD.replace("周会", "another")), "--ledger", db)
    assert (done.code, done.out) == (2, "")
    assert "a" in done.err
    assert "another request" in done.err
    assert len(emulator.state.meetings) == 3
    assert run("batch", "status", db).code == 0, "d was not added either"

    done = run("batch", "create", file(f"a,{GOOD}", f"b,{GOOD}", f"a,{GOOD}"))
    assert (done.code, done.err.splitlines()[0]) == (2, "row 4: key: is the key of row 2 already")


def test_keys_of_json_lines(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    row = {
        "userid": "tester",
        "subject": "x",
        "start_time": "2038-01-05T10:00+08:00",
        "end_time": "2038-01-05T11:00+08:00",
    }
    text = "\n".join(json.dumps({**row, "key": key}) for key in ("one", 5, ""))
    done = run("batch", "create", "-", "--format", "jsonl", "--skip-bad", stdin=text)
    assert [line.get("key") for line in lines(done.out)] == ["one", None, None]
    assert done.err.count("key: must be a text that is not empty") == 2
    assert len(emulator.state.meetings) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_killed_and_resumed(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    """The gateway may or may not have done what was under way: it is looked for once the dead run's lease has ended."""
    rows = [GOOD.replace("周会", f"meeting {number}") for number in range(60)]
    file = csv_file(tmp_path, *rows)
    emulator.add_fault(FaultRule(operation="meetings.create", every=3, delay=0.05))
    command = [
        sys.executable,
        "-m",
        "tm_async",
        "batch",
        "create",
        str(file),
        "--ledger",
        str(db),
        "--concurrency",
        "4",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}) as process:
        assert process.stdout is not None
        for _ in range(10):
            process.stdout.readline()
        process.kill()
    assert process.returncode == -signal.SIGKILL
    emulator.clear_faults()
    _let_leases_end(db)
    done = run("batch", "resume", db, "--settle", "0.2")
    assert done.code == 0, done.err
    assert sorted(one.subject for one in emulator.state.meetings.values()) == sorted(
        f"meeting {number}" for number in range(60)
    )


def _let_leases_end(db: Path) -> None:
    """As if the time had passed already."""
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT count(*) FROM workers").fetchone()[0] >= 1
        connection.execute("UPDATE workers SET ends = 0")
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_resume_is_stopped_in_an_orderly_way(run: Run, emulator: Emulator, tmp_path: Path, db: Path) -> None:
    rows = [GOOD.replace("周会", f"meeting {number}") for number in range(300)]
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=190311))
    run("batch", "create", csv_file(tmp_path, *rows), "--ledger", db)
    emulator.clear_faults()
    emulator.add_fault(FaultRule(operation="meetings.create", delay=0.01))
    command = [sys.executable, "-m", "tm_async", "batch", "resume", str(db), "--concurrency", "4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 130
    created = {line["meeting_id"] for line in lines((first + rest).decode())}
    assert created == set(emulator.state.meetings)
    assert len(created) < 300
    done = run("batch", "status", db, "--json")
    assert json.loads(done.out) == {
        "pending": 300 - len(created), "sending": 0, "created": len(created), "rejected": 0, "unknown": 0,
        "cancelled": 0,
    }  # fmt: skip


@pytest.mark.parametrize("command", ["status", "export", "resume"])
def test_no_ledger_there(run: Run, emulator: Emulator, tmp_path: Path, command: str) -> None:
    done = run("batch", command, tmp_path / "none.db")
    assert (done.code, "There is no ledger" in done.err) == (2, True)
    assert not (tmp_path / "none.db").exists()
    text = tmp_path / "text.db"
    text.write_text("no ledger")
    done = run("batch", command, text)
    assert (done.code, done.err.startswith("Error: ")) == (2, True)
    assert text.read_text() == "no ledger"
    done = run("batch", command, "redis://user:canary-password@127.0.0.1:1/0#june")
    assert done.code == 2
    assert "canary" not in done.err
    done = run("batch", command, "mysql://host/db")
    assert (done.code, emulator.journal) == (2, [])


def test_bad_rows_are_not_written_down(run: Run, tmp_path: Path, db: Path, emulator: Emulator) -> None:
    file = csv_file(tmp_path, GOOD, BAD)
    assert run("batch", "create", file, "--ledger", db).code == 2
    assert not db.exists()
    done = run("batch", "create", file, "--ledger", db, "--skip-bad")
    assert [line["status"] for line in lines(done.out)] == ["created", "rejected"]
    assert run("batch", "status", db).out == "1 created, 0 rejected, 0 unknown of 1 row\n"
    assert len(emulator.state.meetings) == 1


def test_a_long_run_is_announced(run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is settled takes no time."""
    monkeypatch.setenv("TENCENT_MEETING_QUOTAS", "documented")
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=190001))
    file = csv_file(tmp_path, *[GOOD] * 2)
    assert "at least" not in run("batch", "create", file).err
    said: list[int] = []
    monkeypatch.setattr("tm_async.cli.batch.announce_quotas", said.append)
    run("batch", "create", csv_file(tmp_path, *[GOOD] * 3), "--dry-run")
    run("batch", "create", csv_file(tmp_path, *[GOOD] * 3))
    run("batch", "create", file, "--no-ledger")
    assert said == [1, 3]


def test_how_long_a_run_takes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_QUOTAS", "documented")
    announce_quotas(901)
    assert capsys.readouterr().err == "The quota is 300 in 60 s, so this takes at least 3 minutes.\n"
    announce_quotas(300)
    assert capsys.readouterr().err == ""


# --- where results must not go ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize("command", ["create", "resume", "export", "export of the ledger"])
def test_results_never_go_over_the_ledger(
    run: Run, emulator: Emulator, tmp_path: Path, command: str, suffix: str
) -> None:
    """Whatever it is named by, and also with --force: nobody would know any more what was created."""
    file = csv_file(tmp_path, GOOD)
    ledger = Path(f"{file}.ledger")
    assert run("batch", "create", file).code == 0
    word, _, by_itself = command.partition(" ")
    (tmp_path / "link").symlink_to(tmp_path)
    out = tmp_path / "link" / f"{ledger.name}{suffix}"
    before = ledger.read_bytes()
    done = run("batch", word, ledger if by_itself else file, "--out", out, "--force")
    assert done.code == 2
    assert "--out is the ledger" in done.err
    assert ledger.read_bytes() == before


def test_results_never_go_to_where_a_ledger_will_be(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD)
    for more in ([], ["--ledger", tmp_path / "a.db"]):
        done = run("batch", "create", file, "--out", more[1] if more else f"{file}.ledger", *more)
        assert (done.code, "--out is the ledger" in done.err) == (2, True)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    assert not emulator.journal


@pytest.mark.parametrize("word", ["resume", "export"])
def test_results_never_go_over_the_rows_beside_the_ledger(
    run: Run, emulator: Emulator, tmp_path: Path, word: str
) -> None:
    """Its own columns are read from there."""
    file = csv_file(tmp_path, GOOD)
    assert run("batch", "create", file).code == 0
    before = file.read_bytes()
    done = run("batch", word, f"{file}.ledger", "--out", file, "--force")
    assert done.code == 2
    assert "--out is the file that is read" in done.err
    assert file.read_bytes() == before
    assert emulator.journal
