"""A running meeting under control through our client, against the emulator, over a real socket."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import meeting
from tm_async import EnterpriseSecret, Settings, TencentMeeting
from tm_async.api.control import MeetingSession, SignInRuns
from tm_async.emulator import Emulator, FaultRule


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


@pytest_asyncio.fixture
async def room(tm_emulator: Emulator, tm_client: TencentMeeting) -> AsyncIterator[MeetingSession]:
    """A meeting that runs with alice and bob inside; carol is invited."""
    created = await tm_client.send(meeting(invitees=["alice", "carol"]))
    for userid in ("alice", "bob"):
        tm_emulator.meetings.join(created.meeting_id, userid)
    async with tm_client.control.session(created.meeting_id, userid="tester") as opened:
        yield opened


async def test_a_sign_in_until_its_time_is_over(tm_emulator: Emulator, room: MeetingSession) -> None:
    sign_in = await room.sign_in(minutes=5, text="Who is here?")
    with pytest.raises(SignInRuns):
        await room.sign_in()
    tm_emulator.control.sign_in(*tm_emulator.state.meetings, "alice")
    assert [one.userid for one in (await sign_in.result()).signed] == ["alice"], "while it runs, too"
    result = await sign_in.wait()
    assert 300 <= tm_emulator.clock_offset <= 316
    assert [one.userid for one in result.signed] == ["alice"]
    assert [(one.userid, one.inside) for one in result.missing] == [("bob", True), ("carol", False)]
    assert (result.text, result.invitees_known) == ("Who is here?", True)
    assert await room.running_sign_in() is None


async def test_a_sign_in_that_ends_early(tm_emulator: Emulator, room: MeetingSession) -> None:
    waiting = asyncio.create_task((await room.sign_in(minutes=None)).wait())
    running = await room.running_sign_in()
    assert running is not None
    done = await running.finish()
    assert await waiting == done
    await room.sign_in(minutes=None)
    running = await room.running_sign_in()
    assert running is not None
    await room.end()
    assert (await running.wait()).missing[0].userid == "alice", "invited, and not inside"


async def test_a_sign_in_whose_answer_was_lost(tm_emulator: Emulator, room: MeetingSession) -> None:
    (running,) = tm_emulator.state.meetings.values()
    (session,) = running.sessions.values()
    for drop, waits in (("after", 0), ("before", 29)):
        tm_emulator.add_fault(FaultRule(operation="meeting_control.start_sign_in", drop=drop, times=1))
        began = tm_emulator.clock_offset
        sign_in = await room.sign_in()
        assert tm_emulator.clock_offset - began >= waits
        assert session.sign_ins[-1].id == sign_in.id
        await sign_in.finish()
        tm_emulator.clock_offset += 600
    assert len(session.sign_ins) == 2
