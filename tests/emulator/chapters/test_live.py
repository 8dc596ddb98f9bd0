"""Live streams: settings, other platforms, viewers and replays, and who may when."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told
from tests.emulator.conftest import Caller
from tm_async.webhooks.events import LiveConfigUpdated

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]
LIVE = {"enable_live": True, "live_config": {"live_subject": "Launch", "enable_live_replay": True}}


def by(userid: str = "tester", **values: Any) -> dict[str, Any]:
    return {"userid": userid, "instanceid": 1, **values}


@pytest.fixture
async def meeting(caller: Caller) -> str:
    return str((await caller.created(hosts=["alice"], **LIVE))["meeting_id"])


async def test_settings(caller: Caller, meeting: str, pushed: Pushed) -> None:
    config = {"live_summary": "周会", "live_watermark": {"watermark_opt": 1}}
    assert await told(caller, "live.set_config", meeting, **by(live_config=config)) == {}
    shown = (await caller.detail(meeting))["live_config"]
    assert (shown["live_subject"], shown["live_summary"], shown["live_watermark"]["watermark_opt"]) == (
        *("Launch", "周会"),
        1,
    )
    (event,) = await pushed()
    assert [one["userid"] for one in event["payload"][0]["meeting_info"]["hosts"]] == ["alice"]
    read = LiveConfigUpdated.from_wire(event["payload"][0])
    assert read.live_config is not None
    assert read.live_config.live_summary == "周会"
    assert read.live_config.live_watermark is not None
    assert read.live_config.live_watermark.option == 1, "as the call counts it, though the event has 2"
    by_code = by(meeting_code=caller.emulator.state.meetings[meeting].code, live_config={"live_subject": "New"})
    assert await told(caller, "live.set_config_by_code", **by_code) == {}
    assert (await caller.detail(meeting))["live_config"]["live_subject"] == "New"
    password = {"enable_live_password": True, "live_password": "1234"}
    assert await told(caller, "live.set_config", meeting, **by(live_config=password)) == {}
    assert (await caller.detail(meeting))["live_config"]["live_password"] == "1234", "the switch is in no such answer"
    protected = (await caller.created(password="135790", enable_live=True))["meeting_id"]
    assert await told(caller, "live.set_config", protected, **by(live_config={"enable_live_password": True})) == {}
    assert (await caller.detail(protected))["live_config"]["live_password"] == "135790", "the meeting's"


async def test_who_may_when(caller: Caller, meeting: str) -> None:
    config = {"live_config": {"live_subject": "x"}}
    assert code(await ask(caller, "live.set_config", meeting, **by("alice"), **config)) == (403, 190315)
    caller.emulator.meetings.start(meeting)
    assert await told(caller, "live.set_config", meeting, **by("alice"), **config) == {}
    assert code(await ask(caller, "live.set_config", meeting, **by("bob"), **config)) == (403, 190315)
    without = (await caller.created())["meeting_id"]
    assert code(await ask(caller, "live.set_config", without, **by(), **config)) == (500, 190317)


async def test_other_platforms(caller: Caller, meeting: str) -> None:
    def stream(number: int, kind: int = 2, begins: str = "rtmp") -> dict[str, Any]:
        one = {"platform_type": kind, "push_address": f"{begins}://example.com/{number}", "push_password": "p"}
        return by(meetingId=meeting, push_stream_info=[one])

    for number in range(10):
        assert await told(caller, "live.set_push_address", **stream(number)) == {}
    assert await told(caller, "live.set_push_address", **stream(10, 1)) == {}
    for values, expected in ((stream(11), 400001), (stream(12, 1), 400001)):
        assert code(await ask(caller, "live.set_push_address", **values)) == (500, expected)
    caller.emulator.state.live.of(meeting).platforms.pop(0)
    for values, expected in ((stream(1), 400004), (stream(11, begins="http"), 400004)):
        assert code(await ask(caller, "live.set_push_address", **values)) == (500, expected)
    for name in ("eHh4eHh4eHh4eHg=", "ICA=", "", "plain!"):  # 11 characters, blanks, none, no Base64
        given = stream(12)
        given["push_stream_info"][0]["platform_name"] = name
        assert code(await ask(caller, "live.set_push_address", **given)) == (400, 190004), name
    for changed, expected in (({"userid": "bob"}, 400006), ({"meetingId": "1"}, 400005)):
        assert code(await ask(caller, "live.set_push_address", **{**stream(11), **changed})) == (500, expected)
    caller.emulator.meetings.join(meeting, "bob").cohost = True
    assert code(await ask(caller, "live.set_push_address", **{**stream(2), "userid": "bob"})) == (500, 400004)
    shown = await told(caller, "live.get_push_addresses", meeting, **operated())
    assert len(shown["push_stream_info"]) == 10
    assert shown["push_stream_info"][0]["enable_push_addres"]


async def test_viewers_and_replays(caller: Caller, meeting: str, pushed: Pushed) -> None:
    emulator = caller.emulator
    with pytest.raises(ValueError, match="nobody is inside"):
        emulator.live.start(meeting)
    emulator.meetings.start(meeting)
    room = emulator.live.start(meeting)
    emulator.live.watch(meeting, 30)
    emulator.live.watch(meeting, 5)
    asked = by(meetingId=meeting)
    assert (await told(caller, "live.get_viewers", **asked))["live_viewers_num"] == 5
    emulator.live.stop(meeting)
    assert (await told(caller, "live.get_viewers", **by("admin", meetingId=meeting)))["live_viewers_num"] == 35
    told_of = [one["event"] for one in await pushed() if "live" in one["event"]]
    assert told_of == ["meeting.live-started", "meeting.live-stopped"]
    (info,) = (await told(caller, "live.list_replays", **asked))["meeting_info_list"]
    assert [one["live_room_id"] for one in info["live_replay_list"]] == [room]
    by_code = by(meeting_code=emulator.state.meetings[meeting].code)
    assert (await told(caller, "live.list_replays_by_code", **by_code))["meeting_info_list"] == [info]
    assert code(await ask(caller, "live.list_replays", **by("alice", meetingId=meeting))) == (403, 190315)
    assert await told(caller, "live.delete_replays", **asked, live_room_id=room) == {}
    assert code(await ask(caller, "live.delete_replays", **asked, live_room_id=room)) == (500, 9003)
    with pytest.raises(ValueError, match="no stream runs"):
        emulator.live.stop(meeting)


async def test_a_series_has_no_total(caller: Caller) -> None:
    rule = {"recurring_type": 0, "until_type": 1, "until_count": 3}
    series = str((await caller.created(meeting_type=1, recurring_rule=rule, **LIVE))["meeting_id"])
    assert "live_viewers_num" not in await told(caller, "live.get_viewers", **by(meetingId=series))
