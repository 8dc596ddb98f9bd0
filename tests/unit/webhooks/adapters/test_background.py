"""The event loop in a thread: one for a process, however many first requests come at the same time, and it goes on."""

import asyncio
import gc
import logging
import os
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from tests.forking import in_child
from tests.unit.webhooks.vectors import KEY, KEYS
from tm_async.webhooks import Event, MeetingEnded, Webhooks
from tm_async.webhooks.adapters import answered
from tm_async.webhooks.adapters.background import Background, in_background
from tm_async.webhooks.adapters.function import function
from tm_async.webhooks.reply import TRY_AGAIN, Reply
from tm_async.webhooks.sending import delivery_request


async def where() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


async def thread_there() -> threading.Thread:
    return threading.current_thread()


def end(loop: asyncio.AbstractEventLoop) -> None:
    thread = asyncio.run_coroutine_threadsafe(thread_there(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)
    loop.close()


def test_requests_at_the_same_time_share_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an inbox would belong to the loop of one of them, and refuse what comes in the other one."""
    background, make, found = Background(), asyncio.new_event_loop, list[asyncio.AbstractEventLoop]()
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
        end(loop)
    assert found[0] is found[1]


class Asked:
    """`function` in a thread of its own, as a test that waits for ever tells nothing."""

    def __init__(self, hooks: Webhooks) -> None:
        self._answer = function(hooks)

    def __call__(self, meeting: str) -> int:
        sent = delivery_request(KEY, MeetingEnded.sample(meeting_id=meeting).delivery.body)
        found: list[int] = []

        def ask() -> None:
            found.append(self._answer(sent.method, sent.query_string, sent.headers, sent.body)[0])

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(20)
        return found[0]


@pytest.mark.parametrize("handlers", [1, 2])
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
def test_a_handler_that_ends_everything_costs_its_delivery_only(error: type[BaseException], handlers: int) -> None:
    """A second handler has the first one run in a task of its own, and what that raises leaves the loop."""
    hooks, seen = Webhooks(KEYS, inline=True), list[str]()

    async def handle(event: MeetingEnded) -> None:
        if event.meeting_info.meeting_id == "last":
            raise error
        seen.append(event.meeting_info.meeting_id)

    for number in range(handlers):
        hooks.add(handle, name=f"handler {number}")
    ask = Asked(hooks)
    assert [ask(meeting) for meeting in ("1", "last", "2", "last", "3")] == [200, 503, 200, 503, 200]
    assert seen == [one for one in "123" for _ in range(handlers)]
    asyncio.run(asyncio.wait_for(hooks.aclose(), 20))


def test_one_that_is_handled_after_the_answer_ends_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("tm_async.webhooks"), "disabled", True)  # pytest would keep what was raised
    hooks, begun, go_on = Webhooks(KEYS), threading.Event(), threading.Event()

    @hooks.on(MeetingEnded)
    async def handle(event: Event) -> None:
        begun.set()
        await asyncio.to_thread(go_on.wait)
        raise SystemExit

    sent = delivery_request(KEY, MeetingEnded.sample().delivery.body)
    assert in_background(hooks.respond(sent.method, "", sent.headers, sent.body)).result(20).status == 200
    assert begun.wait(20)
    loop = in_background(where()).result(20)

    async def close() -> None:
        closing = asyncio.create_task(hooks.aclose())
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait_for(closing, 20)

    asyncio.run(close())
    gc.collect()  # asyncio tells of its task when that is freed: now, not in the middle of something else
    assert in_background(where()).result(20) is loop


def test_a_loop_whose_thread_has_ended_is_followed_by_another() -> None:
    background = Background()
    first = background.run(where()).result(20)
    end(first)
    second = background.run(where()).result(20)
    assert second is not first
    end(second)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_has_a_loop_of_its_own() -> None:
    background = Background()
    parent = background.run(where()).result(20)

    async def look() -> int:
        async with asyncio.timeout(5):
            return 2 if await asyncio.wrap_future(background.run(where())) is parent else 0

    assert in_child(look) == 0
    assert background.run(where()).result(20) is parent
    end(parent)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a loop that a handler blocks, for example."""
    asked: list[Future[Reply]] = []

    def never(work: Any) -> Future[Reply]:
        work.close()
        asked.append(Future())
        return asked[-1]

    async def work() -> Reply:
        raise AssertionError

    monkeypatch.setattr(answered, "in_background", never)
    monkeypatch.setattr(answered, "SECONDS", 0.0)
    first, second = work(), work()
    assert answered.answered(first) == asyncio.run(answered.awaited(second)) == TRY_AGAIN
    first.close()
    second.close()
    assert all(one.cancelled() for one in asked)
