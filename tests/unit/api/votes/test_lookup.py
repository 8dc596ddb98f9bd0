"""Looking for a poll of which no clear answer came."""

from typing import Any

import pytest

from tests.unit.api.votes.test_polls import WHO
from tm_async.api.votes import (
    Choice,
    CreatePollTheme,
    GetPollTheme,
    ListPolls,
    PollQuestion,
    Polls,
    PollTheme,
    StartPoll,
)
from tm_async.api.votes.lookup import prepared, started
from tm_async.core.lookup import Others, conclude
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import NotFound

CREATE = CreatePollTheme(
    **WHO,
    poll_topic="Lunch?",
    poll_questions=[PollQuestion(question_desc="Where?", question_type=Choice.SINGLE, poll_option=["Here", "There"])],
)


class Gateway:
    """Drafts, by id, and the polls of themes."""

    def __init__(self, drafts: dict[str, Any] | None = None, runs: dict[str, Any] | None = None) -> None:
        self.drafts, self.runs = drafts or {}, runs or {}

    async def send(self, operation: Any) -> Any:
        if isinstance(operation, ListPolls):
            rows = [{"poll_theme_id": one, "polls_info": self.runs.get(one, [])} for one in self.drafts | self.runs]
            return Polls.from_wire({"polls_theme_info": rows})
        assert isinstance(operation, GetPollTheme)
        draft = self.drafts[operation.poll_theme_id]
        if draft is None:
            raise NotFound(300102, status=500)
        return PollTheme.from_wire(draft)


def draft(*options: str, topic: str = "Lunch?", text: str = "Where?", kind: int = 0, **members: Any) -> dict[str, Any]:
    shown = [{"option_desc": one} for one in options or ("Here", "There")]
    data = [{"question_desc": text, "question_type": kind, "option_info": shown}]
    return {"poll_topic": topic, "poll_desc": "", "is_anony": 0, "poll_question_data": data, **members}


RUN = {"poll_id": "B1", "poll_topic": "Lunch?", "status": 2}


@pytest.mark.parametrize(
    ("drafts", "runs", "kind"),
    [
        ({}, {}, Absent),
        ({"A1": draft()}, {}, Found),
        ({"A1": draft(), "A2": draft(topic="Dinner?")}, {}, Found),
        ({"A1": draft(), "A2": draft()}, {}, Undecided),
        ({"A1": draft()}, {"A2": [RUN]}, Found),
        ({"A1": None}, {}, Absent),
        ({"A1": draft(topic="LUNCH?")}, {}, Undecided),
        ({"A1": draft(kind=1)}, {}, Absent),
        ({"A1": draft(is_anony=1)}, {}, Absent),
        ({"A1": draft("Here", "There", "Nowhere")}, {}, Absent),
        ({"A1": draft("Here", "Far")}, {}, Absent),
        ({"A1": draft(poll_question_data=[])}, {}, Absent),
        ({}, {"A1": [RUN]}, Undecided),
        ({}, {"A1": [{**RUN, "poll_topic": "Dinner?"}]}, Absent),
        ({}, {"": []}, Undecided),
    ],
)
async def test_a_theme(drafts: dict[str, Any], runs: dict[str, Any], kind: type[Any]) -> None:
    found = conclude(await prepared.look(Gateway(drafts, runs), CREATE, 0, 40, all_of_it=True), Others())
    assert type(found) is kind
    if isinstance(found, Found):
        assert (found.result.poll_theme_id, found.result.poll_topic) == ("A1", "Lunch?")


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        ({}, Absent),
        ({"A1": []}, Absent),
        ({"A2": [{**RUN, "status": 1}]}, Absent),
        ({"A1": [{**RUN, "status": 1}]}, Found),
        ({"A1": [{**RUN, "status": 1}, {**RUN, "poll_id": "B0"}]}, Found),
        ({"A1": [RUN]}, Undecided),
        ({"A1": [{"status": 1}]}, Undecided),
    ],
)
async def test_a_poll(runs: dict[str, Any], kind: type[Any]) -> None:
    operation = StartPoll(**WHO, poll_theme_id="A1")
    found = conclude(await started.look(Gateway(runs=runs), operation, 0, 40, all_of_it=True), Others())
    assert type(found) is kind
    if isinstance(found, Found):
        assert (found.result.poll_theme_id, found.result.poll_id) == ("A1", "B1")


def test_what_is_alike() -> None:
    again = CREATE.sought()
    assert again is not None
    assert prepared.likeness(again) == prepared.likeness(CREATE)
    assert started.likeness(StartPoll(**WHO, poll_theme_id="A1")) != started.likeness(
        StartPoll(**WHO, poll_theme_id="A2")
    )
