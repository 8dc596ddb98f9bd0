"""The emulator in a thread: whoever calls it may block."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

import httpx
import pytest

from tests.conftest import meeting
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.emulator import EmulatorThread, FaultRule


async def _create(served: EmulatorThread) -> str:
    auth = EnterpriseSecret.from_env(served.env)
    async with TencentMeeting(auth, base_url=served.base_url, quotas=None) as tm:
        return (await tm.send(meeting())).meeting_id


def test_a_test_that_blocks(tm_emulator_thread: EmulatorThread) -> None:
    assert httpx.get(f"{tm_emulator_thread.base_url}/meetings", trust_env=False).status_code >= 400
    made = asyncio.run(_create(tm_emulator_thread))
    do = tm_emulator_thread.do
    do(lambda emulator: emulator.meetings.start(made))
    assert do(lambda emulator: emulator.state.meetings[made].is_running)
    assert [entry.operation for entry in do(lambda emulator: emulator.journal)][-1] == "meetings.create"
    do(lambda emulator: emulator.add_fault(FaultRule(operation="meetings.create", status=500, error_code=9002)))
    do(lambda emulator: emulator.webhooks.settle())
    with pytest.raises(Exception, match="9002"):
        asyncio.run(_create(tm_emulator_thread))


def test_a_mistake_comes_out() -> None:
    with EmulatorThread(users=["tester"]) as served:
        with pytest.raises(ValueError, match="^meeting_id: "):
            served.do(lambda emulator: emulator.meetings.start("1"))
        with pytest.raises(RuntimeError, match="called in its own thread"):
            served.do(lambda _: served.do(lambda _: None))
        with pytest.raises(RuntimeError, match="already running"):
            served.__enter__()
        assert served.oauth_url in repr(served)


def test_it_ends_and_begins_again() -> None:
    served = EmulatorThread()
    for _ in range(2):
        with served:
            assert "tm_async emulator" in [thread.name for thread in threading.enumerate()]
        assert "tm_async emulator" not in [thread.name for thread in threading.enumerate()]
        with pytest.raises(RuntimeError, match="not running"):
            served.do(lambda emulator: emulator.journal)


def test_a_port_that_is_taken() -> None:
    with EmulatorThread() as first:
        port = int(first.oauth_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), EmulatorThread(port=port):
            pass
    with EmulatorThread(port=port):
        pass


@pytest.mark.parametrize("late", [False, True])
def test_who_does_not_wait_for_its_start_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, *, late: bool) -> None:
    class Interrupted(Future[None]):
        def result(self, timeout: float | None = None) -> None:
            if late:
                begun.wait(20)
            raise KeyboardInterrupt

    served = EmulatorThread()
    begun = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr("tm_async.emulator.thread.Future", Interrupted)
        patch.setattr(served._emulator, "start", _told(served._emulator.start, begun))
        with pytest.raises(KeyboardInterrupt):
            served.__enter__()
    assert "tm_async emulator" not in [thread.name for thread in threading.enumerate()]
    with served:
        assert served.base_url


def _told(start: Callable[[], Awaitable[Any]], begun: threading.Event) -> Callable[[], Awaitable[Any]]:
    async def told() -> Any:
        begun.set()
        return await start()

    return told
