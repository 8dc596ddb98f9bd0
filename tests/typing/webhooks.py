"""Never executed: the type checkers prove here what handlers and events promise, and refuse what is wrong."""

from datetime import datetime
from typing import assert_type

from tm_async.webhooks import (
    Challenge,
    Delivery,
    Event,
    MeetingEnded,
    MeetingEvent,
    RecordingCompleted,
    Refused,
    Router,
    UnknownEvent,
    WebhookKey,
    WebhookKeys,
    Webhooks,
    events_of,
    receive,
)
from tm_async.webhooks.events import EndType, EventMeetingType, MeetingInfo, Operator, RecordingFile
from tm_async.webhooks.router import Router as SameRouter

hooks = Webhooks(WebhookKeys.from_env())


@hooks.on(MeetingEnded)
async def ended(event: MeetingEnded) -> None:
    assert_type(event.meeting_info, MeetingInfo)
    assert_type(event.meeting_info.meeting_id, str)
    assert_type(event.meeting_info.meeting_type, EventMeetingType | None)
    assert_type(event.operate_time, datetime | None)
    assert_type(event.operator, Operator)
    assert_type(event.meeting_end_type, EndType | None)
    assert_type(event.subject, tuple[str, str] | None)
    assert_type(event.delivery, Delivery)


@hooks.on(RecordingCompleted, "recording.*", where=lambda event: event.index == 0, name="files")
async def files(event: RecordingCompleted, delivery: Delivery) -> None:
    assert_type(event.recording_files, tuple[RecordingFile, ...])


async def direct(event: MeetingEnded, body: bytes) -> None:
    await ended(event)  # the decorator leaves the function as it is
    assert_type(MeetingEnded.sample(meeting_id="1"), MeetingEnded)
    assert_type(events_of(body, 1.0), list[Event])
    assert_type(receive(WebhookKeys(WebhookKey("t")), "GET", "", [], b"", 1.0), Challenge | Delivery | Refused)
    base: MeetingEvent = event
    other: Event = UnknownEvent()
    router: SameRouter = Router()
    router.add(ended)
    await hooks.handle(base)
    await hooks.handle(other)


def wrong() -> None:
    MeetingEnded().meeting_info = MeetingInfo()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    hooks.on(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    WebhookKeys("token")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Webhooks(WebhookKey("t"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    hooks.on(MeetingEnded)(print)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
