"""What commands print can't steer the terminal, whoever wrote it."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, Done
from tm_async.cli.reading.header import read_header
from tm_async.cli.reading.problem import CellError, FileProblem
from tm_async.cli.reading.rows import Format, read_rows
from tm_async.cli.reading.strict_json import read_object
from tm_async.cli.show import json_line
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]

STEERING = "\x1b[2J\x7f\x9b\u202e\u2066\u2028"
STEERS = set(STEERING) - set("[2J")


def assert_harmless(done: Done) -> None:
    shown = done.out + done.err
    assert not [char for char in STEERS if char in shown], ascii(shown)


def a_file(tmp_path: Path, *, name: str = "meetings.csv", subject: str = "x") -> Path:
    path = tmp_path / name
    path.write_text(f"{HEADER}\ntester,{subject},2027-01-05T10:00+08:00,,60,,,,\n", encoding="utf-8")
    return path


def test_subjects_and_trace_ids(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    subject = STEERING.replace("\u2028", "")
    done = run("batch", "create", a_file(tmp_path, subject=subject), "--no-ledger")
    assert_harmless(done)
    assert json.loads(done.out)["subject"] == subject  # and nothing of it is lost
    emulator.add_fault(FaultRule(error_code=9042))
    refused = run("batch", "create", a_file(tmp_path, subject=subject), "--no-ledger")
    assert refused.code == 1
    assert_harmless(refused)


def test_a_call_on_a_terminal(run: Run, emulator: Emulator) -> None:
    request = {
        "userid": "tester",
        "instanceid": 1,
        "type": 0,
        "subject": STEERING,
        "start_time": "1800000000",
        "end_time": "1800003600",
    }
    done = run("call", "meetings.create", "--json", json.dumps(request))
    assert done.code == 0
    assert_harmless(done)
    assert json.loads(done.out)["meeting_info_list"][0]["subject"] == STEERING
    wrong = run("call", "meetings.create", "--json", json.dumps({**request, STEERING: 1}))
    assert wrong.code == 2
    assert_harmless(wrong)


@pytest.mark.parametrize(
    "arguments",
    [
        ("batch", "create", f"no{STEERING}file.csv"),
        ("batch", "create", f"-{STEERING}"),
        ("batch", "status", f"no{STEERING}ledger.db"),
        ("call", f"meetings.{STEERING}"),
        ("call", "meetings.create", "--json", f"@no{STEERING}file"),
        (f"command{STEERING}",),
        (f"--option{STEERING}",),
        ("logout", "--open-id", f"user{STEERING}"),
        ("whoami", "--offline", "--open-id", f"user{STEERING}"),
        ("emulator", "--auto-approve", f"user{STEERING}"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]).encode("ascii", "replace").decode(),
)
def test_arguments_and_names_of_files(run: Run, third_party: Emulator, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code in {1, 2}
    assert_harmless(done)


def test_a_file_whose_name_steers(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    path = a_file(tmp_path, name=f"a{STEERING}.csv")
    path.write_text("nonsense\n")
    assert_harmless(run("batch", "create", path))
    out = tmp_path / f"out{STEERING}"
    out.touch()
    assert_harmless(run("batch", "create", a_file(tmp_path), "--out", out))


def test_json_is_the_same_to_a_reader() -> None:
    value = {"a": STEERING + "\n\t\\ud800 😀 👩‍👧", "b": "\U000e0041\ud800"}
    line = json_line(value)
    assert json.loads(line) == value
    assert line.count(b"\n") == 1
    assert "😀".encode() in line


def test_a_number_that_json_does_not_have_is_shown_as_text() -> None:
    assert (
        json_line({"a": [float("nan"), float("-inf")], "b": "NaN é"})
        == '{"a": ["NaN", "-Infinity"], "b": "NaN é"}\n'.encode()
    )


@pytest.mark.parametrize("text", ['{"a": %s}', '{"a": -%s}', '{"a": [{"b": %s}]}'])
def test_a_number_of_too_many_digits(text: str) -> None:
    """Python reads none of more than 4,300, as that takes ever longer."""
    assert read_object(text % ("9" * 4300))
    with pytest.raises(CellError, match="has a number of too many digits") as caught:
        read_object(text % ("9" * 4301))
    assert caught.value.message_zh == "有位数过多的数字"


@pytest.mark.parametrize("form", ['"a\\u0041": %s1%s', '"a": %s1%s'])
def test_no_depth_is_too_much_for_what_reads_it(form: str) -> None:
    """Also where it is just shallow enough to be read, and not to be looked at for half a character."""
    for depth in range(900, 1000):
        text = form % ("[" * depth, "]" * depth)
        with suppress(CellError):
            read_object("{" + text + "}")


@pytest.mark.parametrize("form", ['{"a":%s1%s}', '{"settings":%s"\\u0041"%s}', '{"subject":%s[]%s}'])
def test_no_depth_of_a_row_is_a_traceback(form: str) -> None:
    """Python 3.12 and later read thousands of levels, which is more than what goes through the object can bear."""
    for depth in (99, 1500, 3000, 9000, 200_000):
        text = form % ('{"b":' * depth, "}" * depth) + "\n"
        (row,) = read_rows(io.BytesIO(text.encode()), Format.JSONL)
        assert depth == 99 or [problem.message for problem in row.problems] == ["is nested too deeply"]
    assert read_object('{"a":' + "[" * 100 + "]" * 100 + "}")
    with pytest.raises(CellError, match="is nested too deeply"):
        read_object('{"a":' + "[" * 101 + "]" * 101 + "}")


def test_many_members_and_columns_take_no_time() -> None:
    """Looking each of them up among all others took 42 s for 80,000 members."""
    names = [f"m{number}" for number in range(200_000)]
    members = ",".join(f'"{name}":1' for name in [*names, names[-1]])
    with pytest.raises(ValueError, match="'m199999' twice"):
        read_object("{" + members + "}")
    columns = ["userid", "subject", "start_time", "end_time", *[""] * 200_000]
    read_header(columns, ignore_unknown=False)
    with pytest.raises(FileProblem, match="'subject' twice"):
        read_header([*columns, "subject"], ignore_unknown=False)
