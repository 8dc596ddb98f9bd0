"""Every snippet of the README runs, on the emulator, and both languages show the same ones."""

import ast
import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FunctionType
from typing import Any

import httpx
import pytest

from tests.cli.browser import free_port
from tests.conftest import trusting_nobody
from tm_async import EnterpriseSecret, TencentMeeting

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
BIN = Path(sys.executable).parent


def blocks(readme: Path) -> list[tuple[str, str]]:
    """Language and text of every fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def snippets(language: str) -> list[Any]:
    """Those of the English one: the Chinese one shows the same."""
    of_language = [text for lang, text in blocks(READMES[0]) if lang == language]
    return [pytest.param(text, id=str(number)) for number, text in enumerate(of_language, 1)]


@pytest.fixture(scope="module")
def emulator_env() -> Iterator[dict[str, str]]:
    """An emulator in a process of its own, as the environment of its clients."""
    command = [sys.executable, "-m", "tm_async", "emulator", "--port", "0", "--auto-approve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield ready["env"]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator_env: dict[str, str]) -> Path:
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    browser = "import sys, httpx; httpx.get(sys.argv[1], follow_redirects=True, trust_env=False)"
    (tmp_path / "browser.py").write_text(browser, encoding="utf-8")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {tmp_path / 'browser.py'} %s")
    callback = f"http://127.0.0.1:{free_port()}/callback"  # what the emulator names may be taken on this machine
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", callback)
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("code", snippets("python"))
async def test_python_snippets(code: str, workdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if "def test_" in code:
        (workdir / "test_it.py").write_text(code, encoding="utf-8")
        run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"])
        return
    if "asyncio.run" in code:
        (workdir / "it.py").write_text(code, encoding="utf-8")
        assert "7 occurrences" in run([sys.executable, "-W", "error", "it.py"])
        return
    start = datetime(2038, 12, 1, 2, tzinfo=UTC)
    async with TencentMeeting(EnterpriseSecret.from_env()) as tm:
        given = {"tm": tm, "start": start, "end": start + timedelta(hours=1), "EnterpriseSecret": EnterpriseSecret}
        await execute(code, given | {"TencentMeeting": TencentMeeting, "redirected_back": redirected_back})
    shown = capsys.readouterr().out
    if "range(500)" in code:
        assert len(shown.splitlines()) == 500
        assert "not created" not in shown
    if "ParticipantJoined" in code:
        assert sorted(re.sub(r"^\d+", "ID", line)[:12] for line in shown.splitlines()) == [
            "ID ended at ",
            "alice joined",
            "tester joine",
        ]


async def redirected_back(url: str) -> str:
    """What a user's browser does on a page that approves at once."""
    async with httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as http:
        return str((await http.get(url)).headers["Location"])


async def execute(code: str, namespace: dict[str, Any]) -> None:
    """Run a snippet as an interactive session would, `await` at its top level included."""
    compiled = compile(code, "snippet", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if compiled.co_flags & inspect.CO_COROUTINE:
        await FunctionType(compiled, namespace)()
    else:
        exec(compiled, namespace)  # noqa: S102 - our own README


def run(command: list[str] | str, code: int = 0) -> str:
    shell = isinstance(command, str)
    done = subprocess.run(command, capture_output=True, text=True, shell=shell, timeout=50, check=False)
    assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize("text", snippets("sh"))
def test_commands(text: str, workdir: Path) -> None:
    """The commands of the READMEs. Building an environment is left to `.ci/run`, which runs those blocks whole."""
    for line in text.strip().splitlines():
        command, _, note = line.partition("  # ")
        parts = [part for part in command.split(" && ") if "venv .venv" not in part and "pip install" not in part]
        for part in parts:
            if "/pytest " in part:
                continue  # that is us
            here = part.replace(".venv/bin/tm-async", f"{sys.executable} -m tm_async")
            if note == "until Ctrl-C":
                started = subprocess.Popen(here.split(), stdout=subprocess.PIPE, text=True)
                assert started.stdout is not None
                assert "base_url" in json.loads(started.stdout.readline())
                started.send_signal(signal.SIGINT)
                assert started.wait(20) == 0
                started.stdout.close()
            else:
                run(here, int(found[1]) if (found := re.match(r"exits with (\d)", note)) else 0)


def test_both_languages_show_the_same() -> None:
    english, chinese = (blocks(readme) for readme in READMES)
    assert [re.sub(r"#.*", "", text) for _, text in english] == [re.sub(r"#.*", "", text) for _, text in chinese]


def test_the_first_two_commands() -> None:
    """One runs the main job, the other passes the tests."""
    for readme in READMES:
        first, second = [text for language, text in blocks(readme) if language == "sh"][:2]
        assert first.strip().endswith("tm-async demo")
        assert second.strip().endswith("pytest -n auto")


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_changelog_has_an_unreleased_section_and_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert sections[0] == "Unreleased"


def test_nothing_of_a_machine_is_in_the_tree() -> None:
    """No absolute path of somebody's machine, no registry's host."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    names = listed.stdout.split() if listed.returncode == 0 else []
    bad = re.compile(r"/(?:home|root|work|Users)/\w|files\.pythonhosted|pypi\.(?:org|python)")
    for name in names:
        path = ROOT / name
        if path.is_file() and path != Path(__file__):
            text = path.read_bytes().decode("utf-8", "ignore")
            assert not bad.search(text), name
    assert os.environ.get("TENCENT_MEETING_SECRET_KEY") is None
