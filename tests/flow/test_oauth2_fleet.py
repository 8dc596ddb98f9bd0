"""Eight processes with a hundred tasks each, at the moment of expiry: one renewal, and every call succeeds."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import meeting
from tests.flow.test_oauth2_secrets import the_app
from tm_async import FileStore, OAuth2, RedisStore, TencentMeeting, TokenStore
from tm_async.emulator import Emulator, FaultRule

PROCESSES, TASKS = 8, 100
LOCK_TTL = 3.0
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["file", "redis"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What a worker needs to know of the store."""
    if request.param == "file":
        return {"directory": str(tmp_path / "grants")}
    return {"redis": request.getfixturevalue("redis_url"), "prefix": f"{tmp_path}:", "lock_ttl": LOCK_TTL}


@asynccontextmanager
async def store_at(where: dict[str, Any]) -> AsyncIterator[TokenStore]:
    if "redis" not in where:
        yield FileStore(where["directory"])
        return
    store = RedisStore.from_url(where["redis"], prefix=where["prefix"])
    try:
        yield store
    finally:
        await store.aclose()


class Fleet:
    """Worker processes that are ready, and wait for the word."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self.workers: list[asyncio.subprocess.Process] = []

    async def start(self, count: int) -> None:
        self.workers += await asyncio.gather(*(self._start() for _ in range(count)))

    async def _start(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = [sys.executable, "-m", "tests.flow.oauth2_worker", json.dumps(self._given)]
        worker = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"
        return worker

    def go(self) -> None:
        for worker in self.workers:
            assert worker.stdin is not None
            worker.stdin.write(b"go\n")

    async def outcomes(self) -> list[dict[str, int]]:
        said = [out for out, _ in await asyncio.gather(*(worker.communicate() for worker in self.workers))]
        return [json.loads(out.splitlines()[-1]) for out in said]


@asynccontextmanager
async def fleet_at_expiry(emulator: Emulator, where: dict[str, Any]) -> AsyncIterator[Fleet]:
    """A user is logged in, has a meeting, and her access token has just ended."""
    async with store_at(where) as store:
        app = the_app(emulator).with_store(store)
        grant = await app.exchange(emulator.oauth.code("alice"))
        async with TencentMeeting(OAuth2(app, open_id=grant.open_id), base_url=emulator.base_url) as tm:
            created = await tm.send(meeting(userid=grant.open_id))
        emulator.clock_offset = 6 * 3600
        fleet = Fleet(
            {
                "corp_id": app.corp_id,
                "sdk_id": app.sdk_id,
                "secret": emulator.oauth.app.secret,
                "oauth_url": emulator.oauth_url,
                "base_url": emulator.base_url,
                "open_id": grant.open_id,
                "meeting_id": created.meeting_id,
                "offset": 6 * 3600,
                "tasks": TASKS,
                **where,
            }
        )
        try:
            yield fleet
        finally:
            for worker in fleet.workers:
                if worker.returncode is None:
                    worker.kill()
                    await worker.wait()
        after = await app.grant(grant.open_id)
        assert after is not None, "the grant is still there"
        assert after.access_token != grant.access_token


def renewals(emulator: Emulator) -> list[str | None]:
    """What became of each renewal that reached the server: a refusal's reason, or `None`."""
    return [entry.fault or entry.reason for entry in emulator.journal if entry.operation == "oauth2.refresh_token"]


async def test_one_renewal_for_all(tm_emulator: Emulator, where: dict[str, Any]) -> None:
    async with fleet_at_expiry(tm_emulator, where) as fleet:
        await fleet.start(PROCESSES)
        fleet.go()
        outcomes = await fleet.outcomes()
    assert outcomes == [{"done": TASKS}] * PROCESSES
    assert renewals(tm_emulator) == [None]


async def test_a_renewer_that_is_killed(tm_emulator: Emulator, where: dict[str, Any]) -> None:
    """Its request is on the way, and the server has not begun with it: nothing is lost, and another one takes over."""
    async with fleet_at_expiry(tm_emulator, where) as fleet:
        await fleet.start(1)
        (victim,) = fleet.workers
        tm_emulator.add_fault(FaultRule(operation="oauth2.refresh_token", nth=1, delay=20, drop="before"))
        fleet.go()
        while not renewals(tm_emulator):  # noqa: ASYNC110 - the victim has the lock, and its request has come
            await asyncio.sleep(0)
        fleet.workers.clear()
        await fleet.start(PROCESSES - 1)
        victim.kill()
        killed = time.monotonic()
        fleet.go()
        outcomes = await fleet.outcomes()
        took = time.monotonic() - killed
        await victim.wait()
    assert outcomes == [{"done": TASKS}] * (PROCESSES - 1)
    assert [fault is None for fault in renewals(tm_emulator)] == [False, True]
    assert took < LOCK_TTL + 20, "the operating system, or the lock's time to live, lets the others go on"


async def test_a_renewer_that_is_stopped_for_longer_than_its_lock(
    tm_emulator: Emulator, redis_url: str, tmp_path: Path
) -> None:
    """The server has renewed for it, the others are refused: they wait for what it saves when it goes on."""
    where = {"redis": redis_url, "prefix": f"{tmp_path}:", "lock_ttl": 1.0}
    async with fleet_at_expiry(tm_emulator, where) as fleet:
        await fleet.start(3)
        tm_emulator.add_fault(FaultRule(operation="oauth2.refresh_token", nth=1, delay_answer=0.2))
        (stopped, *others) = fleet.workers
        fleet.workers[:] = [stopped]
        fleet.go()
        while not renewals(tm_emulator):  # noqa: ASYNC110 - it has the lock, and its request has come
            await asyncio.sleep(0)
        stopped.send_signal(signal.SIGSTOP)
        fleet.workers[:] = others
        fleet.go()
        while len(renewals(tm_emulator)) < 2:  # noqa: ASYNC110 - the lock is over
            await asyncio.sleep(0.01)
        stopped.send_signal(signal.SIGCONT)
        fleet.workers[:] = [stopped, *others]
        outcomes = await fleet.outcomes()
    assert outcomes == [{"done": TASKS}] * 3
    assert "replaced by a refresh" in str(renewals(tm_emulator)[1])
