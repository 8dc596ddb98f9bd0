"""Results go back to a spreadsheet: the user's own columns first, and no cell is a formula."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD, HEADER, Done
from tests.cli.test_batch import BAD, UNKNOWN_CREATOR, csv_file
from tm_async.emulator import Emulator

Run = Callable[..., Done]
OWN = HEADER.split(",")
OURS = ["status", "meeting_code", "join_url", "time", "reason", "not_registered", "row"]
EVIL = 'tester,"=HYPERLINK(""http://evil.example"",""x"")",2038-01-05T10:00+08:00,,60,,mallory,123456,'


def sheet(path: Path) -> list[list[str]]:
    """By another library than the one that wrote it."""
    from python_calamine import CalamineWorkbook

    return [[str(cell) for cell in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()]


def table(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "by which Excel knows UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".XLSX"])
def test_the_users_own_columns_come_first(run: Run, emulator: Emulator, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"result{suffix}"
    done = run("batch", "create", csv_file(tmp_path, GOOD, BAD, UNKNOWN_CREATOR, EVIL), "--skip-bad", "--out", out)
    assert (done.code, done.out) == (1, "")
    header, good, bad, unknown, evil = sheet(out) if suffix.lower() == ".xlsx" else table(out)
    assert header == OWN + OURS
    code, url = next((one.code, one.join_url) for one in emulator.state.meetings.values() if one.subject == "周会")
    assert good == [*GOOD.split(","), "created", code, url, "2038-01-05 10:00 +0800", "", "", "2"]
    assert bad[7] == "***"
    assert bad[9:14] == [
        "rejected",
        "",
        "",
        "2038-01-05 10:00 +0800",
        "password: must be 4 to 6 digits (doc 1095/42417)",
    ]
    assert re.fullmatch(r"the user is not registered \(trace .+\)|.+ \(trace .+\)", unknown[13])
    assert evil[1].lstrip("'").startswith("=HYPERLINK")
    assert evil[14] == "mallory"
    assert "123456" not in str(out.read_bytes())
    assert done.err.endswith("1 invitee is not registered, so not invited: mallory\n")


def test_no_cell_is_a_formula(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    for suffix in (".xlsx", ".csv"):
        out = tmp_path / f"result{suffix}"
        run("batch", "create", csv_file(tmp_path, EVIL), "--out", out)
        if suffix == ".csv":
            assert table(out)[1][1].startswith("'=")
        else:
            with zipfile.ZipFile(out) as packed:
                (part,) = [name for name in packed.namelist() if "worksheets/" in name]
                assert b"<f>" not in packed.read(part)
    assert len(emulator.state.meetings) == 1


@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods", ".xlsm"])
def test_other_spreadsheets_are_not_written(run: Run, emulator: Emulator, tmp_path: Path, suffix: str) -> None:
    """As JSON lines under such a name nobody could open them."""
    done = run("batch", "create", csv_file(tmp_path, GOOD), "--out", tmp_path / f"out{suffix}")
    assert (done.code, "name it .xlsx" in done.err) == (2, True)
    assert emulator.journal == []


def test_results_in_chinese(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    out = tmp_path / "结果.csv"
    file = tmp_path / "m.csv"
    file.write_text("主题,创建人,开始时间,时长,备注\n周会,tester,2038-01-05T10:00+08:00,60,=1\n", encoding="utf-8")
    assert run("--lang", "zh", "batch", "create", file, "--ignore-unknown", "--out", out).code == 0
    header, row = table(out)
    assert header == [
        "主题",
        "创建人",
        "开始时间",
        "时长",
        "备注",
        *["状态", "会议号", "入会链接", "会议时间", "原因", "未注册", "行"],
    ]
    assert row[4:6] == ["'=1", "已创建"]
    assert len(emulator.state.meetings) == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_export(run: Run, emulator: Emulator, tmp_path: Path, suffix: str) -> None:
    file = csv_file(tmp_path, GOOD, UNKNOWN_CREATOR, EVIL)
    run("batch", "create", file)
    out = tmp_path / f"export{suffix}"
    assert run("batch", "export", file, "--out", out).code == 0
    header, *rows = sheet(out) if suffix == ".xlsx" else table(out)
    assert header == [*HEADER.split(","), *OURS]
    assert [row[:5] for row in rows] == [one.split(",")[:5] for one in (GOOD, UNKNOWN_CREATOR)] + [rows[2][:5]]
    file.unlink()
    assert run("batch", "export", f"{file}.ledger", "--out", out, "--force").code == 0
    header, *rows = sheet(out) if suffix == ".xlsx" else table(out)
    assert header[:4] == ["userid", "instanceid", "subject", "type"], "of the request, as the file is gone"
    assert header[-7:] == OURS
    assert [row[header.index("status")] for row in rows] == ["created", "rejected", "created"]
    assert [row[header.index("password")] for row in rows] == ["", "", "***"]
    assert {row[header.index("meeting_code")] for row in rows} - {""} == {
        one.code for one in emulator.state.meetings.values()
    }


def test_json_lines_as_a_sheet(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file, out = tmp_path / "m.jsonl", tmp_path / "out.xlsx"
    times = '"start_time":"2038-01-05T10:00Z","end_time":"2038-01-05T11:00Z"'
    file.write_text(f'{{"userid":"tester","subject":"a",{times}}}\n{{"subject":"b","invitees":["a","b"]}}\n')
    run("batch", "create", file, "--skip-bad", "--out", out)
    header, first, second = sheet(out)
    assert header == ["userid", "subject", "start_time", "end_time", "invitees", *OURS]
    assert first[:6] == ["tester", "a", "2038-01-05T10:00Z", "2038-01-05T11:00Z", "", "created"]
    assert second[:6] == ["", "b", "", "", "a; b", "rejected"]
    assert len(emulator.state.meetings) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends with another error")
def test_a_reader_of_what_changed_nothing_may_go_away(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """As with `| head`: only what was done is to be kept from getting lost."""
    file = csv_file(tmp_path, *[GOOD] * 3)
    run("batch", "create", file)
    emulator.recordings.add("tester", subject="Weekly")
    for command in (("batch", "export", str(file)), ("recordings", "list", "--user", "tester")):
        with subprocess.Popen(
            [sys.executable, "-m", "tm_async", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 1
