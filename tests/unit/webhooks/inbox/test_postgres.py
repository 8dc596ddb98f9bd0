"""An inbox in PostgreSQL holds no row that others need while it waits for a lane, and tidies around others."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from tm_async.testing.lanes import claim, delivery, take
from tm_async.webhooks.inbox import PostgresInbox, State
from tm_async.webhooks.inbox import postgrestables as sql

GATE = """
ALTER TABLE tm_async_inbox RENAME TO deliveries;
CREATE FUNCTION gate() RETURNS boolean LANGUAGE sql VOLATILE AS
$$ SELECT count(pg_advisory_xact_lock_shared(hashtext(current_schema()))) = 1 $$;
CREATE VIEW tm_async_inbox AS SELECT * FROM deliveries
WHERE CASE WHEN current_setting('application_name') = 'gated' THEN gate() ELSE true END;
"""
"""Who is called `gated` and reads deliveries sees those that there are now, and goes on when the gate is open."""
SHUT = "SELECT pg_advisory_lock(hashtext(current_schema()))"
OPEN = "SELECT pg_advisory_unlock(hashtext(current_schema()))"
WAITING = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND (classid::bigint = %s) = %s
AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""
HELD = "SELECT number FROM tm_async_inbox_tasks WHERE number = %s FOR UPDATE NOWAIT"


@pytest.fixture
async def inbox(own_schema: str) -> AsyncIterator[PostgresInbox]:
    async with PostgresInbox(own_schema) as inbox:
        yield inbox


@pytest.fixture
async def somebody(own_schema: str, inbox: PostgresInbox) -> AsyncIterator[Any]:
    """Another one's connection, when the tables are there."""
    await inbox.counts()
    async with await psycopg.AsyncConnection.connect(own_schema, autocommit=True) as db:
        yield db


async def somebody_is_waited_for(somebody: Any, *, lane: bool) -> None:
    """By one who wants a lane, or else the gate."""
    async with asyncio.timeout(10):
        while (await (await somebody.execute(WAITING, (sql.LOCK, lane))).fetchone()) != (1,):
            pass


def the_lane(inbox: PostgresInbox) -> dict[str, Any]:
    return inbox._lanes([("h", "m")])


async def test_a_claim_that_waits_for_a_lane(own_schema: str, inbox: PostgresInbox, somebody: Any) -> None:
    """Does not hold what another claim took meanwhile: who records that has the lane, and would wait for the row."""
    for trace, at in (("a", 1), ("b", 2)):
        await inbox.accept(delivery(trace, meeting="m", at=at))
    key = next(iter([task.key async for task in inbox.tasks()]))
    await somebody.execute(GATE)
    await somebody.execute(SHUT)
    async with PostgresInbox(f"{own_schema}&application_name=gated") as late, asyncio.TaskGroup() as group:
        late._tables._there = True
        claimed = group.create_task(claim(late, "v"))
        await somebody_is_waited_for(somebody, lane=False)
        task = await take(inbox, keys=[key])
        async with somebody.transaction():
            await somebody.execute(sql.LANES, the_lane(inbox))
            await somebody.execute(OPEN)
            await somebody_is_waited_for(somebody, lane=True)
            await somebody.execute(HELD, (task.number,))
        assert await claimed == []
        assert await inbox.record(task, State.DONE)
    (other,) = await claim(inbox)
    assert (other.key == key, other.number == task.number + 1) == (False, True)


async def test_reviving_waits_for_a_lane(inbox: PostgresInbox, somebody: Any) -> None:
    """Before it takes a task."""
    await inbox.accept(delivery("a", meeting="m", at=1))
    task = await take(inbox)
    await inbox.record(task, State.DONE)
    async with asyncio.TaskGroup() as group:
        async with somebody.transaction():
            await somebody.execute(sql.LANES, the_lane(inbox))
            revived = group.create_task(inbox.revive([task.number]))
            await somebody_is_waited_for(somebody, lane=True)
            await somebody.execute(HELD, (task.number,))
        assert await revived == 1
    assert (await take(inbox)).number == task.number


@pytest.mark.parametrize("keys", [10, 1e9])
async def test_tidying_waits_for_nobody(keys: float, inbox: PostgresInbox, somebody: Any) -> None:
    """Who tidies, too, does the rest."""
    for trace in "ab":
        await inbox.accept(delivery(trace, received=time.time() - 100))
        await inbox.record(await take(inbox, trace), State.DONE)
    await somebody.execute("UPDATE tm_async_inbox_workers SET ends = 0")
    async with somebody.transaction():
        await somebody.execute("SELECT FROM tm_async_inbox ORDER BY id LIMIT 1 FOR UPDATE")
        await somebody.execute("SELECT FROM tm_async_inbox_workers ORDER BY worker LIMIT 1 FOR UPDATE")
        assert await inbox.tidy(bodies=10, keys=keys) == 1
    left = "SELECT worker FROM tm_async_inbox_workers"
    assert await (await somebody.execute(left)).fetchall() == [("a",)]
    assert [await inbox.tidy(bodies=10, keys=keys) for _ in range(2)] == [1, 0]
    assert await (await somebody.execute(left)).fetchall() == []
