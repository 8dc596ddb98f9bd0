"""`tm-async whoami`."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.browser import log_in
from tests.cli.conftest import Done
from tm_async.auth.stores import EncryptedStore
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
NOBODY = "Nobody is logged in. To log in: tm-async login\n"


def test_nobody(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    assert run("whoami") == Done(1, "", NOBODY)
    assert run("whoami", "--offline") == Done(1, "", NOBODY)
    assert run("whoami", "--json") == Done(1, "[]\n", NOBODY)
    assert run("whoami", "--open-id", "x") == Done(1, "", "x is not logged in. To log in: tm-async login\n")
    assert not (tmp_path / "grants").exists()
    assert third_party.journal == []


def test_the_table(run: Run, third_party: Emulator) -> None:
    grant = log_in(third_party)
    done = run("whoami")
    assert (done.code, done.err) == (0, "")
    line = next(line for line in done.out.splitlines() if grant.open_id in line)
    assert str(grant.open_corp_id) in line
    assert "VIEW_USER_INFO, VIEW_VIDEO, MANAGE_VIDEO, MANAGE_MEETING" in line
    assert grant.expires_at is not None
    assert line.rstrip().endswith(f"{grant.expires_at.astimezone():%Y-%m-%d %H:%M %z}")
    assert [entry.operation for entry in third_party.journal] == ["oauth2.access_token", "oauth2.user_info"]


@pytest.mark.parametrize("offline", [(), ("--offline",)])
def test_json(run: Run, third_party: Emulator, offline: tuple[str, ...]) -> None:
    grant = log_in(third_party)
    done = run("whoami", "--json", *offline)
    assert (done.code, done.err) == (0, "")
    assert grant.expires_at is not None
    assert json.loads(done.out) == [
        {
            "open_id": grant.open_id,
            "open_corp_id": grant.open_corp_id,
            "scopes": list(grant.scopes),
            "scopes_v2": list(grant.scopes_v2),
            "expires_at": grant.expires_at.isoformat().replace("+00:00", "Z"),
            "error": None,
        }
    ]
    assert (third_party.journal[-1].operation == "oauth2.user_info") is (not offline)


def test_a_token_that_has_ended_is_renewed(run: Run, third_party: Emulator) -> None:
    grant = log_in(third_party)
    third_party.clock_offset = 7 * 3600
    (user,) = json.loads(run("whoami", "--json").out)
    assert user["error"] is None
    assert user["open_corp_id"] == grant.open_corp_id
    assert grant.expires_at is not None
    assert datetime.fromisoformat(user["expires_at"]).astimezone(UTC) > grant.expires_at
    (renewed,) = third_party.oauth.grants
    assert renewed.renewals == 1


def test_several_users_one_of_whom_has_to_come_again(run: Run, third_party: Emulator) -> None:
    alice, bob = log_in(third_party, "alice"), log_in(third_party, "bob")
    third_party.oauth.withdraw("bob")
    done = run("whoami")
    assert done.code == 1
    assert alice.open_id in done.out
    assert bob.open_id not in done.out
    assert re.fullmatch(rf"{bob.open_id}: the grant can't be renewed .*again: tm-async login\n", done.err)
    done = run("whoami", "--json")
    assert done.code == 1
    users = {user["open_id"]: user for user in json.loads(done.out)}
    assert users[alice.open_id]["error"] is None
    assert users[bob.open_id]["error"]["type"] == "ReauthorizationRequired"
    assert users[bob.open_id]["expires_at"] is None
    assert run("whoami", "--open-id", alice.open_id).code == 0
    assert run("whoami", "--offline").code == 0  # the store does not know


def test_users_of_other_apps_are_not_meant(run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(third_party)
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_SDK_ID", "other")
    assert run("whoami") == Done(1, "", NOBODY)


def test_no_clear_answer(run: Run, third_party: Emulator) -> None:
    grant = log_in(third_party)
    third_party.add_fault(FaultRule(operation="oauth2.user_info", error_code=20))
    done = run("whoami")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{grant.open_id}: oauth2.user_info: error 20")
    (user,) = json.loads(run("whoami", "--json").out)
    assert (user["error"]["type"], user["error"]["code"]) == ("ServiceError", 20)
    assert user["expires_at"]


def test_a_damaged_entry_is_named_and_left_out(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    grant = log_in(third_party)
    (entry,) = (tmp_path / "grants").glob("*.json")
    entry.write_text("{")
    done = run("whoami")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"Warning: left out: {entry}: truncated or not JSON; delete the file and authorise the user again\n{NOBODY}"
    )
    done = run("whoami", "--open-id", grant.open_id)
    assert (done.code, done.out) == (1, "")
    assert "truncated or not JSON" in done.err


def test_encrypted(run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = EncryptedStore.new_key()
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", key)
    grant = log_in(third_party)
    (entry,) = (tmp_path / "grants").glob("*.json")
    assert grant.access_token not in entry.read_text()
    assert run("whoami").code == 0
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", EncryptedStore.new_key())
    done = run("whoami")
    assert done.code == 1
    assert "can't be decrypted" in done.err
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", "no key")
    done = run("whoami")
    assert done.code == 2
    assert "is no Fernet key" in done.err


def test_without_an_app(run: Run) -> None:
    done = run("whoami")
    assert (done.code, done.out) == (2, "")
    assert "TENCENT_MEETING_OAUTH_CORP_ID, TENCENT_MEETING_OAUTH_SDK_ID" in done.err
