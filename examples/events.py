"""Events received by a web server and handled by taskiq's workers, on any number of machines.

Install uvicorn, taskiq and taskiq-redis besides tm-async[emulator,redis,webhooks]. Everywhere the same INBOX (a redis://
or postgresql:// URL), REDIS_URL and keys of the subscription (TENCENT_MEETING_WEBHOOK_TOKEN, _WEBHOOK_AES_KEY):

    uvicorn --app-dir examples events:app  # receives, and hands keys of events to the queue
    taskiq worker --app-dir examples events:broker --workers 4  # on each machine
    tm-async webhook status "$INBOX"  # tells how far it is

docs/webhooks-inbox.md tells what happens when something breaks.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount
from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import RedisStreamBroker

from tm_async.webhooks import Event, MeetingEnded, WebhookKeys, Webhooks

url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
hooks = Webhooks(WebhookKeys.from_env(), inbox=os.environ.get("INBOX", url))
broker = RedisStreamBroker(
    url,
    queue_name="tm_async:events",
    consumer_id="0",  # also what was queued before the first worker came
    maxlen=10_000,  # acknowledged messages stay in the stream
)


@hooks.on(MeetingEnded)
async def close_ticket(event: MeetingEnded) -> None:
    print("ended", event.meeting_info.meeting_id, event.operate_time, flush=True)


@hooks.on(Event)
async def note(event: Event) -> None:
    print("noted", event.name, event.delivery.trace_id, flush=True)


@broker.task("tm_async.event")
async def handle(key: str) -> None:
    """Handle what the inbox has under that key.

    May run any number of times, also at the same time: the inbox knows what is done, a message only wakes a worker.
    """
    await hooks.handle(key)


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def end(_: TaskiqState) -> None:
    await hooks.aclose()


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    await broker.startup()
    async with hooks, hooks.relay(handle.kiq):
        yield
    await broker.shutdown()


# The address to subscribe ends with a slash: /tencent/. Without it Starlette redirects, which the platform refuses.
app = Starlette(lifespan=lifespan, routes=[Mount("/tencent", hooks.asgi())])
