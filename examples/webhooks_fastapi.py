"""A FastAPI application that keeps a list of what goes on in meetings, from the platform's events.

Try it without an account (extras `cli` and `webhooks`, and fastapi):

    export TENCENT_MEETING_WEBHOOK_TOKEN=ExampleToken0123456789abc
    export TENCENT_MEETING_WEBHOOK_AES_KEY=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
    uvicorn --factory --app-dir examples webhooks_fastapi:create --port 8913
    tm-async webhook check http://127.0.0.1:8913/tencent/  # in another terminal, with the same variables
    tm-async webhook send meeting.started --set meeting_info.meeting_id=42 --to http://127.0.0.1:8913/tencent/
    curl http://127.0.0.1:8913/meetings/42

It handles events in memory: a crash loses what was acknowledged and not handled yet. An inbox keeps it.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException

from tm_async.webhooks import Event, MeetingEvent, MeetingTimeline, UnknownEvent, WebhookKeys, Webhooks


def create(keys: WebhookKeys | None = None) -> FastAPI:
    hooks = Webhooks(keys or WebhookKeys.from_env())
    meetings: dict[str, MeetingTimeline] = {}

    @hooks.on(MeetingEvent)
    async def follow(event: MeetingEvent) -> None:
        if event.subject is not None:
            meetings.setdefault(event.subject[0], MeetingTimeline(event.subject)).add(event)

    @hooks.on(UnknownEvent)
    async def note(event: Event) -> None:
        print("a new kind of event:", event.name)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        async with hooks:
            yield

    app = FastAPI(lifespan=lifespan)
    app.mount("/tencent", hooks.asgi())  # the address for the console ends with a slash

    @app.get("/meetings/{meeting_id}")
    async def meeting(meeting_id: str) -> dict[str, Any]:
        timeline = meetings.get(meeting_id)
        if timeline is None:
            raise HTTPException(404)
        inside = [person.user_name for person in timeline.inside]
        return {"state": timeline.state, "subject": timeline.info.subject, "inside": inside}

    return app
