"""What a `RedisInbox` has Redis do, counted: a script that runs long holds up everybody, and can't be ended."""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tm_async.testing.lanes import claim
from tm_async.webhooks.delivery import Delivery
from tm_async.webhooks.inbox import RedisInbox, State, redis


def of_events(count: int) -> Delivery:
    payload = [{"number": number} for number in range(count)]
    return Delivery.parse(json.dumps({"event": "meeting.end", "payload": payload}).encode(), 1e9)


async def calls(client: Any) -> Counter[str]:
    found = await client.info("commandstats")
    return Counter({name.removeprefix("cmdstat_"): one["calls"] for name, one in found.items()})


async def test_the_record_of_a_delivery_is_written_once_however_many_events_it_has(redis_url: str) -> None:
    """It lists them: written anew for each, a thousand events would take a thousand times as long as one."""
    async with Redis.from_url(redis_url) as client, RedisInbox(client, name=str(uuid4())) as inbox:
        before = await calls(client)
        await inbox.accept(of_events(150))
        accepted = await calls(client)
        assert (accepted - before)["hset"] == 150 + 3, "the tasks; format, record and body"
        assert (accepted - before)["hget"] == 1
        await inbox.claim("w", lease=30.0, free={}, handlers=lambda _: ["a", "b", "c"])
        spread = await calls(client)
        assert (spread - accepted)["hset"] == 150 * 3 + 1
        taken = [task for name in "abc" for task in await claim(inbox, "w", handlers=[name], room=200)]
        assert [task.place for task in taken] == [*range(150)] * 3
        for task in taken:
            assert await inbox.record(task, State.DONE)
        assert await inbox.tidy(bodies=60.0, keys=60.0) == 1
        assert [task async for task in inbox.tasks()] == []
        assert await client.hlen(inbox._keys[1]) == 0


async def test_tidying_goes_by_small_steps_to_the_end(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much waits in front of what can be forgotten; the size of deliveries counts, too."""
    monkeypatch.setattr(redis, "_LOOKED_AT_TOGETHER", 100)
    async with Redis.from_url(redis_url) as client, RedisInbox(client, name=str(uuid4())) as inbox:
        for count in (150, 151, 152):
            await inbox.accept(of_events(count))
        before = await calls(client)
        assert await inbox.tidy(bodies=60.0, keys=60.0) == 0
        assert (await calls(client) - before)["eval"] == 2 * (3 + 1) + 1, "each, and the end, twice; workers"
