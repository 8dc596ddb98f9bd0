"""Files that commands write: for this user only, and where they seem to be."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD, HEADER, Done
from tm_async.cli import emulator as command
from tm_async.cli.private_file import open_private
from tm_async.emulator import Emulator

Run = Callable[..., Done]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _a_usual_umask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "meetings.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    return path


def test_results_are_private(run: Run, emulator: Emulator, file: Path, tmp_path: Path) -> None:
    out, ledger, exported = tmp_path / "out.jsonl", tmp_path / "batch.db", tmp_path / "exported.jsonl"
    assert run("batch", "create", file, "--out", out, "--ledger", ledger).code == 0
    assert run("batch", "export", ledger, "--out", exported).code == 0
    for path in (out, exported):
        assert mode(path) == 0o600
        assert json.loads(path.read_text())["status"] == "created"


def test_an_old_file_becomes_private_and_empty_first(run: Run, emulator: Emulator, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old " * 1000)
    out.chmod(0o644)
    assert run("batch", "create", file, "--out", out, "--force").code == 0
    assert mode(out) == 0o600
    assert "old" not in out.read_text()


@pytest.mark.parametrize("there", [True, False])
def test_no_link_is_followed(run: Run, emulator: Emulator, file: Path, tmp_path: Path, there: bool) -> None:
    target, link, ledger = tmp_path / "target", tmp_path / "link", tmp_path / "batch.db"
    if there:
        target.write_text("precious")
    link.symlink_to(target)
    assert run("batch", "create", file, "--ledger", ledger).code == 0
    for command_line in (("create", file), ("export", ledger), ("resume", ledger)):
        done = run("batch", *command_line, "--out", link, "--force")
        assert done.code == 2
        assert "it is a symbolic link; name the file itself" in done.err
        assert target.exists() == there
    assert not there or target.read_text() == "precious"


def test_variables_are_private(tmp_path: Path) -> None:
    path, link = tmp_path / "env", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o666)
    command._write(path, {"A": "1"})
    assert (mode(path), path.read_text()) == (0o600, "A=1\n")
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError, match="symbolic link"):
        command._write(link, {"A": "1"})
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_file_keeps_its_mode(tmp_path: Path) -> None:
    before = mode(Path("/dev/null"))
    with open_private(Path("/dev/null"), replace=True) as file:
        file.write(b"x")
    assert mode(Path("/dev/null")) == before
    (tmp_path / "there").touch()
    with pytest.raises(FileExistsError):
        open_private(tmp_path / "there", replace=False)


def test_what_is_added_to_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old ")
    path.chmod(0o644)
    with open_private(path, append=True) as file:
        file.write(b"new")
    assert (mode(path), path.read_text()) == (0o600, "old new")


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To root, too, whom nothing else keeps from writing there: its owner could read it."""
    path = tmp_path / "file"
    path.write_text("old")
    if os.geteuid() == 0:
        os.chown(path, 1000, -1)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    for how in ({"append": True}, {"replace": True}):
        with pytest.raises(PermissionError, match="it belongs to another user"):
            open_private(path, **how)
    assert path.read_text() == "old"
