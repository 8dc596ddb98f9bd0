"""Layouts by seats through our client, against the emulator, over a real socket."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import meeting
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.api.layouts import Arranged, GridType, Polling, SeatPage, VideoType
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import NotFound, OutcomeUnknown, ValidationError, WrongState


@pytest.fixture
async def tm(tm_emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with TencentMeeting(auth, base_url=tm_emulator.base_url, quotas=None) as client:
        yield client


PLAN = [SeatPage(["tester", "alice", GridType.SHARED_SCREEN]), SeatPage({"2": "Guest"}, template="2")]


async def test_a_plan_before_and_during_the_meeting(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting(invitees=["alice"]))
    meeting_id, acts = created.meeting_id, tm_emulator.meetings
    looks = tm_emulator.state.stages.of(meeting_id)

    async def arrange(plan: list[SeatPage], layout_id: str | None = None) -> Arranged:
        return await tm.layouts.arrange(meeting_id, plan, userid="tester", layout_id=layout_id)

    before = await arrange(PLAN[:1])
    assert before
    assert looks.selected == before.layout_id
    assert not (await arrange(PLAN[:1])).changed
    with pytest.raises(WrongState, match="not invited"):
        await arrange([SeatPage(["carol"])])

    acts.join(meeting_id, "tester")
    acts.join(meeting_id, name="Guest")
    during = await arrange(PLAN, before.layout_id)
    assert [(one.who, one.reason) for one in during.missed] == [("alice", "not inside")]
    assert not during.differences
    assert [len(page["user_seat_list"]) for page in looks.layouts[before.layout_id]] == [2, 1]
    acts.join(meeting_id, "alice")
    assert await arrange(PLAN, before.layout_id)
    assert len(looks.layouts) == 1
    again = await arrange(PLAN)
    assert (again.layout_id, again.changed) == (before.layout_id, False)

    await tm.layouts.restore_default(meeting_id, userid="tester")
    assert looks.selected == ""
    assert (await arrange(PLAN)).layout_id == before.layout_id
    with pytest.raises(NotFound):
        await arrange([SeatPage(["alice"])], "unknown")


async def test_after_an_unclear_outcome_the_same_plan_adds_nothing(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting(invitees=["alice"]))
    tm_emulator.add_fault(FaultRule(operation="layouts.add", drop="after", times=1))
    with pytest.raises(OutcomeUnknown):
        await tm.layouts.arrange(created.meeting_id, [SeatPage(["alice"])], userid="tester")
    arranged = await tm.layouts.arrange(created.meeting_id, [SeatPage(["alice"])], userid="tester")
    looks = tm_emulator.state.stages.of(created.meeting_id)
    assert (list(looks.layouts), arranged.changed) == ([arranged.layout_id], False)


async def test_more_seats_than_the_template(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting(invitees=["alice"]))
    with pytest.raises(ValidationError) as refused:
        await tm.layouts.arrange(created.meeting_id, [SeatPage(["alice"] * 3, template="2")], userid="tester")
    assert [one.limit for one in refused.value.violations] == [2]
    with pytest.raises(ValidationError, match="has 10 seats, template '4' has 9"):
        await tm.layouts.arrange(created.meeting_id, [SeatPage(["alice"] * 10)], userid="tester")
    assert not tm_emulator.state.stages.of(created.meeting_id).layouts


async def test_what_devices_show(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting())
    meeting_id = created.meeting_id
    for who in ("tester", "bob"):
        tm_emulator.meetings.join(meeting_id, who)
    device = tm_emulator.mra.join(meeting_id, "A")
    assert device.instanceid is not None
    plan = [SeatPage([VideoType.SPEAKER, ["bob", "tester"]], turns=Polling(polling_interval=30))]
    arranged = await tm.layouts.arrange(meeting_id, plan, userid="tester", devices=True)
    assert arranged
    assert not (await tm.layouts.arrange(meeting_id, plan, userid="tester", devices=True)).changed
    seen = await tm.layouts.get_applied(
        meeting_id=meeting_id, operator_id="tester", user_ms_open_id=device.ms_open_id, user_instance_id=9
    )
    assert seen.selected_layout_id == arranged.layout_id
    await tm.layouts.restore_default(meeting_id, userid="tester", devices=True)
    assert tm_emulator.state.stages.of(meeting_id).applied == ""
