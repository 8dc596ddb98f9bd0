"""The chapter "meetings" through our client, against the emulator, over real sockets."""

import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import meeting
from tm_async import EnterpriseSecret, Recurrence, Settings, TencentMeeting
from tm_async.api.meetings import Meeting
from tm_async.emulator import Emulator
from tm_async.errors import InvalidRequest, NotFound, PermissionDenied, WrongState
from tm_async.transport.fast import FastTransport


@pytest.fixture
async def tm(tm_emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    async with FastTransport() as transport:
        url = tm_emulator.base_url
        async with TencentMeeting(auth, base_url=url, transport=transport, quotas=None) as client:
            yield client


async def seen(tm: TencentMeeting, created: Meeting) -> Meeting:
    return await tm.meetings.get(meeting_id=created.meeting_id, operator_id="tester")


async def test_change_a_meeting(tm: TencentMeeting) -> None:
    created = await tm.send(meeting(password="1234", invitees=["alice"], settings=Settings(mute_enable_join=False)))
    who = {"meeting_id": created.meeting_id, "userid": "tester"}
    await tm.meetings.modify(**who, subject="Renamed", password="", hosts=["tester", "bob"])
    after = await seen(tm, created)
    assert (after.subject, after.password) == ("Renamed", None)
    assert [host.userid for host in after.hosts] == ["tester", "bob"]
    assert after.settings is not None
    assert after.settings.mute_enable_join is False, "what is left out stays"
    assert after.start_time == created.start_time
    with pytest.raises(PermissionDenied):
        await tm.meetings.modify(meeting_id=created.meeting_id, userid="alice", subject="Mine")


async def test_a_series_is_renamed_without_losing_its_rule(tm: TencentMeeting) -> None:
    created = await tm.send(meeting(recurring_rule=Recurrence.weekly(count=5)))
    before = await seen(tm, created)
    assert before.recurring_rule is not None
    await tm.meetings.modify_series(
        meeting_id=created.meeting_id,
        userid="tester",
        subject="Renamed",
        recurring_rule=Recurrence.of(before.recurring_rule),
    )
    after = await seen(tm, created)
    assert after.subject == "Renamed"
    assert [one.start_time for one in after.sub_meetings] == [one.start_time for one in before.sub_meetings]


async def test_a_series_in_new_york_stays_at_its_hour_when_clocks_change(tm: TencentMeeting) -> None:
    new_york = ZoneInfo("America/New_York")
    start = datetime(2027, 3, 8, 10, tzinfo=new_york)
    created = await tm.send(
        meeting(start_time=start, end_time=start + timedelta(hours=1), recurring_rule=Recurrence.weekly(count=3))
    )
    shown = [one.start_time for one in (await seen(tm, created)).sub_meetings]
    assert [f"{moment.astimezone(new_york):%m-%d %H:%M}" for moment in shown if moment] == [
        "03-08 10:00",
        "03-15 10:00",  # an hour earlier in China
        "03-22 10:00",
    ]


async def test_one_occurrence_is_moved_and_one_is_cancelled(tm: TencentMeeting) -> None:
    created = await tm.send(meeting(recurring_rule=Recurrence.weekly(count=4)))
    who = {"meeting_id": created.meeting_id, "userid": "tester"}
    first, second, *_ = (await seen(tm, created)).sub_meetings
    assert second.start_time is not None
    assert second.end_time is not None
    later = timedelta(hours=3)
    await tm.meetings.modify_occurrence(
        **who,
        sub_meeting_id=second.sub_meeting_id,
        start_time=second.start_time + later,
        end_time=second.end_time + later,
    )
    await tm.meetings.cancel_occurrence(**who, sub_meeting_id=first.sub_meeting_id, reason_code=1)
    left = [one for one in (await seen(tm, created)).sub_meetings if one.status != 1]
    assert len(left) == 3
    assert left[0].start_time == second.start_time + later


async def test_cancelling(tm: TencentMeeting) -> None:
    once = await tm.send(meeting())
    series = await tm.send(meeting(recurring_rule=Recurrence.daily(count=3)))
    for created, cancel in ((once, tm.meetings.cancel), (series, tm.meetings.cancel_series)):
        who = {"meeting_id": created.meeting_id, "userid": "tester"}
        assert await cancel(**who, reason_code=1) is None  # type: ignore[operator]
        with pytest.raises((WrongState, NotFound)):
            await cancel(**who, reason_code=1)  # type: ignore[operator]
        assert await cancel(**who, reason_code=1, cancelled_is_done=True) is None  # type: ignore[operator]
    assert [one.meeting_id async for one in tm.meetings.list(userid="tester")] == []


async def test_more_invitees_than_a_create_takes(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    everybody = [f"guest{number}" for number in range(900)]
    tm_emulator.seed_users(*everybody)
    result = await tm.meetings.create_with_invitees(meeting(), [*everybody, "stranger"])
    assert result.complete
    assert result.user_non_registered == ("stranger",)
    who = {"meeting_id": result.meeting.meeting_id, "userid": "tester"}
    assert [person.userid async for person in tm.meetings.list_invitees(**who)] == everybody
    await tm.meetings.remove_invitees(**who, invitees=everybody[:890])
    await tm.meetings.add_invitees(**who, invitees=["alice"])
    assert [person.userid async for person in tm.meetings.list_invitees(**who)] == [*everybody[890:], "alice"]
    await tm.meetings.replace_invitees(**who, invitees=[])
    assert await tm.meetings.list_invitees(**who).collect() == []


async def test_who_came(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting(start_time=datetime.now(UTC), end_time=datetime.now(UTC) + timedelta(hours=1)))
    who = {"meeting_id": created.meeting_id, "operator_id": "tester"}
    assert await tm.meetings.list_participants(**who).collect() == []
    for userid in ("tester", "alice", "bob"):
        tm_emulator.meetings.join(created.meeting_id, userid)
    tm_emulator.meetings.leave(created.meeting_id, "bob")
    inside = await tm.meetings.list_realtime_participants(**who).collect()
    assert sorted(str(one.userid) for one in inside) == ["alice", "tester"]
    tm_emulator.meetings.end(created.meeting_id)
    came = await tm.meetings.list_participants(**who).collect()
    assert sorted(str(one.userid) for one in came) == ["alice", "bob", "tester"]
    assert all(one.join_time is not None for one in came)
    with pytest.raises((WrongState, InvalidRequest)):
        await tm.meetings.cancel(meeting_id=created.meeting_id, userid="tester", reason_code=1)


async def test_many_participants_in_flat_memory(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = await tm.send(meeting(start_time=datetime.now(UTC), end_time=datetime.now(UTC) + timedelta(hours=1)))
    for number in range(20_000):
        tm_emulator.meetings.join(created.meeting_id, name=f"guest {number}")
    seen, held = 0, []
    tracemalloc.start()
    async for person in tm.meetings.list_participants(meeting_id=created.meeting_id, operator_id="tester"):
        seen += 1
        if seen in (2_000, 19_000):
            assert person.user_name == f"guest {seen - 1}"
            held.append(_held_by_the_client())
    tracemalloc.stop()
    assert seen == 20_000
    assert held[1] - held[0] < 100_000


def _held_by_the_client() -> int:
    """Bytes that code of the client, not of the emulator, holds on to."""
    ours = [tracemalloc.Filter(True, f"*/tm_async/{part}*") for part in ("api", "client", "core", "transport")]
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(ours).traces)


async def test_a_call_by_its_id(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    start = datetime(2027, 3, 8, 10, tzinfo=UTC)
    created = await tm.call(
        "meetings.create", userid="tester", subject="周会", start_time=start, end_time=start + timedelta(hours=1)
    )
    meeting_id = created["meeting_info_list"][0]["meeting_id"]
    with_class = await tm.call("meetings.get", {"meeting_id": meeting_id}, operator_id="tester")
    assert with_class["meeting_info_list"][0]["start_time"] == str(int(start.timestamp()))
    cancelled = await tm.call("meetings.cancel", meeting_id=meeting_id, userid="tester", instanceid=1, reason_code=1)
    assert cancelled == {}
    tm_emulator.seed_answer("votes.list", {"vote_total_number": 0})
    listed = await tm.call("votes.list", userid="tester", instanceid=1, meeting_id=meeting_id, page=1, page_size=20)
    assert listed["vote_total_number"] == 0
    with pytest.raises(NotFound):
        await tm.call("meetings.get", meeting_id="1", operator_id="tester")
