"""Never executed: what the types of inboxes, workers and relays promise."""

from typing import assert_type

from tm_async.webhooks import Delivery, Event, WebhookKeys, Webhooks
from tm_async.webhooks.inbox import Inbox, MemoryInbox, PostgresInbox, RedisInbox, SqliteInbox, State, Task, open_inbox
from tm_async.webhooks.relay import Relay
from tm_async.webhooks.worker import Worker


async def kinds(delivery: Delivery) -> None:
    kept: list[Inbox] = [
        MemoryInbox(),
        SqliteInbox("events.db", store_keys=["k"]),
        PostgresInbox("postgresql://h/d", name="x"),
        RedisInbox.from_url("redis://h"),
    ]
    for inbox in kept:
        assert_type(open_inbox(inbox), Inbox)
        await inbox.accept(delivery)
        tasks = await inbox.claim("w", lease=30, free={"h": 1}, handlers=lambda _: ["h"])
        assert_type(tasks, list[Task])
        assert_type(await inbox.record(tasks[0], State.DONE), bool)
        async for task in inbox.tasks(State.DEAD):
            assert_type(task, Task)


async def send(key: str) -> int:
    return len(key)


async def handled(event: Event) -> None:
    hooks = Webhooks(WebhookKeys.from_env(), inbox=SqliteInbox("events.db"))
    async with hooks.worker(concurrency=8) as worker, hooks.relay(send) as relay:
        assert_type(worker, Worker)
        assert_type(relay, Relay)
        await hooks.handle("key")
        await hooks.handle(event)
