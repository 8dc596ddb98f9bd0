"""Create meetings and read them back from the emulator, over a real socket."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import meeting
from tests.flow.conftest import TransportFactory
from tm_async import (
    Created,
    EnterpriseSecret,
    Guest,
    LiveConfig,
    Recurrence,
    Rejected,
    Settings,
    TencentMeeting,
    Unknown,
    Weekday,
)
from tm_async.api.meetings import MeetingStatus, MeetingType, MuteOnJoin, RecurrenceKind
from tm_async.emulator import Emulator, FaultRule
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.errors import (
    AuthenticationError,
    ExchangeFailed,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    UnreadableAnswer,
)

START = datetime(2038, 3, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
END = START + timedelta(hours=1)


async def test_what_was_created_can_be_read_back(tm: TencentMeeting) -> None:
    created = await tm.meetings.create(
        userid="tester",
        subject="产品周会 😀",
        start_time=START,
        end_time=END,
        hosts=["tester", "bob"],
        invitees=["alice", "nobody"],
        guests=[Guest(area="86", phone_number="13800000000", guest_name="张三")],
        password="123456",
        location="三号会议室",
        time_zone="Asia/Shanghai",
        settings=Settings(mute_enable_type_join=MuteOnJoin.ON, only_enterprise_user_allowed=True),
        enable_live=True,
        live_config=LiveConfig(live_subject="直播"),
        enable_host_key=True,
        host_key="654321",
    )
    assert created.user_non_registered == ("nobody",)
    assert created.password == "123456"
    assert created.join_url.startswith("https://")
    assert created.host_key == "654321"

    for found in (
        await tm.meetings.get(meeting_id=created.meeting_id, operator_id="tester"),
        await tm.meetings.find(meeting_code=f"{created.meeting_code[:3]}-{created.meeting_code[3:]}", userid="tester"),
    ):
        assert (found.meeting_id, found.meeting_code) == (created.meeting_id, created.meeting_code)
        assert found.subject == "产品周会 😀"
        assert (found.start_time, found.end_time) == (START, END)
        assert found.status is MeetingStatus.INIT
        assert found.time_zone == "Asia/Shanghai"
        assert found.location == "三号会议室"
        assert found.guests[0].guest_name == "张三"
        assert found.settings is not None
        assert found.settings.mute_enable_type_join is MuteOnJoin.ON
        assert found.extra == {}


async def test_a_series_has_its_occurrences(tm: TencentMeeting) -> None:
    created = await tm.meetings.create(
        userid="tester",
        subject="每两周",
        start_time=START,
        end_time=END,
        recurring_rule=Recurrence.every_n_weeks(2, [Weekday.MONDAY, Weekday.THURSDAY], count=4),
    )
    series = await tm.meetings.get(meeting_id=created.meeting_id, userid="tester")
    assert series.meeting_type is MeetingType.RECURRING
    assert series.recurring_rule is not None
    assert series.recurring_rule.recurring_type is RecurrenceKind.CUSTOM
    starts = [occurrence.start_time for occurrence in series.sub_meetings]
    assert starts == [START + timedelta(days=days) for days in (0, 3, 14, 17)]


async def test_hosts_and_people_as_plain_text(make_transport: TransportFactory) -> None:
    async with Emulator(people_as="strings") as emulator:
        auth = EnterpriseSecret.from_env(emulator.env)
        async with TencentMeeting(auth, base_url=emulator.base_url, transport=make_transport()) as tm:
            created = await tm.send(meeting(hosts=["tester", "bob"]))
            assert [person.userid for person in created.hosts] == ["tester", "bob"]


async def test_refusals_are_typed(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    with pytest.raises(InvalidRequest, match="190001") as caught:
        await tm.send(meeting(userid="ghost"))
    assert caught.value.trace_id
    assert not caught.value.outcome_unknown
    with pytest.raises(NotFound):
        await tm.meetings.get(meeting_id="42", userid="tester")
    created = await tm.send(meeting())
    with pytest.raises(PermissionDenied):
        await tm.meetings.get(meeting_id=created.meeting_id, userid="alice")
    tm_emulator.add_fault(FaultRule(operation="meetings.create", error_code=190310, status=500, times=1))
    with pytest.raises(RateLimited) as limited:  # the next minute is not waited for
        await tm.with_options(retry=None).send(meeting())
    assert limited.value.may_retry


async def test_a_wrong_key_is_told_apart(tm_emulator: Emulator, make_transport: TransportFactory) -> None:
    wrong = EnterpriseSecret.from_env(tm_emulator.env | {"TENCENT_MEETING_SECRET_KEY": "canary-wrong-key"})
    tm = TencentMeeting(wrong, base_url=tm_emulator.base_url, transport=make_transport())
    with pytest.raises(AuthenticationError, match="200003") as caught:
        await tm.send(meeting())
    assert "canary" not in f"{caught.value!r}{caught.value}"


async def test_the_unmodelled_rest_of_the_api(tm: TencentMeeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(cast("Any", HANDLERS), "audit.set_public_key")  # all that has a page is emulated
    created = await tm.send(meeting())
    answer = await tm.request("GET", "/v1/meetings", query={"userid": "tester", "instanceid": 1})
    assert [row["meeting_id"] for row in answer.result["meeting_info_list"]] == [created.meeting_id]
    with pytest.raises(InvalidRequest, match="200004"):
        await tm.request("PUT", "/v1/encryption/public-key")


async def test_faults_show_as_what_they_are(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    for rule, error in (
        (FaultRule(drop="before", times=1), ExchangeFailed),
        (FaultRule(drop="after", times=1), ExchangeFailed),
        (FaultRule(drop="during", times=1), ExchangeFailed),
        (FaultRule(garbage="<html>busy</html>", times=1), UnreadableAnswer),
    ):
        tm_emulator.add_fault(rule)
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert type(caught.value.cause) is error
        assert caught.value.cause.outcome_unknown
    assert (await tm.send(meeting())).meeting_id


async def test_bulk_creation(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    """One is cleared up by the list; another stays unknown because its list can't be read."""
    tm_emulator.add_fault(FaultRule(operation="meetings.create", nth=50, drop="after"))
    tm_emulator.add_fault(FaultRule(operation="meetings.create", nth=150, drop="after"))
    tm_emulator.add_fault(FaultRule(operation="meetings.list", nth=2, error_code=9042))
    requests = [meeting(subject=f"会议 {n}") for n in range(200)]
    requests[7] = meeting(userid="ghost")
    bad = {"userid": "tester", "subject": "x", "start_time": START, "end_time": END, "password": "x"}
    outcomes = [outcome async for outcome in tm.meetings.create_many([*requests, bad], concurrency=32)]
    assert [outcome.index for outcome in outcomes] == list(range(201))
    assert sum(isinstance(outcome, Created) for outcome in outcomes) == 198
    assert [outcome.index for outcome in outcomes if isinstance(outcome, Rejected)] == [7, 200]
    (unknown,) = [outcome for outcome in outcomes if isinstance(outcome, Unknown)]
    assert unknown.error.outcome_unknown
    created = {outcome.result.meeting_id for outcome in outcomes if isinstance(outcome, Created)}
    assert len(created) == 198
    (found,) = [outcome for outcome in outcomes if isinstance(outcome, Created) and outcome.looked_up]
    assert found.result.subject == found.request.subject  # type: ignore[attr-defined]
    assert tm_emulator.state.meetings[found.result.meeting_id].subject == found.result.subject
    assert len(tm_emulator.state.meetings) == 199, "the one that is unknown was created: that is why it is unknown"


async def test_times_survive(tm: TencentMeeting) -> None:
    start = datetime(2038, 10, 31, 1, 30, tzinfo=UTC)
    created = await tm.send(meeting(start_time=start, end_time=start + timedelta(minutes=45)))
    assert (created.start_time, created.end_time) == (start, start + timedelta(minutes=45))


async def test_a_users_meetings_in_pages(tm: TencentMeeting, tm_emulator: Emulator) -> None:
    created = [(await tm.send(meeting(subject=f"#{number}"))).meeting_id for number in range(45)]
    listed = [one.meeting_id async for one in tm.meetings.list(userid="tester")]
    assert sorted(listed) == sorted(created)
    assert [entry.operation for entry in tm_emulator.journal][45:] == ["meetings.list"] * 3
    first = await tm.meetings.list(userid="tester")
    assert (len(first.meeting_info_list), first.remaining) == (20, 1)
    assert [one.meeting_id for one in await tm.meetings.list(userid="tester").collect(limit=25)] == listed[:25]
