"""`users sync` against the emulator: what it shows, what it does, and how it goes on."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.cli.conftest import Done
from tests.cli.test_results import sheet as written
from tests.cli.test_results import table
from tm_async.api.users import UserStatus
from tm_async.batch.ledger import open_ledger
from tm_async.cli.reading.options import Options as Reading
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.reading.rows import Format
from tm_async.cli.staff.calls import call_of
from tm_async.cli.staff.planning import Action, Present, Step
from tm_async.cli.staff.reading import read_staff
from tm_async.cli.staff.sync import _Sync
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
HEADER = "userid,username,phone,email,job_title"
SOME = ["tester", "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan"]


@pytest.fixture
def staff(tmp_path: Path) -> Callable[..., Path]:
    """A staff list of rows; `keep`: with everybody who is there."""

    def write(*rows: str, keep: Sequence[str] = SOME, name: str = "staff.csv") -> Path:
        file = tmp_path / name
        file.write_text("\n".join([HEADER, *rows, *(f"{one},,,," for one in keep)]), encoding="utf-8")
        return file

    return write


@pytest.fixture
def sync_(run: Run, emulator: Emulator) -> Run:
    return lambda file, *more, **extra: run("users", "sync", file, "--operator", "admin", *more, **extra)


def sent(emulator: Emulator) -> list[str]:
    return [str(one.operation) for one in emulator.journal if one.method != "GET"]


def outcomes(done: Done) -> list[tuple[str, str, str]]:
    lines = [json.loads(line) for line in done.out.splitlines()]
    return [(line["action"], line["userid"], line["status"]) for line in lines]


def user(emulator: Emulator, userid: str) -> Any:
    return next((one for one in emulator.users if one.userid == userid), None)


ADA = "ada,Ada,13900000001,ada@example.com,engineer"


def test_a_plan_is_shown_and_nothing_is_done(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    file = staff(ADA, "alice,Alice B,,,lead", keep=SOME[2:])
    done = sync_(file)
    assert done.code == 0
    assert "create" in done.out
    assert "username: alice -> Alice B" in done.out
    assert "Plan: create 1, change 2" in done.err
    assert "--apply does it" in done.err
    assert sent(emulator) == []
    assert not Path(f"{file}.ledger").exists()


def test_the_plan_for_machines(sync_: Run, staff: Callable[..., Path]) -> None:
    shown = json.loads(sync_(staff(ADA), "--json").out)
    assert [step["action"] for step in shown["steps"]] == ["create", "change"]
    assert shown["steps"][1]["changes"] == [{"name": "email", "old": "", "new": "ada@example.com"}]
    assert shown["counts"]["unchanged"] == len(SOME)
    assert [(one["why"], one["userid"]) for one in shown["remarks"]] == [("missing", "admin")]


def test_it_is_done_and_then_there_is_nothing_to_do(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    file = staff(ADA, "alice,Alice B,,,lead", keep=SOME[2:])
    done = sync_(file, "--apply")
    assert (done.code, outcomes(done)) == (
        0,
        [("create", "ada", "done"), ("change", "ada", "done"), ("change", "alice", "done")],
    )
    assert "3 done, 0 rejected, 0 unknown, 0 not sent of 3 steps." in done.err
    ada = user(emulator, "ada")
    assert (ada.username, ada.phone, ada.email, ada.job_title) == ("Ada", "13900000001", "ada@example.com", "engineer")
    before = sent(emulator)
    again = sync_(file, "--apply")
    assert (again.code, again.out, sent(emulator)) == (0, "", before)
    assert "Nothing to do" in again.err


def test_who_is_missing_is_disabled_and_comes_back(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    assert outcomes(sync_(staff(keep=SOME[1:]), "--apply")) == []
    assert outcomes(sync_(staff(keep=SOME[1:]), "--apply", "--disable-missing")) == [("disable", "tester", "done")]
    assert user(emulator, "tester").status == "4"
    back = staff("tester,,,,lead", keep=SOME[1:])
    assert outcomes(sync_(back, "--apply")) == [("enable", "tester", "done"), ("change", "tester", "done")]
    assert outcomes(sync_(staff(keep=SOME[1:]), "--apply", "--disable-missing")) == [("disable", "tester", "done")], (
        "what the ledger has as done is done again where it is needed again"
    )


def test_deletion_hands_data_over(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    file = staff(keep=SOME[1:])
    done = sync_(file, "--apply", "--delete", "--transfer-to", "alice")
    assert outcomes(done) == [("delete", "tester", "done"), ("transfer", "tester", "done")]
    assert sent(emulator) == ["users.delete", "users.delete_and_transfer"]
    assert user(emulator, "tester") is None


def test_deletion_alone_leaves_data(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    assert outcomes(sync_(staff(keep=SOME[1:]), "--apply", "--delete")) == [("delete", "tester", "done")]
    assert "users.delete_and_transfer" not in sent(emulator)


@pytest.mark.parametrize(("most", "code"), [("1", 2), ("2", 0), ("20%", 0), ("10%", 2)])
def test_too_many_are_none(sync_: Run, staff: Callable[..., Path], emulator: Emulator, most: str, code: int) -> None:
    done = sync_(staff(ADA, keep=SOME[2:]), "--apply", "--delete", "--max-deletes", most)
    assert done.code == code
    assert ("2 would be deleted, and at most 1 may be" in done.err) is bool(code)
    assert (sent(emulator) == []) is bool(code)


@pytest.mark.parametrize("listed", [False, True])
def test_data_that_a_broken_run_did_not_hand_over(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    """Deleted, and the run ended before the next call: the ledger still knows, also where a list shows the deleted."""
    file = staff(keep=SOME[1:])
    step = call_of(Step(Action.TRANSFER, "tester", receiver="alice"), "admin")

    async def left() -> None:
        from tm_async import EnterpriseSecret, TencentMeeting

        auth = EnterpriseSecret.from_env(emulator.env)
        ledger = open_ledger(f"{file}.ledger")
        async with TencentMeeting(auth, base_url=emulator.base_url) as tm:
            await tm.users.delete_and_transfer_many.plan([step.operation], ledger, key=lambda _: step.key)
            await tm.users.delete(operator_id="admin", userid="tester")
        await ledger.aclose()

    asyncio.run(left())
    if listed:
        present = _Sync._present

        async def with_the_deleted(self: _Sync) -> list[Present]:
            return [*await present(self), Present("tester", status=UserStatus.DEREGISTERED)]

        monkeypatch.setattr(_Sync, "_present", with_the_deleted)
    shown = sync_(file)
    assert "data go to alice" in shown.out
    done = sync_(file, "--apply")
    assert (done.code, outcomes(done)) == (0, [("transfer", "tester", "done")])
    assert outcomes(sync_(file, "--apply")) == []


def test_a_refusal_is_told_and_what_follows_is_not_sent(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator
) -> None:
    file = staff(ADA)
    emulator.users.buy("user_account_type", 1, 0)
    emulator.users.buy("user_account_type", 2, 0)
    done = sync_(file, "--apply")
    assert (done.code, outcomes(done)) == (1, [("create", "ada", "rejected"), ("change", "ada", "not sent")])
    assert "no licence" in done.out


BAD: list[tuple[list[str], str]] = [
    ([ADA, ADA], "row 3: userid: stands in row 2 already"),
    ([ADA, "bo,Bo,139-0000-0001,,"], "row 3: phone: stands in row 2 already"),
    ([ADA, "bo,Bo,,ADA@example.com,"], "row 3: email: stands in row 2 already"),
    (["bo,Bo,1.39E+10,,"], "is a number that the spreadsheet has cut"),
    (["bo,Bo,+86 139,,"], "row 2: phone: must be digits"),
    (["bo,Bo,139,," + "x" * 97], "row 2: job_title:"),
    ([",Bo,139,,"], "row 2: userid: must be a text that is not empty"),
    (["bo,Bo"], "row 2: has 2 cells, the header has 5"),
    (["bo,,,,"], "row 2: username"),
    (["b o,Bo,139,,"], "row 2: userid: must be at most 40 bytes"),
]


@pytest.mark.parametrize(("rows", "problem"), BAD)
def test_what_is_wrong_stops_everything(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator, rows: list[str], problem: str
) -> None:
    done = sync_(staff(*rows), "--apply")
    assert done.code == 2
    assert problem in done.err
    assert "Nothing was sent" in done.err
    assert sent(emulator) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--delete", "--disable-missing"], "contradict each other"),
        (["--transfer-to", "alice"], "needs --delete"),
        (["--delete", "--transfer-to", "nobody"], "nobody is no user"),
        (["--delete", "--max-deletes", "many"], "give a number of users"),
        (["--delete", "--max-deletes", "101%"], "give a number of users"),
    ],
)
def test_wrong_usage(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator, options: list[str], problem: str
) -> None:
    done = sync_(staff(keep=SOME[1:]), "--apply", *options)
    assert done.code == 2
    assert problem in " ".join(done.err.split())
    assert sent(emulator) == []


def test_an_administrator_who_is_none(run: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    done = run("users", "sync", staff(ADA), "--operator", "nobody", "--apply")
    assert done.code == 1
    assert sent(emulator) == []


def test_in_chinese(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes("账号;姓名;手机号;职位\nada;张三;13900000001;工程师\n".encode("gb18030"))
    done = run("--lang", "zh", "users", "sync", file, "--operator", "admin")
    assert done.code == 0
    assert "张三" in done.out
    assert "计划：创建 1" in done.err
    assert "GB18030" in done.err


def test_json_lines_read_like_a_table(tmp_path: Path) -> None:
    lines, table = tmp_path / "s.jsonl", tmp_path / "s.csv"
    lines.write_text('{"userid": "a", "phone": "139", "department_list": ["d"]}\n\n{"userid": "b", "email": null}\n')
    table.write_text("userid,phone,email,部门\na,139,,d\nb,,,\n")
    first = read_staff(str(lines), Format.JSONL, Reading())
    second = read_staff(str(table), Format.CSV, Reading())
    assert first.problems == second.problems == ()
    assert [(one.userid, one.values) for one in first.people] == [(one.userid, one.values) for one in second.people]
    assert first.people[0].values == {"phone": "139", "department": "d"}
    lines.write_text('{"userid": "a", "user_account_type": 9, "职位": "x"}\n')
    assert read_staff(str(lines), Format.JSONL, Reading()).people[0].values == {"licence": "9", "job_title": "x"}


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"userid": "a", "phone": 139}', "phone"),
        ('{"userid": "a", "phones": "139"}', "phones"),
        ('{"userid": "a", "department_list": ["d", "e"]}', "department_list"),
        ('{"userid": 5}', "userid"),
        ('{"userid": "a", "licence": "9", "user_account_type": "9"}', "user_account_type"),
        ("[]", ""),
    ],
)
def test_lines_that_can_not_be_meant(tmp_path: Path, line: str, field: str) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(line)
    assert field in [one.field for _, one in read_staff(str(file), Format.JSONL, Reading()).problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "has no rows"),
        ("userid,username\n", "has no rows"),
        ("username\nx\n", "lacks the column userid"),
        ("userid,colour\na,b\n", "unknown column 'colour'"),
        ("userid,手机,phone\na,1,2\n", "has the column 'phone' twice"),
    ],
)
def test_files_that_are_no_staff_list(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text(text)
    with pytest.raises(FileProblem, match=problem):
        read_staff(str(file), Format.CSV, Reading())


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize(
    ("operation", "rows", "keep", "options"),
    [
        ("users.create", ["ada,Ada,13900000001,,"], SOME, []),
        ("users.modify", ["tester,,,,lead"], SOME[1:], []),
        ("users.set_enabled", [], SOME[1:], ["--disable-missing"]),
        ("users.delete", [], SOME[1:], ["--delete"]),
    ],
)
def test_an_answer_that_is_lost(
    sync_: Run,
    staff: Callable[..., Path],
    emulator: Emulator,
    operation: str,
    rows: list[str],
    keep: list[str],
    options: list[str],
    drop: Any,
) -> None:
    """The user is looked up; after at most one more run everything is as it should be, and nothing was done twice."""
    emulator.add_fault(FaultRule(operation=operation, drop=drop, nth=1))
    file = staff(*rows, keep=keep)
    done = sync_(file, "--apply", "--settle", "0", *options)
    if drop == "after":
        assert done.code == 0
    if done.code:
        assert sync_(file, "--apply", "--settle", "0", *options).code == 0
    assert json.loads(sync_(file, "--json", *options).out)["steps"] == []


def test_data_of_which_nothing_is_known_are_not_sent_twice(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator
) -> None:
    emulator.add_fault(FaultRule(operation="users.delete_and_transfer", drop="after"))
    file = staff(keep=SOME[1:])
    done = sync_(file, "--apply", "--delete", "--transfer-to", "alice")
    assert (done.code, outcomes(done)) == (1, [("delete", "tester", "done"), ("transfer", "tester", "unknown")])
    again = sync_(file, "--apply", "--delete", "--transfer-to", "alice")
    assert "tester: it is not known whether the data were handed over" in again.err
    assert sent(emulator).count("users.delete_and_transfer") == 1


@pytest.mark.parametrize("another", [False, True])
def test_a_refused_hand_over_is_in_the_plan_until_it_is_done(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator, another: bool
) -> None:
    """The user is gone from the list then: only the ledger knows that the data are still to be handed over."""
    emulator.add_fault(FaultRule(operation="users.delete_and_transfer", error_code=500014, times=2))
    file = staff(keep=SOME[1:])
    done = sync_(file, "--apply", "--delete", "--transfer-to", "alice")
    assert (done.code, outcomes(done)) == (1, [("delete", "tester", "done"), ("transfer", "tester", "rejected")])
    assert "data go to alice" in sync_(file).out
    done = sync_(file, "--apply")
    assert (done.code, outcomes(done)) == (1, [("transfer", "tester", "rejected")])
    receiver = ("--delete", "--transfer-to", "bob") if another else ()
    assert f"data go to {'bob' if another else 'alice'}" in sync_(file, *receiver).out
    done = sync_(file, "--apply", *receiver)
    assert (done.code, outcomes(done)) == (0, [("transfer", "tester", "done")])
    assert outcomes(sync_(file, "--apply")) == []


def test_a_hand_over_under_way_at_the_end_of_a_run_is_not_promised(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator
) -> None:
    """Killed in the middle of it: it can't be looked up, so the plan does not have it."""
    file = staff(keep=SOME[1:])
    step = call_of(Step(Action.TRANSFER, "tester", receiver="alice"), "admin")

    async def killed() -> None:
        from tm_async import EnterpriseSecret, TencentMeeting

        ledger = open_ledger(f"{file}.ledger")
        async with TencentMeeting(EnterpriseSecret.from_env(emulator.env), base_url=emulator.base_url) as tm:
            await tm.users.delete_and_transfer_many.plan([step.operation], ledger, key=lambda _: step.key)
            await tm.users.delete(operator_id="admin", userid="tester")
        await ledger.claim("killed", lease=0.001)
        await ledger.aclose()

    asyncio.run(killed())
    for more in ((), ("--apply",)):
        done = sync_(file, "--json", *more)
        assert done.code == 0
        assert "tester: it is not known whether the data were handed over; look in the console" in done.err
    assert "users.delete_and_transfer" not in sent(emulator)


def test_what_can_not_be_is_told_and_is_no_success(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    """Somebody else has the phone."""
    assert sync_(staff(ADA), "--apply").code == 0
    file = staff("eve,Eve,13900000001,,", "ada,,,,")
    for more in ((), ("--json",)):
        done = sync_(file, "--apply", *more)
        assert done.code == 1
        assert "ada has it" in done.err
    assert sync_(file).code == 0, "it is a plan"
    assert user(emulator, "eve") is None


def test_an_id_with_something_invisible_is_another_one(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator
) -> None:
    """Out of a table that was pasted together: nobody is deleted for it."""
    done = sync_(staff("\u200balice,Alice,,,", keep=[*SOME[:1], *SOME[2:]]), "--apply", "--delete")
    assert done.code == 2
    assert "row 2: userid: must be at most 40 bytes without Chinese or invisible characters" in done.err
    assert sent(emulator) == []


def test_a_creation_that_was_done_meanwhile(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    """Refused, as the userid is taken: by just this user."""
    emulator.add_fault(FaultRule(operation="users.create", error_code=20002))
    file = staff("ada,Ada,13900000001,,")
    assert outcomes(sync_(file, "--apply", "--no-ledger")) == [("create", "ada", "rejected")]
    assert not Path(f"{file}.ledger").exists()


def test_a_ledger_is_that_of_a_staff_list_or_of_meetings(
    run: Run, sync_: Run, staff: Callable[..., Path], emulator: Emulator, tmp_path: Path
) -> None:
    """Going on with the other one's entries would spoil them."""
    emulator.add_fault(FaultRule(operation="users.delete_and_transfer", drop="after"))
    file = staff(keep=SOME[1:])
    assert sync_(file, "--apply", "--delete", "--transfer-to", "alice").code == 1
    for command in ("status", "export", "resume", "cancel"):
        done = run("batch", command, file)
        assert (done.code, done.out, 'run "users sync" again' in done.err) == (2, "", True)
    meetings = tmp_path / "m.csv"
    meetings.write_text("userid,subject,start_time,end_time\nalice,s,2027-01-05T10:00Z,2027-01-05T11:00Z\n")
    calls = len(emulator.journal)
    done = run("batch", "create", meetings, "--ledger", f"{file}.ledger")
    assert (done.code, done.out, "ledger of a staff list. --ledger names" in done.err) == (2, "", True)
    done = run("batch", "create", meetings, "--ledger", f"{file}.ledger", "--dry-run")
    assert (done.code, "ledger of a staff list" in done.err) == (2, True)
    assert len(emulator.journal) == calls
    assert sync_(file, "--apply").code == 0, "nothing of it was spoilt"
    assert run("batch", "create", meetings).code == 0
    done = sync_(file, "--apply", "--ledger", f"{meetings}.ledger")
    assert (done.code, "ledger of a batch of meetings" in done.err) == (2, True)
    assert sync_(file, "--ledger", "x", "--no-ledger").code == 2


# --- licences and roles, spreadsheets, the end ------------------------------------------------------------------------


def test_licences_and_roles(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    emulator.corp.add_role("AUDITOR", "审计")
    file = tmp_path / "s.csv"
    rows = ["账号,许可,角色", "alice,free,AUDITOR", "bob,2,", "ada,,AUDITOR", "admin,,AUDITOR"]
    file.write_text("\n".join(rows), encoding="utf-8")
    command = ("users", "sync", file, "--operator", "admin")
    done = run(*command)
    assert done.code == 2
    assert "row 4: username" in done.err
    file.write_text("\n".join([*rows[:3], rows[4]]), encoding="utf-8")
    done = run(*command, "--apply")
    assert (done.code, outcomes(done)) == (
        0,
        [("change", "alice", "done"), ("change", "bob", "done"), ("role", "alice", "done")],
    )
    assert sent(emulator) == ["users.modify", "users.modify", "corp.set_role"]
    alice = user(emulator, "alice")
    assert (alice.user_account_type, alice.role_code) == (2, "AUDITOR")
    shown = json.loads(run(*command, "--json").out)
    assert shown["steps"] == []
    assert [one["why"] for one in shown["remarks"] if one["userid"] == "admin"] == ["acting"]


def test_a_licence_and_a_role_that_are_refused(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    emulator.users.buy("user_account_type", 2, 0)
    file = tmp_path / "s.jsonl"
    file.write_text('{"userid": "alice", "licence": 2, "role": "NONE"}\n{"userid": "bob", "role": "NONE"}\n')
    done = run("users", "sync", file, "--operator", "admin", "--apply", "--no-ledger")
    assert done.code == 1
    assert outcomes(done) == [
        ("change", "alice", "rejected"),
        ("role", "bob", "rejected"),
        ("role", "alice", "not sent"),
    ]


@pytest.mark.parametrize("text", ["gold", "10", "2.5", "premium!"])
def test_licences_that_are_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text(f"userid,licence\na,{text}\n")
    ((row, problem),) = read_staff(str(file), Format.CSV, Reading()).problems
    assert (row, problem.field) == (2, "licence")
    assert "9 premium" in problem.message


def test_a_workbook(run: Run, emulator: Emulator, tmp_path: Path) -> None:
    """Numbers in cells are texts here: a phone, a licence."""
    file = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(
            [["账号", "姓名", "手机", "许可"], ["ada", "Ada", 13900000001, 2], ["alice", "", "", ""]]
        ):
            sheet.write_row(number, 0, row)
    out = tmp_path / "out.xlsx"
    done = run("users", "sync", file, "--operator", "admin", "--apply", "--out", out)
    assert (done.code, done.out) == (0, "")
    assert (user(emulator, "ada").phone, user(emulator, "ada").user_account_type) == ("13900000001", 2)
    details = "username: - -> Ada; phone: - -> 13900000001; licence: - -> 2"
    assert written(out) == [
        ["action", "userid", "name", "details", "status", "reason", "row"],
        ["create", "ada", "Ada", details, "done", "", "2"],
    ]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_results_in_a_file(
    sync_: Run, staff: Callable[..., Path], emulator: Emulator, tmp_path: Path, suffix: str
) -> None:
    emulator.add_fault(FaultRule(operation="users.modify", error_code=190004))
    out = tmp_path / f"out{suffix}"
    file = staff("alice,=1+1,,,", keep=SOME[2:])
    assert "--out needs --apply" in sync_(file, "--out", out).err
    done = sync_(file, "--apply", "--no-ledger", "--out", out)
    assert (done.code, done.out) == (1, "")
    if suffix == ".csv":
        _, row = table(out)
        assert row[:3] == ["change", "alice", "'=1+1"]
        assert row[4:] == ["rejected", row[5], "2"]
        assert "trace" in row[5]
    else:
        (line,) = [json.loads(one) for one in out.read_text(encoding="utf-8").splitlines()]
        assert (line["action"], line["status"], line["error"]["code"]) == ("change", "rejected", 190004)
    assert "--force overwrites it" in sync_(file, "--apply", "--out", out).err
    emulator.clear_faults()
    assert sync_(file, "--apply", "--no-ledger", "--out", out, "--force").code == 0
    assert "is the file that is read" in sync_(file, "--apply", "--out", file, "--force").err
    assert "--out is the ledger" in sync_(file, "--apply", "--out", f"{file}.ledger", "--force").err


def test_users_apps_are_not_taken(
    run: Run, emulator: Emulator, staff: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TENCENT_MEETING_SECRET_KEY")
    done = run("users", "sync", staff(ADA), "--operator", "admin")
    assert done.code == 2
    assert "for enterprises (AK/SK) only" in " ".join(done.err.split())


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c(sync_: Run, staff: Callable[..., Path], emulator: Emulator) -> None:
    """What was under way is finished and told; the same command goes on with the rest."""
    file = staff(*(f"u{number},U,1390000{number:04}," + "," for number in range(200)))
    emulator.add_fault(FaultRule(operation="users.create", delay=0.01))
    command = [sys.executable, "-m", "tm_async", "users", "sync", str(file), "--operator", "admin", "--apply"]
    # Without a buffer: `communicate` would not have what `readline` read beyond its line.
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen([*command, "--concurrency", "4"], **pipes) as process:  # type: ignore[call-overload]
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate()
    assert process.returncode == 130, said
    results = [json.loads(line) for line in (first + rest).splitlines()]
    done = {one["userid"] for one in results if one["status"] == "done"}
    assert done == {one.userid for one in emulator.users} - {*SOME, "admin"}
    assert 0 < len(done) < 200
    assert {one["status"] for one in results} == {"done", "not sent"}
    emulator.clear_faults()
    emulator.users.buy("user_account_type", 2, 1000)
    again = sync_(file, "--apply")
    assert again.code == 0, again.err
    assert sent(emulator).count("users.create") == 200
