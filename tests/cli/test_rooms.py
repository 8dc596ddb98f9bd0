"""`tm-async rooms watch`: one look at the command line; many looks with a clock of their own."""

import io
import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from tests.cli.conftest import Done
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.api.rooms import ListedRoom, RoomDevice
from tm_async.cli.rooms.looking import DeviceSeen, Health, Look, RoomSeen
from tm_async.cli.rooms.shown import shown
from tm_async.cli.rooms.watch import watching
from tm_async.cli.words import Language, choose_language
from tm_async.emulator import Emulator, FaultRule

Run = Callable[..., Done]
ONCE = ("rooms", "watch", "--operator", "admin", "--once")
NOW = datetime(2027, 12, 1, tzinfo=UTC)


def rows(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_the_exit_code_says_whether_something_is_wrong(run: Run, emulator: Emulator) -> None:
    north, south = (emulator.rooms.add(name, capacity=4).meeting_room_id for name in ("North", "South"))
    emulator.rooms.add("Not yet", activated=False)
    done = run(*ONCE)
    assert (done.code, done.err) == (0, "")
    assert [(row["name"], row["status"], row["health"]) for row in rows(done)] == [
        ("North", 2, "ok"),
        ("Not yet", 0, "ok"),
        ("South", 2, "ok"),
    ]
    emulator.rooms.set_parts(north, speaker=False)
    emulator.rooms.disconnect(south)
    done = run(*ONCE)
    first, second, _ = rows(done)
    assert (done.code, first["name"], first["health"]) == (1, "South", "offline")
    assert [alarm["code"] for alarm in first["devices"][0]["alarms"]] == ["device_off_line"]
    assert (second["health"], second["devices"][0]["broken"]) == ("alarm", ["speaker"])
    assert list(first) == ["at", "meeting_room_id", "name", "location", "capacity", "status", "health", "devices"]
    assert run(*ONCE, "--name", "not y").code == 0


def test_ordinary_and_severe_alarms(run: Run, emulator: Emulator) -> None:
    for name, severe in (("A", False), ("B", True)):
        emulator.rooms.alarm(emulator.rooms.add(name).meeting_room_id, "cpu_occupancy_rate_overtop", severe=severe)
    done = run(*ONCE)
    assert (done.code, [row["health"] for row in rows(done)]) == (1, ["severe", "alarm"])


def test_a_look_that_fails(run: Run, emulator: Emulator) -> None:
    refused = run("rooms", "watch", "--operator", "tester", "--once")
    assert (refused.code, refused.out) == (3, "")
    assert "can't look: rooms.list_alarms: error 9042" in refused.err
    assert run("rooms", "watch", "--operator", "1").code == 2
    assert run("rooms", "watch").code == 2


class Looks:
    """Keeps what was shown, and ends the watch after so many looks."""

    def __init__(self, number: int, before: Callable[[int], object] = lambda _: None) -> None:
        self.seen: list[Look] = []
        self.naps: list[float] = []
        self._number, self._before = number, before

    def take(self, seen: Look, at: datetime) -> None:
        self.seen.append(seen)

    def open(self) -> Any:
        return nullcontext()

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        if len(self.naps) == self._number:
            raise KeyboardInterrupt
        self._before(len(self.naps))


async def test_it_looks_again_also_after_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    async with Emulator() as emulator:
        room = emulator.rooms.add("North").meeting_room_id
        tm = TencentMeeting(EnterpriseSecret.from_env(emulator.env), base_url=emulator.base_url, quotas=None)

        def between(look: int) -> None:
            if look == 1:
                emulator.add_fault(FaultRule(error_code=9042, times=1))
            else:
                emulator.rooms.disconnect(room)

        looks = Looks(3, between)
        with pytest.raises(KeyboardInterrupt):
            await watching(tm, looks, "admin", None, 7.0, sleep=looks.sleep)
        assert looks.naps == [7.0, 7.0, 7.0]
        assert [look[room].health for look in looks.seen] == [Health.OK, Health.OFFLINE]
        assert "can't look" in capsys.readouterr().err


def seen(status: int, name: str = "North", *, broken: bool = False, **alarms: Any) -> RoomSeen:
    device = RoomDevice.from_wire({"rooms_id": "7", "device_model": "TT-1", "app_version": "3.1"})
    parts = {"camera_status": not broken}
    device = RoomDevice.from_wire({**device.wire, "device_monitor_info": parts})
    listed = {"meeting_room_id": name, "meeting_room_name": name, "meeting_room_status": status}
    return RoomSeen.of(ListedRoom.from_wire(listed), (DeviceSeen.of(device, None),))


def test_lines_tell_what_changed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    view = shown(lines=True)
    north = {"North": seen(2)}
    looks = [north | {"S": seen(2, "S")}, north | {"S": seen(3, "S")}, north]
    for look in looks:
        view.take(look, NOW)
    lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [(one["name"], one["status"], one["health"]) for one in lines] == [
        ("North", 2, "ok"),
        ("S", 2, "ok"),
        ("S", 3, "ok"),
        ("S", None, None),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            Language.ENGLISH,
            ("offline", "camera is out of order", "TT-1 3.1", "not signed in", "2 rooms, 2 with trouble"),
        ),
        (Language.CHINESE, ("离线", "摄像头故障", "TT-1 3.1", "未登录", "2 个会议室，2 个有问题")),
    ],
)
def test_the_table(language: Language, words: tuple[str, ...]) -> None:
    choose_language(language)
    console = Console(file=io.StringIO(), force_terminal=True, width=120, height=30)
    view = shown(console, lines=False)
    with view.open():
        view.take({"N": seen(4, "\x1b[2JNorth", broken=True), "S": seen(5, "South")}, NOW)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    for word in words:
        assert word in text
    assert "\x1b[2J" not in text
