"""What a worker does with handlers that succeed, fail, hang and are broken off; mostly with the inbox in memory."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.webhooks.conftest import Clock
from tests.unit.webhooks.world import World
from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.testing.lanes import claim, delivery
from tm_async.webhooks.events.base import Event
from tm_async.webhooks.handling import wait_after
from tm_async.webhooks.inbox.memory import MemoryInbox
from tm_async.webhooks.inbox.protocol import State, Task
from tm_async.webhooks.inbox.sqlite import SqliteInbox
from tm_async.webhooks.worker import Worker, handle


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def inbox(clock: Clock) -> MemoryInbox:
    return MemoryInbox(clock=clock)


def a_worker(world: World, inbox: Any, **options: Any) -> Worker:
    return Worker(inbox, world.router, **options)


async def states(inbox: MemoryInbox) -> list[tuple[str, str, int, str]]:
    return [(task.handler, str(task.state), task.attempts, task.error) async for task in inbox.tasks()]


def failing(times: int = 10**9, error: BaseException | None = None) -> Callable[[Event], Awaitable[None]]:
    left = times

    async def fail(_: Event) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error or ValueError("no")

    return fail


async def hang(_: Event) -> None:
    await asyncio.Event().wait()


async def until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_each_handler_of_an_event_runs_once(world: World, inbox: MemoryInbox) -> None:
    world.handler("all")
    world.handler("ends", "meeting.end")
    for trace, event in (("a", "meeting.end"), ("b", "meeting.started")):
        await inbox.accept(delivery(trace, event=event))
    assert await a_worker(world, inbox).drain() == 3
    assert world.seen == {"all": ["a", "b"], "ends": ["a"]}
    await inbox.accept(delivery("a", event="meeting.end"))
    assert await a_worker(world, inbox).drain() == 0


async def test_what_a_handler_gets(world: World, inbox: MemoryInbox) -> None:
    """The event as it came, with attempt and lateness, in the order of its meeting."""
    got: list[tuple[str, int, bool, str, float, object]] = []

    async def note(event: Event) -> None:
        about = (event.delivery.key_name, event.delivery.received, event.subject)
        got.append((event.delivery.trace_id, event.attempt, event.late, *about))
        if event.delivery.trace_id == "b" and event.attempt == 1:
            raise ValueError

    world.handler("h", then=note)
    for trace, at in (("b", 20), ("c", 30)):
        await inbox.accept(delivery(trace, meeting="m", at=at))
    worker = a_worker(world, inbox)
    assert await worker.drain() == 1
    world.clock.now += 1
    assert await worker.drain() == 2
    await inbox.accept(delivery("a", meeting="m", at=10))
    await worker.drain()
    same = ("current", 1e9, ("m", ""))
    assert got == [("b", 1, False, *same), ("b", 2, False, *same), ("c", 1, False, *same), ("a", 1, True, *same)]


async def test_a_failure_repeats_no_other_handler(
    world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture
) -> None:
    """1 s, 2.5 s and so on, an hour at most; then it is a dead letter, and the lane goes on."""
    world.handler("bad", then=failing())
    world.handler("good")
    for trace, at in (("a", 10), ("b", 20)):
        await inbox.accept(delivery(trace, meeting="m", at=at))
    waited: list[float] = []
    worker = a_worker(world, inbox)
    with caplog.at_level(logging.WARNING):
        await worker.drain()
        while len(world.seen["bad"]) < 12:
            (waiting,) = [task async for task in inbox.tasks(State.NEW) if task.attempts]
            waited.append(waiting.due - world.clock.now)
            world.clock.now = waiting.due - 0.01
            assert await worker.drain() == 0
            world.clock.now = waiting.due
            await worker.drain()
    assert waited == [pytest.approx(min(2.5**n, 3600), abs=1e-3) for n in range(11)]
    assert world.seen == {"bad": ["a"] * 12 + ["b"], "good": ["a", "b"]}
    assert ("bad", "dead", 12, "ValueError") in await states(inbox)
    assert [wait_after(attempts) for attempts in (1, 2, 10, 12, 9999)] == [1, 2.5, 3600, 3600, 3600]
    assert "handler bad gives up meeting.end" in caplog.text
    assert await inbox.revive([task.number async for task in inbox.tasks(State.DEAD)]) == 1


@pytest.mark.parametrize("error", [asyncio.CancelledError(), TimeoutError(), ExceptionGroup("g", [ValueError()])])
async def test_any_error_is_a_failure(world: World, inbox: MemoryInbox, error: BaseException) -> None:
    world.handler("bad", then=failing(1, error))
    await inbox.accept(delivery("a"))
    worker = a_worker(world, inbox)
    await worker.drain()
    assert await states(inbox) == [("bad", "new", 1, type(error).__qualname__)]
    world.clock.now += 1
    await worker.drain()
    assert await states(inbox) == [("bad", "done", 2, "")]


async def test_a_handler_that_hangs_stops_no_other(world: World, inbox: MemoryInbox) -> None:
    """However many events it has: it has places of its own, and each attempt an end."""
    world.handler("hangs", then=hang)
    world.handler("good")
    for number in range(50):
        await inbox.accept(delivery(f"{number}"))
    async with a_worker(world, inbox, timeout=0.05, concurrency=4, grace=0.01) as worker:
        await until(lambda: len(world.seen["good"]) == 50 and len(world.seen["hangs"]) > 4)
        assert len(world.done) == 50
        assert sum(name == "hangs" for name in worker._running.values()) <= 4
    tried = {task.error async for task in inbox.tasks() if task.attempts and task.handler == "hangs"}
    assert tried == {"TimeoutError"}


async def test_not_more_at_a_time_than_it_may(world: World, inbox: MemoryInbox) -> None:
    now = most = 0

    async def count(_: Event) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1

    world.handler("h", then=count)
    for number in range(30):
        await inbox.accept(delivery(f"{number}"))
    await a_worker(world, inbox, concurrency=5).drain()
    assert (most, len(world.done)) == (5, 30)


async def test_stopping_waits_for_what_is_under_way(world: World, inbox: MemoryInbox) -> None:
    """And begins nothing more."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: Event) -> None:
        begun.set()
        await go_on.wait()

    world.handler("h", then=wait)
    for number in range(3):
        await inbox.accept(delivery(f"{number}"))
    worker = await a_worker(world, inbox, concurrency=1).__aenter__()
    await begun.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    await worker.stop()
    assert [state for _, state, _, _ in await states(inbox)] == ["done", "new", "new"]


async def test_what_does_not_end_in_time_is_there_for_the_next(
    world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was no attempt. What does not end at all is left to its lease."""
    monkeypatch.setattr("tm_async.webhooks.worker._PATIENCE", 0.01)
    released = asyncio.Event()

    async def stubborn(_: Event) -> None:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                pass

    world.handler("hangs", then=hang)
    world.handler("stubborn", then=stubborn)
    await inbox.accept(delivery("a"))
    async with a_worker(world, inbox, grace=0.01):
        await until(lambda: bool(world.seen["stubborn"]))
    assert await states(inbox) == [("hangs", "new", 0, ""), ("stubborn", "leased", 1, "")]
    assert "handler stubborn does not end" in caplog.text
    assert [task.handler for task in await claim(inbox, handlers=("hangs", "stubborn"))] == ["hangs"]
    released.set()


async def test_a_handler_that_nobody_has(world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture) -> None:
    """Of another version of the program: its tasks wait for a worker that has it, and hold up nothing."""
    old = World(world.clock)
    old.handler("old")
    old.handler("both")
    world.handler("both")
    await inbox.accept(delivery("a"))
    await claim(inbox, "another", handlers=("old", "both"), room=0)
    await a_worker(world, inbox).drain()
    assert world.seen == {"both": ["a"]}
    await a_worker(old, inbox).drain()
    assert old.seen == {"old": ["a"], "both": []}


async def test_handlers_that_change_for_an_event(world: World, inbox: MemoryInbox) -> None:
    """A task whose handler does not take its event any more is offered to others, a minute later."""
    await inbox.accept(delivery("a"))
    await claim(inbox, handlers=["h"], room=0)
    world.handler("h", "another.event")
    await a_worker(world, inbox).drain()
    assert await states(inbox) == [("h", "new", 0, "")]
    (task,) = [task async for task in inbox.tasks()]
    assert task.due == world.clock.now + 60


async def test_who_kills_its_worker_is_given_up(world: World, inbox: MemoryInbox) -> None:
    """A handler that ends the process never says that it failed."""
    world.handler("h")
    await inbox.accept(delivery("a"))
    for _ in range(12):
        assert len(await claim(inbox, "dead", lease=1)) == 1
        world.clock.now += 2
    await a_worker(world, inbox).drain()
    assert await states(inbox) == [("h", "dead", 13, "WorkerEnded")]
    assert world.seen == {"h": []}


async def test_a_body_that_is_of_no_use(
    world: World, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a failure like others, with time to give the worker the right key."""
    from tm_async.auth.stores.encrypted import EncryptedStore

    world.handler("h")
    one, another = EncryptedStore.new_key(), EncryptedStore.new_key()
    async with SqliteInbox(tmp_path / "events.db", store_keys=[one], clock=clock) as inbox:
        await inbox.accept(delivery("a"))
    assert b"trace_id" not in (tmp_path / "events.db").read_bytes()
    for keys, expected in (([], State.NEW), ([another], State.NEW), ([another, one], State.DONE)):
        async with SqliteInbox(tmp_path / "events.db", store_keys=keys, clock=clock) as inbox:
            assert await a_worker(world, inbox).drain() == 1
            assert [task.state async for task in inbox.tasks()] == [expected]
        clock.now += 3
    assert caplog.text.count("no store key fits") >= 2


class Troubled:
    """An inbox that fails when it is told to."""

    def __init__(self, inbox: MemoryInbox) -> None:
        self._inbox = inbox
        self.fails: dict[str, int] = {}
        self.loses = 0
        self.error: InboxError = InboxUnavailable("gone")

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inbox, name)

        async def call(*args: Any, **options: Any) -> Any:
            if self.fails.get(name, 0) > 0:
                self.fails[name] -= 1
                raise self.error
            found = await method(*args, **options)
            if name == "claim" and self.loses:
                self.loses -= 1
                raise self.error
            return found

        return call


async def test_a_success_that_can_not_be_recorded_yet(world: World, inbox: MemoryInbox) -> None:
    """Is recorded later; the handler does not run again, also when the lease has ended meanwhile."""
    troubled = Troubled(inbox)
    world.handler("h")
    await inbox.accept(delivery("a"))
    troubled.fails["record"] = 20
    async with a_worker(world, troubled, sleep=_sleeping(world)):
        await until(lambda: not troubled.fails["record"])
    assert world.seen == {"h": ["a"]}
    assert [state for _, state, _, _ in await states(inbox)] == ["done"]
    assert world.clock.now > 1_790_000_000 + 60


def _sleeping(world: World) -> Any:
    async def sleep(seconds: float) -> None:
        if seconds > 60:  # until it is time to tidy
            await asyncio.Event().wait()
        world.clock.now += seconds
        await asyncio.sleep(0)

    return sleep


async def test_an_inbox_that_is_gone_for_a_while(
    world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture
) -> None:
    troubled = Troubled(inbox)
    world.handler("h")
    await inbox.accept(delivery("a"))
    troubled.fails.update(claim=3, tidy=1)
    async with a_worker(world, troubled, poll=0.001):
        await until(lambda: bool(world.done))
    assert "no events from the inbox (3 times in a row): gone" in caplog.text


async def test_a_claim_whose_answer_is_lost(world: World, inbox: MemoryInbox) -> None:
    """Nobody knows of it: it comes again when its lease has ended, though this worker is alive and renews its own."""
    troubled = Troubled(inbox)
    troubled.loses = 1
    world.handler("h")
    await inbox.accept(delivery("a"))
    await inbox.accept(delivery("b"))
    worker = a_worker(world, troubled)
    with pytest.raises(InboxUnavailable):
        await worker.drain()
    await inbox.accept(delivery("c"))

    async def work(_: Event) -> None:
        world.clock.now += 15

    world.handler("long", "another.event", then=work)
    for number in range(3):
        await inbox.accept(delivery(f"{number}", event="another.event"))
        await worker.drain()
    assert sorted(world.seen["h"]) == ["0", "1", "2", "a", "b", "c"]


async def test_what_was_taken_over_is_said(world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture) -> None:
    """By a worker that did not know of this one."""

    async def lose(_: Event) -> None:
        world.clock.now += 31
        (task,) = await claim(inbox, "another")
        assert await inbox.record(task, State.DONE)

    world.handler("h", then=lose)
    await inbox.accept(delivery("a"))
    await a_worker(world, inbox).drain()
    assert "was taken over while h had it" in caplog.text


async def test_a_lease_is_renewed(world: World, inbox: MemoryInbox) -> None:
    """Every third of it, while something is held."""
    renewed: list[Task] = []

    async def long(_: Event) -> None:
        for _ in range(30):
            await asyncio.sleep(0)
        renewed.extend(await claim(inbox, "another"))

    world.handler("h", then=long)
    await inbox.accept(delivery("a"))
    await a_worker(world, inbox, lease=30, sleep=_sleeping(world)).drain()
    assert world.clock.now >= 1_790_000_000 + 100
    assert renewed == []


async def test_what_is_old_is_tidied(world: World, inbox: MemoryInbox) -> None:
    world.handler("h")
    received = world.clock.now
    await inbox.accept(delivery("a", received=received))
    await a_worker(world, inbox).drain()
    for days, left in ((6.9, True), (7.1, False)):
        world.clock.now = received + days * 86400
        async with a_worker(world, inbox):
            await asyncio.sleep(0.01)
        assert [task.body is not None async for task in inbox.tasks()] == [left]
    world.clock.now = received + 31 * 86400
    async with a_worker(world, inbox):
        await asyncio.sleep(0.01)
    assert await inbox.counts() == {}


async def test_tidying_goes_on_until_nothing_is_left(world: World, clock: Clock) -> None:
    """A database tidies a part at a time, so that nothing waits for long."""
    tidied: list[int] = []
    done = asyncio.Event()

    class ManyParts(MemoryInbox):
        async def tidy(self, *, bodies: float, keys: float) -> int:
            tidied.append(2 - len(tidied))
            return tidied[-1]

    async def sleep(seconds: float) -> None:
        if seconds == 3600:
            done.set()
        await (asyncio.sleep(0) if not seconds else asyncio.Event().wait())

    world.handler("h")
    async with a_worker(world, ManyParts(clock=clock), sleep=sleep):
        await done.wait()
    assert tidied == [2, 1, 0]


async def test_by_key_for_a_broker(world: World, inbox: MemoryInbox) -> None:
    """All handlers of that event that are open; nothing the second time, and nothing for others."""
    world.handler("g", then=failing(1))
    world.handler("h")
    for trace in ("a", "b"):
        await inbox.accept(delivery(trace))
    key = [task.key async for task in inbox.tasks()][1]
    assert await handle(inbox, world.router, key) == 2
    assert await handle(inbox, world.router, key) == 0
    world.clock.now += 1
    assert await handle(inbox, world.router, key) == 1
    assert world.seen == {"g": ["b", "b"], "h": ["b"]}
    assert await handle(inbox, world.router, "missing") == 0


async def test_a_broker_that_breaks_off(world: World, inbox: MemoryInbox) -> None:
    world.handler("h", then=hang)
    await inbox.accept(delivery("a"))
    (key,) = [task.key async for task in inbox.tasks()]
    running = asyncio.create_task(handle(inbox, world.router, key))
    await until(lambda: bool(world.seen["h"]))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await states(inbox) == [("h", "new", 0, "")]


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"concurrency": "8"},
        {"timeout": 0},
        {"timeout": "300"},
        {"attempts": 0},
        {"attempts": None},
        {"lease": -1},
        {"poll": float("nan")},
        {"grace": -1},
        {"bodies": 9, "keys": 5},
    ],
)
def test_options_that_make_no_sense(world: World, inbox: MemoryInbox, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        a_worker(world, inbox, **options)


async def test_a_worker_is_entered_once(world: World, inbox: MemoryInbox) -> None:
    async with a_worker(world, inbox) as worker:
        with pytest.raises(ConfigurationError, match="started before"):
            await worker.__aenter__()
        assert repr(worker) == "Worker(MemoryInbox(<0 deliveries>))"
        ending = asyncio.create_task(worker.run())
    await ending


async def test_a_broken_worker_says_so(world: World, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture) -> None:
    world.handler("x" * 600)
    await inbox.accept(delivery("a"))
    worker = await a_worker(world, inbox).__aenter__()
    with pytest.raises(ConfigurationError):
        await worker.run()
    with pytest.raises(ConfigurationError):
        await worker.stop()
    assert "a worker broke down" in caplog.text
