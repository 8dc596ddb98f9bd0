"""The command in this process, and an emulator on a real socket in a thread of its own."""

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner

from tests.cli.browser import Browser, free_port
from tm_async.cli.app import app
from tm_async.cli.words import choose_language
from tm_async.emulator import Emulator

HEADER = "userid,subject,start_time,end_time,duration_minutes,time_zone,invitees,password,recurrence"
GOOD = "tester,周会,2038-01-05T10:00+08:00,,60,,,,"


@frozen
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the machine speaks; and what `--lang` chose is for one command."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    yield
    choose_language(None)


@pytest.fixture
def run() -> Callable[..., Done]:
    """`run("batch", "create", "-", stdin=...)`."""
    # Before click 8.2 the two streams were mixed unless told otherwise.
    separate = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}

    def run_command(*arguments: object, stdin: str | bytes = "") -> Done:
        result = CliRunner(**separate).invoke(app, [str(argument) for argument in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    return run_command


@pytest.fixture(scope="session")
def _emulator_thread() -> Iterator[tuple[asyncio.AbstractEventLoop, Emulator]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    emulator = asyncio.run_coroutine_threadsafe(Emulator().start(), loop).result()
    yield loop, emulator
    asyncio.run_coroutine_threadsafe(emulator.aclose(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def emulator(_emulator_thread: tuple[asyncio.AbstractEventLoop, Emulator], monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """An emulator that the environment names, without meetings."""
    loop, emulator = _emulator_thread
    done: Future[None] = Future()

    def reset() -> None:
        emulator.reset()
        done.set_result(None)

    loop.call_soon_threadsafe(reset)
    done.result()
    set_environment(monkeypatch, emulator.env)
    return emulator


@pytest.fixture
def beside_emulator(
    _emulator_thread: tuple[asyncio.AbstractEventLoop, Emulator],
) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine on the loop of the emulator."""
    return lambda work: asyncio.run_coroutine_threadsafe(work, _emulator_thread[0]).result()


@pytest.fixture(scope="session")
def _approving_thread(_emulator_thread: tuple[asyncio.AbstractEventLoop, Emulator]) -> Iterator[Emulator]:
    loop, _ = _emulator_thread
    emulator = asyncio.run_coroutine_threadsafe(Emulator(seed=1, auto_approve="alice").start(), loop).result()
    yield emulator
    asyncio.run_coroutine_threadsafe(emulator.aclose(), loop).result()


@pytest.fixture
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_TOKEN_STORE", str(tmp_path / "grants"))


@pytest.fixture
def approving(_approving_thread: Emulator, _store: None, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """An emulator that the environment names, whose authorise page asks nobody: alice allows the app in."""
    set_environment(monkeypatch, _approving_thread.env)
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", f"http://127.0.0.1:{free_port()}/callback")
    return _approving_thread


@pytest.fixture
def third_party(emulator: Emulator, _store: None, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """`emulator`, with a directory for grants, and a redirect URI on a port that is free."""
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", f"http://127.0.0.1:{free_port()}/callback")
    return emulator


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """What `login` opens in the place of a browser; give it something to `play`."""
    played = Browser()
    monkeypatch.setattr("webbrowser.open", played.open)
    return played


def set_environment(monkeypatch: pytest.MonkeyPatch, env: dict[str, Any]) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
