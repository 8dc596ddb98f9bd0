"""Running a file again: nothing is created twice, rejected rows are corrected, and a batch is taken back."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import GOOD, HEADER, Done
from tests.cli.test_batch import UNKNOWN_CREATOR, csv_file, lines
from tm_async.batch.ledger import SqliteLedger
from tm_async.cli import cancelling
from tm_async.cli.standing import next_key, own_key
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
CORRECTED = UNKNOWN_CREATOR.replace("nobody", "alice")


def keyed(folder: Path, *rows: str) -> Path:
    file = folder / "keyed.csv"
    file.write_text("\n".join([f"key,{HEADER}", *rows]), encoding="utf-8")
    return file


def status(run: Run, ledger: object) -> dict[str, int]:
    return {name: count for name, count in json.loads(run("batch", "status", ledger, "--json").out).items() if count}


# --- a ledger by default ---------------------------------------------------------------------------------------------


def test_a_file_that_is_run_twice_creates_nothing_twice(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD, GOOD)
    first = run("batch", "create", file)
    assert (tmp_path / "meetings.csv.ledger").is_file()
    again = run("batch", "create", file)
    assert first.code == again.code == 0
    assert lines(again.out) == lines(first.out)
    assert len(emulator.state.meetings) == 2
    assert "2 rows settled before, not sent again.\n" in again.err
    assert "2 created, 0 rejected, 0 unknown of 2 rows; 2 settled before in " in again.err
    assert again.err.endswith(" s (0 meetings per second)\n"), "the rate counts what was sent"
    assert status(run, file) == status(run, f"{file}.ledger") == {"created": 2}


def test_without_a_ledger_everything_is_created_again(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD)
    for _ in range(2):
        assert run("batch", "create", file, "--no-ledger").code == 0
    assert len(emulator.state.meetings) == 2
    assert not (tmp_path / "meetings.csv.ledger").exists()
    done = run("batch", "create", file, "--no-ledger", "--ledger", tmp_path / "x.db")
    assert (done.code, "contradict each other" in done.err) == (2, True)


def test_standard_input_has_no_ledger_of_its_own(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert run("batch", "create", "-", "--format", "csv", stdin=f"{HEADER}\n{GOOD}\n").code == 0
    assert len(emulator.state.meetings) == 2
    assert list(tmp_path.iterdir()) == []


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_rejected_row_with_a_key_is_corrected(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = keyed(tmp_path, f"a,{GOOD}", f"b,{UNKNOWN_CREATOR}")
    assert run("batch", "create", file).code == 1
    assert status(run, file) == {"created": 1, "rejected": 1}
    unchanged = run("batch", "create", file)
    assert [line["status"] for line in lines(unchanged.out)] == ["created", "rejected"]

    keyed(tmp_path, f"a,{GOOD}", f"b,{UNKNOWN_CREATOR.replace('who', 'wrong again')}")
    assert run("batch", "create", file).code == 1
    assert status(run, file) == {"created": 1, "rejected": 1}

    keyed(tmp_path, f"a,{GOOD}", f"b,{CORRECTED}")
    done = run("batch", "create", file)
    assert done.code == 0
    assert "1 row corrected." in done.err
    assert "2 created, 0 rejected, 0 unknown of 2 rows; 1 settled before" in done.err
    assert [line["key"] for line in lines(done.out)] == ["a", "b"]
    assert status(run, file) == {"created": 2}
    assert run("batch", "status", file).code == 0
    assert len(emulator.state.meetings) == 2
    exported = lines(run("batch", "export", file).out)
    assert [(line["key"], line["status"], line["row"]) for line in exported] == [
        ("a", "created", 2),
        ("b", "created", 3),
    ]

    assert run("batch", "create", file).code == 0
    assert len(emulator.state.meetings) == 2


def test_a_created_row_with_a_key_is_not_replaced(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = keyed(tmp_path, f"a,{GOOD}")
    run("batch", "create", file)
    keyed(tmp_path, "a," + GOOD.replace("周会", "another"))
    done = run("batch", "create", file)
    assert (done.code, "'a' is in the ledger with another request" in done.err) == (2, True)
    assert len(emulator.state.meetings) == 1


def test_a_rejected_row_without_a_key_is_corrected_too(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD, UNKNOWN_CREATOR, UNKNOWN_CREATOR)
    run("batch", "create", file)
    assert status(run, file) == {"created": 1, "rejected": 2}
    done = run("batch", "create", csv_file(tmp_path, GOOD, CORRECTED, UNKNOWN_CREATOR))
    assert done.code == 1
    assert "1 row corrected." in done.err
    run("batch", "create", csv_file(tmp_path, GOOD, CORRECTED, CORRECTED))
    assert status(run, file) == {"created": 3}
    assert len(emulator.state.meetings) == 3


def test_a_new_row_is_no_correction_of_another_one(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, UNKNOWN_CREATOR)
    run("batch", "create", file)
    other = "alice,else,2038-02-05T10:00+08:00,,30,,,,"
    run("batch", "create", csv_file(tmp_path, other, UNKNOWN_CREATOR))
    assert status(run, file) == {"created": 1, "rejected": 1}, "the rejected row is in the file still, one lower"
    run("batch", "create", csv_file(tmp_path, other.replace("else", "third")))
    assert status(run, file) == {"created": 2, "rejected": 1}


def test_a_changed_row_of_a_meeting_that_exists_is_told(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD)
    run("batch", "create", file)
    (meeting,) = emulator.state.meetings.values()
    done = run("batch", "create", csv_file(tmp_path, GOOD.replace("周会", "月会")))
    assert f"row 2 was changed after meeting {meeting.code} was created of it: this creates another one." in done.err
    assert len(emulator.state.meetings) == 2


def test_another_row_in_the_place_of_a_meeting_is_no_edition_of_it(
    run: Run, emulator: Emulator, tmp_path: Path
) -> None:
    """They have the creator in common, as all rows of a file may."""
    run("batch", "create", csv_file(tmp_path, GOOD))
    done = run("batch", "create", csv_file(tmp_path, "tester,else,2038-02-05T10:00+08:00,,30,,,,"))
    assert done.code == 0
    assert "was changed" not in done.err
    assert len(emulator.state.meetings) == 2


def test_what_is_pending_is_no_correction(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    emulator.add_fault(FaultRule(operation="meetings.create", error_code=190311))
    file = keyed(tmp_path, f"a,{GOOD}")
    run("batch", "create", file)
    emulator.clear_faults()
    assert status(run, file) == {"pending": 1}
    done = run("batch", "create", file)
    assert (done.code, status(run, file)) == (0, {"created": 1})


def test_keys_of_what_takes_a_place() -> None:
    for key in ("a", "tm-async:x", "tm-async:2", "0" * 32 + "-1", "tm-async:cancelled:a"):
        assert own_key(next_key(next_key(key))) == key
        assert len({key, next_key(key), next_key(next_key(key))}) == 3


# --- taking back -----------------------------------------------------------------------------------------------------


def test_a_batch_is_taken_back_after_a_look(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    series = "alice,Stand-up,2038-01-05 10:00,,15,Asia/Shanghai,bob,,weekdays x5"
    file = csv_file(tmp_path, GOOD, series, UNKNOWN_CREATOR)
    run("batch", "create", file)
    calls = len(emulator.journal)
    refused = run("batch", "cancel", file, stdin="n\n")
    assert refused.code == 2
    assert refused.err.splitlines()[-1].endswith("Nothing was cancelled.")  # behind the question in older clicks
    assert "周会" in refused.out
    assert "Stand-up" in refused.out
    assert "Cancel the meetings of 2 rows?" in refused.err
    assert run("batch", "cancel", file, stdin="").code == 2, "nobody is there to answer"
    assert len(emulator.journal) == calls

    done = run("batch", "cancel", file, stdin="y\n")
    assert done.code == 0
    assert done.err.endswith("0 created, 1 rejected, 0 unknown, 2 cancelled of 3 rows\n")
    assert all(one.cancelled for one in emulator.state.meetings.values())
    assert status(run, file) == {"rejected": 1, "cancelled": 2}
    assert run("batch", "cancel", file, "--yes").err == "There is no meeting to cancel.\n"
    assert [line["status"] for line in lines(run("batch", "export", file).out)] == [
        "cancelled",
        "cancelled",
        "rejected",
    ]


def test_what_was_cancelled_is_created_anew(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD, GOOD)
    for _ in range(2):
        run("batch", "create", file)
        assert run("batch", "cancel", file, "--yes").code == 0
        assert status(run, file) == {"cancelled": 2}
    done = run("batch", "create", csv_file(tmp_path, GOOD, GOOD.replace("周会", "月会")))
    assert done.code == 0
    assert "1 row cancelled before; created anew." in done.err
    alive = [one.subject for one in emulator.state.meetings.values() if not one.cancelled]
    assert sorted(alive) == ["周会", "月会"]
    assert status(run, file) == {"created": 2, "cancelled": 1}
    assert run("batch", "status", file).code == 0
    assert run("batch", "resume", file).code == 0


def test_a_cancellation_that_was_killed_while_it_was_noted(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note is in the ledger, and not finished: it stands for no row, so nothing is told of it."""
    file = csv_file(tmp_path, GOOD)
    run("batch", "create", file)

    async def nothing(*_: Any, **__: Any) -> list[Any]:
        return []

    with monkeypatch.context() as patch:
        patch.setattr(SqliteLedger, "claim", nothing)
        run("batch", "cancel", file, "--yes")
    for _ in range(2):
        done = run("batch", "resume", file)
        assert (done.code, done.out) == (0, "")
    assert status(run, file) == {"cancelled": 1}


def test_what_cannot_be_cancelled_is_named(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD, GOOD.replace("周会", "second"))
    run("batch", "create", file)
    emulator.add_fault(FaultRule(operation="meetings.cancel", error_code=190303, times=1))
    done = run("batch", "cancel", file, "--yes", "--concurrency", "1")
    assert done.code == 1
    assert "row 2 (周会) was not cancelled: " in done.err
    assert status(run, file) == {"created": 1, "cancelled": 1}
    assert run("batch", "cancel", file, "--yes").code == 0
    assert status(run, file) == {"cancelled": 2}


def test_a_row_that_can_not_be_read_is_not_passed_by(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """It is of a newer version, say; its meeting is known all the same."""
    file = csv_file(tmp_path, GOOD, GOOD.replace("周会", "second"))
    run("batch", "create", file)
    with closing(sqlite3.connect(f"{file}.ledger")) as db, db:
        (text,) = db.execute("SELECT request FROM entries WHERE request LIKE '%second%'").fetchone()
        db.execute(
            "UPDATE entries SET request = ? WHERE request = ?", (text.replace("{", '{"new.one":', 1) + "}", text)
        )
    (second,) = [key for key, one in emulator.state.meetings.items() if one.subject == "second"]
    for _ in range(2):
        done = run("batch", "cancel", file, "--yes")
        assert done.code == 1
        assert f"row 3 can't be read, and its meeting {second} is not cancelled" in done.err
    assert [one.subject for one in emulator.state.meetings.values() if one.cancelled] == ["周会"]


def test_a_full_quota_is_waited_for(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is longer than the deadline of a single call would be."""
    file = csv_file(tmp_path, GOOD)
    run("batch", "create", file)
    given: list[dict[str, Any]] = []
    real = cancelling.TencentMeeting

    def client(auth: Any, **options: Any) -> Any:
        given.append(options)
        return real(auth, **options)

    monkeypatch.setattr(cancelling, "TencentMeeting", client)
    assert run("batch", "cancel", file, "--yes").code == 0
    assert given[0]["deadline"] > 61


def test_what_somebody_else_cancelled_counts(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = csv_file(tmp_path, GOOD)
    run("batch", "create", file)
    (meeting,) = emulator.state.meetings.values()
    given: dict[str, Any] = {"meeting_id": meeting.id, "userid": "tester", "instanceid": 1, "reason_code": 1}
    assert run("call", "meetings.cancel", "--json", json.dumps(given)).code == 0
    assert run("batch", "cancel", file, "--yes").code == 0
    assert status(run, file) == {"cancelled": 1}
