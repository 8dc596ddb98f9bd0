"""Change and cancel: what is sent, what is required, and that no call can hit more than it names."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import START, meeting
from tm_async import Guest, Recurrence, Settings, TencentMeeting, User, ValidationError, Weekday
from tm_async.api.meetings import (
    AutoRecord,
    CancelMeeting,
    CancelOccurrence,
    CancelSeries,
    Meeting,
    ModifyMeeting,
    ModifyOccurrence,
    ModifySeries,
    RecurrenceInfo,
    RecurrenceKind,
    SettingsInfo,
    WatermarkType,
)
from tm_async.core.codec import to_wire
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.operation import Operation
from tm_async.core.prepare import prepare
from tm_async.errors import NotFound, OutcomeUnknown, UnreadableAnswer, WrongState
from tm_async.testing import FakeTransport

GATEWAY = Gateway.parse("https://api.meeting.qq.com/v1")
WHO: dict[str, Any] = {"meeting_id": "7567173273889276131", "userid": "tester"}
WHEN = {"start_time": START, "end_time": START + timedelta(hours=1)}


def sent(operation: Operation[Any]) -> tuple[str, str, dict[str, Any]]:
    request = prepare(operation, GATEWAY)
    return request.method, request.target, json.loads(request.body)


def test_the_smallest_change() -> None:
    assert sent(ModifyMeeting(**WHO, subject="Renamed")) == (
        "PUT",
        "/v1/meetings/7567173273889276131",
        {"userid": "tester", "instanceid": 1, "subject": "Renamed"},
    )


def test_unset_and_empty_are_different_things() -> None:
    _, _, body = sent(ModifyMeeting(**WHO, password="", hosts=[], guests=[], invitees=[]))
    assert body == {
        "userid": "tester",
        "instanceid": 1,
        "password": "",
        "hosts": [],
        "guests": [],
        "invitees": [],
    }


def test_a_full_change() -> None:
    change = ModifyMeeting(
        **WHO,
        **WHEN,
        hosts=["tester", User("alice")],
        guests=[Guest(area="86", phone_number="13800000000")],
        password="1234",
        settings=Settings(mute_enable_join=True),
        location="Room 5",
        time_zone="Asia/Shanghai",
    )
    body = sent(change)[2]
    assert body["hosts"] == [{"userid": "tester"}, {"userid": "alice"}]
    assert body["start_time"] == str(int(START.timestamp()))
    assert body["settings"] == {"mute_enable_join": True}
    assert "meeting_type" not in body


@pytest.mark.parametrize("operation", [ModifyMeeting, ModifySeries])
def test_hosts_without_the_caller_are_refused(operation: Any) -> None:
    rule = {"recurring_rule": Recurrence.weekly()} if operation is ModifySeries else {}
    with pytest.raises(ValidationError, match="hosts: must have userid in it"):
        operation(**WHO, **rule, hosts=["alice"])
    operation(**WHO, **rule, hosts=[User("tester"), "alice"])


@pytest.mark.parametrize("password", ["123", "1234567", "abcd", " "])
def test_a_password_is_digits_or_nothing(password: str) -> None:
    with pytest.raises(ValidationError, match="or empty to remove it"):
        ModifyMeeting(**WHO, password=password)


def test_times_are_compared_only_when_both_are_given() -> None:
    ModifyMeeting(**WHO, start_time=START)
    ModifyMeeting(**WHO, end_time=START)
    with pytest.raises(ValidationError, match="end_time"):
        ModifyMeeting(**WHO, start_time=START, end_time=START)


def test_a_change_of_a_series_always_says_that_it_is_one_and_restates_the_rule() -> None:
    _, _, body = sent(ModifySeries(**WHO, subject="Renamed", recurring_rule=Recurrence.weekly(count=5)))
    assert body["meeting_type"] == 1
    assert body["recurring_rule"] == {"recurring_type": 2, "until_type": 1, "until_count": 5}
    with pytest.raises(TypeError, match="recurring_rule"):
        ModifySeries(**WHO, subject="Renamed")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        ModifySeries(**WHO, recurring_rule=Recurrence.daily(), meeting_type=0)  # type: ignore[call-arg]


def test_one_occurrence_is_moved_and_nothing_else() -> None:
    _, target, body = sent(ModifyOccurrence(**WHO, **WHEN, sub_meeting_id="2143245600"))
    assert target == "/v1/meetings/7567173273889276131"
    assert body == {
        "userid": "tester",
        "instanceid": 1,
        "start_time": str(int(START.timestamp())),
        "end_time": str(int(START.timestamp()) + 3600),
        "meeting_type": 1,
        "recurring_rule": {"sub_meeting_id": "2143245600"},
    }
    with pytest.raises(TypeError, match="sub_meeting_id"):
        ModifyOccurrence(**WHO, **WHEN)  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="sub_meeting_id"):
        ModifyOccurrence(**WHO, **WHEN, sub_meeting_id="")


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        (CancelMeeting(**WHO, reason_code=1), {}),
        (CancelMeeting(**WHO, reason_code=1, reason_detail="ill"), {"reason_detail": "ill"}),
        (CancelMeeting(**WHO, reason_code=1, cancelled_is_done=True), {}),
        (CancelSeries(**WHO, reason_code=1), {"meeting_type": 1}),
        (CancelOccurrence(**WHO, reason_code=1, sub_meeting_id="17"), {"sub_meeting_id": "17"}),
    ],
)
def test_cancelling(operation: Operation[Any], more: dict[str, Any]) -> None:
    body = {"userid": "tester", "instanceid": 1, "reason_code": 1, **more}
    assert sent(operation) == ("POST", "/v1/meetings/7567173273889276131/cancel", body)


def test_an_occurrence_must_be_named() -> None:
    with pytest.raises(TypeError, match="sub_meeting_id"):
        CancelOccurrence(**WHO, reason_code=1)  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="sub_meeting_id"):
        CancelOccurrence(**WHO, reason_code=1, sub_meeting_id="")


def client(*answers: Any) -> TencentMeeting:
    return client_on(FakeTransport(*answers))


def client_on(transport: FakeTransport) -> TencentMeeting:
    class Nobody:
        async def authorize(self, request: Any, now: float) -> Any:
            return ()

        async def rejected(self, error: Any, headers: Any) -> bool:
            return False

    return TencentMeeting(Nobody(), transport=transport)


def refusal(code: int) -> RawAnswer:
    return RawAnswer(500, (), json.dumps({"error_info": {"error_code": code}}).encode())


async def test_an_empty_answer_is_success() -> None:
    tm = client(RawAnswer(200, (), b""), {})
    assert await tm.meetings.cancel(**WHO, reason_code=1) is None
    assert await tm.meetings.cancel(**WHO, reason_code=1) is None


async def test_already_cancelled_counts_as_done_only_if_asked_for() -> None:
    tm = client(refusal(9007), refusal(9007), refusal(9003))
    with pytest.raises(WrongState):
        await tm.meetings.cancel(**WHO, reason_code=1)
    assert await tm.meetings.cancel(**WHO, reason_code=1, cancelled_is_done=True) is None
    with pytest.raises(NotFound):
        await tm.meetings.cancel(**WHO, reason_code=1, cancelled_is_done=True)


def test_the_rule_of_an_answer_can_be_sent_again() -> None:
    shown = Meeting.from_wire(
        {"recurring_rule": {"recurring_type": "2", "until_type": 0, "until_date": 2143245600, "until_count": 7, "x": 1}}
    ).recurring_rule
    assert shown is not None
    again = Recurrence.of(shown)
    assert again.recurring_type is RecurrenceKind.WEEKLY
    assert to_wire(again) == {"recurring_type": 2, "until_type": 0, "until_date": 2143245600}
    assert to_wire(Recurrence.of(Recurrence.every_n_days(3, count=4))) == to_wire(Recurrence.every_n_days(3, count=4))


def test_what_a_rule_leaves_empty_does_not_keep_it_from_being_sent_again() -> None:
    ends = {"until_type": 1, "until_count": 7, "until_date": "", "customized_recurring_days": ""}
    assert Recurrence.of(RecurrenceInfo.from_wire({"recurring_type": 2, **ends})) == Recurrence.weekly(count=7)


SWITCHED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"water_mark_type": 1}, {"allow_screen_shared_watermark": False}),
    ({"participant_join_auto_record": True}, {"auto_record_type": "none"}),
    ({"enable_host_pause_auto_record": False}, {"auto_record_type": "local"}),
    ({"open_asr_view": 1}, {"auto_asr": False}),
]


@pytest.mark.parametrize(("asked", "off"), SWITCHED)
def test_a_change_of_settings_may_rest_on_what_the_meeting_has(asked: dict[str, Any], off: dict[str, Any]) -> None:
    (name,) = asked
    ModifyMeeting(**WHO, settings=Settings(**asked))
    for build in (
        lambda: ModifyMeeting(**WHO, settings=Settings(**asked, **off)),
        lambda: meeting(settings=Settings(**asked)),
    ):
        with pytest.raises(ValidationError) as caught:
            build()
        assert [one.field for one in caught.value.violations] == [f"settings.{name}"]


def test_the_settings_of_an_answer_can_be_sent_again_by_the_names_of_requests() -> None:
    shown = SettingsInfo.from_wire(
        {
            "mute_enable_join": True,
            "only_allow_enterprise_user_join": True,
            "water_mark_type": 1,
            "allow_screen_shared_watermark": False,
            "auto_record_type": "none",
            "participant_join_auto_record": False,
            "open_asr_view": 0,
            "auto_asr": False,
        }
    )
    assert to_wire(Settings.of(shown)) == {
        "mute_enable_join": True,
        "only_enterprise_user_allowed": True,
        "allow_screen_shared_watermark": False,
        "auto_record_type": "none",
        "auto_asr": False,
    }
    full = SettingsInfo.from_wire(
        {"allow_screen_shared_watermark": True, "water_mark_type": 1, "auto_record_type": "cloud"}
    )
    again = Settings.of(full)
    assert (again.water_mark_type, again.auto_record_type) == (WatermarkType.MULTIPLE_ROWS, AutoRecord.CLOUD)


@pytest.mark.parametrize(
    ("shown", "sent_again"),
    [
        ({"recurring_type": 2, "until_count": 20}, {"recurring_type": 2, "until_type": 1, "until_count": 20}),
        (
            {"recurring_type": 2, "until_type": 1, "until_count": 5, "until_date": 7},
            {"until_type": 1, "until_count": 5},
        ),
        ({"recurring_type": 2, "until_date": 2143245600}, {"until_type": 0, "until_date": 2143245600}),
        ({"recurring_type": 2, "until_type": 0, "until_date": "bad"}, None),
        ({"recurring_type": 2, "until_type": 0, "until_count": 20}, None),
        ({"recurring_type": 2, "until_type": 1}, None),
        ({"recurring_type": "x", "until_count": 20}, None),
        ({}, None),
    ],
)
def test_a_rule_is_sent_again_whole_or_not_at_all(shown: dict[str, Any], sent_again: dict[str, Any] | None) -> None:
    rule = Meeting.from_wire({"recurring_rule": shown}).recurring_rule
    assert rule is not None
    if sent_again is None:
        with pytest.raises(ValidationError, match="recurring_rule"):
            Recurrence.of(rule)
    else:
        assert to_wire(Recurrence.of(rule)) == {"recurring_type": 2, **sent_again}


def test_a_meeting_that_is_no_series_has_no_rule_to_send() -> None:
    with pytest.raises(ValidationError, match="no series"):
        Recurrence.of(Meeting.from_wire({}).recurring_rule)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="settings"):
        Settings.of(Meeting.from_wire({}).settings)  # type: ignore[arg-type]
    by_numbers = Recurrence(recurring_type=2, until_type=1, until_count=5)  # type: ignore[arg-type]
    assert Recurrence.of(by_numbers).until_count == 5


def test_what_an_answer_shows_is_no_request() -> None:
    """It has other names in places: the enterprise lock would get lost."""
    shown = SettingsInfo.from_wire({"only_allow_enterprise_user_join": True})
    with pytest.raises(ValidationError, match=r"settings: .*Settings\.of"):
        meeting(settings=shown)
    assert to_wire(Settings.of(shown)) == {"only_enterprise_user_allowed": True}


@pytest.mark.parametrize("on", [["monday"], [1.0], None, [None]])
def test_days_that_are_none(on: Any) -> None:
    with pytest.raises(ValidationError):
        Recurrence.every_n_weeks(1, on)
    assert Recurrence.every_n_weeks(1, Weekday.MONDAY) == Recurrence.every_n_weeks(1, [Weekday.MONDAY])  # type: ignore[arg-type]


def test_a_series_keeps_its_own_rules_when_it_is_changed() -> None:
    with pytest.raises(ValidationError, match="occurrences"):
        ModifySeries(**WHO, recurring_rule=Recurrence.daily(count=201))
    with pytest.raises(ValidationError, match="first meeting"):
        ModifySeries(**WHO, **WHEN, recurring_rule=Recurrence.every_n_weeks(1, [Weekday.FRIDAY]))
    with pytest.raises(ValidationError, match="before start_time"):
        ModifySeries(**WHO, **WHEN, recurring_rule=Recurrence.daily(until=START - timedelta(days=1)))
    ModifySeries(**WHO, recurring_rule=Recurrence.every_n_weeks(1, [Weekday.FRIDAY]))  # without a start: not known
    ModifySeries(**WHO, recurring_rule=Recurrence.daily(until=START))


def test_clocks_that_are_set_back_do_not_turn_times_round() -> None:
    new_york = ZoneInfo("America/New_York")
    early = datetime(2037, 11, 1, 1, 30, tzinfo=new_york)
    late = datetime(2037, 11, 1, 1, 15, tzinfo=new_york, fold=1)
    ModifyMeeting(**WHO, start_time=early, end_time=late)
    with pytest.raises(ValidationError, match="end_time"):
        ModifyMeeting(**WHO, start_time=late, end_time=early)


class Staff(StrEnum):
    BOB = "bob"


def test_ids_may_be_enums() -> None:
    assert sent(ModifyMeeting(**WHO, invitees=[Staff.BOB]))[2]["invitees"] == [{"userid": "bob"}]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"meeting_info_list": []}'])
async def test_a_change_whose_answer_says_nothing_is_done(body: bytes) -> None:
    tm = client(RawAnswer(200, (), body))
    changed = await tm.meetings.modify(**WHO, subject="x")
    assert changed.meeting_id == ""
    tm = client(RawAnswer(200, (), body))
    assert (await tm.meetings.replace_invitees(**WHO, invitees=[])).user_non_registered == ()


async def test_a_create_whose_answer_says_nothing_is_in_doubt() -> None:
    tm = client(RawAnswer(200, (), b""))
    with pytest.raises(OutcomeUnknown) as caught:
        await tm.send(meeting())
    assert isinstance(caught.value.cause, UnreadableAnswer)
    assert caught.value.outcome_unknown


async def test_error_code_zero_with_a_success_is_no_error() -> None:
    body = b'{"error_info": {"error_code": 0, "message": "success"}, "meeting_info_list": [{"meeting_id": "5"}]}'
    assert (await client(RawAnswer(200, (), body)).send(meeting())).meeting_id == "5"
