"""The chapter "rooms" through our client, against the emulator, over a real socket."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import meeting
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.api.rooms import (
    AlarmSeverity,
    CallState,
    RoomAnswers,
    RoomInfo,
    RoomOccupied,
    RoomStatus,
    RoomType,
)
from tm_async.emulator import Emulator
from tm_async.errors import Conflict, DeadlineExceeded, InvalidRequest, ValidationError, WrongState
from tm_async.webhooks import WebhookKey, WebhookKeys, Webhooks

BY: dict[str, Any] = {"operator_id": "admin"}
START = datetime(2027, 12, 1, 2, tzinfo=UTC)


@pytest_asyncio.fixture
async def tm(tm_emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as client:
        yield client


async def test_from_a_code_to_a_booking(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    room = tm_emulator.rooms.add("North", bookable=False, activated=False).meeting_room_id
    made = await tm.rooms.create_active_code(**BY, meeting_room_id=room)
    tm_emulator.rooms.activate(made.active_code)
    tm_emulator.rooms.connect(room)
    first, second = [await tm.send(meeting()) for _ in range(2)]
    booking: dict[str, Any] = {**BY, "meeting_room_id_list": [room]}
    with pytest.raises(WrongState, match="20003"):
        await tm.rooms.book(**booking, meeting_id=first.meeting_id)
    info = RoomInfo(meeting_room_name="North", meeting_room_type=RoomType.ROOMS, desc="By the lift")
    await tm.rooms.modify(**BY, meeting_room_id=room, meeting_room_info=info, scheduled_status=True)
    booked = await tm.rooms.book(**booking, meeting_id=first.meeting_id)
    assert [one.meeting_room_name for one in booked.meeting_room_list] == ["North"]
    with pytest.raises(Conflict, match="21301"):
        await tm.rooms.book(**booking, meeting_id=second.meeting_id)
    stand = await tm.rooms.list_meetings(**BY, target_rooms_id=room).collect()
    assert [(one.meeting_id, one.start_time) for one in stand] == [(first.meeting_id, first.start_time)]
    await tm.rooms.release(**booking, meeting_id=first.meeting_id)
    assert await tm.rooms.list_meetings(**BY, target_rooms_id=room).collect() == []
    shown = await tm.rooms.get(**BY, meeting_room_id=room)
    assert shown.basic_info
    assert (shown.basic_info.desc, shown.is_allow_call) == ("By the lift", True)
    with pytest.raises(InvalidRequest, match="190004"):
        await tm.rooms.get(**BY, meeting_room_id="5")


async def test_what_is_wrong_with_devices(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    ids = [tm_emulator.rooms.add(f"Room {number}").meeting_room_id for number in range(60)]
    tm_emulator.rooms.disconnect(ids[7])
    (alarmed,) = await tm.rooms.list_alarms(**BY).collect()
    assert (alarmed.meeting_room_id, alarmed.health_status) == (ids[7], AlarmSeverity.SEVERE)
    devices = await tm.rooms.list_devices(**BY).collect()
    assert [one.meeting_room_id for one in devices if one.meeting_room_status is RoomStatus.OFFLINE] == [ids[7]]
    assert len(devices) == 60


async def test_a_room_is_called(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    room = tm_emulator.rooms.add("North").meeting_room_id
    created = await tm.send(meeting())
    who: dict[str, Any] = {**BY, "meeting_id": created.meeting_id, "meeting_room_id": room}
    called = await tm.rooms.call(**who)
    assert called.invite_id
    tm_emulator.rooms.answer(room)
    assert (await tm.rooms.get_call_status(**who)).status is CallState.ENTERING


# --- what is built on the calls --------------------------------------------------------------------------------------


async def free(tm: TencentMeeting, start: datetime, **wanted: Any) -> list[str]:
    found = tm.rooms.find_free(start, start + timedelta(hours=1), **BY, **wanted)
    return [room.meeting_room_name async for room in found]


async def test_free_rooms_in_order_of_fit(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    rooms = tm_emulator.rooms
    large = rooms.add("Large", capacity=40, city="Xi'an", building="A", floor="1").meeting_room_id
    small = rooms.add("Small", capacity=4, city="Xi'an", building="B", floor="2").meeting_room_id
    rooms.add("Closed", capacity=5, bookable=False)
    rooms.add("Bare", capacity=5, activated=False)
    rooms.add("Middle", capacity=12)
    created = await tm.send(meeting())
    assert created.start_time
    assert await free(tm, created.start_time) == ["Small", "Middle", "Large"]
    assert await free(tm, created.start_time, capacity=5) == ["Middle", "Large"]
    assert await free(tm, created.start_time, city="xi'an") == ["Small", "Large"]
    assert await free(tm, created.start_time, city="Xi'an", building="A") == ["Large"]
    await tm.rooms.book(**BY, meeting_id=created.meeting_id, meeting_room_id_list=[small, large])
    for minutes, expected in ((0, ["Middle"]), (59, ["Middle"]), (60, ["Small", "Middle", "Large"]), (-60, 3)):
        found = await free(tm, created.start_time + timedelta(minutes=minutes))
        assert expected in (found, len(found))


async def test_nobody_asks_further_than_somebody_looks(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    for number in range(3):
        tm_emulator.rooms.add(f"Room {number}")
    found = tm.rooms.find_free(START, START + timedelta(hours=1), **BY)
    assert (await anext(found)).meeting_room_name == "Room 0"
    await found.aclose()
    assert [entry.operation for entry in tm_emulator.journal] == ["rooms.list", "rooms.list_meetings"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"end": START + timedelta(minutes=14)}, "end"),
        ({"end": START + timedelta(hours=24, seconds=1)}, "end"),
        ({"end": START}, "end"),
        ({"start": START.replace(tzinfo=None)}, "start"),
        ({"capacity": 0}, "capacity"),
        ({"city": ""}, "city"),
    ],
)
def test_what_no_room_can_be_free_for(wanted: dict[str, Any], field: str) -> None:
    tm = TencentMeeting(EnterpriseSecret(app_id="1", secret_id="2", secret_key="3"))
    with pytest.raises(ValidationError) as caught:
        tm.rooms.find_free(**{"start": START, "end": START + timedelta(hours=1), **BY, **wanted})
    (violation,) = caught.value.violations
    assert violation.field == field
    assert field != "end" or violation.page == "1095/55313"


async def test_a_room_is_added_and_removed(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    ids = [tm_emulator.rooms.add(f"Room {number}").meeting_room_id for number in range(3)]
    first, second = [await tm.send(meeting()) for _ in range(2)]
    which: dict[str, Any] = {**BY, "meeting_id": first.meeting_id}
    assert await tm.rooms.add_room(**which, meeting_room_id=ids[0])
    added = await tm.rooms.add_room(**which, meeting_room_id=ids[1])
    assert added
    assert {room.meeting_room_id for room in added.meeting_room_list} == set(ids[:2])
    assert await tm.rooms.add_room(**which, meeting_room_id=ids[1]) is None
    before = len(tm_emulator.journal)
    assert await tm.rooms.add_room(**which, meeting_room_id=ids[2], booked=[*ids[:2], ids[0]])
    assert len(tm_emulator.journal) == before + 1, "what is known is not read"
    await tm.rooms.remove_room(**which, meeting_room_id=ids[0])
    assert set(tm_emulator.state.rooms.booked(first.meeting_id)) == set(ids[1:])

    with pytest.raises(RoomOccupied, match=f"room {ids[1]} has meeting {first.meeting_id}") as caught:
        await tm.rooms.add_room(**BY, meeting_id=second.meeting_id, meeting_room_id=ids[1])
    (standing,) = pickle.loads(pickle.dumps(caught.value)).standing
    assert (standing.meeting_room_id, standing.meeting.meeting_id) == (ids[1], first.meeting_id)
    assert caught.value.code == 21301


async def test_what_stands_there_may_be_hidden(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    """Who made a meeting may book, and need not see what others booked."""
    room = tm_emulator.rooms.add("North").meeting_room_id
    first, second = [await tm.send(meeting()) for _ in range(2)]
    await tm.rooms.book(**BY, meeting_id=first.meeting_id, meeting_room_id_list=[room])
    with pytest.raises(RoomOccupied) as caught:
        await tm.rooms.add_room(operator_id="tester", meeting_id=second.meeting_id, meeting_room_id=room, booked=[])
    assert caught.value.standing == ()


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nothing to wait on but the loop itself
        await asyncio.sleep(0)


async def test_the_answer_of_a_room_is_waited_for(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    room = tm_emulator.rooms.add("North").meeting_room_id
    created = await tm.send(meeting())
    who: dict[str, Any] = {**BY, "meeting_id": created.meeting_id, "meeting_room_id": room}
    await tm.rooms.call(**who)
    with pytest.raises(DeadlineExceeded, match=r"no answer within 0\.05 s"):
        await tm.rooms.wait_answer(**who, within=0.05, every=0.01)
    waiting = asyncio.create_task(tm.rooms.wait_answer(**who, every=0.01))
    await until(lambda: len(tm_emulator.journal) > 6)
    tm_emulator.rooms.answer(room, accept=False)
    assert (await waiting).status is CallState.REJECTED


async def test_an_event_ends_the_wait(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    keys = WebhookKeys(WebhookKey(tm_emulator.webhooks.token, tm_emulator.webhooks.aes_key))
    hooks = Webhooks(keys, inline=True)
    answers = RoomAnswers(hooks)
    await tm_emulator.webhooks.subscribe(hooks.asgi())
    room = tm_emulator.rooms.add("North").meeting_room_id
    created = await tm.send(meeting())
    who: dict[str, Any] = {**BY, "meeting_id": created.meeting_id, "meeting_room_id": room}
    await tm.rooms.call(**who)
    asked = len(tm_emulator.journal) + 1
    waiting = asyncio.create_task(tm.rooms.wait_answer(**who, every=3600, answers=answers))
    await until(lambda: len(tm_emulator.journal) == asked)
    tm_emulator.rooms.answer(room)
    assert (await waiting).status is CallState.ENTERING
    assert len(tm_emulator.journal) == asked + 1
