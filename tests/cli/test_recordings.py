"""`tm-async recordings list` and `download`, against the emulator."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.cli.browser import log_in
from tests.cli.conftest import Done
from tm_async.api.recordings import FileAddresses, FileKind, Progress, Recording, RecordingState
from tm_async.cli.recordings.fetching import Became, Status
from tm_async.cli.recordings.finding import Wanted
from tm_async.cli.recordings.manifest import MANIFEST
from tm_async.cli.recordings.shown import show_recordings, shown_downloads
from tm_async.cli.words import Language, choose_language
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
LIST = ("recordings", "list", "--user", "tester")
GET = ("recordings", "download", "--user", "tester", "--to")
KINDS: tuple[FileKind, FileKind] = ("video", "audio")
ALL = ("--kind", "video,audio,transcript,minutes")


def rows(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)


def asked(emulator: Emulator) -> int:
    """Calls for addresses."""
    return sum(entry.operation in {"recordings.get_file", "recordings.list_addresses"} for entry in emulator.journal)


def add(emulator: Emulator, subject: str = "Weekly", size: int = 3000) -> str:
    file = emulator.recordings.add("tester", subject=subject, size=size, sentences=["alice: Hello"])
    next(one for one in emulator.state.recordings if file.id in one.files).sharing["allow_download"] = True
    return file.id


# --- list ---------------------------------------------------------------------------------------------------------


def test_the_list(run: Run, emulator: Emulator) -> None:
    file = add(emulator)
    emulator.recordings.add("tester", subject="Not yet", done=False)
    done = run(*LIST)
    assert (done.code, done.err) == (0, "")
    first, second = rows(done)
    assert (first["subject"], first["state"], first["host_user_id"]) == ("Weekly", 3, "tester")
    assert [(one["record_file_id"], one["size"]) for one in first["files"]] == [(file, 3000)]
    assert (second["subject"], second["state"], second["files"]) == ("Not yet", 2, [])
    assert run(*LIST, "--until", "2d").out == run(*LIST, "--since", "2999-01-01", "--until", "2999-01-02").out == ""


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("list",), "Give --user, or --oauth"),
        (("list", "--user", "1"), "operator_id"),
        (("list", "--user", "t", "--since", "tomorrow"), "'tomorrow' must be a date, a date and time like"),
        (("list", "--user", "t", "--since", "2026-13-01"), "'2026-13-01' names a day that the calendar has not\n"),
        (("list", "--user", "t", "--since", "1h", "--until", "2h"), "end_time"),
        (("list", "--user", "t", "--open-id", "x"), "--open-id needs --oauth"),
        (("download", "--user", "t"), "--to"),
        (("download", "--user", "t", "--to", "x", "--kind", "video,film"), "'film' is none of video, audio"),
        (("download", "--user", "t", "--to", "x", "--name", "{subject!r}"), "only start takes a format"),
        (("download", "--user", "t", "--to", "x", "--name", "{x}"), "a template has no x; it may have start, subject"),
        (("download", "--user", "t", "--to", "x", "--jobs", "0"), "--jobs"),
    ],
)
def test_wrong_usage(
    run: Run,
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    problem: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("recordings", *arguments)
    assert (done.code, done.out, emulator.journal) == (2, "", [])
    assert problem in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_is_refused(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    for arguments in (("recordings", "list"), ("recordings", "download", "--to", tmp_path)):
        done = run(*arguments, "--user", "nobody")
        assert (done.code, done.out) == (1, "")
        assert "can't list: recordings.list: error 190001" in done.err
        assert "fetched" not in done.err


# --- download -----------------------------------------------------------------------------------------------------


def test_the_help_names_the_fields_and_keeps_its_lines(run: Run) -> None:
    shown = run("recordings", "download", "--help").out.partition("Options:")[0]
    assert "  start, subject, host, meeting_code,\n" in shown
    assert "  meeting_id, meeting_record_id, record_file_id, kind\n" in shown
    assert not re.search(r"\w, {2,}\w|the {2,}same", shown)


def test_every_kind_and_not_twice(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = add(emulator)
    to = tmp_path / "made" / "anew"
    done = run(*GET, to, *ALL, "--name", "{subject}")
    assert (done.code, "4 fetched" in done.err) == (0, True)
    assert names(to) == ["Weekly.m4a", "Weekly.minutes.txt", "Weekly.mp4", "Weekly.transcript.txt"]
    assert "alice: Hello" in (to / "Weekly.transcript.txt").read_text(encoding="utf-8")
    first = next(one for one in rows(done) if one["kind"] == "video")
    assert list(first) == [
        *("meeting_record_id", "record_file_id", "kind", "subject", "start_time", "status", "file", "size", "fetched"),
        "reason",
    ]
    assert (first["record_file_id"], first["status"], first["size"], first["fetched"]) == (file, "saved", 3000, 3000)
    before = asked(emulator)
    assert before == 4
    again = run(*GET, to, *ALL, "--name", "another {subject}")
    assert (again.code, "4 there before" in again.err) == (0, True)
    assert {(one["status"], one["fetched"]) for one in rows(again)} == {("there", 0)}
    assert asked(emulator) == before, "not even an address was asked for"
    (to / "Weekly.mp4").unlink()
    assert "1 fetched" in run(*GET, to, *ALL).err
    assert "Weekly.mp4" in names(to)


def test_what_is_not_whole_any_more(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """It may be somebody's work, so it is told, not replaced. The list's size is no measure: nothing says so."""
    add(emulator)
    assert run(*GET, tmp_path, "--name", "{subject}").code == 0
    file = tmp_path / "Weekly.mp4"
    file.write_bytes(file.read_bytes()[:100])
    done = run(*GET, tmp_path)
    assert (done.code, [(one["status"], one["size"]) for one in rows(done)]) == (1, [("failed", 100)])
    assert "Weekly.mp4 has 100 bytes, and had 3,000 when it was fetched; without it the next run" in done.err
    file.unlink()
    assert [one["status"] for one in rows(run(*GET, tmp_path))] == ["saved"]
    assert [one["status"] for one in rows(run(*GET, tmp_path))] == ["there"]
    assert names(tmp_path) == ["Weekly.mp4"]


def test_an_index_without_a_damaged_line(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    add(emulator)
    run(*GET, tmp_path, "--name", "{subject}")
    index = tmp_path / MANIFEST
    index.write_text("garbage\n")
    done = run(*GET, tmp_path, "--name", "{subject}")
    assert (done.code, "line 1: damaged. Delete that line: " in done.err) == (2, True)
    index.write_text("")
    assert run(*GET, tmp_path, "--name", "{subject}").code == 0
    assert names(tmp_path) == ["Weekly (2).mp4", "Weekly.mp4"]


def test_bad_names_and_two_of_one_name(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    subjects = ["../../up", "a/b\\c", "a:b?", "CON", "名" * 120, "Weekly", "Weekly", "weekly", "..", "end. . "]
    for subject in subjects:
        add(emulator, subject)
    to = tmp_path / "in"
    done = run(*GET, to, "--name", "{subject}", "--jobs", "3")
    assert done.code == 0
    assert len(rows(done)) == len(subjects)
    assert {Path(one["file"]).parent for one in rows(done)} == {to}
    assert names(tmp_path) == ["in"]
    folded = [name.casefold() for name in names(to)]
    assert len(set(folded)) == len(subjects)
    assert {"_con.mp4", "_.._up.mp4", "a_b_c.mp4", "weekly.mp4", "weekly (2).mp4", "weekly (3).mp4"} <= set(folded)
    assert {path.stat().st_size for path in to.iterdir() if path.name != MANIFEST} == {3000}


def test_what_is_not_there_is_told(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    emulator.recordings.add("tester", subject="No minutes", size=10)
    emulator.recordings.add("tester", subject="Not yet", done=False)
    done = run(*GET, tmp_path, "--kind", "minutes,video")
    assert done.code == 0
    assert {(one["subject"], one["kind"], one["status"]) for one in rows(done)} == {
        ("No minutes", "minutes", "absent"),
        ("No minutes", "video", "saved"),
        ("Not yet", "minutes", "absent"),
        ("Not yet", "video", "absent"),
    }
    assert "No minutes (minutes" in done.err
    assert "Not yet (video): it is not finished yet" in done.err
    assert run(*GET, tmp_path, "--kind", "minutes,video", "--strict").code == 1
    assert run(*GET, tmp_path, "--kind", "video", "--until", "1h").code == 0


def test_a_failure_is_named_and_the_others_come(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    for number in range(5):
        add(emulator, f"n{number}")
    emulator.add_fault(FaultRule(error_code=9042, times=1, operation="recordings.list_addresses"))
    done = run(*GET, tmp_path)
    assert (done.code, len(names(tmp_path))) == (1, 4)
    assert "4 fetched (12.0 kB), 0 there before, 0 not there, 1 failed" in done.err
    (failed,) = [one for one in rows(done) if one["status"] == "failed"]
    assert "9042" in failed["reason"]
    assert f"failed: {failed['start_time'][:10]}" in done.err
    assert run(*GET, tmp_path).code == 0
    assert len(names(tmp_path)) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/null")
def test_where_nothing_can_be_written(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    done = run(*GET, "/dev/null/x")
    assert (done.code, "can't be written: Not a directory" in done.err, emulator.journal) == (2, True, [])
    add(emulator)
    name = json.dumps({"record_file_id": next(iter(next(iter(emulator.state.recordings)).files)), "kind": "video"})
    (tmp_path / MANIFEST).write_text(f'{name[:-1]}, "name": "taken.mp4"}}\n')
    (tmp_path / "taken.mp4").mkdir()
    done = run(*GET, tmp_path)
    assert (done.code, "taken.mp4 is there already, and is not overwritten\n" in done.err) == (1, True)


def test_an_address_that_points_elsewhere(
    run: Run, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(emulator)
    there = FileAddresses.from_wire({"download_address": "http://10.0.0.1/x"})
    monkeypatch.setattr("tm_async.api.recordings.RecordingSource._addresses", lambda *_: _soon(there))
    done = run(*GET, tmp_path)
    assert (done.code, names(tmp_path)) == (1, [])
    assert "10.0.0.1" not in done.err
    assert [one["status"] for one in rows(done)] == ["failed"]


async def _soon(value: FileAddresses) -> FileAddresses:
    return value


def test_a_user_who_logged_in(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    log_in(third_party)
    third_party.recordings.add("alice", size=100)
    (recording,) = third_party.state.recordings
    recording.app = third_party.env["TENCENT_MEETING_OAUTH_SDK_ID"]
    (row,) = rows(run("recordings", "list", "--oauth"))
    assert row["meeting_record_id"] == recording.id
    done = run("recordings", "download", "--oauth", "--to", tmp_path)
    assert (done.code, [one["status"] for one in rows(done)]) == (0, ["saved"])


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_keeps_what_came(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    size = 30_000_000
    add(emulator, "small", 10)
    add(emulator, "large", size)
    command = [sys.executable, "-m", "tm_async", *GET, str(tmp_path), "--name", "{subject}", "--jobs", "1"]
    part = tmp_path / "large.mp4.part"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.001)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, time.monotonic() - began < 5) == (130, True)
    assert "not finished" in err.decode()
    kept = part.stat().st_size
    done = run(*GET, tmp_path, "--name", "{subject}")
    assert done.code == 0
    (large,) = [one for one in rows(done) if one["subject"] == "large"]
    assert large["fetched"] == size - kept < size
    assert names(tmp_path) == ["large.mp4", "small.mp4"]


# --- on a terminal ------------------------------------------------------------------------------------------------


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, height=30)


def text_of(console: Console) -> str:
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.ENGLISH, ("transcoding", "2 recordings, 1.5 kB")), (Language.CHINESE, ("转码中", "2 个录制，1.5 kB"))],
)
def test_the_table(language: Language, words: tuple[str, ...]) -> None:
    choose_language(language)
    files = [{"record_file_id": "7", "record_size": 1500}]
    found = [
        Recording.from_wire({"subject": "V2Vla2x5", "state": 3, "record_files": files}),
        Recording.from_wire({"subject": "G1sySg==", "state": int(RecordingState.TRANSCODING)}),
    ]
    console = terminal()
    show_recordings(console, found)
    text = text_of(console)
    for word in ("Weekly", "1.5 kB", *words):
        assert word in text
    assert "\x1b[2J" not in text


def test_the_bars() -> None:
    recording = Recording.from_wire({"subject": "W3JlZF0=", "record_files": [{"record_file_id": "7"}]})
    one, other = (Wanted(recording=recording, file=recording.record_files[0], kind=kind) for kind in KINDS)
    console, ended = terminal(), list[Became]()
    with shown_downloads(2, ended.append, console) as (watch, done):
        told = watch(one)
        told(Progress(500, 1000))
        watch(other)  # shows anew how far the first is
        done(Became(wanted=one, status=Status.SAVED))
        done(Became(wanted=one, status=Status.ABSENT))
    text = text_of(console)
    for word in ("[red] (video 7)", "500 bytes / 1.0 kB", "2/2"):
        assert word in text
    assert len(ended) == 2
