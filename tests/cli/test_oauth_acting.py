"""`--oauth`: calls and batches on behalf of a user who logged in."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.browser import log_in
from tests.cli.conftest import HEADER, Done
from tm_async.emulator import Emulator

Run = Callable[..., Done]


def meeting(open_id: str) -> dict[str, Any]:
    times = {"start_time": "2146269600", "end_time": "2146273200"}
    return {"userid": open_id, "instanceid": 1, "subject": "周会", "type": 0, **times}


def create(open_id: str) -> tuple[str, ...]:
    return "call", "meetings.create", "--oauth", "--json", json.dumps(meeting(open_id))


def rows(folder: Path, *creators: str) -> Path:
    file = folder / "meetings.csv"
    lines = (f"{creator},周会,2038-01-05T10:00+08:00,,60,,,," for creator in creators)
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return file


# --- call --------------------------------------------------------------------------------------------------------


def test_create_and_read_back(run: Run, third_party: Emulator) -> None:
    open_id = log_in(third_party).open_id
    done = run(*create(open_id))
    assert (done.code, done.err) == (0, "")
    (info,) = json.loads(done.out)["meeting_info_list"]
    assert third_party.state.meetings[info["meeting_id"]].creator == "alice"
    data = json.dumps({"userid": open_id, "meeting_id": info["meeting_id"]})
    done = run("call", "meetings.get", "--oauth", "--json", data)
    assert json.loads(done.out)["meeting_info_list"][0]["meeting_code"] == info["meeting_code"]
    done = run("call", "meetings.get", "--json", json.dumps({"userid": "alice", "meeting_id": info["meeting_id"]}))
    assert done.code == 0  # the enterprise sees it, too


def test_a_user_who_has_to_come_again_is_told_how(
    run: Run, third_party: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By each kind of command, and not by a log as well, which goes to standard error where nobody set it up."""
    open_id = log_in(third_party).open_id
    nope = ("--oauth", "--open-id", "nope")
    shown = [
        run(*create("nope"), "--open-id", "nope").err,
        run("recordings", "list", *nope).err,
        run("batch", "create", rows(tmp_path, "nope"), "--no-ledger", *nope).out,
    ]
    third_party.oauth.withdraw("alice")
    shown.append(run("whoami", "--open-id", open_id).err)
    for text in shown:
        assert text.count("send the user to the authorise page again: tm-async login") == 1
    loud = [one.name for one in caplog.records if one.levelno >= logging.WARNING]
    assert set(loud) <= {"tm_async.emulator"}


def test_the_choice_between_users(run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = log_in(third_party, "alice").open_id, log_in(third_party, "bob").open_id
    done = run(*create(bob))
    assert (done.code, done.out) == (2, "")
    first, second = sorted((alice, bob))
    assert done.err == f"Error: several users are logged in; choose with --open-id: {first}, {second}\n"
    assert run(*create(bob), "--open-id", bob).code == 0
    monkeypatch.setenv("TENCENT_MEETING_OPEN_ID", bob)
    assert run(*create(bob)).code == 0
    assert run(*create(alice), "--open-id", alice).code == 0
    assert [one.creator for one in third_party.state.meetings.values()] == ["bob", "bob", "alice"]


def test_without_oauth_no_user_is_meant(run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OPEN_ID", "somebody")
    data = json.dumps(meeting("tester"))
    assert run("call", "meetings.create", "--json", data).code == 0
    done = run("call", "meetings.create", "--json", data, "--open-id", "x")
    assert done.code == 2
    assert "--open-id needs --oauth." in done.err


def test_nobody(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    nobody = "Error: Nobody is logged in. To log in: tm-async login\n"
    assert run(*create("x")) == Done(2, "", nobody)
    assert run(*create("x"), "--dry-run") == Done(2, "", nobody)
    assert run("batch", "create", rows(tmp_path, "x"), "--oauth") == Done(2, "", nobody)
    assert third_party.journal == []


def test_who_has_to_log_in_again(run: Run, third_party: Emulator) -> None:
    open_id = log_in(third_party).open_id
    third_party.oauth.withdraw("alice")
    for arguments in (create(open_id), (*create("x"), "--open-id", "x")):
        done = run(*arguments)
        assert (done.code, done.out) == (1, "")
        error = json.loads(done.err)["error"]
        assert (error["type"], error["operation"]) == ("ReauthorizationRequired", "meetings.create")
        assert error["outcome_unknown"] is False


def test_an_operation_for_enterprises_only(run: Run, third_party: Emulator) -> None:
    log_in(third_party)
    asked = len(third_party.journal)
    data = json.dumps({"userid": "t", "operator_id": "admin", "operator_id_type": 1})
    for more in ((), ("--dry-run",)):
        done = run("call", "users.delete", "--json", data, "--oauth", *more)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Error: users.delete: the vendor documents it for enterprise credentials")
    assert len(third_party.journal) == asked


def test_an_operation_for_users_only(run: Run, third_party: Emulator) -> None:
    data = json.dumps({"operator_id": "x", "operator_id_type": 2})
    for more in ((), ("--dry-run",)):
        done = run("call", "users.cancel_authorization", "--json", data, *more)
        assert done.code == 2
        assert "the vendor documents it for OAuth2 only" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs modes")
def test_an_unusable_store(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    log_in(third_party)
    (tmp_path / "grants").chmod(0o777)
    for arguments in (create("x"), ("batch", "create", str(rows(tmp_path, "x")), "--oauth")):
        done = run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert "others may write to this directory" in done.err


# --- dry runs ----------------------------------------------------------------------------------------------------


def test_a_dry_run(run: Run, third_party: Emulator) -> None:
    grant = log_in(third_party)
    asked = len(third_party.journal)
    third_party.clock_offset = 7 * 3600  # the token has ended, and stays as it is
    done = run(*create(grant.open_id), "--dry-run", "--timestamp", "2146265200", "--nonce", "77")
    assert (done.code, done.err) == (0, "")
    shown = json.loads(done.out)
    assert list(shown) == ["method", "url", "headers", "body"]
    assert (shown["method"], shown["url"]) == ("POST", f"{third_party.base_url}/meetings")
    assert json.loads(shown["body"])["userid"] == grant.open_id
    assert shown["headers"] == {
        "Host": third_party.base_url.removeprefix("http://").removesuffix("/v1"),
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": shown["headers"]["User-Agent"],
        "AccessToken": "***",
        "OpenId": grant.open_id,
        "X-TC-Timestamp": "2146265200",
        "X-TC-Nonce": "77",
        "X-TC-Registered": "1",
        "Content-Length": str(len(shown["body"].encode())),
    }
    assert len(third_party.journal) == asked


def test_a_dry_run_of_a_user_who_is_not_here(run: Run, third_party: Emulator) -> None:
    shown = json.loads(run(*create("x"), "--open-id", "x", "--dry-run").out)
    assert shown["headers"]["OpenId"] == "x"
    assert shown["headers"]["X-TC-Nonce"].isdigit()
    assert run(*create("x"), "--open-id", "a b", "--dry-run").code == 2


# --- batches -----------------------------------------------------------------------------------------------------


def test_a_batch(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    alice, bob = log_in(third_party, "alice").open_id, log_in(third_party, "bob").open_id
    file = rows(tmp_path, alice, alice, alice)
    assert run("batch", "create", file, "--oauth").code == 2
    done = run("batch", "create", file, "--oauth", "--open-id", alice)
    assert done.code == 0
    assert "3 created, 0 rejected" in done.err
    assert {one.creator for one in third_party.state.meetings.values()} == {"alice"}
    assert bob not in done.out


def test_a_batch_that_cant_be_authorised(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    open_id = log_in(third_party).open_id
    third_party.oauth.withdraw("alice")
    done = run("batch", "create", rows(tmp_path, open_id, open_id), "--oauth")
    assert done.code == 1
    assert "0 created, 2 rejected, 0 unknown of 2 rows" in done.err
    assert {json.loads(line)["error"]["type"] for line in done.out.splitlines()} == {"ReauthorizationRequired"}


def test_help(run: Run) -> None:
    for command in (("call",), ("batch", "create")):
        text = " ".join(run(*command, "--help").out.split())
        assert 'Act as a user whom "tm-async login" stored' in text
        assert "TENCENT_MEETING_OPEN_ID" in text
    text = run("--help").out
    for name in ("OAUTH_CORP_ID", "TOKEN_STORE", "TOKEN_KEY"):
        assert f"TENCENT_MEETING_{name}" in text
    for command in ("login", "whoami", "logout"):
        assert f"\n  {command} " in text
