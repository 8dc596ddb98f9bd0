"""A running meeting under control through our client, against the emulator, over a real socket."""

from collections import Counter

from tests.conftest import meeting
from tm_async import EnterpriseSecret, Settings, TencentMeeting
from tm_async.emulator import Emulator


async def test_a_session(tm_emulator: Emulator) -> None:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as tm:
        created = await tm.send(meeting(settings=Settings(auto_in_waiting_room=True)))
        acts, meeting_id = tm_emulator.meetings, created.meeting_id
        acts.start(meeting_id)
        bob, guest = acts.join(meeting_id, "bob", audio=True), acts.join(meeting_id, name="Guest", audio=True)
        waits = acts.wait(meeting_id, "carol")
        async with tm.control.session(meeting_id, userid="tester") as room:
            assert len(await room.people()) == 3
            calls = len(tm_emulator.journal)
            assert await room.mute_all(but=["bob"])
            assert (bob.audio, guest.audio) == (True, False)
            assert await room.cohost("bob")
            assert await room.rename("Guest", "Somebody")
            assert (bob.cohost, guest.name) == (True, "Somebody")
            assert await room.remove("Somebody")
            assert guest.left is not None
            made = Counter(entry.operation for entry in tm_emulator.journal[calls:])
            assert made.pop("meeting_control.mute") == 1
            assert set(made.values()) == {1}, "a call an action"
            assert len((await room.admit_all()).people) == 1
            assert waits.left is not None
            assert await room.video_off("carol")
            await room.lock()
            await room.end(return_code=True)
        assert not tm_emulator.state.meetings[meeting_id].is_running
