"""What came of a poll: shares, what is missing, and a file without formulas."""

import io
from typing import Any

from tm_async.api.votes import PollInfo, PollResult


def info(*options: dict[str, Any], **members: Any) -> PollInfo:
    data = [{"question_desc": "Where?", "question_type": 1, "option_info": list(options)}]
    about = {"poll_topic": "Lunch", "poll_desc": "Today", "is_anony": 1, "status": 1, "vote_total_num": 4}
    return PollInfo.from_wire({**about, "poll_question_data": data, **members})


def test_shares_are_those_of_the_voters() -> None:
    voted = {"option_desc": "Here", "option_num": 3, "rate": 60, "voters": ["alice"]}
    result = PollResult.of(info(voted, {"option_desc": "There", "option_num": 2}))
    assert (result.topic, result.text, result.anonymous, result.running, result.voters) == (
        *("Lunch", "Today", True, True),
        4,
    )
    (question,) = result.questions
    assert (question.text, question.multiple) == ("Where?", True)
    assert [(one.text, one.votes, one.share) for one in question.options] == [("Here", 3, 0.75), ("There", 2, 0.5)]
    assert question.options[0].wire["voters"] == ["alice"], "whatever it is called"
    assert hash(result) == hash(PollResult.of(info(voted, {"option_desc": "There", "option_num": 2})))


def test_what_is_missing_is_not_made_up() -> None:
    unknown = PollResult.of(PollInfo.from_wire({"poll_question_data": [{"option_info": [{"option_num": 1}, {}]}]}))
    assert (unknown.voters, unknown.running) == (None, False)
    assert [(one.votes, one.share) for one in unknown.questions[0].options] == [(1, None), (None, None)]
    nobody = PollResult.of(info({"option_num": 0}, vote_total_num=0, status=2))
    assert (nobody.questions[0].options[0].share, nobody.running) == (0.0, False)


def test_the_table() -> None:
    table = io.StringIO(newline="")
    PollResult.of(info({"option_desc": "=1+1", "option_num": 3}, {"option_desc": "-"})).to_csv(table)
    assert table.getvalue().splitlines() == ["question,option,votes,share", "Where?,'=1+1,3,75%", "Where?,'-,,"]
