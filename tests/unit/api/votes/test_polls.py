"""Polls and older votes: what is refused before it is sent, and what counts as done. The rest is in the samples."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken, sent
from tm_async.api.votes import (
    Choice,
    CreatePollTheme,
    CreateVoteTheme,
    DeletePoll,
    DeleteVote,
    FinishPoll,
    ListVotes,
    PollQuestion,
    VoteOption,
    VoteThemeInfo,
)

WHO: dict[str, Any] = {"meeting_id": "100001", "operator_id": "tester"}


def question(*options: str, text: str = "Where?") -> PollQuestion:
    return PollQuestion(question_desc=text, question_type=Choice.SINGLE, poll_option=options)


@pytest.mark.parametrize(
    ("questions", "problems"),
    [
        ([question("a")], [("poll_questions[0].poll_option", "entries")]),
        ([question("a", "b" * 37)], [("poll_questions[0].poll_option[1]", "characters")]),
        ([question("a", "b", text="x" * 51)], [("poll_questions[0].question_desc", "characters")]),
        ([question("a", "b")] * 11, [("poll_questions", "entries")]),
    ],
)
def test_limits_of_polls(questions: list[PollQuestion], problems: list[tuple[str, str]]) -> None:
    assert broken(CreatePollTheme, **WHO, poll_topic="Lunch", poll_questions=questions) == problems


def test_one_of_theme_and_poll_is_deleted_with_a_body() -> None:
    assert broken(DeletePoll, **WHO) == [("poll_theme_id", "theme-or-poll")]
    method, target, body = sent(DeletePoll(**WHO, poll_id="B1"))
    assert (method, target, body["poll_id"]) == ("DELETE", "/v1/meetings/100001/polls", "B1")


def test_what_counts_as_done_the_second_time() -> None:
    assert DeletePoll(**WHO, poll_id="B1").counts_as_done_again(300102)
    finish = FinishPoll(**WHO, poll_theme_id="A1", poll_id="B1")
    assert finish.counts_as_done_again(300104)
    assert not finish.counts_as_done_again(300102)


def test_an_older_vote_names_its_meeting() -> None:
    info = VoteThemeInfo(vote_topic="Lunch?", vote_opt_list=[VoteOption(opt_desc="yes"), VoteOption(opt_desc="no")])
    assert broken(CreateVoteTheme, userid="tester", vote_theme_info=info) == [("meeting_id", "meeting-is-named")]
    assert broken(ListVotes, userid="tester") == [("meeting_id", "meeting-is-named")]
    sure = DeleteVote(userid="tester", meeting_code="835-349-765", vote_id="B1")
    assert sent(sure) == ("DELETE", "/v1/votes/B1?userid=tester&instanceid=1&meeting_code=835349765", None)
