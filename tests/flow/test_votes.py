"""Polls through our client, against the emulator, over a real socket: asked once, whatever gets lost on the way."""

from typing import Literal

import pytest

from tests.conftest import meeting
from tm_async import TencentMeeting
from tm_async.api.votes import Poll, Question
from tm_async.emulator import Emulator, FaultRule
from tm_async.errors import PermissionDenied, WrongState

RETRO = Poll(
    "Retro",
    questions=[Question("Mood?", single=["Good", "Bad"]), Question("More of?", multiple=["Tests", "Cake"])],
    text="Two minutes",
)


async def running(tm: TencentMeeting, emulator: Emulator) -> str:
    created = await tm.send(meeting())
    for userid in ("alice", "bob"):
        emulator.meetings.join(created.meeting_id, userid)
    return created.meeting_id


async def test_a_poll(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    meeting_id = await running(tm_client, tm_emulator)
    poll = await tm_client.votes.ask(meeting_id, RETRO, userid="tester")
    tm_emulator.votes.cast(meeting_id, poll.id, "alice", [["Good"], ["Tests", "Cake"]])
    assert (await poll.results()).voters == 1
    tm_emulator.votes.cast(meeting_id, poll.id, "bob", [["Bad"], ["Cake"]])
    result = await poll.finish()
    assert (result.topic, result.text, result.anonymous, result.running, result.voters) == (
        *("Retro", "Two minutes", False, False),
        2,
    )
    mood, more = result.questions
    assert [(one.text, one.votes, one.share) for one in mood.options] == [("Good", 1, 0.5), ("Bad", 1, 0.5)]
    assert [(one.text, one.votes, one.share) for one in more.options] == [("Tests", 1, 0.5), ("Cake", 2, 1.0)]
    assert (mood.multiple, more.multiple) == (False, True)
    assert await poll.finish() == result, "again"


@pytest.mark.parametrize("operation", ["votes.create_poll_theme", "votes.start_poll"])
@pytest.mark.parametrize(("drop", "waits"), [("after", 0), ("before", 29)])
@pytest.mark.parametrize("before", [False, True])
async def test_a_lost_answer_makes_no_second_one(
    tm_emulator: Emulator,
    tm_client: TencentMeeting,
    operation: str,
    drop: Literal["before", "after"],
    waits: int,
    before: bool,
) -> None:
    """Also beside another one that was prepared before."""
    meeting_id = await running(tm_client, tm_emulator)
    if before:
        await tm_client.votes.ask(meeting_id, Poll("Lunch?", single=["Here", "There"]), userid="tester")
    tm_emulator.add_fault(FaultRule(operation=operation, drop=drop, times=1))
    poll = await tm_client.votes.ask(meeting_id, RETRO, userid="tester")
    assert tm_emulator.clock_offset >= waits
    found = tm_emulator.state.votes.of(meeting_id)
    assert [one.topic for one in found.themes.values()] == ["Lunch?"] * before + ["Retro"]
    assert list(found.polls)[before:] == [poll.id]


async def test_what_is_refused_leaves_nothing(tm_emulator: Emulator, tm_client: TencentMeeting) -> None:
    meeting_id = await running(tm_client, tm_emulator)
    with pytest.raises(PermissionDenied):
        await tm_client.votes.ask(meeting_id, RETRO, userid="alice")
    tm_emulator.add_fault(FaultRule(operation="votes.start_poll", error_code=300104, times=1))
    with pytest.raises(WrongState):
        await tm_client.votes.ask(meeting_id, RETRO, userid="tester")
    assert not tm_emulator.state.votes.of(meeting_id).themes
    tm_emulator.meetings.end(meeting_id)
    with pytest.raises(WrongState):
        await tm_client.votes.ask(meeting_id, RETRO, userid="tester")
