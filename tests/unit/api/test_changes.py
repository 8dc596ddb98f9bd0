"""Change and cancel: what is sent, what is required, and that no call can hit more than it names."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import START
from tm_async import Guest, Recurrence, Settings, TencentMeeting, User, ValidationError
from tm_async.api.meetings import (
    AutoRecord,
    CancelMeeting,
    CancelOccurrence,
    CancelSeries,
    Meeting,
    ModifyMeeting,
    ModifyOccurrence,
    ModifySeries,
    RecurrenceKind,
    SettingsInfo,
    WatermarkType,
)
from tm_async.core.codec import to_wire
from tm_async.core.exchange import Gateway, RawAnswer
from tm_async.core.operation import Operation
from tm_async.core.prepare import prepare
from tm_async.errors import NotFound, WrongState
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
    _, target, body = sent(ModifyOccurrence(**WHO, **WHEN, sub_meeting_id="1796090400"))
    assert target == "/v1/meetings/7567173273889276131"
    assert body == {
        "userid": "tester",
        "instanceid": 1,
        "start_time": str(int(START.timestamp())),
        "end_time": str(int(START.timestamp()) + 3600),
        "meeting_type": 1,
        "recurring_rule": {"sub_meeting_id": "1796090400"},
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
    class Nobody:
        async def authorize(self, request: Any) -> Any:
            return ()

        async def rejected(self, error: Any, headers: Any) -> bool:
            return False

    return TencentMeeting(Nobody(), transport=FakeTransport(*answers))


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
        {"recurring_rule": {"recurring_type": "2", "until_type": 0, "until_date": 1796090400, "until_count": 7, "x": 1}}
    ).recurring_rule
    assert shown is not None
    again = Recurrence.of(shown)
    assert again.recurring_type is RecurrenceKind.WEEKLY
    assert to_wire(again) == {"recurring_type": 2, "until_type": 0, "until_date": 1796090400}
    assert to_wire(Recurrence.of(Recurrence.every_n_days(3, count=4))) == to_wire(Recurrence.every_n_days(3, count=4))


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
