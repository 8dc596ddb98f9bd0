"""The chapter "mra" through our client, against the emulator, over a real socket."""

import pytest

from tests.conftest import meeting
from tm_async import Device, EnterpriseSecret, TencentMeeting
from tm_async.api.mra import DefaultLayout, MraDevice, WithoutVideo
from tm_async.emulator import Emulator
from tm_async.errors import WrongState


async def test_a_device_in_a_meeting(tm_emulator: Emulator) -> None:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as tm:
        created = await tm.send(meeting())
        who = {"meeting_id": created.meeting_id, "operator_id": "tester"}
        tm_emulator.meetings.start(created.meeting_id)
        tm_emulator.mra.join(created.meeting_id, "Board room", ip="192.0.2.7")
        inside = await tm.meetings.list_realtime_participants(**who).collect(limit=10)
        (row,) = (one for one in inside if one.instanceid is Device.VOIP_SIP)
        assert row.ms_open_id is not None
        device = MraDevice(ms_open_id=row.ms_open_id)
        await tm.mra.raise_hand(**who, user=device, raise_hand=True)
        await tm.mra.set_default_layout(
            **who, user=device, default_layout=DefaultLayout.FULL_SCREEN, default_novideo_user=WithoutVideo.SHOW
        )
        shown = await tm.mra.get_status(**who, user_ms_open_id=row.ms_open_id)
        assert (shown.name, shown.ip) == ("Board room", "192.0.2.7")
        assert (shown.raise_hands_state, shown.default_layout) == (True, DefaultLayout.FULL_SCREEN)
        await tm.mra.hangup(**who, user=device)
        with pytest.raises(WrongState) as caught:
            await tm.mra.get_status(**who, user_ms_open_id=row.ms_open_id)
        assert caught.value.code == 202007
