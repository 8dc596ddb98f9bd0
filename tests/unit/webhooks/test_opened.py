"""What takes deliveries over is opened once for each process, and closed in the event loop where it has worked."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from tests.forking import in_child
from tests.unit.webhooks import vectors as v
from tm_async.webhooks import Delivery, MeetingEnded, Webhooks
from tm_async.webhooks.adapters.background import in_background
from tm_async.webhooks.opened import Opened
from tm_async.webhooks.reply import Reply
from tm_async.webhooks.sending import delivery_request


class Kept:
    """An inbox that knows where it was closed."""

    closed: asyncio.AbstractEventLoop | None = None

    async def accept(self, delivery: Delivery, /) -> None:
        pass

    async def aclose(self) -> None:
        self.closed = asyncio.get_running_loop()


def test_threads_that_ask_at_the_same_time_get_the_same() -> None:
    opened, found = Opened(), list[object]()
    other = threading.Thread(target=lambda: found.append(opened.get(Kept)))

    def make_while_another_asks() -> Kept:
        other.start()
        other.join(0.1)
        return Kept()

    found.append(opened.get(make_while_another_asks))
    other.join()
    assert found[0] is found[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_opens_its_own_and_leaves_that_of_its_parent_alone() -> None:
    opened = Opened()
    before = opened.get(Kept)

    async def look() -> int:
        after = opened.get(Kept)
        await opened.aclose(None)
        return 0 if after is not before and isinstance(before, Kept) and before.closed is None else 2

    assert in_child(look) == 0
    assert opened.get(Kept) is before


def test_it_is_closed_where_it_worked_as_long_as_that_goes_on() -> None:
    async def work(opened: Opened) -> Kept:
        found = opened.at_work(Kept)
        assert isinstance(found, Kept)
        return found

    async def close(opened: Opened) -> asyncio.AbstractEventLoop:
        await opened.aclose(None)
        return asyncio.get_running_loop()

    opened = Opened()
    kept = in_background(work(opened)).result()
    elsewhere = asyncio.run(close(opened))
    assert kept.closed not in {None, elsewhere}
    ended = asyncio.run(work(opened))
    assert asyncio.run(close(opened)) is ended.closed


# --- with `Webhooks` --------------------------------------------------------------------------------------------------


def respond(hooks: Webhooks, meeting: str) -> Reply:
    """As in Flask: on the loop in the background."""
    sent = delivery_request(v.KEY, MeetingEnded.sample(meeting_id=meeting).delivery.body, timestamp=v.TIMESTAMP)
    return in_background(hooks.respond(sent.method, sent.query_string, sent.headers, sent.body)).result(20)


def test_what_is_handled_in_the_background_is_waited_for_from_elsewhere() -> None:
    hooks, go_on, seen = Webhooks(v.KEYS, clock=lambda: v.NOW), threading.Event(), []

    @hooks.on(MeetingEnded)
    async def handle(event: MeetingEnded) -> None:
        await asyncio.to_thread(go_on.wait)
        seen.append(event.meeting_info.meeting_id)

    async def close() -> None:
        closing = asyncio.create_task(hooks.aclose())
        await asyncio.sleep(0)
        go_on.set()
        async with asyncio.timeout(20):
            await closing

    assert respond(hooks, "1").status == 200
    asyncio.run(close())
    assert seen == ["1"]


@pytest.mark.parametrize("kind", ["redis", "postgres"])
def test_an_inbox_that_was_opened_in_the_background_is_closed_from_elsewhere(
    kind: str, redis_url: str, postgres_url: str
) -> None:
    inbox = f"{redis_url if kind == 'redis' else postgres_url}#closed elsewhere"
    hooks = Webhooks(v.KEYS, inbox=inbox, clock=lambda: v.NOW)
    for number in range(2):
        assert respond(hooks, str(number)).status == 200
        asyncio.run(asyncio.wait_for(hooks.aclose(), 20))


@pytest.mark.parametrize("kind", ["redis", "postgres", "sqlite", "none"])
def test_who_enters_in_another_loop_keeps_it_from_none(
    kind: str, redis_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """As where an async program serves Flask in a thread."""
    places = {"redis": f"{redis_url}#entered", "postgres": f"{postgres_url}#entered", "sqlite": str(tmp_path / "x.db")}
    hooks = Webhooks(v.KEYS, inbox=places.get(kind), clock=lambda: v.NOW)

    async def live() -> Reply:
        async with hooks:
            return await asyncio.to_thread(respond, hooks, "1")

    assert asyncio.run(live()).status == 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("kind", ["redis", "postgres"])
def test_a_child_of_a_process_that_has_answered_answers_too(kind: str, redis_url: str, postgres_url: str) -> None:
    """As servers do it that load an application before they fork."""
    hooks = Webhooks(v.KEYS, inbox=f"{redis_url if kind == 'redis' else postgres_url}#forked", clock=lambda: v.NOW)
    assert respond(hooks, "1").status == 200

    async def answer() -> int:
        status = 0 if respond(hooks, "2").status == 200 else 2
        await asyncio.wait_for(hooks.aclose(), 20)
        return status

    assert in_child(answer, within=30) == 0
    assert respond(hooks, "3").status == 200, "its connections are not closed"
    asyncio.run(asyncio.wait_for(hooks.aclose(), 20))
