"""Any history of an inbox in SQLite and in PostgreSQL and Redis is that of the one in memory, which is simple."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.webhooks.conftest import Clock
from tm_async.testing.lanes import delivery
from tm_async.webhooks.inbox import Inbox, MemoryInbox, PostgresInbox, RedisInbox, SqliteInbox, State, Task

HANDLERS = ("g", "h")
RECORDED = ("new", "sent", "done", "dead")
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("accept"), st.integers(0, 40), st.sampled_from(["", "m", "n"]), st.integers(0, 5), st.booleans()
        ),
        st.tuples(st.just("claim"), st.sampled_from("vw"), st.integers(0, 3), st.integers(0, 3), st.booleans()),
        st.tuples(
            st.just("record"), st.integers(0, 9), st.sampled_from(["new", "sent", "done", "dead"]), st.booleans()
        ),
        st.tuples(st.just("revive"), st.integers(0, 9)),
        st.tuples(st.just("pass"), st.integers(1, 50)),
    ),
    max_size=40,
)


def handlers_of(event: str) -> list[str]:
    return ["h"] if event == "meeting.started" else list(HANDLERS)


async def history(inbox: Inbox, steps: list[Any], pass_time: Callable[[float], None]) -> list[object]:
    """What each step gives, as far as it does not depend on the database's clock."""
    said: list[object] = []
    held: list[Task] = []
    names: dict[int, int] = {}

    def named(task: Task) -> object:
        place = names.setdefault(task.number, len(names))
        kept = evolve(task, number=0, due=0.0)
        return place, kept

    for step in steps:
        match step:
            case ("accept", number, meeting, at, started):
                event = "meeting.started" if started else "meeting.end"
                await inbox.accept(delivery(f"{number}", event=event, meeting=meeting, at=at))
            case ("claim", worker, g, h, by_key):
                keys = [held[-1].key] if by_key and held else None
                free = {"g": g, "h": h}
                taken = await inbox.claim(worker, lease=30, free=free, handlers=handlers_of, keys=keys)
                held += sorted(taken, key=lambda task: (task.handler, task.delivery))
                said.append([named(task) for task in sorted(taken, key=lambda task: (task.handler, task.delivery))])
            case ("record", which, state, counts) if held:
                task = held[which % len(held)]
                said.append(await inbox.record(task, State(state), after=20.0, error="E", counts=counts))
            case ("revive", which) if held:
                said.append(await inbox.revive([held[which % len(held)].number]))
            case ("pass", seconds):
                pass_time(seconds)
            case _:
                pass
        said.append({name: dict(states) for name, states in (await inbox.counts()).items()})
    tasks = [task async for task in inbox.tasks()]
    said.append(sorted(repr(evolve(task, number=0, due=0.0)) for task in tasks))
    return said


def in_memory(steps: list[Any]) -> list[object]:
    clock = Clock()

    def pass_time(seconds: float) -> None:
        clock.now += seconds

    return asyncio.run(history(MemoryInbox(clock=clock), steps, pass_time))


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(STEPS)
def test_in_sqlite(steps: list[Any]) -> None:
    clock = Clock()

    def pass_time(seconds: float) -> None:
        clock.now += seconds

    async def run() -> list[object]:
        with TemporaryDirectory() as folder:
            async with SqliteInbox(Path(folder) / "events.db", clock=clock) as inbox:
                return await history(inbox, steps, pass_time)

    assert asyncio.run(run()) == in_memory(steps)


def without_time(steps: list[Any]) -> list[Any]:
    """A database's own clock can't be set: nothing becomes due or ends."""
    return [step for step in steps if step[0] != "pass"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_in_a_database(kind: str, steps: list[Any], postgres_url: str, redis_url: str) -> None:
    name, steps = str(uuid4()), without_time(steps)

    async def run() -> list[object]:
        async with AsyncExitStack() as stack:
            if kind == "postgres":
                inbox: Any = await stack.enter_async_context(PostgresInbox(postgres_url, name=name))
            else:
                inbox = await stack.enter_async_context(RedisInbox.from_url(redis_url, name=name))
            return await history(inbox, steps, lambda _: None)

    assert asyncio.run(run()) == in_memory(steps)
