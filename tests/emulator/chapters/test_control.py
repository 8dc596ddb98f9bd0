"""A running meeting under control: what the API does to those inside shows elsewhere, too."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.emulator.calls import ask, ask_as, code, operated, told
from tests.emulator.conftest import Caller, ThirdPartyApp
from tm_async.emulator.chapters.meetings.attendance import Attendance

Pushed = Callable[[], Awaitable[list[dict[str, Any]]]]
PSTN, MRA, ROOMS = 0, 9, 20


class Room:
    """A running meeting of `tester` with the host `alice`, and somebody who controls it."""

    def __init__(self, caller: Caller, meeting_id: str) -> None:
        self.caller, self.id = caller, meeting_id

    def join(self, who: str | None = None, **more: Any) -> Attendance:
        return self.caller.emulator.meetings.join(self.id, who, **more)

    async def does(self, name: str, by: str = "tester", kind: int = 1, **values: Any) -> dict[str, Any]:
        return await told(self.caller, f"meeting_control.{name}", self.id, **operated(by, kind), **values)

    async def refused(self, name: str, by: str = "tester", kind: int = 1, **values: Any) -> tuple[int, int]:
        return code(await ask(self.caller, f"meeting_control.{name}", self.id, **operated(by, kind), **values))

    async def inside(self) -> dict[str, dict[str, Any]]:
        page = await told(self.caller, "meetings.list_realtime_participants", self.id, **operated(page=1, page_size=50))
        return {row["ms_open_id"]: row for row in page["participants"]}


def to(one: Attendance, **other: Any) -> dict[str, Any]:
    return {"to_operator_id": one.ms_open_id, "to_operator_id_type": 4, "instanceid": one.instanceid, **other}


@pytest.fixture
async def room(caller: Caller) -> Room:
    info = await caller.created(hosts=["alice"], settings={"auto_in_waiting_room": True})
    caller.emulator.meetings.start(info["meeting_id"])
    return Room(caller, info["meeting_id"])


async def test_one_person_on_one_device(room: Room) -> None:
    desk, phone = room.join("bob", audio=True, video=True), room.join("bob", instanceid=4, audio=True)
    assert await room.does("mute", user=to(phone), mute=True) == {}
    await room.does("mute", user=to(desk, instanceid=3), mute=True)  # not in use: nothing happens, without an error
    await room.does("set_video", user=to(desk))
    assert (desk.audio, desk.video, phone.audio) == (True, False, False)
    await room.does("mute", user=to(phone), mute=False)
    row = (await room.inside())[desk.ms_open_id]
    assert phone.audio
    assert row["audio_state"]


async def test_devices_of_their_own_kind(room: Room) -> None:
    telephone, device = room.join(name="Tel", instanceid=PSTN, audio=True), room.join(name="MRA", instanceid=MRA)
    await room.does("mute", user=to(telephone), mute=True)
    await room.does("set_video", user=to(device), video=True)
    assert (telephone.audio, device.video) == (False, True)
    assert await room.refused("set_video", user=to(telephone)) == (500, 9104)
    assert await room.refused("set_video", user=to(telephone, instanceid=1), video=True) == (400, 190004)
    assert await room.refused("kickout", users=[to(device)], allow_rejoin=True) == (400, 190004)
    for one, cohost in ((telephone, False), (device, True)):
        await room.does("set_cohost", user=to(one), action=True)
        assert one.cohost is cohost


async def test_a_shared_screen(room: Room, pushed: Pushed) -> None:
    bob = room.join("bob")
    room.caller.emulator.control.use(room.id, "bob", sharing=True)
    await room.does("stop_screen_share", "tester", user=to(bob))
    await room.does("stop_screen_share", "tester", user=to(bob))
    assert not bob.sharing
    told = [one for one in await pushed() if "share" in one["event"]]
    assert [one["event"] for one in told] == ["meeting.share-screen-open", "meeting.share-screen-close"]
    assert told[1]["payload"][0]["meeting_info"]["hosts"][0]["userid"] == "alice"


async def test_co_hosts(room: Room, pushed: Pushed) -> None:
    bob, carol = room.join("bob"), room.join("carol", audio=True)
    mute: dict[str, Any] = {"user": to(carol), "mute": True}
    assert await room.refused("mute", "bob", **mute) == (403, 9042)
    await room.does("set_cohost", "alice", user=to(bob), action=True)
    (event,) = [one for one in await pushed() if one["event"] == "meeting.participant-role-changed"]
    assert event["payload"][0]["to_operator"]["user_role"] == 6
    assert (await room.inside())[bob.ms_open_id]["user_role"] == 6
    await room.does("mute", "bob", **mute)
    assert not carol.audio
    assert await room.refused("set_cohost", "bob", user=to(carol), action=True) == (403, 9042)
    await room.does("set_cohost", user=to(bob), action=False)
    assert await room.refused("mute", "bob", **mute) == (403, 9042)


async def test_names(room: Room) -> None:
    bob, carol = room.join("bob"), room.join("carol")
    name: dict[str, Any] = {"users": [{"ms_open_id": carol.ms_open_id, "instanceid": 1, "nick_name": "C"}]}
    assert await room.refused("rename", "alice", **name) == (400, 190455)  # a host who is not inside
    await room.does("rename", **name)
    assert carol.name == "C"
    for one in (bob, carol):
        await room.does("set_cohost", user=to(one), action=True)
    assert await room.refused("rename", "bob", **name) == (403, 9042)
    assert await room.refused("rename", users=[*name["users"] * 21]) == (400, 190004)


async def test_who_is_removed(room: Room, pushed: Pushed) -> None:
    bob, carol = room.join("bob"), room.join("carol")
    await room.does("kickout", users=[to(bob)], allow_rejoin=True)
    await room.does("kickout", users=[to(carol)], allow_rejoin=False, reason="late")
    assert [one["event"] for one in await pushed()][-2:] == ["meeting.participant-left"] * 2
    assert room.join("bob").left is None
    with pytest.raises(ValueError, match="userid: was removed"):
        room.join("carol")


async def test_the_waiting_room(room: Room, pushed: Pushed) -> None:
    meetings = room.caller.emulator.meetings
    bob, guest, dave = (meetings.wait(room.id, who, name=who or "G") for who in ("bob", None, "dave"))
    users = [{"to_operator_id": one.ms_open_id, "instanceid": 1} for one in (bob, guest)]
    asked = {"userid": "tester", "instanceid": 1, "page": 1, "page_size": 20}
    await room.does("waiting_room", "alice", users=users, operate_type=1)
    out = [{"to_operator_id": dave.ms_open_id, "instanceid": 1}]
    await room.does("waiting_room", users=out, operate_type=3, allow_rejoin=False)
    device = meetings.wait(room.id, name="Board room", instanceid=MRA)
    out = [{"to_operator_id": device.ms_open_id, "instanceid": MRA}]
    await room.does("waiting_room", users=out, operate_type=3, allow_rejoin=False)
    meetings.wait(room.id, name="Board room", instanceid=MRA)
    meetings.stop_waiting(room.id, "Board room")
    waiting = await told(room.caller, "meetings.list_waiting_room", room.id, **asked)
    assert waiting["total_count"] == 0
    assert {bob.ms_open_id, guest.ms_open_id} < (await room.inside()).keys()
    events = await pushed()
    admitted = [one["payload"][0]["operator"]["userid"] for one in events if one["event"].endswith("-admitted")]
    assert admitted == ["alice", "alice"]
    await room.does("waiting_room", users=users[1:], operate_type=2)
    assert guest.ms_open_id not in await room.inside()
    waiting = await told(room.caller, "meetings.list_waiting_room", room.id, **asked)
    assert [one["ms_open_id"] for one in waiting["participants"]] == [guest.ms_open_id]
    assert "meeting.participant-put-in-waiting-room" in [one["event"] for one in await pushed()]
    everybody = [to(one) for one in room.caller.emulator.state.meetings[room.id].sessions[""].inside]
    await room.does("waiting_room", users=everybody, operate_type=2)
    last = (await pushed())[-1]
    assert last["event"] == "meeting.participant-status-update"
    assert last["payload"][0]["meeting_info"]["meeting_participant_status"] == 1, "nobody is inside"
    meetings.start(room.id)
    meetings.end(room.id)
    assert await room.refused("waiting_room", users=everybody, operate_type=1) == (500, 13603)
    meetings.start(room.id)
    rooms = room.join(name="Rooms", instanceid=ROOMS)
    assert await room.refused("waiting_room", users=[to(rooms)], operate_type=2) == (400, 9103)


async def test_admitted_before_the_start(caller: Caller) -> None:
    info = await caller.created(settings={"auto_in_waiting_room": True})
    one = caller.emulator.meetings.wait(info["meeting_id"], "bob")
    room = Room(caller, info["meeting_id"])
    users = [{"to_operator_id": one.ms_open_id, "instanceid": 1}]
    assert await room.refused("waiting_room", users=users, operate_type=2) == (400, 190455)
    await room.does("waiting_room", users=users, operate_type=1)
    assert one.ms_open_id in await room.inside()


async def test_switches(room: Room, pushed: Pushed) -> None:
    bob, alice = room.join("bob", audio=True), room.join("alice", audio=True)
    await room.does("set_status", mute_all=True, allow_unmute_by_self=False, meeting_locked=True, share_screen=False)
    assert (bob.audio, alice.audio) == (False, True)
    acts = room.caller.emulator.control
    for refused in ({"audio": True}, {"sharing": True}):
        with pytest.raises(ValueError, match=next(iter(refused))):
            acts.use(room.id, "bob", **refused)
    assert acts.use(room.id, "alice", audio=True, sharing=True) == [alice]
    with pytest.raises(ValueError, match="meeting_id: the meeting is locked"):
        room.join("carol")
    await room.does("set_status", mute_all=False)
    assert acts.use(room.id, "bob", audio=True)[0].audio
    await room.does("set_status", meeting_locked=False, participant_join_mute=1, only_enterprise_user_allowed=True)
    assert not room.join("carol", audio=True).audio
    with pytest.raises(ValueError, match="people of the enterprise"):
        room.join(name="Guest")
    muted = [one for one in await pushed() if "mute-all" in one["event"]]
    assert [one["event"] for one in muted] == ["meeting.mute-all", "meeting.unmute-all"]
    assert {one["payload"][0]["meeting_info"]["meeting_id_type"] for one in muted} == {0}
    assert muted[0]["payload"][0]["meeting_info"]["allow_unmute_self"] is False


async def test_transcription_and_documents(room: Room, pushed: Pushed) -> None:
    asking = {"operator_id": "alice", "operator_id_type": 1, "instance_id": 1}
    for is_open in (True, True, False):
        answer = await told(room.caller, "meeting_control.set_asr", room.id, **asking, is_open=is_open)
        assert answer["code"] == 0
    await room.does("set_doc_permission", enable_upload_doc=False)
    (session,) = room.caller.emulator.state.meetings[room.id].sessions.values()
    assert session.switches == {"asr": False, "asr_view": False, "enable_upload_doc": False}
    assert [one["event"] for one in await pushed()].count("meeting.open-asr") == 1


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("mute", {"user": {"to_operator_id": "x", "instanceid": 1}, "mute": True}),
    ("set_video", {"user": {"to_operator_id": "x", "instanceid": 1}}),
    ("stop_screen_share", {"user": {"to_operator_id": "x", "instanceid": 1}}),
    ("rename", {"users": [{"ms_open_id": "x", "instanceid": 1, "nick_name": "X"}]}),
    ("set_cohost", {"user": {"to_operator_id": "x", "instanceid": 1}, "action": True}),
    ("kickout", {"users": [{"to_operator_id": "x", "instanceid": 1}], "allow_rejoin": False}),
    ("waiting_room", {"users": [{"to_operator_id": "x", "instanceid": 1}], "operate_type": 2}),
    ("set_status", {"meeting_locked": True}),
    ("set_doc_permission", {"enable_upload_doc": True}),
]


@pytest.mark.parametrize(("name", "values"), CALLS, ids=[name for name, _ in CALLS])
async def test_who_may_and_when(room: Room, third: ThirdPartyApp, name: str, values: dict[str, Any]) -> None:
    alice, guest = room.join("alice"), room.join(name="Guest")
    assert await room.does(name, **values) == {}, "a target that is not there is passed over"
    assert await room.does(name, alice.ms_open_id, 4, **values) == {}
    assert await room.refused(name, "x", 4, **values) == (400, 190455)
    assert await room.refused(name, guest.ms_open_id, 4, **values) == (403, 9042)
    assert await room.refused(name, "bob", **values) == (403, 9042)
    pair = await third.allowed("alice")
    operation = f"meeting_control.{name}"
    assert code(await ask_as(third, pair, operation, room.id, **operated(pair["open_id"], 2), **values)) == (403, 9042)
    if "user" in values:
        assert await room.refused(name, **{**values, "user": {"instanceid": 1}}) == (400, 190004)
    room.caller.emulator.meetings.end(room.id)
    assert await room.refused(name, **values) == (400, 190455)
    room.id = "1"
    assert await room.refused(name, **values) == (500, 9003)


async def test_who_is_meant_by_a_person_inside(room: Room, third: ThirdPartyApp) -> None:
    """Whatever they may do: one from outside is nobody, and a user's app names its own user only."""
    guest, tester = room.join(name="Guest"), room.join("tester", instanceid=4)
    journal = room.caller.emulator
    assert await room.refused("list_sign_ins", guest.ms_open_id, 4) == (403, 9042)
    assert str(journal.journal[-1].reason).endswith("is nobody of the enterprise")
    pair = await third.allowed("alice")
    asked = operated(tester.ms_open_id, 4)
    assert code(await ask_as(third, pair, "meeting_control.list_sign_ins", room.id, **asked)) == (403, 9042)
    assert str(journal.journal[-1].reason).endswith("is not the user of the call")


async def test_sign_ins(room: Room) -> None:
    bob, guest = room.join("bob"), room.join(name="Guest")
    acts = room.caller.emulator.control
    asked: dict[str, Any] = {"sign_type": 0, "sign_in_time": 10, "sign_in_specification": "Here?"}
    with pytest.raises(ValueError, match="no sign-in runs"):
        acts.sign_in(room.id, "bob")
    assert await room.refused("start_sign_in", **{**asked, "sign_in_time": 0}) == (400, 190004)
    first = (await room.does("start_sign_in", **asked))["sign_in_id"]
    assert await room.refused("start_sign_in", **asked) == (500, 103)
    for who in ("bob", guest.ms_open_id, "bob"):
        acts.sign_in(room.id, who)
    page = await room.does("list_sign_in_records", sign_in_id=first, page_size=1)
    assert page["total_count"] == 2
    assert (page["events"][0]["userid"], page["events"][0]["ms_open_id"]) == ("bob", bob.ms_open_id)
    room.caller.emulator.clock_offset = 600
    second = (await room.does("start_sign_in", sign_type=1, sign_in_time=0))["sign_in_id"]
    listed = (await room.does("list_sign_ins"))["sign_in_list"]
    assert [(one["sign_in_id"], one["sign_in_status"]) for one in listed] == [(second, 1), (first, 2)]
    assert await room.does("end_sign_in", sign_in_id=second) == {}
    for sign_in_id, number in ((second, 107), ("S0", 116)):
        assert await room.refused("end_sign_in", sign_in_id=sign_in_id) == (500, number)
    assert await room.refused("end_sign_in", "bob", sign_in_id=second) == (500, 102)
    assert await room.refused("list_sign_ins", "alice") == (500, 101)
    room.join("alice")
    assert (await room.does("list_sign_ins", "alice"))["total_count"] == 2
    room.caller.emulator.meetings.end(room.id)
    assert await room.refused("start_sign_in", **asked) == (500, 115)
