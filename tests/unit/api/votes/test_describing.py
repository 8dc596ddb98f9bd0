"""A poll from a simple description: what it becomes, and what is wrong with it."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken
from tm_async import ValidationError
from tm_async.api.votes import Poll, Question


def sent(poll: Poll) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(one.question_desc, one.question_type, tuple(one.poll_option)) for one in poll.as_sent()]


def test_what_is_asked() -> None:
    assert sent(Poll("Lunch?", single=["Here", "There"])) == [("Lunch?", 0, ("Here", "There"))]
    assert sent(Poll("Lunch?", multiple={"Rice": 1, "Soup": 1}.keys())) == [("Lunch?", 1, ("Rice", "Soup"))]
    several = Poll("Retro", questions=[Question("Mood?", single=["😀", "🙁"]), Question("On?", multiple=["a", "b"])])
    assert sent(several) == [("Mood?", 0, ("😀", "🙁")), ("On?", 1, ("a", "b"))]


TWO = ["a", "b"]
TEXT = "x" * 51


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, [("single", "options-or-questions")]),
        ({"single": TWO, "multiple": TWO}, [("single", "options-or-questions")]),
        ({"single": TWO, "questions": [Question("q", single=TWO)]}, [("single", "options-or-questions")]),
        ({"single": []}, [("single", "entries")]),
        ({"single": ["a"]}, [("single", "entries")]),
        ({"multiple": list("abcdefghijk")}, [("multiple", "entries")]),
        ({"single": ["a", "b" * 37, ""]}, [("single[1]", "characters"), ("single[2]", "not-empty")]),
        ({"single": "Here"}, [("single", "type")]),
        ({"questions": []}, [("questions", "not-empty")]),
        ({"questions": [Question("q", single=TWO)] * 11}, [("questions", "entries")]),
        (
            {"questions": [Question(TEXT, single=TWO), Question("", multiple=["a"]), Question("q")]},
            [
                ("questions[0].text", "characters"),
                ("questions[1].text", "not-empty"),
                ("questions[1].multiple", "entries"),
                ("questions[2].single", "single-or-multiple"),
            ],
        ),
        ({"single": TWO, "text": "x" * 101}, [("text", "characters")]),
        ({"single": TWO, "topic": TEXT}, [("topic", "characters")]),
        ({"single": TWO, "topic": ""}, [("topic", "not-empty")]),
    ],
)
def test_what_is_wrong_with_it(given: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert broken(Poll, **{"topic": "Lunch?", **given}) == problems


def test_a_violation_names_field_limit_and_page() -> None:
    with pytest.raises(ValidationError) as caught:
        Poll("Lunch?", single=["Here"])
    (violation,) = caught.value.violations
    assert str(violation) == "single: has 1 entries, allowed: 2 to 10 (doc 1095/55300)"
    assert violation.limit == (2, 10)
    with pytest.raises(ValidationError) as wrong:
        Poll("Lunch?", single="Here")
    assert wrong.value.violations[0].page == "1095/55300", "of a type, too"
