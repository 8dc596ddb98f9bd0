"""The chapter "rooms" through our client, against the emulator, over a real socket."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import meeting
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.api.rooms import AlarmSeverity, CallState, RoomInfo, RoomStatus, RoomType
from tm_async.emulator import Emulator
from tm_async.errors import Conflict, InvalidRequest, WrongState

BY: dict[str, Any] = {"operator_id": "admin"}


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
