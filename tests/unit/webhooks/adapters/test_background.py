"""The event loop in a thread: one for a process, however many first requests come at the same time."""

import asyncio
import threading

import pytest

from tm_async.webhooks.adapters.background import Background


async def where() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_requests_at_the_same_time_share_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an inbox would belong to the loop of one of them, and refuse what comes in the other one."""
    background, make, found = Background(), asyncio.new_event_loop, list[asyncio.AbstractEventLoop]()
    threads = {*threading.enumerate()}
    other = threading.Thread(target=lambda: found.append(background.run(where()).result(20)))

    def make_while_another_asks() -> asyncio.AbstractEventLoop:
        monkeypatch.undo()
        other.start()
        other.join(0.1)
        return make()

    monkeypatch.setattr(asyncio, "new_event_loop", make_while_another_asks)
    found.append(background.run(where()).result(20))
    other.join()
    for loop in {*found}:
        loop.call_soon_threadsafe(loop.stop)
    for thread in {*threading.enumerate()} - threads:
        thread.join()
    for loop in {*found}:
        loop.close()
    assert found[0] is found[1]
