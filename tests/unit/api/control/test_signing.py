"""Sign-ins as one uses them: who did not sign, when a wait ends, what a lost start leads to. Played by a sender."""

import asyncio
import io
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from tm_async.api.control import (
    EndSignIn,
    ListSignInRecords,
    ListSignIns,
    MeetingSession,
    SignInRecordsPage,
    SignInRuns,
    SignInsPage,
    SignInStarted,
    SignInStatus,
    StartSignIn,
)
from tm_async.api.meetings import InviteesPage, ListInvitees, ListRealtimeParticipants, RealtimeParticipantsPage
from tm_async.api.polling import Polling
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    OutcomeUnknown,
    PermissionDenied,
    ValidationError,
    WrongState,
)


def inside(userid: str | None, ms_open_id: str, device: int = 1, name: str = "") -> dict[str, Any]:
    name = b64encode((name or str(userid)).encode()).decode()
    return {"userid": userid, "ms_open_id": ms_open_id, "instanceid": device, "user_name": name}


class Gateway:
    """A sign-in, the people inside and the invited; time passes as it is slept."""

    def __init__(self, *people: dict[str, Any], signed: Any = (), invited: Any = ()) -> None:
        self.people, self.signed, self.invited = list(people), list(signed), list(invited)
        self.now, self.ends = 0.0, 300.0
        self.calls: list[Any] = []
        self.fails: dict[type[Any], list[BaseException]] = {}
        self.asleep: Callable[[], Any] = lambda: None

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.asleep()

    async def send(self, operation: Any) -> Any:
        self.calls.append(operation)
        if self.fails.get(type(operation)):
            raise self.fails[type(operation)].pop(0)
        match operation:
            case StartSignIn():
                return SignInStarted(sign_in_id="S1")
            case EndSignIn():
                self.ends = self.now
            case ListSignIns():
                status = SignInStatus.RUNNING if self.now < self.ends else SignInStatus.ENDED
                rows = [{"sign_in_id": "S0", "sign_in_status": 2}, {"sign_in_id": "S1", "sign_in_status": int(status)}]
                return SignInsPage.from_wire({"sign_in_list": rows, "total_page": 1})
            case ListSignInRecords(page=page):
                first = ((page or 1) - 1) * 50
                more = {"total_page": -(-len(self.signed) // 50), "start_time": 1, "sign_in_specification": "Here?"}
                return SignInRecordsPage.from_wire({"events": self.signed[first : first + 50], **more})
            case ListRealtimeParticipants():
                return RealtimeParticipantsPage.from_wire({"participants": self.people, "total_page": 1})
            case ListInvitees():
                return InviteesPage.from_wire({"invitees": self.invited, "has_remaining": False})
        return None

    def made(self, kind: type[Any]) -> int:
        return sum(isinstance(call, kind) for call in self.calls)


def session(gateway: Gateway, userid: str = "tester") -> MeetingSession:
    return MeetingSession(gateway, "100001", userid)


def record(userid: str | None, ms_open_id: str, name: str = "") -> dict[str, Any]:
    return {"userid": userid, "ms_open_id": ms_open_id, "user_name": name or str(userid)}


async def test_who_signed_and_who_did_not() -> None:
    gateway = Gateway(
        inside("tester", "m0"),
        inside("alice", "m1"),
        inside("alice", "m1", device=4),
        inside(None, "m2", name="Guest"),
        inside(None, "m2", device=3, name="Guest"),
        signed=[record("alice", "m1"), record("gone", "m9")],
        invited=["alice", "gone", {"userid": "carol", "nick_name": "Carol"}, "tester"],
    )
    sign_in = await session(gateway).sign_in(minutes=5, text="Here?")
    result = await sign_in.wait()
    assert [one.userid for one in result.signed] == ["alice", "gone"]
    assert [(one.name, one.userid, one.ms_open_id, one.inside) for one in result.missing] == [
        ("tester", "tester", "m0", True),
        ("Guest", None, "m2", True),
        ("Carol", "carol", None, False),
    ]
    assert (result.sign_in_id, result.text, result.invitees_known) == ("S1", "Here?", True)


async def test_who_may_not_see_the_invited_hears_of_those_inside() -> None:
    gateway = Gateway(inside("bob", "m1"), invited=["carol"])
    gateway.fails = {ListInvitees: [PermissionDenied(9042, status=403)]}
    result = await (await session(gateway).sign_in()).result()
    assert [one.userid for one in result.missing] == ["bob"]
    assert not result.invitees_known


async def test_who_signed_is_told_when_the_meeting_is_over() -> None:
    """Nobody is inside then; that the list is empty, and not refused, is not documented."""
    gateway = Gateway(inside("bob", "m1"), signed=[record("alice", "m2")], invited=["bob"])
    sign_in = await session(gateway).sign_in()
    gateway.ends = 0.0
    gateway.fails = {ListRealtimeParticipants: [WrongState(190455, status=400)]}
    result = await sign_in.wait()
    assert [one.userid for one in result.signed] == ["alice"]
    assert [(one.userid, one.inside) for one in result.missing] == [("bob", False)]


async def test_more_people_than_a_page() -> None:
    signed = [record(f"u{number}", f"m{number}") for number in range(70)]
    gateway = Gateway(*(inside(f"u{number}", f"m{number}") for number in range(75)), signed=signed)
    result = await (await session(gateway).sign_in()).result()
    assert (len(result.signed), [one.userid for one in result.missing]) == (70, ["u70", "u71", "u72", "u73", "u74"])


async def test_who_signs_while_the_pages_are_read() -> None:
    """A list with the newest first moves on by one then: nobody is in it twice. Who has no id is somebody each time."""
    people = [record(f"u{number}", f"m{number}") for number in range(58)]

    class Moving(Gateway):
        async def send(self, operation: Any) -> Any:
            if isinstance(operation, ListSignInRecords) and operation.page == 2:
                self.signed.insert(0, record("late", "m99"))
            return await super().send(operation)

    gateway = Moving(signed=[*people, record(None, "", "Guest"), record(None, "", "Guest"), record("u7", "m7")])
    signed = (await (await session(gateway).sign_in()).result()).signed
    assert [one.ms_open_id for one in signed] == [*(f"m{number}" for number in range(58)), "", ""]


async def test_it_asks_ever_less_often_until_it_is_over() -> None:
    gateway = Gateway()
    await (await session(gateway).sign_in(minutes=5)).wait()
    assert 300 <= gateway.now <= 315
    assert gateway.made(ListSignIns) < 30


async def test_a_wait_has_an_end() -> None:
    gateway = Gateway()
    gateway.ends = 10_000.0
    sign_in = await session(gateway).sign_in(minutes=5)
    with pytest.raises(DeadlineExceeded, match="the sign-in was not over within 360 s"):
        await sign_in.wait()
    with pytest.raises(DeadlineExceeded, match="within 7 s"):
        await sign_in.wait(within=7)
    assert 366 <= gateway.now <= 368


async def test_a_host_or_a_task_ends_it_early() -> None:
    gateway = Gateway(signed=[record("alice", "m1")])
    sign_in = await session(gateway).sign_in(minutes=None)
    (start,) = [call for call in gateway.calls if isinstance(call, StartSignIn)]
    assert start.sign_type == 1
    gateway.ends = 7.0
    assert len((await sign_in.wait()).signed) == 1
    assert gateway.now < 20
    gateway.fails = {EndSignIn: [WrongState(107, status=500)]}
    assert len((await sign_in.finish()).signed) == 1, "over already"
    gateway.fails = {EndSignIn: [WrongState(115, status=500)]}
    with pytest.raises(WrongState):
        await sign_in.finish()


async def test_who_waits_hears_at_once_that_it_is_finished() -> None:
    """In real time, of which none passes: the next look would be in an hour."""
    gateway: Any = Gateway(signed=[record("alice", "m1")])
    gateway.sleep = None
    sign_in = await session(gateway).sign_in(minutes=90)
    waiting = asyncio.create_task(sign_in.wait(polling=Polling(first=3600.0, longest=3600.0)))
    while not gateway.made(ListSignIns):  # noqa: ASYNC110 - until it has looked once
        await asyncio.sleep(0)
    done = await sign_in.finish()
    assert await asyncio.wait_for(waiting, 20) == done


async def test_one_at_a_time() -> None:
    gateway = Gateway()
    gateway.fails = {StartSignIn: [WrongState(103, status=500), WrongState(115, status=500)]}
    room = session(gateway)
    with pytest.raises(SignInRuns) as caught:
        await room.sign_in()
    assert caught.value.code == 103
    running = await room.running_sign_in()
    assert running is not None
    assert running.id == "S1"
    assert repr(running) == "<OpenSignIn id='S1'>"
    gateway.now = 301.0
    assert await room.running_sign_in() is None
    with pytest.raises(WrongState) as other:
        await room.sign_in()
    assert not isinstance(other.value, SignInRuns), "the meeting does not run"


def unclear(looked: Any) -> OutcomeUnknown:
    async def look(_: OutcomeUnknown) -> Any:
        if isinstance(looked, BaseException):
            raise looked
        return looked

    return OutcomeUnknown(ExchangeFailed("broke"), request=None, since=0.0, until=0.0, look=look)


@pytest.mark.parametrize(("looked", "starts"), [(Found(SignInStarted(sign_in_id="S1")), 1), (Absent(), 2)])
async def test_a_lost_answer_is_looked_for(looked: Any, starts: int) -> None:
    gateway = Gateway()
    gateway.fails = {StartSignIn: [unclear(looked)]}
    assert (await session(gateway).sign_in()).id == "S1"
    assert gateway.made(StartSignIn) == starts


@pytest.mark.parametrize("looked", [Undecided("two of them"), ConnectionFailed("no route")])
async def test_what_looking_does_not_settle_is_not_sent_again(looked: Any) -> None:
    gateway = Gateway()
    gateway.fails = {StartSignIn: [unclear(looked)]}
    with pytest.raises(OutcomeUnknown):
        await session(gateway).sign_in()
    assert gateway.made(StartSignIn) == 1


async def test_what_cannot_be_asked_is_not_sent() -> None:
    gateway = Gateway()
    with pytest.raises(ValidationError, match="minutes: is 91; allowed: 1 to 90"):
        await session(gateway).sign_in(minutes=91, text="x" * 20)
    with pytest.raises(ValidationError, match="sign_in_specification: has 21 characters, at most 20"):
        await session(gateway).sign_in(text="x" * 21)
    assert gateway.calls == []


async def test_the_table_has_no_formulas() -> None:
    evil = '=HYPERLINK("http://evil.example")'
    gateway = Gateway(inside(None, "m2", name=evil), signed=[record("alice", "m1", name="@SUM(A1)")], invited=["carol"])
    table = io.StringIO(newline="")
    (await (await session(gateway).sign_in()).result()).to_csv(table)
    assert table.getvalue().splitlines() == [
        "name,userid,open_id,ms_open_id,state",
        "'@SUM(A1),alice,,m1,signed",
        """"'=HYPERLINK(""http://evil.example"")",,,m2,did not sign""",
        ",carol,,,absent",
    ]
