"""The recipes of docs/webhooks-inbox.md: a server and taskiq's workers on a real Redis, and Celery's task."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from tests.examples.conftest import EXAMPLES, ROOT
from tests.examples.test_processes import outside
from tests.faults.events import envelope, one_of_many
from tests.meta.test_readme import execute
from tests.redis_server import RedisServer, redis_server
from tm_async.webhooks.inbox import State, open_inbox
from tm_async.webhooks.keys import WebhookKeys
from tm_async.webhooks.sending import delivery_request

KEYS = {
    "TENCENT_MEETING_WEBHOOK_TOKEN": "ExampleToken0123456789abc",
    "TENCENT_MEETING_WEBHOOK_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
}
LEASE = 2.0
DOCSTRING = (EXAMPLES / "events.py").read_text(encoding="utf-8").split('"""')[1]
PAGE = (ROOT / "docs" / "webhooks-inbox.md").read_text(encoding="utf-8")


def hastened() -> Any:
    """What `taskiq worker` starts here: the example's broker, with less patience with the dead."""
    worker: Any = import_module("tm_async.webhooks.worker")
    worker.Policy = partial(worker.Policy, lease=LEASE)
    example: Any = import_module("examples.events")
    example.broker.idle_timeout = 1000
    return example.broker


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """As the page wants it: what it was told is on the disk."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as running:
        yield running


@contextmanager
def running(command: str, log: Path, environ: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as file:
        process = subprocess.Popen(
            command.split(), cwd=ROOT, env=environ, stderr=file, stdout=file, start_new_session=True
        )
    try:
        yield process
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def command(beginning: str) -> str:
    """The command in the example's docstring that begins so."""
    (found,) = re.findall(rf"^    ({beginning}.*?)(?:  +#.*)?$", DOCSTRING, re.MULTILINE)
    return str(found)


def said(log: Path) -> str:
    return log.read_text(encoding="utf-8")


async def until(reached: Callable[[], Awaitable[bool]], log: Path, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not await reached():
        assert time.monotonic() < end, said(log)
        await asyncio.sleep(0.05)


WORKER = re.compile(r"Started process worker-1 with pid (\d+)")


async def test_the_recipe(server: RedisServer, tmp_path: Path) -> None:
    """A worker is killed meanwhile; every event is handled, by each of its handlers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = outside() | KEYS | {"REDIS_URL": server.url, "INBOX": f"{server.url}#events"}
    web, log = tmp_path / "web.log", tmp_path / "workers.log"
    serve = f"{command('uvicorn')} --port {port}"
    work = command("taskiq worker").replace("--app-dir examples events:broker", f"{__name__}:hastened")
    with running(serve, web, environ), running(work.replace("--workers 4", "--workers 2"), log, environ):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until(partial(_answers, client), web)
            for number in range(60):
                sent = delivery_request(WebhookKeys.from_env(KEYS).current, envelope(number))
                for _ in range(2):  # the platform's answer got lost
                    answer = await client.post("/tencent/", headers=dict(sent.headers), content=sent.body)
                    assert (answer.status_code, answer.text) == (200, "successfully received callback")
                if number == 30:
                    await until(partial(_has, log, WORKER), log)
                    (pid,) = WORKER.findall(said(log))
                    os.kill(int(pid), signal.SIGKILL)
        async with aclosing(open_inbox(f"{server.url}#events")) as inbox:

            async def handled() -> bool:
                done = {"close_ticket": {State.DONE: 60}, "note": {State.DONE: 60}}
                return await inbox.counts() == done

            await until(handled, log)
    noted = Counter(re.findall(r"^noted meeting.end (trace \d+)$", said(log), re.MULTILINE))
    assert set(noted) == {f"trace {number}" for number in range(60)}
    assert sum(noted.values()) < 60 + 10, "twice only where a worker was killed"


async def _has(log: Path, wanted: re.Pattern[str]) -> bool:
    return bool(wanted.search(said(log)))


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/")).status_code == 404
    except httpx.TransportError:
        return False


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_gives_the_commands_of_the_example() -> None:
    commands = re.findall(r"^    (\S.*?)(?:  +#.*)?$", DOCSTRING, re.MULTILINE)
    assert len(commands) == 3
    (block,) = (one for one in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE) if "taskiq" in one)
    assert block.splitlines()[-3:] == commands


async def test_the_celery_task(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery itself is played: its worker calls a function, in a thread without an event loop."""
    sent: list[str] = []

    def task(**options: bool | str) -> Callable[[Any], Any]:
        assert options == {"name": "tm_async.event", "ignore_result": True}

        def decorate(function: Any) -> Any:
            function.delay = sent.append
            return function

        return decorate

    celery: Any = SimpleNamespace(Celery=lambda _, broker: SimpleNamespace(task=task, broker=broker))
    monkeypatch.setitem(sys.modules, "celery", celery)
    for name, value in (KEYS | {"REDIS_URL": server.url, "INBOX": f"{server.url}#celery"}).items():
        monkeypatch.setenv(name, value)
    (text,) = (one for one in re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE) if "Celery" in one)
    program: dict[str, Any] = {}
    await execute(text, program)
    hooks, done = program["hooks"], list[str]()

    @hooks.on("meeting.end")
    async def handle(event: Any) -> None:
        done.append(event.delivery.trace_id)

    async with aclosing(open_inbox(f"{server.url}#celery")) as inbox:
        for number in range(3):
            await inbox.accept(one_of_many(number))
    async with hooks, hooks.relay(program["send"]):
        while len(sent) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for key in sent * 2:
        await asyncio.to_thread(program["handle"], key)
    assert sorted(done) == ["trace 0", "trace 1", "trace 2"]
