"""The recipe of docs/workers.md: workers started by taskiq, on a real Redis, and one emulator that counts calls."""

import ast
import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from attrs import define
from redis.asyncio import Redis

from tests.examples.conftest import EXAMPLES, ROOT
from tests.examples.test_processes import outside
from tests.meta.test_readme import execute
from tests.redis_server import RedisServer, redis_server
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.batch.ledger import Entry, Ledger, State, open_ledger
from tm_async.emulator import Emulator
from tm_async.quotas import Quotas, Rate

CALLS, SPAN = 100, 1
"""The app's quota here: so many calls in so many seconds."""
LEASE = 2.0
SETTLE = 0.3
STREAM = "tm_async:workers"
DOCSTRING = ast.get_docstring(ast.parse((EXAMPLES / "workers.py").read_text(encoding="utf-8"))) or ""


def hastened() -> Any:
    """What `taskiq worker` starts here: the example's broker, with small quotas, and less patience with the dead."""
    example: Any = import_module("examples.workers")
    example.broker.idle_timeout = 1000
    example.TencentMeeting = partial(TencentMeeting, settle=SETTLE)
    ledgered: Any = import_module("tm_async.batch.resumable")
    quotas: Any = import_module("tm_async.quotas")
    ledgered.LEASE = LEASE
    quotas.configured_quotas = lambda: Quotas(per_app=Rate(CALLS, SPAN))
    return example.broker


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """As docs/ledger.md wants it: what it was told is on the disk."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as running:
        yield running


@pytest.fixture
def small_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator keeps the same numbers as the workers, instead of 300 a minute."""
    quotas: Any = import_module("tm_async.emulator.gateway.quotas")
    count = quotas._count

    def less(seen: Any, now: float, window: int, limit: int, code: int, what: str) -> None:
        count(seen, now, *((SPAN, CALLS) if code == 190310 else (window, limit)), code, what)

    monkeypatch.setattr(quotas, "_count", less)


@define
class Fleet:
    """One batch, and the processes that work on it."""

    emulator: Emulator
    redis_url: str
    logs: Path

    def command(self, beginning: str) -> str:
        """The command in the example's docstring that begins so."""
        (found,) = re.findall(rf"^    ({beginning}.*?)(?:  +#.*)?$", DOCSTRING, re.MULTILINE)
        return str(found)

    @property
    def environ(self) -> dict[str, str]:
        return outside() | self.emulator.env | {"REDIS_URL": self.redis_url}

    async def run(self, command: str) -> str:
        """Run it to its end; what it prints."""
        process = await asyncio.create_subprocess_shell(
            command, cwd=ROOT, env=self.environ, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode()

    async def produce(self, words: str) -> str:
        """Run the producer; what it prints."""
        return await self.run(
            self.command("python examples/workers.py june meetings.csv").replace("meetings.csv", words)
        )

    @contextmanager
    def workers(self, name: str, count: int) -> Iterator["Workers"]:
        """The command that the docstring gives, with the broker of `hastened`."""
        ours = self.command("taskiq worker").replace("--app-dir examples workers:broker", f"{__name__}:hastened")
        ours = ours.replace("--workers 4", f"--workers {count}")
        log = self.logs / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                ours.split(), cwd=ROOT, env=self.environ, stderr=file, stdout=file, start_new_session=True
            )
        try:
            yield Workers(process, log)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()

    @property
    def created(self) -> Counter[str]:
        """How many meetings there are of each subject."""
        return Counter(meeting.subject for meeting in self.emulator.state.meetings.values())

    def ledger(self) -> Ledger:
        return open_ledger(self.redis_url, "june")

    async def page_says_finished(self) -> bool:
        """What the page's snippet finds."""
        namespace: dict[str, Any] = {}
        assert "redis://127.0.0.1:6379/0#june" in FINISHED
        await execute(FINISHED.replace("redis://127.0.0.1:6379/0", self.redis_url), namespace)
        return bool(namespace["finished"])

    async def entries(self) -> list[Entry]:
        async with aclosing(self.ledger()) as ledger:
            return [entry async for entry in ledger.entries()]

    async def held_by(self, workers: int) -> bool:
        """Whether so many have claimed something."""
        return len({entry.worker for entry in await self.entries() if entry.state is State.SENDING}) == workers

    async def finished(self) -> bool:
        """Whether the ledger says that all is done, and the queue that nothing is to come any more."""
        return await self.page_says_finished() and not await self.waiting()

    async def waiting(self) -> int:
        """Messages that are not acknowledged, and those that nobody has read yet."""
        redis: Any
        async with Redis.from_url(self.redis_url) as redis:
            (group,) = await redis.xinfo_groups(STREAM)
            return int(group["pending"]) + len(await redis.xrange(STREAM, f"({group['last-delivered-id'].decode()}"))

    async def check(self, items: int) -> None:
        """Every meeting was made once, and the ledger knows which one it is."""
        assert self.created == {f"Talk {number}": 1 for number in range(items)}
        entries = await self.entries()
        assert {entry.state for entry in entries} == {State.CREATED}
        results: list[Any] = [entry.outcome["result"] for entry in entries]
        known = {result["meeting_id"] for result in results}
        assert known == set(self.emulator.state.meetings)
        assert max(span(self.emulator, SPAN)) > CALLS / 2  # the quota was a matter of concern
        assert [entry.reason for entry in self.emulator.journal if entry.code == 190310] == []


@define
class Workers:
    """The processes that one command started."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def kill_one(self) -> None:
        (pid,) = re.findall(r"Started process worker-1 with pid (\d+)", self.said)
        os.kill(int(pid), signal.SIGKILL)

    async def stop(self) -> int:
        """As systemd does; the exit code."""
        os.killpg(self.process.pid, signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 30)


async def until(reached: Callable[[], Any], workers: Workers, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        found = reached()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < end, workers.said
        assert workers.process.poll() is None, workers.said
        await asyncio.sleep(0.02)


def span(emulator: Emulator, seconds: float) -> list[int]:
    """How many calls there were in the time that ended with each call."""
    times = [entry.time for entry in emulator.journal]
    return [sum(end - seconds < time <= end for time in times) for end in times]


@pytest_asyncio.fixture
async def fleet(small_quota: None, server: RedisServer, tmp_path: Path) -> AsyncIterator[Fleet]:
    async with Redis.from_url(server.url) as redis:
        await redis.flushall()
    async with Emulator(enforce_quotas=True) as emulator:
        yield Fleet(emulator, server.url, tmp_path)


async def test_the_recipe(fleet: Fleet) -> None:
    """One of three workers is killed, the others are stopped, new ones bring the batch to its end."""
    with fleet.workers("old", 3) as old:
        await until(lambda: old.said.count("Listening started") == 3, old)
        assert await fleet.produce("--demo 200") == "200 new meetings\n"
        await until(partial(fleet.held_by, 3), old)
        old.kill_one()
        assert await old.stop() == 0
    left = await fleet.entries()
    held = {entry.key: entry.worker for entry in left if entry.state is State.SENDING}
    assert len(set(held.values())) == 1, "what the others had claimed, they brought to an end"
    assert State.PENDING in {entry.state for entry in left}
    with fleet.workers("new", 2) as new:
        await until(fleet.finished, new)
    await fleet.check(200)
    assert set(held) <= {entry.key for entry in await fleet.entries() if entry.claims > 1}, "these were in doubt"
    status = await fleet.run(fleet.command("TENCENT_MEETING_LEDGER="))
    assert status == "200 created, 0 rejected, 0 unknown of 200 rows\n"


# --- the page -----------------------------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "workers.md").read_text(encoding="utf-8")
FINISHED, CELERY = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_gives_the_commands_of_the_example() -> None:
    (block,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    commands = re.findall(r"^    (\S.*?)(?:  +#.*)?$", DOCSTRING, re.MULTILINE)
    assert len(commands) == 4
    assert block.splitlines()[2:] == commands
    assert f"{import_module('tm_async.batch.resumable').LEASE:.0f} s later its lease ends" in PAGE


def test_a_file_is_read(tmp_path: Path) -> None:
    example: Any = import_module("examples.workers")
    file = tmp_path / "meetings.csv"
    file.write_text(
        "userid,subject,start_time,end_time\nalice,周会,2027-12-01T10:00+08:00,2027-12-01T11:00+08:00\n", "utf-8-sig"
    )
    (row,) = example.read(str(file))
    start = datetime(2027, 12, 1, 2, tzinfo=UTC)
    assert row == {"userid": "alice", "subject": "周会", "start_time": start, "end_time": start + timedelta(hours=1)}


async def test_the_celery_task(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery itself is played: its worker calls a function, in a thread without an event loop."""
    called: list[str] = []

    def task(**options: bool) -> Callable[[Any], Any]:
        assert options == {"acks_late": True, "ignore_result": True}

        def decorate(function: Any) -> Any:
            function.delay = called.append
            return function

        return decorate

    celery: Any = SimpleNamespace(Celery=lambda _, broker: SimpleNamespace(task=task, broker=broker))
    monkeypatch.setitem(sys.modules, "celery", celery)
    for name, value in (fleet.emulator.env | {"REDIS_URL": fleet.redis_url}).items():
        monkeypatch.setenv(name, value)
    example: Any = import_module("examples.workers")
    async with TencentMeeting(EnterpriseSecret.from_env()) as tm, aclosing(fleet.ledger()) as ledger:
        await tm.meetings.create_many.plan(example.demo(4), ledger)

    program: dict[str, Any] = {}
    await execute(CELERY, program)
    assert program["app"].broker == fleet.redis_url
    minutes = iter(range(0, 6000, 61))
    program["time"] = SimpleNamespace(monotonic=lambda: next(minutes))
    await asyncio.to_thread(program["work"], "june")  # a minute is over before anything is claimed
    assert called == ["june"]
    assert not await fleet.page_says_finished()
    assert not fleet.created
    program["time"] = time
    await asyncio.to_thread(program["work"], "june")
    assert called == ["june"]
    assert await fleet.page_says_finished()
    assert fleet.created == {f"Talk {number}": 1 for number in range(4)}
