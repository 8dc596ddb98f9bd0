"""`Inline`: an event counts once, however often it comes at the same time."""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import pytest

from tm_async.errors import InboxUnavailable
from tm_async.webhooks import Delivery, Event, MeetingEnded, Router
from tm_async.webhooks.acknowledging import Inline

DELIVERY = MeetingEnded.sample(meeting_id="1").delivery


class Handled:
    """A router with one handler, which waits, then does what it is told."""

    def __init__(self) -> None:
        self.router, self.go_on = Router(), asyncio.Event()
        self.begun = self.done = 0
        self.failing = False
        self.router.add(self.handle, MeetingEnded)

    async def handle(self, event: Event) -> None:
        self.begun += 1
        await self.go_on.wait()
        if self.failing:
            raise ValueError
        self.done += 1


async def begin(inline: Inline, times: int, delivery: Delivery = DELIVERY) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(inline.accept(delivery)) for _ in range(times)]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_it_is_handled_once() -> None:
    one = Handled()
    inline = Inline(one.router)
    tasks = await begin(inline, 3)
    one.go_on.set()
    assert await asyncio.gather(*tasks) == [None] * 3
    await inline.accept(DELIVERY)
    assert (one.begun, one.done) == (1, 1)


async def test_all_hear_that_it_failed_and_it_is_tried_again_later() -> None:
    one = Handled()
    one.failing = True
    inline = Inline(one.router)
    tasks = await begin(inline, 3)
    one.go_on.set()
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in errors] == [InboxUnavailable] * 3
    assert one.begun == 1
    one.failing = False
    await inline.accept(DELIVERY)
    assert one.done == 1


async def test_whoever_waits_takes_over_from_a_request_that_is_gone() -> None:
    one = Handled()
    inline = Inline(one.router)
    first, second, third = await begin(inline, 3)
    second.cancel()
    await asyncio.wait([second])
    first.cancel()
    await asyncio.wait([first])
    one.go_on.set()
    await third
    assert (first.cancelled(), second.cancelled()) == (True, True)
    assert (one.begun, one.done) == (2, 1)


@pytest.mark.parametrize("handlers", [1, 2])
async def test_a_handler_that_awaits_what_is_cancelled_has_failed(handlers: int) -> None:
    """Its request is not being cancelled, and needs an answer."""
    router, seen = Router(), list[Event]()

    async def fails(_: Event) -> None:
        task = asyncio.ensure_future(asyncio.Event().wait())
        task.cancel()
        await task

    async def other(event: Event) -> None:
        await asyncio.sleep(0)
        seen.append(event)

    router.add(other, MeetingEnded)
    for number in range(handlers):
        router.add(fails, MeetingEnded, name=f"fails {number}")
    with pytest.raises(InboxUnavailable, match="fails 0") as caught:
        await Inline(router).accept(DELIVERY)
    cause = caught.value.__cause__.__cause__ if caught.value.__cause__ else None
    errors = cause.exceptions if isinstance(cause, BaseExceptionGroup) else [cause]
    assert [type(error) for error in errors] == [asyncio.CancelledError] * handlers
    assert len(seen) == 1


async def test_a_handler_that_is_alone_and_awaits_what_is_cancelled() -> None:
    router = Router()

    async def fails(_: Event) -> None:
        raise asyncio.CancelledError

    router.add(fails, MeetingEnded)
    with pytest.raises(InboxUnavailable, match="fails"):
        await Inline(router).accept(DELIVERY)


async def test_who_waits_waits_no_longer_than_it_may() -> None:
    one = Handled()
    inline = Inline(one.router)
    (first,) = await begin(inline, 1)
    inline._seconds = 0.0
    with pytest.raises(InboxUnavailable, match="took longer"):
        await inline.accept(DELIVERY)
    one.go_on.set()
    await first
    assert (one.begun, one.done) == (1, 1)


def test_it_is_handled_once_in_several_loops() -> None:
    """As where each request has a loop of its own."""
    router, begun, go_on, seen = Router(), threading.Event(), threading.Event(), list[Any]()

    async def handle(event: Event) -> None:
        seen.append(event.key)
        begun.set()
        await asyncio.to_thread(go_on.wait)

    router.add(handle, MeetingEnded)
    inline, ended = Inline(router), list[Any]()

    def accept() -> None:
        with suppress(InboxUnavailable):
            asyncio.run(inline.accept(DELIVERY))
            ended.append(True)

    threads = [threading.Thread(target=accept) for _ in range(3)]
    threads[0].start()
    begun.wait(20)
    for thread in threads[1:]:
        thread.start()
        thread.join(0.1)
    go_on.set()
    for thread in threads:
        thread.join()
    assert (len(seen), len(ended)) == (1, 3)
