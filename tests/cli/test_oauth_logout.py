"""`tm-async logout`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.browser import log_in
from tests.cli.conftest import Done
from tm_async.auth.stores import EncryptedStore
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
CANCEL = "users.cancel_authorization"


def entries(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "grants").glob("*.json"))


def test_logout_and_then_whoami(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    grant = log_in(third_party)
    assert run("logout") == Done(0, f"Logged out: {grant.open_id}\n", "")
    assert third_party.oauth.grants == ()
    assert entries(tmp_path) == []
    assert "Nobody is logged in" in run("whoami").err


def test_nobody(run: Run, third_party: Emulator) -> None:
    assert run("logout") == Done(1, "", "Error: Nobody is logged in. To log in: tm-async login\n")
    assert run("logout", "--local").code == 1
    assert run("logout", "--open-id", "x") == Done(1, "", "Error: x is not logged in.\n")
    assert run("logout", "--open-id", "x", "--local").code == 1


def test_one_of_several(run: Run, third_party: Emulator) -> None:
    alice, bob = log_in(third_party, "alice"), log_in(third_party, "bob")
    done = run("logout")
    assert done.code == 2
    first, second = sorted((alice.open_id, bob.open_id))
    assert done.err == f"Error: several users are logged in; choose with --open-id: {first}, {second}\n"
    assert run("logout", "--open-id", bob.open_id).code == 0
    assert run("logout") == Done(0, f"Logged out: {alice.open_id}\n", "")


def test_only_here(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    grant = log_in(third_party)
    asked = len(third_party.journal)
    assert run("logout", "--local") == Done(0, f"Deleted here: {grant.open_id}. The gateway was not told.\n", "")
    assert entries(tmp_path) == []
    assert len(third_party.journal) == asked
    assert len(third_party.oauth.grants) == 1


def test_a_grant_that_has_ended(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    grant = log_in(third_party)
    third_party.oauth.withdraw("alice")
    done = run("logout")
    assert (done.code, done.err) == (0, "")
    assert grant.open_id in done.out
    assert entries(tmp_path) == []


def test_a_token_that_is_refused_even_when_renewed(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    log_in(third_party)
    third_party.add_fault(FaultRule(operation=CANCEL, error_code=190303))
    done = run("logout")
    assert (done.code, done.err) == (0, "")
    assert "had ended already" in done.out
    assert entries(tmp_path) == []


def test_an_administrators_grant(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    grant = log_in(third_party)
    third_party.add_fault(FaultRule(operation=CANCEL, error_code=40))
    done = run("logout")
    assert (done.code, done.out) == (1, "")
    assert "only an administrator can end it" in done.err
    assert done.err.endswith(f"To delete it here only: tm-async logout --local --open-id {grant.open_id}\n")
    assert len(entries(tmp_path)) == 1
    assert run("logout", "--local").code == 0


def test_no_clear_answer(run: Run, third_party: Emulator, tmp_path: Path) -> None:
    log_in(third_party)
    third_party.add_fault(FaultRule(operation=CANCEL, drop="after", times=1))
    done = run("logout")
    assert (done.code, done.out) == (1, "")
    assert "Nothing was deleted" in done.err
    assert len(entries(tmp_path)) == 1
    assert run("logout").code == 0  # that one had arrived after all
    assert entries(tmp_path) == []


@pytest.mark.parametrize("text", ["{", '{"format": 1}', '{"format": 9}', ""])
def test_a_damaged_file(run: Run, third_party: Emulator, tmp_path: Path, text: str) -> None:
    grant = log_in(third_party)
    (entry,) = entries(tmp_path)
    entry.write_text(text)
    done = run("logout")
    assert done.code == 1
    assert f"Warning: left out: {entry}" in done.err
    done = run("logout", "--open-id", grant.open_id)
    assert done.code == 1
    assert f"To delete it: tm-async logout --local --open-id {grant.open_id}\n" in done.err
    assert entry.exists()
    assert run("logout", "--local", "--open-id", grant.open_id).code == 0
    assert not entry.exists()


def test_an_entry_that_cant_be_decrypted(
    run: Run, third_party: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", EncryptedStore.new_key())
    log_in(third_party)
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_KEY", EncryptedStore.new_key())
    done = run("logout")
    assert done.code == 1
    assert "can't be decrypted" in done.err
    assert run("logout", "--local").code == 0
    assert entries(tmp_path) == []
