"""`tm-async call OPERATION --help`, ISO 8601 times in calls, `operations` with words, completion."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Done
from tm_async.cli.calls.described import _rules, describe_operation, example_of
from tm_async.cli.calls.moments import with_moments
from tm_async.client.generic import checked
from tm_async.core.exchange import Gateway
from tm_async.core.operation import Operation
from tm_async.core.prepare import prepare
from tm_async.emulator import Emulator
from tm_async.errors import ValidationError
from tm_async.spec.catalogue import Entry, entries

Run = Callable[..., Done]
CALLABLE = [one for one in entries().values() if one.in_json]


@pytest.mark.parametrize("entry", CALLABLE, ids=lambda one: one.id)
def test_the_example_of_every_operation_would_be_sent(entry: Entry) -> None:
    example = json.loads(json.dumps(example_of(entry)))
    assert checked(entry.id, with_moments(entry, example)[0])
    shown = describe_operation(entry)
    assert entry.summary in shown
    for one in [*entry.path_params, *entry.query, *entry.body]:
        assert f"  {one['name']}  ({'array' if one['type'] == 'array' else one['type']}" in shown


@pytest.mark.parametrize("entry", CALLABLE, ids=lambda one: one.id)
def test_what_is_not_taken_is_said(entry: Entry) -> None:
    shown = describe_operation(entry)
    for one in [*entry.path_params, *entry.query, *entry.body, *entry.headers]:
        lines = [line for line in shown.splitlines() if line.startswith(f"  {one['name']}  (")]
        try:
            checked(entry.id, {one["name"]: None})
            unknown = False
        except ValidationError as error:
            unknown = any(problem.rule == "unknown-member" for problem in error.violations)
        assert {"not taken here" in line for line in lines} == {unknown}


@pytest.mark.parametrize("chinese", [False, True])
def test_limits_are_said_of_no_value(monkeypatch: pytest.MonkeyPatch, chinese: bool) -> None:
    monkeypatch.setattr("tm_async.cli.calls.described.in_chinese", lambda: chinese)
    limits = {limit for entry in entries().values() for _, found in _rules(entry) for limit in found}
    assert len(limits) > 80
    assert sorted(limit for limit in limits if "..." in limit or not limit) == []


@pytest.mark.usefixtures("emulator")
def test_help_of_what_uploads_a_file(run: Run) -> None:
    done = run("call", "recordings.upload", "--help")
    assert done.code == 0
    assert done.out.endswith("recordings.upload uploads a file (multipart/form-data), which this command can't.\n")


@pytest.mark.usefixtures("emulator")
def test_help_of_an_operation(run: Run) -> None:
    for arguments in (["meetings.create", "--help"], ["--help", "meetings.create"], ["meetings.create", "-h"]):
        done = run("call", *arguments)
        assert done.code == 0
        assert "POST /v1/meetings" in done.out
        assert "  end_time  (string; ISO 8601, required)" in done.out
        assert "must be 4 to 6 digits" in done.out
        assert "1: PC" in done.out
    chinese = run("--lang", "zh", "call", "meetings.create", "--help").out
    assert "  end_time  (string; ISO 8601, 必填)" in chinese
    command = next(line for line in done.out.splitlines() if "--dry-run --json" in line)
    sent = subprocess.run(  # noqa: S602 - our own help
        command.replace("tm-async", f"{sys.executable} -m tm_async"),
        shell=True,
        capture_output=True,
        check=False,
    )
    assert sent.returncode == 0, sent.stderr
    assert "Usage: " in run("call", "--help").out
    for arguments in (["pstn.call_out", "--help"], ["--help", "--json", "{}", "pstn.call_out"]):
        done = run("call", *arguments)
        assert (done.code, done.out) == (2, "")
        assert "There is no operation 'pstn.call_out'. Did you mean pstn." in done.err
    assert '"tm-async call OPERATION --help" lists them' in " ".join(run("call", "--help").out.split())


def test_help_of_an_operation_in_chinese(run: Run) -> None:
    done = run("--lang", "zh", "call", "meetings.create", "--help")
    assert "正文字段：" in done.out
    assert "应为 4 至 6 位数字" in done.out


@pytest.mark.parametrize(
    ("operation", "data", "turned"),
    [
        ("meetings.list_participants", {"start_time": "2027-01-05T10:00+08:00"}, {"start_time": 1799114400}),
        (
            "recordings.list",
            {"start_time": "2027-01-05T02:00Z", "end_time": 5},
            {"start_time": 1799114400, "end_time": 5},
        ),
        ("recordings.list_view_details", {"start_time": "2027-01-05T02:00Z"}, {"start_time": 1799114400}),
        ("meetings.create", {"subject": "2027-01-05T02:00Z"}, {"subject": "2027-01-05T02:00Z"}),
        ("recordings.list", {"start_time": "1799114400"}, {"start_time": "1799114400"}),
        ("users.create", {"entry_time": "2027-01-05T02:00Z"}, {"entry_time": 1799114400}),
    ],
)
def test_iso_times(operation: str, data: dict[str, Any], turned: dict[str, Any]) -> None:
    found, problems = with_moments(entries()[operation], data)
    assert not problems
    assert {
        name: int(value.timestamp()) if hasattr(value, "timestamp") else value for name, value in found.items()
    } == turned


def test_a_class_knows_its_unit() -> None:
    documented = entries()["recordings.list_view_details"]
    given = {"operator_id": "tester", "operator_id_type": 1, "record_file_id": "1", "start_time": "2027-01-05T02:00Z"}
    request = checked(documented.id, with_moments(documented, given)[0])
    assert isinstance(request, Operation)
    assert prepare(request, Gateway("https://api.meeting.qq.com")).target.endswith("start_time=1799114400000")


def test_a_call_takes_iso_times(run: Run, emulator: Emulator) -> None:
    rule = {"recurring_type": 0, "until_type": 0, "until_date": "2027-01-09 23:00"}
    data = {
        "userid": "tester",
        "instanceid": 1,
        "subject": "s",
        "start_time": "2027-01-05 10:00",
        "end_time": "2027-01-05T03:00Z",
        "time_zone": "Asia/Shanghai",
        "recurring_rule": rule,
    }
    assert run("call", "meetings.create", "--json", json.dumps(data)).code == 0
    (meeting,) = emulator.state.meetings.values()
    assert len(meeting.occurrences) == 5


def test_a_time_that_cannot_be_read(run: Run) -> None:
    for text, problem in (("soon", "must be an ISO 8601"), ("2027-01-05T10:00", "has no offset")):
        _, (violation,) = with_moments(entries()["recordings.list"], {"start_time": text})
        assert str(violation).startswith(f"start_time: '{text}' {problem}")
        assert "--time-zone" not in str(violation), "which is an option of batch create"
    done = run("call", "meetings.create", "--json", '{"start_time": "soon", "end_time": 1799114400000, "userid": "1"}')
    found = [(one["field"], one["rule"]) for one in json.loads(done.err)["error"]["violations"]]
    assert done.code == 2
    assert found == [("start_time", "moment"), ("userid", "userid"), ("subject", "required"), ("end_time", "type")]


def test_operations_are_filtered(run: Run) -> None:
    listed = json.loads(run("operations", "users", "--json").out)
    assert 0 < len(listed) < len(entries())
    assert all("user" in f"{one['id']} {one['path']} {one['summary']}".lower() for one in listed)
    shown = run("operations", "WAITING", "room").out
    assert "Get the waiting room welcome text" in shown
    assert "meetings.create " not in shown
    done = run("operations", "no", "such", "thing")
    assert (done.code, done.out, done.err) == (1, "", "There is no such operation.\n")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("call meetings.get", "meetings.get_qos"), ("operations us", "users"), ("batch can", "cancel")],
)
def test_completion(words: str, expected: str) -> None:
    begun = f"tm-async {words}"
    environ = {**os.environ, "_TM_ASYNC_COMPLETE": "bash_complete", "COMP_WORDS": begun, "COMP_CWORD": "2"}
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'tm-async'; from tm_async.cli import main; main()"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert f"plain,{expected}" in done.stdout.split()
