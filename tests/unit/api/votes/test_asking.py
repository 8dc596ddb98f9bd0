"""Asking: two calls that are one, and what is left of them where one goes wrong. Played by a sender."""

from typing import Any

import pytest

from tm_async.api.control import MeetingSession
from tm_async.api.votes import (
    CreatePollTheme,
    DeletePoll,
    GetPoll,
    OpenPoll,
    Poll,
    PollInfo,
    PollStarted,
    PollThemeMade,
    StartPoll,
    Votes,
)
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import ConnectionFailed, ExchangeFailed, OutcomeUnknown, TencentMeetingError, WrongState

LUNCH = Poll("Lunch?", single=["Here", "There"], text="Today", anonymous=True)


class Gateway:
    """Says yes; `fails` says with what not."""

    def __init__(self, **fails: BaseException) -> None:
        self.fails = fails
        self.calls: list[Any] = []

    async def send(self, operation: Any) -> Any:
        name = type(operation).__name__
        self.calls.append(operation)
        if name in self.fails:
            raise self.fails.pop(name)
        match operation:
            case CreatePollTheme():
                return PollThemeMade(poll_theme_id="A1")
            case StartPoll():
                return PollStarted(poll_theme_id="A1", poll_id="B1")
            case GetPoll():
                return PollInfo(poll_topic="Lunch?", vote_total_num=0)
        return None

    @property
    def made(self) -> list[str]:
        return [type(call).__name__ for call in self.calls]


async def ask(gateway: Gateway) -> OpenPoll:
    return await Votes(gateway).ask("100001", LUNCH, userid="tester")


async def test_a_poll_from_its_start_to_its_end() -> None:
    gateway = Gateway()
    poll = await ask(gateway)
    assert (poll.theme_id, poll.id) == ("A1", "B1")
    assert repr(poll) == "<OpenPoll id='B1' theme_id='A1'>"
    assert (await poll.finish()).topic == "Lunch?"
    create, start, finish, get = gateway.calls
    assert (create.poll_topic, create.poll_desc, create.is_anony) == ("Lunch?", "Today", 1)
    assert {call.meeting_id for call in gateway.calls} == {"100001"}
    assert {call.operator_id for call in gateway.calls} == {"tester"}
    assert (start.poll_theme_id, finish.poll_id, get.poll_id) == ("A1", "B1", "B1")


async def test_from_a_session() -> None:
    gateway = Gateway()
    assert (await MeetingSession(gateway, "100001", "tester").ask(LUNCH)).id == "B1"
    assert gateway.made == ["CreatePollTheme", "StartPoll"]


async def test_one_that_has_ended_is_finished() -> None:
    poll = await ask(Gateway())
    gateway = Gateway(FinishPoll=WrongState(300104, status=500))
    poll._client = gateway
    assert (await poll.finish()).voters == 0
    poll._client = Gateway(FinishPoll=WrongState(190455, status=400))
    with pytest.raises(WrongState):
        await poll.finish()


def unclear(looked: Any) -> OutcomeUnknown:
    async def look(_: OutcomeUnknown) -> Any:
        return looked

    return OutcomeUnknown(ExchangeFailed("broke"), request=None, since=0.0, until=0.0, look=look)


@pytest.mark.parametrize(
    ("fails", "made"),
    [
        ({"CreatePollTheme": unclear(Found(PollThemeMade(poll_theme_id="A1")))}, ["CreatePollTheme", "StartPoll"]),
        ({"CreatePollTheme": unclear(Absent())}, ["CreatePollTheme", "CreatePollTheme", "StartPoll"]),
        ({"StartPoll": unclear(Found(PollStarted(poll_id="B1")))}, ["CreatePollTheme", "StartPoll"]),
        ({"StartPoll": unclear(Absent())}, ["CreatePollTheme", "StartPoll", "StartPoll"]),
    ],
)
async def test_lost_answers_make_no_doubles(fails: dict[str, Any], made: list[str]) -> None:
    gateway = Gateway(**fails)
    assert (await ask(gateway)).id == "B1"
    assert gateway.made == made


async def test_what_looking_does_not_settle_is_told() -> None:
    gateway = Gateway(CreatePollTheme=unclear(Undecided("two of them")))
    with pytest.raises(OutcomeUnknown):
        await ask(gateway)
    assert gateway.made == ["CreatePollTheme"]
    gateway = Gateway(StartPoll=unclear(Undecided("one has ended")))
    with pytest.raises(OutcomeUnknown) as caught:
        await ask(gateway)
    assert gateway.made == ["CreatePollTheme", "StartPoll"], "what may run is not deleted"
    assert "theme A1 is left" in caught.value.__notes__[0]


async def test_a_theme_that_cannot_be_started_is_deleted_again() -> None:
    gateway = Gateway(StartPoll=WrongState(190455, status=400))
    with pytest.raises(WrongState) as caught:
        await ask(gateway)
    assert gateway.made == ["CreatePollTheme", "StartPoll", "DeletePoll"]
    assert isinstance(gateway.calls[-1], DeletePoll)
    assert gateway.calls[-1].poll_theme_id == "A1"
    assert not hasattr(caught.value, "__notes__")


async def test_one_that_got_through_after_all_is_not_deleted() -> None:
    """Only this call knows the theme: what "runs already" was started by its own first attempt."""
    late = WrongState(300107, status=500)

    class Late(Gateway):
        async def send(self, operation: Any) -> Any:
            try:
                return await super().send(operation)
            finally:
                if isinstance(operation, StartPoll):
                    self.fails["StartPoll"] = late

    gateway = Late(StartPoll=unclear(Absent()))
    with pytest.raises(WrongState) as caught:
        await ask(gateway)
    assert gateway.made == ["CreatePollTheme", "StartPoll", "StartPoll"]
    assert "theme A1 is left" in caught.value.__notes__[0]


async def test_a_theme_that_is_left_is_named() -> None:
    gateway = Gateway(StartPoll=ConnectionFailed("no route"), DeletePoll=ConnectionFailed("no route"))
    with pytest.raises(TencentMeetingError) as caught:
        await ask(gateway)
    assert caught.value.__notes__ == ["the poll theme A1 is left: start_poll starts it, delete_poll deletes it"]
