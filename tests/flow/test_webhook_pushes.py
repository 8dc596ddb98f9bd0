"""What the emulator pushes, received by the client: two readings of the same documents."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import attrs

from tests.flow.webhook_servers import fastapi
from tm_async import TencentMeeting
from tm_async.api.meetings import Settings
from tm_async.core.answer import AnswerModel
from tm_async.emulator import Emulator, PushFault, PushState
from tm_async.webhooks import (
    EnrollmentMade,
    Event,
    MeetingEnded,
    MeetingStarted,
    ParticipantJoined,
    UnknownEvent,
    WebhookKeys,
    Webhooks,
)

START = datetime.now(UTC) + timedelta(hours=1)


def unknown_members(answer: AnswerModel) -> list[str]:
    """What the emulator sent and no class documents."""
    found = [f"{type(answer).__name__}.{name}" for name in answer.extra]
    for member in attrs.fields(cast("Any", type(answer))):
        value = getattr(answer, member.name)
        if isinstance(value, AnswerModel):
            found += unknown_members(value)
    return found


async def live_through(tm: TencentMeeting, emulator: Emulator) -> str:
    """A meeting in which everything happens that is pushed."""
    meeting = await tm.meetings.create(
        userid="tester",
        subject="周会",
        start_time=START,
        end_time=START + timedelta(hours=1),
        enable_enroll=True,
        settings=Settings(auto_in_waiting_room=True),
    )
    of, acts = meeting.meeting_id, emulator.meetings
    acts.enrol(of, "alice")
    acts.wait(of, "bob", customer_data="c-1")
    acts.wait(of, "carol")
    acts.stop_waiting(of, "carol")
    acts.start(of)
    acts.join(of, "bob", customer_data="c-1")
    acts.leave(of, "bob")
    acts.end(of)
    await emulator.webhooks.settle()
    return of


async def test_every_event_is_understood(tm_client: Any, tm_emulator: Emulator, tm_webhooks: Webhooks) -> None:
    seen: list[Event] = []

    @tm_webhooks.on("*")
    async def note(event: Event) -> None:
        seen.append(event)

    of = await live_through(tm_client, tm_emulator)
    assert [one.state for one in tm_emulator.webhooks.pushes] == [PushState.RECEIVED] * len(seen)
    assert not any(isinstance(event, UnknownEvent) for event in seen)
    assert {event.subject for event in seen} - {None} <= {(of, "")}
    assert [name for event in seen for name in unknown_members(event)] == []
    assert len({event.name for event in seen}) == 10
    (started,) = [event for event in seen if isinstance(event, MeetingStarted)]
    assert started.operator.userid == "tester"
    joined = [event for event in seen if isinstance(event, ParticipantJoined)]
    assert [one.extend_info and one.extend_info.customer_data for one in joined] == [None, "c-1"]
    (enrolled,) = [event for event in seen if isinstance(event, EnrollmentMade)]
    assert enrolled.enroll_info.meeting_id == of


async def test_each_fault_is_met(tm_client: Any, tm_emulator: Emulator, tm_webhooks: Webhooks) -> None:
    seen: list[Event] = []

    @tm_webhooks.on("*")
    async def note(event: Event) -> None:
        seen.append(event)

    for fault in PushFault:
        tm_emulator.webhooks.disturb(fault)
        tm_emulator.push("meeting.end", {"operator": {"userid": "tester"}, "meeting_info": {"meeting_id": fault}})
    for seconds in (0, 60):
        tm_emulator.clock_offset += seconds
        await tm_emulator.webhooks.settle()
    assert {event.wire["meeting_info"]["meeting_id"] for event in seen} == set(PushFault)
    assert [one.state for one in tm_emulator.webhooks.pushes] == [PushState.RECEIVED] * len(PushFault)


async def test_over_a_socket(tm_client: Any, tm_emulator: Emulator) -> None:
    ended: list[str] = []
    hooks = Webhooks(WebhookKeys.from_env(tm_emulator.env), inline=True)

    @hooks.on(MeetingEnded)
    async def note(event: MeetingEnded) -> None:
        ended.append(event.meeting_info.meeting_id)

    async with fastapi(hooks) as (port, path):
        await tm_emulator.webhooks.subscribe(f"http://127.0.0.1:{port}{path}")
        of = await live_through(tm_client, tm_emulator)
    assert ended == [of]
