"""MRA devices, which join a running meeting by a control act and are handled by the API."""

from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told

MRA = 9


def asked_about(one: Any, **values: Any) -> dict[str, Any]:
    return operated(user_ms_open_id=one.ms_open_id, user_instance_id=one.instanceid, **values)


def to(one: Any, **values: Any) -> dict[str, Any]:
    return operated(user={"ms_open_id": one.ms_open_id, "instanceid": MRA}, **values)


async def control(caller: Any, name: str, meeting_id: str, values: dict[str, Any]) -> Any:
    return await ask(caller, f"mra.{name}", **{"meetingId": meeting_id, **values})


CONTROLS = [
    ("set_default_layout", {"default_layout": 3, "default_novideo_user": 2}),
    ("raise_hand", {"raise_hand": True}),
    ("hangup", {}),
]


@pytest.fixture
async def running(caller: Any) -> str:
    info = await caller.created(hosts=["alice"])
    caller.emulator.meetings.start(info["meeting_id"])
    return str(info["meeting_id"])


async def test_no_other_default_while_a_layout_is_applied(caller: Any, running: str) -> None:
    device = caller.emulator.mra.join(running)
    pages = [{"layout_template_id": "1", "user_seat_list": []}]
    made = await told(caller, "layouts.add_advanced", running, **operated(layout_list=[{"page_list": pages}]))
    layout = made["layout_list"][0]["layout_id"]
    default = to(device, default_layout=3, default_novideo_user=2)
    for users in ({}, {"user_list": [{"ms_open_id": device.ms_open_id, "instanceid": MRA}]}):
        await told(caller, "layouts.apply", running, **operated(layout_id=layout, **users))
        assert code(await control(caller, "set_default_layout", running, default)) == (400, 190004)
        await told(caller, "layouts.apply", running, **operated(layout_id="", **users))
        assert (await control(caller, "set_default_layout", running, default)).status_code == 200


async def test_the_state_of_a_device(caller: Any, running: str) -> None:
    device = caller.emulator.mra.join(running, "Board room", ip="192.0.2.7", audio=True)
    shown = await told(caller, "mra.get_status", running, **asked_about(device))
    assert shown == {
        "ms_open_id": device.ms_open_id,
        "instanceid": MRA,
        "user_role": 4,
        "ip": "192.0.2.7",
        "name": "Board room",
        "audio_state": True,
        "video_state": False,
        "screen_shared_state": False,
        "raise_hands_state": False,
    }
    for name, values in CONTROLS[:2]:
        answer = await control(caller, name, running, to(device, **values))
        assert (answer.status_code, answer.json()) == (200, {})
        assert caller.emulator.journal[-1].committed
    shown = await told(caller, "mra.get_status", running, **asked_about(device))
    assert (shown["default_layout"], shown["raise_hands_state"], device.without_video) == (3, True, 2)
    assert (await control(caller, "raise_hand", running, to(device, raise_hand=False))).status_code == 200
    assert not device.hand


async def test_the_state_of_a_user(caller: Any, running: str) -> None:
    alice = caller.emulator.meetings.join(running, "alice")
    shown = await told(caller, "mra.get_status", running, **asked_about(alice))
    assert (shown["instanceid"], shown["user_role"]) == (1, 2)
    assert {"default_layout", "ip"}.isdisjoint(shown)


async def test_hanging_up(caller: Any, running: str) -> None:
    first, second = (caller.emulator.mra.join(running, name) for name in ("A", "B"))
    assert (await control(caller, "hangup", running, to(first))).status_code == 200
    assert first.left is not None
    assert second.left is None
    for name, values in CONTROLS:
        assert code(await control(caller, name, running, to(first, **values))) == (500, 202007)
    assert code(await ask(caller, "mra.get_status", running, **asked_about(first))) == (500, 202007)


@pytest.mark.parametrize(("name", "values"), CONTROLS)
async def test_refusals(caller: Any, running: str, name: str, values: dict[str, Any]) -> None:
    device = caller.emulator.mra.join(running)
    given = to(device, **values)
    assert code(await control(caller, name, running, {**given, "operator_id": "bob"})) == (403, 9042)
    assert code(await control(caller, name, running, {**given, "operator_id": "nobody"})) == (500, 190001)
    assert code(await control(caller, name, "1", given)) == (500, 9003)
    desk = {**given, "user": {"ms_open_id": device.ms_open_id, "instanceid": 1}}
    assert code(await control(caller, name, running, desk)) == (400, 190004)
    caller.emulator.meetings.end(running)
    assert code(await control(caller, name, running, given)) == (400, 190455)


async def test_coming_and_going_are_told(caller: Any, running: str) -> None:
    heard: list[tuple[str, str]] = []
    caller.emulator.state.news.listen(lambda event, item: heard.append((event, item["operator"].get("instance_id"))))
    device = caller.emulator.mra.join(running, "Board room")
    await control(caller, "hangup", running, to(device))
    assert heard == [(f"meeting.participant-{what}", "9") for what in ("joined", "left")]


async def test_a_host_may(caller: Any, running: str) -> None:
    device = caller.emulator.mra.join(running)
    assert (await control(caller, "hangup", running, {**to(device), "operator_id": "alice"})).status_code == 200


async def test_a_cohost_may_while_inside(caller: Any, running: str) -> None:
    device, bob = caller.emulator.mra.join(running), caller.emulator.meetings.join(running, "bob")
    by_bob = {**to(device), "operator_id": "bob"}
    assert code(await control(caller, "hangup", running, by_bob)) == (403, 9042)
    bob.cohost = True
    assert (await control(caller, "hangup", running, by_bob)).status_code == 200


async def test_a_series_goes_by_the_main_meeting(caller: Any) -> None:
    info = await caller.created(meeting_type=1, recurring_rule={"recurring_type": 0, "until_type": 1, "until_count": 3})
    caller.emulator.meetings.start(info["meeting_id"])
    device = caller.emulator.mra.join(info["meeting_id"])
    assert (await control(caller, "hangup", info["meeting_id"], to(device))).status_code == 200


async def test_a_device_joins_what_runs(caller: Any) -> None:
    info = await caller.created()
    with pytest.raises(ValueError, match="meeting_id: the meeting does not run"):
        caller.emulator.mra.join(info["meeting_id"])
    with pytest.raises(ValueError, match="meeting_id: '1' is not known"):
        caller.emulator.mra.join("1")
