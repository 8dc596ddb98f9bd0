"""Live streams: what is sent, what is refused before, what is read. The rest is in the samples."""

from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, sent
from tm_async import LiveConfig
from tm_async.api.live import (
    DeleteReplays,
    ListReplays,
    PushAddress,
    PushPlatform,
    SetLiveConfig,
    SetLiveConfigByCode,
    SetPushAddress,
)
from tm_async.api.meetings import ModifyMeeting

WHO: dict[str, Any] = {"meeting_id": "100001", "userid": "tester"}


def platform(**more: Any) -> PushAddress:
    given = {"platform_type": PushPlatform.OTHER, "push_address": "rtmp://example.com/", "push_password": "secret"}
    return PushAddress(**{**given, **more})


def test_names_of_platforms_travel_as_base64() -> None:
    _, _, body = sent(SetPushAddress(**WHO, push_stream_info=[platform(platform_name="示例")]))
    assert body["push_stream_info"][0]["platform_name"] == "56S65L6L"
    assert "secret" not in repr(platform())


@pytest.mark.parametrize(
    ("streams", "problems"),
    [
        ([], [("push_stream_info", "entries")]),
        ([platform(), platform()], [("push_stream_info", "entries")]),
        ([platform(platform_name="x" * 11)], [("push_stream_info[0].platform_name", "characters")]),
        ([platform(platform_name="")], [("push_stream_info[0].platform_name", "not-blank")]),
        ([platform(platform_name="  ")], [("push_stream_info[0].platform_name", "not-blank")]),
    ],
)
def test_one_platform_a_call(streams: list[PushAddress], problems: list[tuple[str, str]]) -> None:
    assert broken(SetPushAddress, **WHO, push_stream_info=streams) == problems


def test_a_password_that_is_left_out_may_be_the_meetings() -> None:
    config = LiveConfig(enable_live_password=True)
    assert sent(SetLiveConfig(**WHO, live_config=config))[2]["live_config"] == {"enable_live_password": True}
    by_code = SetLiveConfigByCode(meeting_code="123456789", userid="tester", live_config=config)
    assert sent(by_code)[2]["live_config"] == {"enable_live_password": True}
    wrong = [("live_config.live_password", "live-password")]
    assert broken(ModifyMeeting, **WHO, live_config=config) == wrong


def test_deleting_is_asked_for_in_the_query() -> None:
    target = "/v1/meetings/100001/live_play/7/replays?userid=tester&instanceid=1"
    assert sent(DeleteReplays(**WHO, live_room_id="7")) == ("DELETE", target, None)


def test_replays_of_all_meetings_that_are_listed() -> None:
    rows = [{"meeting_id": meeting, "live_replay_list": [{"live_room_id": room}]} for meeting, room in ("17", "28")]
    found = answered(ListReplays(**WHO), {"meeting_number": 2, "meeting_info_list": rows})
    assert (found.meeting_number, [one.meeting_id for one in found.meeting_info_list]) == (2, ["1", "2"])
    assert [one.live_room_id for one in found.live_replay_list] == ["7", "8"]


@pytest.mark.parametrize("body", [{}, {"meeting_number": 0, "meeting_info_list": []}, {"meeting_info_list": None}])
def test_no_replays_are_an_answer_too(body: dict[str, Any]) -> None:
    assert answered(ListReplays(**WHO), body).live_replay_list == ()
