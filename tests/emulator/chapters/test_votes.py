"""Polls from the draft to the result, the older votes, and who may when."""

from typing import Any

import pytest

from tests.emulator.calls import ask, code, operated, told
from tests.emulator.conftest import Caller
from tm_async.emulator import User

QUESTIONS = [
    {"question_desc": "Where?", "question_type": 0, "poll_option": ["Here", "There"]},
    {"question_desc": "What?", "question_type": 1, "poll_option": ["Rice", "Soup", "Nothing"]},
]
INFO = {
    "vote_topic": "Lunch?",
    "vote_desc": "",
    "vote_type": 0,
    "is_anony": 0,
    "vote_opt_list": [{"opt_desc": "yes"}, {"opt_desc": "no"}],
}


def theme(meeting: str, operator: str = "tester", **values: Any) -> dict[str, Any]:
    return operated(operator, meetingId=meeting, **values)


@pytest.fixture
async def meeting(caller: Caller) -> str:
    found = str((await caller.created(hosts=["alice"]))["meeting_id"])
    caller.emulator.meetings.start(found)
    caller.emulator.meetings.join(found, "alice")
    caller.emulator.meetings.join(found, "bob")
    return found


async def made(caller: Caller, meeting: str) -> str:
    given = theme(meeting, poll_topic="Lunch", poll_questions=QUESTIONS)
    return str((await told(caller, "votes.create_poll_theme", **given))["poll_theme_id"])


async def listed(caller: Caller, meeting: str) -> list[tuple[str, list[int]]]:
    found = (await told(caller, "votes.list_polls", **theme(meeting)))["polls_theme_info"]
    return [(one["poll_theme_id"], [poll["status"] for poll in one["polls_info"]]) for one in found]


async def test_from_the_draft_to_the_result(caller: Caller, meeting: str) -> None:
    emulator, draft = caller.emulator, await made(caller, meeting)
    shown = await told(caller, "votes.get_poll_theme", **theme(meeting, poll_theme_id=draft))
    assert [one["question_type"] for one in shown["poll_question_data"]] == [0, 1]
    changed = theme(meeting, "alice", poll_theme_id=draft, poll_topic="Dinner", poll_questions=QUESTIONS)
    assert await told(caller, "votes.modify_poll_theme", **changed) == {}
    poll = (await told(caller, "votes.start_poll", **theme(meeting, poll_theme_id=draft)))["poll_id"]
    assert code(await ask(caller, "votes.start_poll", **theme(meeting, poll_theme_id=draft))) == (500, 300107)
    emulator.votes.cast(meeting, poll, "alice", [["Here"], ["Rice", "Soup"]])
    emulator.votes.cast(meeting, poll, "bob", [["There"], ["Rice"]])
    emulator.votes.cast(meeting, poll, "bob", [["Here"], []])
    emulator.votes.share(meeting, poll)
    end = operated(meeting_id=meeting, poll_theme_id=draft, poll_id=poll)
    assert code(await ask(caller, "votes.finish_poll", **{**end, "poll_theme_id": "A"})) == (400, 190004)
    assert await told(caller, "votes.finish_poll", **end) == {}
    assert code(await ask(caller, "votes.finish_poll", **end)) == (500, 300104)
    with pytest.raises(ValueError, match="has ended"):
        emulator.votes.cast(meeting, poll, "alice", [["Here"], []])
    result = await told(caller, "votes.get_poll", **theme(meeting, poll_id=poll))
    assert (result["poll_topic"], result["status"], result["is_shared"]) == ("Dinner", 2, 1)
    assert result["vote_total_num"] == 2
    first, second = result["poll_question_data"]
    assert [(one["option_num"], one["rate"]) for one in first["option_info"]] == [(2, 100), (0, 0)]
    assert [(one["option_num"], one["rate"]) for one in second["option_info"]] == [(1, 50), (1, 50), (0, 0)]


async def test_deleting(caller: Caller, meeting: str) -> None:
    draft, other = await made(caller, meeting), await made(caller, meeting)
    polls = []
    for _ in range(2):
        polls.append((await told(caller, "votes.start_poll", **theme(meeting, poll_theme_id=draft)))["poll_id"])
        caller.emulator.votes.end(meeting, polls[-1])
    assert await listed(caller, meeting) == [(draft, [2, 2]), (other, [])]
    assert await told(caller, "votes.delete_poll", **theme(meeting, poll_theme_id=other, poll_id="")) == {}
    assert code(await ask(caller, "votes.delete_poll", **theme(meeting, poll_id=""))) == (400, 190004)
    assert await told(caller, "votes.delete_poll", **theme(meeting, poll_theme_id="?", poll_id=polls[0])) == {}
    assert await listed(caller, meeting) == [(draft, [2])]
    gone = theme(meeting, poll_id=polls[0])
    assert code(await ask(caller, "votes.delete_poll", **gone)) == (500, 300102)
    assert await told(caller, "votes.delete_poll", **theme(meeting, poll_id=polls[1])) == {}
    assert await listed(caller, meeting) == []
    assert code(await ask(caller, "votes.get_poll_theme", **theme(meeting, poll_theme_id=draft))) == (500, 300102)
    elsewhere = str((await caller.created())["meeting_id"])
    caller.emulator.meetings.start(elsewhere)
    kept = await made(caller, meeting)
    assert code(await ask(caller, "votes.delete_poll", **theme(elsewhere, poll_theme_id=kept))) == (500, 310001)


async def test_who_may_when(caller: Caller, meeting: str) -> None:
    given = {"poll_topic": "Lunch", "poll_questions": QUESTIONS}
    assert code(await ask(caller, "votes.create_poll_theme", **theme(meeting, "bob", **given)))[1] == 9042
    pending = str((await caller.created())["meeting_id"])
    assert code(await ask(caller, "votes.create_poll_theme", **theme(pending, **given))) == (400, 190455)
    assert await listed(caller, pending) == []
    draft = await made(caller, meeting)
    caller.emulator.meetings.end(meeting)
    for name in ("get_poll_theme", "delete_poll"):
        assert code(await ask(caller, f"votes.{name}", **theme(meeting, poll_theme_id=draft))) == (400, 190455)
    assert await listed(caller, meeting) == [(draft, [])]
    with pytest.raises(ValueError, match="poll_id"):
        caller.emulator.votes.share(meeting, "B1")


async def test_who_may_vote_for_what(caller: Caller, meeting: str) -> None:
    draft = await made(caller, meeting)
    poll = (await told(caller, "votes.start_poll", **theme(meeting, poll_theme_id=draft)))["poll_id"]
    cast = caller.emulator.votes.cast
    for who, choices, problem in (
        ("carol", [["Here"], []], "userid"),
        ("bob", [["Here"]], "2 questions"),
        ("bob", [["Nowhere"], []], "no option"),
        ("bob", [["Here", "There"], []], "takes one"),
    ):
        with pytest.raises(ValueError, match=problem):
            cast(meeting, poll, who, choices)


async def test_the_older_form(caller: Caller, meeting: str) -> None:
    emulator, who = caller.emulator, {"userid": "alice", "instanceid": 1}
    emulator.seed_users(User("bob", username="Bob"))
    by_code = {**who, "meeting_code": emulator.state.meetings[meeting].code}
    draft = (await told(caller, "votes.create_theme", meeting, **who, vote_theme_info=INFO))["vote_theme_id"]
    info = {**INFO, "vote_topic": "Dinner?"}
    assert await told(caller, "votes.modify_theme", voteThemeId=draft, **by_code, vote_theme_info=info) == {}
    (shown,) = (await told(caller, "votes.list_themes", **by_code))["vote_theme_list"]
    assert (shown["vote_topic"], shown["userid"]) == ("Dinner?", "alice")
    vote = emulator.votes.start(meeting, draft)
    emulator.votes.cast(meeting, vote, "bob", [["no"]])
    emulator.votes.end(meeting, vote)
    assert await told(caller, "votes.delete_theme", voteThemeId=draft, **by_code) == {}
    assert code(await ask(caller, "votes.delete_theme", voteThemeId=draft, **by_code)) == (400, 190004)
    page = await told(caller, "votes.list", **by_code, page=1, page_size=20)
    assert [(one["vote_id"], one["status"]) for one in page["vote_list"]] == [(vote, 2)]
    result = await told(caller, "votes.get_result", meeting, voteId=vote, **who)
    assert result["vote_total_num"] == 1
    assert [one["opt_number"] for one in result["vote_opt_list"]] == [0, 1]
    assert result["vote_opt_list"][1]["opt_user_list"] == [{"nick_name": "Bob"}]
    assert await told(caller, "votes.delete", meeting, voteId=vote, **who) == {}
    assert code(await ask(caller, "votes.get_result", meeting, voteId=vote, **who)) == (400, 190004)
    assert code(await ask(caller, "votes.list_themes", **who)) == (400, 190004)
    assert code(await ask(caller, "votes.list_themes", meeting, **{**who, "userid": "bob"}))[1] == 9042
    for _ in range(20):
        await told(caller, "votes.create_theme", meeting, **who, vote_theme_info=INFO)
    assert code(await ask(caller, "votes.create_theme", meeting, **who, vote_theme_info=INFO)) == (400, 190004)


async def test_a_meeting_that_is_not_there(caller: Caller) -> None:
    """Some pages of polls have a code of their own for it (doc 1095/76821)."""
    which = {"poll_theme_id": "A1", "poll_id": "B1"}
    for name, values in {
        "list_polls": theme("1"),
        "start_poll": theme("1", poll_theme_id="A1"),
        "delete_poll": theme("1", **which),
        "finish_poll": operated(meeting_id="1", **which),
    }.items():
        assert code(await ask(caller, f"votes.{name}", **values)) == (500, 20009), name
    assert code(await ask(caller, "votes.get_poll", **theme("1", poll_id="B1"))) == (500, 9003)
