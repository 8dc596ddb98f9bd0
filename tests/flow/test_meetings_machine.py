"""Whatever is done to meetings through our client, the emulator and a small model of it agree."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from tests.conftest import meeting
from tm_async import EnterpriseSecret, Recurrence, TencentMeeting
from tm_async.emulator import Emulator
from tm_async.errors import ApiError, NotFound, WrongState
from tm_async.transport.fast import FastTransport

NOW = datetime(2037, 11, 1, 2, tzinfo=UTC)
USERS = ("alice", "bob", "carol", "dave")
SUBJECTS = st.sampled_from(["周会", "1:1", "Planning ☕", "x" * 200])
PEOPLE = st.lists(st.sampled_from([*USERS, "stranger"]), max_size=6)
STARTS = st.integers(1, 200).map(lambda hours: NOW + timedelta(hours=hours))


@define
class Expected:
    """What we believe about one meeting."""

    subject: str
    start: datetime
    password: str | None = None
    invitees: list[str] = field(factory=list)
    occurrences: list[datetime] = field(factory=list)
    cancelled: bool = False

    @property
    def is_series(self) -> bool:
        return bool(self.occurrences)


def registered(people: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(people) if one in USERS]


class Meetings(RuleBasedStateMachine):
    """One user's meetings."""

    meetings: Bundle[str] = Bundle("meetings")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.expected: dict[str, Expected] = {}
        self.runner.run(self._start())

    async def _start(self) -> None:
        self.emulator = Emulator(clock=NOW.timestamp)
        await self.emulator.start()
        self.transport = FastTransport()
        auth, url = EnterpriseSecret.from_env(self.emulator.env), self.emulator.base_url
        self.tm = TencentMeeting(auth, base_url=url, transport=self.transport, clock=NOW.timestamp, quotas=None)

    def teardown(self) -> None:
        async def stop() -> None:
            await self.tm.aclose()
            await self.transport.aclose()
            await self.emulator.aclose()

        self.runner.run(stop())
        self.runner.close()

    def who(self, meeting_id: str) -> dict[str, str]:
        return {"meeting_id": meeting_id, "userid": "tester"}

    def attempt(self, meeting_id: str, call: Any) -> bool:
        """Whether it was done: a cancelled meeting refuses everything."""
        cancelled = self.expected[meeting_id].cancelled
        try:
            self.runner.run(call)
        except (WrongState, NotFound):
            assert cancelled
            return False
        assert not cancelled
        return True

    @rule(target=meetings, subject=SUBJECTS, start=STARTS, invitees=PEOPLE, password=st.sampled_from([None, "1234"]))
    def create(self, subject: str, start: datetime, invitees: list[str], password: str | None) -> str:
        end = start + timedelta(hours=1)
        request = meeting(subject=subject, start_time=start, end_time=end, invitees=invitees, password=password)
        made = self.runner.run(self.tm.send(request))
        assert sorted(made.user_non_registered) == ["stranger"] * ("stranger" in invitees)
        self.expected[made.meeting_id] = Expected(subject, start, password, registered(invitees))
        return made.meeting_id

    @rule(target=meetings, subject=SUBJECTS, start=STARTS, count=st.integers(2, 5))
    def create_series(self, subject: str, start: datetime, count: int) -> str:
        end = start + timedelta(hours=1)
        rule = Recurrence.daily(count=count)
        request = meeting(subject=subject, start_time=start, end_time=end, recurring_rule=rule)
        made = self.runner.run(self.tm.send(request))
        days = [start + timedelta(days=day) for day in range(count)]
        self.expected[made.meeting_id] = Expected(subject, start, occurrences=days)
        return made.meeting_id

    @rule(meeting_id=meetings, subject=SUBJECTS, password=st.sampled_from([None, "", "567890"]))
    def rename(self, meeting_id: str, subject: str, password: str | None) -> None:
        known = self.expected[meeting_id]
        if known.is_series:
            rule = Recurrence.daily(count=max(len(known.occurrences), 1))
            if known.occurrences != [known.start + timedelta(days=day) for day in range(len(known.occurrences))]:
                return  # occurrences were cancelled or moved: what restating the rule does to them is not documented
            call = self.tm.meetings.modify_series(
                **self.who(meeting_id), subject=subject, password=password, recurring_rule=rule
            )
        else:
            call = self.tm.meetings.modify(**self.who(meeting_id), subject=subject, password=password)
        if self.attempt(meeting_id, call):
            known.subject = subject
            known.password = known.password if password is None else (password or None)

    @rule(meeting_id=meetings, invitees=PEOPLE)
    def replace_invitees(self, meeting_id: str, invitees: list[str]) -> None:
        if self.attempt(meeting_id, self.tm.meetings.replace_invitees(**self.who(meeting_id), invitees=invitees)):
            self.expected[meeting_id].invitees = registered(invitees)

    @rule(meeting_id=meetings, people=PEOPLE)
    def add_and_remove(self, meeting_id: str, people: list[str]) -> None:
        known = self.expected[meeting_id]
        if known.cancelled:
            return
        self.runner.run(self.tm.meetings.add_invitees(**self.who(meeting_id), invitees=people))
        known.invitees = registered([*known.invitees, *people])
        self.runner.run(self.tm.meetings.remove_invitees(**self.who(meeting_id), invitees=people[:1]))
        known.invitees = [one for one in known.invitees if one not in people[:1]]

    @rule(meeting_id=meetings, which=st.integers(0, 4))
    def cancel_occurrence(self, meeting_id: str, which: int) -> None:
        known = self.expected[meeting_id]
        if known.cancelled or len(known.occurrences) < 2:
            return
        start = known.occurrences.pop(which % len(known.occurrences))
        shown = self.runner.run(self.tm.meetings.get(meeting_id=meeting_id, operator_id="tester"))
        (one,) = [one for one in shown.sub_meetings if one.start_time == start and one.status != 1]
        call = self.tm.meetings.cancel_occurrence(
            **self.who(meeting_id), sub_meeting_id=one.sub_meeting_id, reason_code=1
        )
        self.runner.run(call)

    @rule(meeting_id=consumes(meetings))
    def cancel(self, meeting_id: str) -> None:
        known = self.expected[meeting_id]
        chapter = self.tm.meetings
        cancel = chapter.cancel_series if known.is_series else chapter.cancel
        if self.attempt(meeting_id, cancel(**self.who(meeting_id), reason_code=1)):
            known.cancelled = True
        self.runner.run(cancel(**self.who(meeting_id), reason_code=1, cancelled_is_done=True))

    @invariant()
    def the_list_has_what_is_left(self) -> None:
        listed = self.runner.run(self.tm.meetings.list(userid="tester").collect())
        assert {one.meeting_id for one in listed} == {key for key, one in self.expected.items() if not one.cancelled}

    @invariant()
    def every_meeting_is_as_expected(self) -> None:
        for meeting_id, known in self.expected.items():
            self.runner.run(self._compare(meeting_id, known))

    async def _compare(self, meeting_id: str, known: Expected) -> None:
        try:
            shown = await self.tm.meetings.get(meeting_id=meeting_id, operator_id="tester")
        except ApiError:
            assert known.cancelled
            return
        assert known.cancelled == (shown.status == "MEETING_STATE_CANCELLED")
        if known.cancelled:
            return
        assert (shown.subject, shown.password) == (known.subject, known.password)
        assert [one.start_time for one in shown.sub_meetings if one.status != 1] == known.occurrences
        if not known.is_series:
            assert shown.start_time == known.start
        invited = await self.tm.meetings.list_invitees(**self.who(meeting_id)).collect()
        assert [person.userid for person in invited] == known.invitees


TestMeetings = Meetings.TestCase
TestMeetings.settings = settings(max_examples=25, stateful_step_count=20)
