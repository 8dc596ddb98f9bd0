"""A session in a running meeting: who is found by which name, how often it calls, what it tells. Played by a sender."""

import asyncio
import gc
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tm_async.api.control import KickOut, MeetingSession, MoveWaiting, Mute, Reached, Rename, SetStatus, StopScreenShare
from tm_async.api.meetings import ListRealtimeParticipants, ListWaitingRoom, RealtimeParticipantsPage, WaitingRoomPage
from tm_async.api.shared import MsOpenId, OpenId
from tm_async.core.operation import Operation
from tm_async.errors import ApiError, PermissionDenied, ValidationError
from tm_async.webhooks.events import ParticipantJoined, ParticipantLeft


def somebody(number: int, **members: Any) -> dict[str, Any]:
    name = b64encode(f"Person {number}".encode()).decode()
    return {"userid": f"u{number}", "ms_open_id": f"m{number}", "instanceid": 1, "user_name": name, **members}


class Gateway:
    """Answers lists, and says yes to everything else; `refuses` says to what not."""

    def __init__(self, *inside: dict[str, Any], waiting: list[dict[str, Any]] | None = None) -> None:
        self.inside, self.waiting = list(inside), waiting or []
        self.calls: list[Operation[Any]] = []
        self.refused: set[str] = set()

    async def send(self, operation: Any) -> Any:
        await asyncio.sleep(0)
        self.calls.append(operation)
        if isinstance(operation, ListRealtimeParticipants | ListWaitingRoom):
            lists = operation.page is not None and isinstance(operation, ListRealtimeParticipants)
            rows, page = (self.inside, RealtimeParticipantsPage) if lists else (self.waiting, WaitingRoomPage)
            first = ((operation.page or 1) - 1) * 50
            total = -(-len(rows) // 50)
            return page.from_wire({"participants": rows[first : first + 50], "total_page": total})
        user = getattr(operation, "user", None)
        if user is not None and user.to_operator_id in self.refused:
            raise PermissionDenied(9042, status=403)
        return None

    def since(self) -> list[Operation[Any]]:
        made, self.calls = self.calls, []
        return made


def session(gateway: Gateway, *, clock: Any = lambda: 0.0) -> MeetingSession:
    return MeetingSession(gateway, "100001", "tester", clock=clock)


ALICE, BOB, CAROL = somebody(1, open_id="o1"), somebody(2), somebody(3)


@pytest.mark.parametrize("who", ["u1", "Person 1", OpenId("o1"), MsOpenId("m1")])
async def test_a_person_by_any_name(who: str) -> None:
    gateway = Gateway(ALICE, BOB, {**ALICE, "instanceid": 4})
    reached = await session(gateway).mute(who)
    assert [(one.ms_open_id, one.instanceid) for one in reached.people] == [("m1", 1), ("m1", 4)]
    targets = [(call.user.to_operator_id, call.user.instanceid) for call in gateway.calls if isinstance(call, Mute)]
    assert targets == [("m1", 1), ("m1", 4)], "each device"


async def test_somebody_out_of_the_list() -> None:
    gateway = Gateway(ALICE, {**ALICE, "instanceid": 4})
    room = session(gateway)
    phone = (await room.people())[1]
    assert (await room.mute(phone)).people == (phone,), "that device only"


async def test_who_is_not_reached_is_told() -> None:
    gateway = Gateway(ALICE, BOB, {**CAROL, "user_name": BOB["user_name"]}, somebody(4, ms_open_id=None))
    reached = await session(gateway).mute("u1", "nobody", "Person 2", "u4")
    assert [one.userid for one in reached.people] == ["u1"]
    assert [(one.who, one.reason) for one in reached.missed] == [
        ("nobody", "not inside"),
        ("Person 2", "several people have this name"),
        ("u4", "not inside"),
    ]
    assert not reached


async def test_what_is_refused_for_some_is_told_and_for_all_is_raised() -> None:
    gateway = Gateway(ALICE, BOB)
    gateway.refused = {"m2"}
    reached = await session(gateway).mute("u1", "u2")
    assert [(one.who, type(one.error)) for one in reached.missed] == [("Person 2", PermissionDenied)]
    with pytest.raises(ApiError):
        await session(gateway).mute("u2")


async def test_the_list_is_read_once_and_again_for_strangers() -> None:
    now = 0.0
    gateway = Gateway(ALICE)
    room = session(gateway, clock=lambda: now)
    await asyncio.gather(room.mute("u1"), room.unmute("u1"), room.people())
    assert [type(call) for call in gateway.since()].count(ListRealtimeParticipants) == 1
    gateway.inside.append(BOB)
    assert not await room.mute("u2"), "just read"
    assert gateway.since() == []
    now = 5.0
    assert await room.mute("u2")
    assert [type(call) for call in gateway.since()] == [ListRealtimeParticipants, Mute]
    gateway.inside.clear()
    assert await room.refresh() == ()


async def test_what_was_done_shows_in_the_list() -> None:
    gateway = Gateway({**ALICE, "audio_state": True, "screen_shared_state": True}, BOB, somebody(3))
    room = session(gateway)
    await room.mute("u1")
    await room.share_off()
    await room.rename("u1", "Al")
    await room.remove("u2")
    await room.to_waiting_room("u3")
    (alice,) = await room.people()
    assert (alice.user_name, alice.wire["audio_state"], alice.wire["screen_shared_state"]) == ("Al", False, False)
    assert [type(call) for call in gateway.since()[1:]] == [Mute, StopScreenShare, Rename, KickOut, MoveWaiting]
    assert await room.share_off(), "nobody shares"
    assert not await room.remove("u2")
    assert gateway.since() == []


async def test_everybody_but_some() -> None:
    gateway = Gateway({**ALICE, "audio_state": True}, BOB)
    reached = await session(gateway).mute_all(but=["u1", "u2", "x"], may_unmute=False)
    assert [(one.userid) for one in reached.people] == ["u1", "u2"]
    assert [one.who for one in reached.missed] == ["x"]
    _, all_, unmute = gateway.since()
    assert isinstance(all_, SetStatus)
    assert (all_.mute_all, all_.allow_unmute_by_self) == (True, False)
    assert isinstance(unmute, Mute)
    assert (unmute.user.to_operator_id, unmute.mute) == ("m1", False), "whose microphone was on"


WRONG: dict[str, tuple[Callable[[Any], Any], str]] = {
    "text of many": (lambda room: room.mute_all(but="u1"), "but: must be a list, not str"),
    "nothing": (lambda room: room.mute_all(but=None), "but: must be a list, not NoneType"),
    "no person": (lambda room: room.mute_all(but=["u1", 5]), "but[1]: must be a name, an id, "),
    "nobody": (lambda room: room.mute(None), "people[0]: must be a name, an id, "),
    "a list": (lambda room: room.mute(["u1", "u2"]), "people[0]: must be a name, an id, "),
    "who waits": (lambda room: room.admit("u1", 5), "people[1]: must be a name, an id, "),
    "who shares": (lambda room: room.share_off(5), "people[0]: must be a name, an id, "),
    "who is renamed": (lambda room: room.rename(5, "x"), "person: must be a name, an id, "),
    "no name": (lambda room: room.rename("u2", None), "name: is required"),
    "no poll": (lambda room: room.ask("Lunch?"), "poll: must be an object (Poll), not str"),
    "no time": (lambda room: room.sign_in(minutes=0), "minutes: is 0; allowed: 1 to 90"),
    "too long": (lambda room: room.sign_in(minutes=91), "minutes: is 91; allowed: 1 to 90"),
    "text for a number": (lambda room: room.sign_in(minutes="5"), "minutes: must be an integer, not str"),
}


@pytest.mark.parametrize("call", WRONG)
async def test_what_can_not_be_meant_is_named_and_nothing_is_sent(call: str) -> None:
    gateway = Gateway(ALICE, BOB)
    act, expected = WRONG[call]
    with pytest.raises(ValidationError) as caught:
        await act(session(gateway))
    (violation,) = caught.value.violations
    assert str(violation).startswith(expected)
    assert gateway.calls == []


async def test_microphones_and_screens_are_seen_as_they_are_now() -> None:
    """No event tells of them: what was read some time ago says nothing of who speaks or shares by now."""
    now = 0.0
    gateway = Gateway(ALICE, BOB)
    room = session(gateway, clock=lambda: now)
    await room.people()
    gateway.inside = [{**ALICE, "audio_state": True}, {**BOB, "screen_shared_state": True}]
    now = 5.0
    assert [one.userid for one in (await room.share_off()).people] == ["u2"]
    gateway.inside = [ALICE, {**BOB, "audio_state": True}]
    now = 10.0
    gateway.since()
    assert await room.mute_all(but=["u2"])
    assert [type(call) for call in gateway.since()] == [ListRealtimeParticipants, SetStatus, Mute]


async def test_who_is_muted_with_all_others_after_all_is_told() -> None:
    """Everybody is muted by then: an error would say that nothing was done."""
    on = {"audio_state": True}
    gateway = Gateway({**ALICE, **on}, {**BOB, **on}, CAROL)
    gateway.refused = {"m1", "m2"}
    room = session(gateway)
    reached = await room.mute_all(but=["u1", "u2", "u3"])
    assert [one.userid for one in reached.people] == ["u3"]
    assert [(one.who, type(one.error)) for one in reached.missed] == [
        ("Person 1", PermissionDenied),
        ("Person 2", PermissionDenied),
    ]
    gateway.refused = {"m2"}
    reached = await session(gateway).mute_all(but=["u1", "u2", "u3"])
    assert [one.userid for one in reached.people] == ["u1", "u3"]
    assert [one.who for one in reached.missed] == ["Person 2"]


async def test_the_waiting_room_is_emptied_twenty_at_a_time() -> None:
    gateway = Gateway(waiting=[somebody(number) for number in range(70)])
    room = session(gateway)
    await room.people()
    reached = await room.admit("u1", "x")
    assert [one.userid for one in reached.people] == ["u1"]
    assert [(one.who, one.reason) for one in reached.missed] == [("x", "not waiting")]
    gateway.since()
    assert len((await room.admit_all()).people) == 70
    assert [type(call) for call in gateway.since()] == [ListWaitingRoom] * 2 + [MoveWaiting] * 4
    assert len(await room.people()) == 70


async def test_events_are_followed() -> None:
    room = session(Gateway(ALICE))
    joined = ParticipantJoined.sample({"operator.userid": "u2", "operator.ms_open_id": "m2"}, meeting_id="100001")
    room.hear(joined)  # nothing was read yet
    await room.people()
    room.hear(joined)
    room.hear(ParticipantJoined.sample({"operator.ms_open_id": "m9"}, meeting_id="2"))
    assert {one.ms_open_id for one in await room.people()} == {"m1", "m2"}
    gone = {"operator.ms_open_id": "m1", "operator.instance_id": "1"}
    room.hear(ParticipantLeft.sample(gone, meeting_id="100001"))
    assert {one.ms_open_id for one in await room.people()} == {"m2"}


class Moving(Gateway):
    """Has two pages; before the second one is read something happens."""

    meanwhile: Callable[[], object]

    async def send(self, operation: Any) -> Any:
        if isinstance(operation, ListRealtimeParticipants) and operation.page == 2:
            self.meanwhile()
        return await super().send(operation)


def event(kind: Any, number: int) -> Any:
    who = {"operator.userid": f"u{number}", "operator.ms_open_id": f"m{number}", "operator.instance_id": "1"}
    return kind.sample(who, meeting_id="100001")


@pytest.mark.parametrize("read_before", [False, True])
async def test_events_that_come_while_the_list_is_read(read_before: bool) -> None:
    """What came before them is not the last word; who is in the list has more members there than in an event."""
    now = 0.0
    gateway = Moving(*(somebody(number, audio_state=True) for number in range(60)))
    room = session(gateway, clock=lambda: now)
    gateway.meanwhile = lambda: None
    if read_before:
        await room.people()
        now = 5.0

    def meanwhile() -> None:
        for kind, number in ((ParticipantLeft, 1), (ParticipantLeft, 2), (ParticipantJoined, 2)):
            room.hear(event(kind, number))
        room.hear(event(ParticipantJoined, 99))
        room.hear(event(ParticipantJoined, 59))

    gateway.meanwhile = meanwhile
    assert [one.who for one in (await room.mute("x")).missed] == ["x"]
    people = {one.userid: one for one in await room.people()}
    assert {*people} == {f"u{number}" for number in (0, *range(2, 60), 99)}
    assert people["u59"].wire["audio_state"] is True
    room.hear(event(ParticipantLeft, 99))
    assert len(await room.people()) == 59, "and each is followed once"


async def test_who_is_removed_while_the_list_is_read() -> None:
    now = 0.0
    gateway = Moving(*map(somebody, range(60)))
    room = session(gateway, clock=lambda: now)
    gateway.meanwhile = lambda: None
    (_, bob, *_) = await room.people()
    now, reading, go = 5.0, asyncio.Event(), asyncio.Event()
    send = gateway.send

    async def slow(operation: Any) -> Any:
        if isinstance(operation, ListRealtimeParticipants) and operation.page == 2:
            reading.set()
            await go.wait()
        return await send(operation)

    gateway.send = slow  # type: ignore[method-assign]
    asked = asyncio.create_task(room.share_off())
    await reading.wait()
    room._done(Reached((bob,)), {}, gone=True)
    go.set()
    await asked
    assert bob not in await room.people()


async def test_events_of_a_list_that_can_not_be_read() -> None:
    gateway = Moving(*map(somebody, range(60)))
    room = session(gateway)

    def meanwhile() -> None:
        room.hear(event(ParticipantLeft, 1))
        raise PermissionDenied(9042, status=403)

    gateway.meanwhile = meanwhile
    with pytest.raises(PermissionDenied):
        await room.people()
    gateway.meanwhile = lambda: None
    assert len(await room.people()) == 60, "what was heard before a list was read is in it"


async def test_somebody_who_waits_twice_in_the_list() -> None:
    """As a list that moves on while its pages are read has them; and who can't be let in is left out."""
    gateway = Gateway(waiting=[BOB, BOB, somebody(3, ms_open_id=None)])
    assert [one.userid for one in (await session(gateway).admit_all()).people] == ["u2"]


@pytest.mark.parametrize("member", ["user_name", "nick_name"])
async def test_names_in_events_are_plain_whatever_they_look_like(member: str) -> None:
    room = session(Gateway(ALICE))
    await room.people()
    named = {"operator.user_name": "aida, of the staff", f"operator.{member}": "aida", "operator.ms_open_id": "m2"}
    room.hear(ParticipantJoined.sample(named, meeting_id="100001"))
    assert [one.user_name for one in await room.people()] == ["Person 1", "aida"]
    assert await room.mute("aida")


ACTIONS: dict[str, Callable[[MeetingSession, str], Coroutine[Any, Any, object]]] = {
    "mute": lambda room, who: room.mute(who),
    "unmute": lambda room, who: room.unmute(who),
    "video off": lambda room, who: room.video_off(who),
    "share off": lambda room, who: room.share_off(who),
    "cohost": lambda room, who: room.cohost(who),
    "rename": lambda room, who: room.rename(who, "N"),
    "mute all": lambda room, who: room.mute_all(but=[who]),
    "remove": lambda room, who: room.remove(who),
    "to waiting room": lambda room, who: room.to_waiting_room(who),
    "lock": lambda room, _: room.lock(),
}


async def full_room(gateway: Gateway) -> MeetingSession:
    gateway.inside = [somebody(number) for number in range(2000)]
    room = session(gateway)
    await room.people()
    assert len(gateway.since()) == 40, "50 a page"
    return room


@pytest.mark.parametrize("action", ACTIONS)
async def test_two_thousand_people_and_one_call_an_action(action: str) -> None:
    gateway = Gateway()
    room = await full_room(gateway)
    for who in ("u1999", "Person 7", "u3"):
        await ACTIONS[action](room, who)
        assert len(gateway.since()) == 1


async def test_two_thousand_people_and_memory_that_stays() -> None:
    """It grows neither with what is done nor with who comes and goes."""
    gateway = Gateway()
    room = await full_room(gateway)

    async def a_while(number: int) -> None:
        for name in ("mute", "unmute", "video off", "cohost", "rename", "mute all"):
            await ACTIONS[name](room, f"u{number}")
        guest = {"operator.ms_open_id": "m9999", "operator.instance_id": "1"}
        room.hear(ParticipantJoined.sample(guest, meeting_id="100001"))
        room.hear(ParticipantLeft.sample(guest, meeting_id="100001"))
        gateway.since()

    for number in range(10):
        await a_while(number)
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(50):
            await a_while(number % 10)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 30_000
    assert len(await room.people()) == 2000
