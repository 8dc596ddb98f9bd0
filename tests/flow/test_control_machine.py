"""Whatever a session does in a running meeting, and people by themselves, the emulator and a model agree on it."""

import asyncio
from datetime import timedelta
from typing import Any

from attrs import define
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import START, meeting
from tm_async import EnterpriseSecret, Settings, TencentMeeting
from tm_async.api.control import MeetingSession, Reached
from tm_async.api.meetings import ParticipantRole
from tm_async.emulator import Emulator
from tm_async.transport.fast import FastTransport

NOW = START - timedelta(minutes=5)
PEOPLE = ("alice", "bob", "carol", "dave")
ANYBODY = st.sampled_from(PEOPLE)
SOME = st.lists(ANYBODY, max_size=3, unique=True)


@define
class Expected:
    """What we believe about somebody inside."""

    audio: bool
    name: str
    cohost: bool = False


class Room(RuleBasedStateMachine):
    """One meeting of `tester`, who is inside all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.inside: dict[str, Expected] = {}
        self.waiting: dict[str, str] = {}
        """Names, by userid: who was renamed keeps the name in the waiting room."""
        self.barred: set[str] = set()
        self.locked = False
        self.now = NOW.timestamp()

    @initialize()
    def start(self) -> None:
        self.runner.run(self._start())

    async def _start(self) -> None:
        self.emulator = Emulator(clock=lambda: self.now)
        await self.emulator.start()
        self.transport = FastTransport()
        auth, url = EnterpriseSecret.from_env(self.emulator.env), self.emulator.base_url
        self.tm = TencentMeeting(auth, base_url=url, transport=self.transport, clock=lambda: self.now, quotas=None)
        created = await self.tm.send(meeting(settings=Settings(auto_in_waiting_room=True)))
        self.id = created.meeting_id
        self.emulator.meetings.start(self.id)
        self.room = MeetingSession(self.tm, self.id, "tester", fresh=0.0)

    def teardown(self) -> None:
        async def stop() -> None:
            await self.tm.aclose()
            await self.transport.aclose()
            await self.emulator.aclose()

        self.runner.run(stop())
        self.runner.close()

    def does(self, call: Any, people: list[str], *, among: Any = None) -> list[str]:
        """Do it to these: who is there is reached, and who is not is told."""
        there = self.inside if among is None else among
        reached: Reached = self.runner.run(call)
        wanted = [one for one in people if one in there]
        assert sorted(str(one.userid) for one in reached.people) == sorted(wanted)
        assert [one.who for one in reached.missed] == [one for one in people if one not in there]
        return wanted

    # --- what people do -----------------------------------------------------------------------------------------------

    @rule(who=ANYBODY, audio=st.booleans())
    def join(self, who: str, audio: bool) -> None:
        if who in self.inside:
            return
        if who in self.barred or self.locked:
            try:
                self.emulator.meetings.join(self.id, who)
            except ValueError:
                return
            raise AssertionError("nobody comes in who is shut out")
        self.emulator.meetings.join(self.id, who, audio=audio)
        self.inside[who] = Expected(audio, who)
        self.waiting.pop(who, None)

    @rule(who=ANYBODY)
    def leave(self, who: str) -> None:
        if self.inside.pop(who, None):
            self.emulator.meetings.leave(self.id, who)

    @rule(who=ANYBODY)
    def wait(self, who: str) -> None:
        if who not in {*self.inside, *self.waiting, *self.barred} and not self.locked:
            self.emulator.meetings.wait(self.id, who)
            self.waiting[who] = who

    # --- what the session does ----------------------------------------------------------------------------------------

    @rule(people=SOME, mute=st.booleans())
    def mute(self, people: list[str], mute: bool) -> None:
        self.runner.run(self.room.refresh())
        for who in self.does((self.room.mute if mute else self.room.unmute)(*people), people):
            self.inside[who].audio = not mute

    @rule(spared=SOME)
    def mute_all(self, spared: list[str]) -> None:
        self.runner.run(self.room.refresh())
        self.does(self.room.mute_all(but=spared), spared)
        for who, one in self.inside.items():
            one.audio = one.audio and who in spared

    @rule(people=SOME, may_return=st.booleans())
    def remove(self, people: list[str], may_return: bool) -> None:
        self.runner.run(self.room.refresh())
        for who in self.does(self.room.remove(*people, may_return=may_return), people):
            del self.inside[who]
            self.barred |= set() if may_return else {who}

    @rule(people=SOME)
    def to_waiting_room(self, people: list[str]) -> None:
        self.runner.run(self.room.refresh())
        for who in self.does(self.room.to_waiting_room(*people), people):
            self.waiting[who] = self.inside.pop(who).name

    @rule(people=SOME)
    def admit(self, people: list[str]) -> None:
        for who in self.does(self.room.admit(*people), people, among=self.waiting):
            self.inside[who] = Expected(audio=False, name=self.waiting.pop(who))

    @rule()
    def admit_all(self) -> None:
        self.does(self.room.admit_all(), list(self.waiting), among=self.waiting)
        self.inside |= {who: Expected(audio=False, name=name) for who, name in self.waiting.items()}
        self.waiting.clear()

    @rule(who=ANYBODY, revoke=st.booleans())
    def cohost(self, who: str, revoke: bool) -> None:
        self.runner.run(self.room.refresh())
        for one in self.does(self.room.cohost(who, revoke=revoke), [who]):
            self.inside[one].cohost = not revoke

    @rule(who=ANYBODY, name=st.sampled_from(["Al", "张三", "x" * 20]))
    def rename(self, who: str, name: str) -> None:
        self.runner.run(self.room.refresh())
        for one in self.does(self.room.rename(who, name), [who]):
            self.inside[one].name = name

    @rule(locked=st.booleans())
    def lock(self, locked: bool) -> None:
        self.runner.run(self.room.lock(locked))
        self.locked = locked

    @invariant()
    def the_meeting_is_as_expected(self) -> None:
        if not hasattr(self, "room"):
            return
        shown = {one.userid: one for one in self.runner.run(self.room.refresh()) if one.userid != "tester"}
        cohost = ParticipantRole.CO_HOST
        assert {
            who: Expected(bool(one.audio_state), one.user_name, one.user_role == cohost)  # type: ignore[union-attr]
            for who, one in shown.items()
        } == self.inside
        waiting = self.runner.run(self.room.waiting())
        assert sorted(str(one.userid) for one in waiting) == sorted(self.waiting)


TestRoom = Room.TestCase
TestRoom.settings = settings(max_examples=12, stateful_step_count=20)
