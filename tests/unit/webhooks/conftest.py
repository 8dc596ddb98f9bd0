"""What the tests of inboxes share."""

import json

import pytest

from tests.unit.storages import NOW, Clock
from tm_async.webhooks.inbox.postgres import PostgresInbox
from tm_async.webhooks.inbox.redis import RedisInbox
from tm_async.webhooks.inbox.redisscripts import PARTS

__all__ = ["NOW", "Clock", "postgres_times_move_back", "redis_times_move_back"]


async def postgres_times_move_back(inbox: PostgresInbox, seconds: float) -> None:
    """As if time had passed."""
    for query in (
        "UPDATE tm_async_inbox_workers SET ends = ends - %s WHERE name = %s",
        "UPDATE tm_async_inbox_tasks SET due = due - %s WHERE name = %s",
    ):
        await inbox._do(lambda db: db.execute(query, (seconds, inbox._name)))  # noqa: B023


async def redis_times_move_back(inbox: RedisInbox, seconds: float) -> None:
    """As if time had passed."""
    client, keys = inbox._client, dict(zip(PARTS, inbox._keys, strict=True))
    for worker in await client.zrange(keys["workers"], 0, -1):
        await client.zincrby(keys["workers"], -seconds, worker)
    for number, text in (await client.hgetall(keys["tasks"])).items():
        task = json.loads(text)
        old, new = task["due"], f"{float(task['due']) - seconds:017.6f}"
        await client.hset(keys["tasks"], number, json.dumps(task | {"due": new}))
        member = f"{task['handler']}\0{{}}\0{int(number):016d}"
        if await client.zrem(keys["ready"], member.format(old)):
            await client.zadd(keys["ready"], {member.format(new): 0})


@pytest.fixture
def clock() -> Clock:
    return Clock()
