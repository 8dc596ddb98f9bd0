"""The examples as people run them: programs of their own."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from attrs import define

from tests.examples.conftest import EXAMPLES, ROOT, SECRETS, load
from tm_async import FileStore, OAuth2App
from tm_async.emulator import Emulator, FaultRule

WITH_WARNINGS_AS_ERRORS = {"PYTHONWARNINGS": "error"}


def outside() -> dict[str, str]:
    """This environment, with its Python first on the path; fixtures have taken our variables out of it."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)} | WITH_WARNINGS_AS_ERRORS


# --- the bot ------------------------------------------------------------------------------------------------------


@define
class Bot:
    emulator: Emulator
    environ: dict[str, str]

    async def run(self, *words: str) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(EXAMPLES / "bot.py"), *words),
            env=self.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot of a user who has logged in."""
    async with Emulator() as emulator:
        oauth = OAuth2App.from_env(emulator.env, store=FileStore(tmp_path / "grants"))
        grant = await oauth.exchange(emulator.oauth.code("alice"))
        ours = {"TENCENT_MEETING_TOKEN_STORE": str(tmp_path / "grants"), "TENCENT_MEETING_OPEN_ID": grant.open_id}
        yield Bot(emulator, outside() | emulator.env | ours)


async def test_the_bot_books(bot: Bot) -> None:
    code, out, err = await bot.run("Stand-up", "today")
    assert (code, err) == (0, ""), err
    (booked,) = bot.emulator.state.meetings.values()
    assert (booked.creator, booked.subject) == ("alice", "Stand-up today")
    assert out.split() == [booked.code, booked.join_url]


async def test_the_bot_renews_for_the_next_run_too(bot: Bot) -> None:
    bot.emulator.add_fault(FaultRule(operation="meetings.create", error_code=190303, times=1))
    assert (await bot.run())[0] == 0
    assert [grant.renewals for grant in bot.emulator.oauth.grants] == [1]
    assert (await bot.run())[0] == 0  # with the tokens that the first run has stored
    assert [grant.renewals for grant in bot.emulator.oauth.grants] == [1]


@pytest.mark.parametrize("gone", ["here", "there"])
async def test_the_bot_asks_for_a_login(bot: Bot, gone: str, tmp_path: Path) -> None:
    if gone == "there":
        bot.emulator.oauth.withdraw("alice")
    else:
        bot.environ["TENCENT_MEETING_TOKEN_STORE"] = str(tmp_path / "empty")
    code, out, err = await bot.run()
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == "The user has to allow it once more: run tm-async login"
    assert not SECRETS.search(err)


# --- the web backend ----------------------------------------------------------------------------------------------


def documented() -> tuple[list[str], str]:
    """The commands in the docstring: those that start servers, and the body of the request that books a meeting."""
    text = load("web_backend").__doc__ or ""
    commands = re.findall(r"^    (\w.*)$", text, re.MULTILINE)
    (body,) = re.findall(r"-d '(.*?)'", text, re.DOTALL)
    return commands[:4], body


@contextmanager
def started(command: list[str], cwd: Path, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(command, cwd=cwd, env=outside(), text=True, **options) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def test_the_web_backend_as_its_docstring_says(tmp_path: Path) -> None:
    (emulator, *prepare, serve), body = documented()
    assert [emulator.split()[0], serve.split()[0]] == ["tm-async", "uvicorn"]
    emulator, _, where = emulator.partition("  # ")
    assert where == "in another terminal"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    (tmp_path / "examples").symlink_to(EXAMPLES)
    words = emulator.split()[1:]
    store = f"export TENCENT_MEETING_TOKEN_STORE={tmp_path / 'grants'}"
    script = "\n".join(["set -e", *prepare, store, f"exec {serve.replace('8912', port)}"])
    with started([sys.executable, "-m", "tm_async", *words], tmp_path, stdout=subprocess.PIPE) as gateway:
        assert gateway.stdout is not None
        printed = gateway.stdout.readline()
        variables = tmp_path / "emulator.env"
        variables.write_text(variables.read_text(encoding="utf-8").replace("8912", port), encoding="utf-8")
        with started(["sh", "-c", script], tmp_path, stderr=subprocess.PIPE) as backend:
            assert backend.stderr is not None
            log = [backend.stderr.readline()]
            while log[-1] and "Uvicorn running" not in log[-1]:
                log.append(backend.stderr.readline())
            assert log[-1], log
            origin = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=origin, follow_redirects=True, trust_env=False) as browser:
                home = browser.get("/login")
                assert str(home.url) == f"{origin}/"
                assert home.json()["open_id"].startswith("EMULATOROPENID")
                booked = browser.post("/meetings", content=body)
                assert booked.status_code == 200, booked.text
                assert browser.get(f"/meetings/{booked.json()['id']}").json() == booked.json()
            backend.send_signal(signal.SIGINT)
            log += backend.stderr.readlines()
        assert not SECRETS.search("".join(log)), log
        assert "Finished server process" in log[-1]
    assert json.loads(printed)["env"]["TENCENT_MEETING_OAUTH_REDIRECT_URI"].endswith("/callback")
