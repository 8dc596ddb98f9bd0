"""Polls (doc 1095/55300, 55303, 55320, 76819 to 76821, 76823, 76825).

Chosen where the documentation is silent: polls may be listed and looked at while nobody is inside; a theme that is not
there is 300102, as one that was deleted; a theme is started as often as one likes, but one poll of it runs at a
time; the share of an option is that of the voters, in percent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tm_async.emulator.chapters.meetings.operations.reach import own, running
from tm_async.emulator.chapters.votes.state import Ballots, Poll, Question, Theme
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "create_poll_theme",
    "delete_poll",
    "finish_poll",
    "get_poll",
    "get_poll_theme",
    "list_polls",
    "modify_poll_theme",
    "start_poll",
    "votes",
]

votes: Chapter[Theme] = Chapter("votes")

DELETED, ENDED, RUNS, ANOTHER, NO_MEETING = 300102, 300104, 300107, 310001, 20009
IS_RUNNING, HAS_ENDED = 1, 2


@votes.does("create_poll_theme")
def create_poll_theme(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    poll_topic: str,
    poll_questions: Sequence[Mapping[str, Any]],
    poll_desc: str = "",
    is_anony: int = 0,
) -> Mapping[str, Any]:
    """What was given is shown as it came."""
    meeting, _, _ = running(asked, meetingId)
    kept, given = asked.state.votes, _questions(asked, poll_questions)
    made = kept.add(
        kept.of(meeting.id), by=asked.operator, topic=poll_topic, text=poll_desc, anonymous=is_anony, questions=given
    )
    return {**_shown(meeting.id, made), "poll_questions": list(poll_questions)}


@votes.does("modify_poll_theme")
def modify_poll_theme(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    poll_theme_id: str,
    poll_topic: str,
    poll_questions: Sequence[Mapping[str, Any]],
    poll_desc: str = "",
    is_anony: int = 0,
) -> None:
    """What is not given is gone; polls that began before stay as they are."""
    meeting, _, _ = running(asked, meetingId)
    theme = _theme(asked.state.votes.of(meeting.id), poll_theme_id)
    theme.topic, theme.text, theme.anonymous = poll_topic, poll_desc, is_anony
    theme.questions = _questions(asked, poll_questions)


@votes.does("get_poll_theme")
def get_poll_theme(asked: Asked, *, meetingId: str, poll_theme_id: str) -> Mapping[str, Any]:  # noqa: N803
    """Without results."""
    meeting, _, _ = running(asked, meetingId)
    theme = _theme(asked.state.votes.of(meeting.id), poll_theme_id)
    questions = [
        {**_asked(one), "option_info": [{"option_desc": option} for option in one.options]} for one in theme.questions
    ]
    return {**_shown(meeting.id, theme), "poll_question_data": questions}


@votes.does("list_polls")
def list_polls(asked: Asked, *, meetingId: str) -> Mapping[str, Any]:  # noqa: N803 - the document's name
    """Polls whose theme was deleted stand under its id, at the end."""
    found, _ = _ballots(asked, meetingId, unknown=NO_MEETING)
    ids = dict.fromkeys([*found.themes, *(poll.theme.id for poll in found.polls.values())])
    rows = {one: [_row(poll) for poll in found.polls.values() if poll.theme.id == one] for one in ids}
    return {"polls_theme_info": [{"poll_theme_id": one, "polls_info": polls} for one, polls in rows.items()]}


@votes.does("get_poll")
def get_poll(asked: Asked, *, meetingId: str, poll_id: str) -> Mapping[str, Any]:  # noqa: N803
    """With what was voted by now. Members for the voters of named polls are not known."""
    found, meeting_id = _ballots(asked, meetingId)
    poll = _poll(found, poll_id)
    data = [
        {"question_id": f"{place}", **_asked(one), "option_info": _results(poll, place - 1, one)}
        for place, one in enumerate(poll.theme.questions, 1)
    ]
    return {
        **_shown(meeting_id, poll.theme),
        **_row(poll),
        "vote_total_num": len(poll.cast),
        "poll_question_data": data,
    }


@votes.does("start_poll")
def start_poll(asked: Asked, *, meetingId: str, poll_theme_id: str) -> Mapping[str, Any]:  # noqa: N803
    """Of a theme as it is now."""
    meeting, _, _ = running(asked, meetingId, unknown=NO_MEETING)
    found = asked.state.votes.of(meeting.id)
    theme = _theme(found, poll_theme_id)
    if any(poll.running and poll.theme.id == theme.id for poll in found.polls.values()):
        raise Refused(RUNS, f"a poll of {theme.id} runs already")
    made = asked.state.votes.start(found, theme)
    return {"meeting_id": meeting.id, "poll_theme_id": theme.id, "poll_id": made.id}


@votes.does("finish_poll")
def finish_poll(asked: Asked, *, meeting_id: str, poll_theme_id: str, poll_id: str) -> None:
    """Its result stays."""
    meeting, _, _ = running(asked, meeting_id, unknown=NO_MEETING)
    poll = _poll(asked.state.votes.of(meeting.id), poll_id)
    if poll.theme.id != poll_theme_id:
        raise Refused(190004, f"poll {poll.id} is none of theme {poll_theme_id[:40]!r}")
    if not poll.running:
        raise Refused(ENDED, f"poll {poll.id} has ended")
    poll.running = False


@votes.does("delete_poll")
def delete_poll(
    asked: Asked,
    *,
    meetingId: str,  # noqa: N803 - the document's name
    poll_theme_id: str | None = None,
    poll_id: str | None = None,
) -> None:
    """A theme leaves its polls; the last poll of a theme takes it along."""
    meeting, _, _ = running(asked, meetingId, unknown=NO_MEETING)
    found = asked.state.votes.of(meeting.id)
    wanted = poll_id or poll_theme_id
    if not wanted:
        raise Refused(190004, "poll_theme_id or poll_id is expected")
    if asked.state.votes.meeting_of(wanted) not in {None, meeting.id}:
        raise Refused(ANOTHER, f"{wanted} is another meeting's")
    if not poll_id:
        del found.themes[_theme(found, wanted).id]
        return
    gone = found.polls.pop(_poll(found, wanted).id)
    if not any(poll.theme.id == gone.theme.id for poll in found.polls.values()):
        found.themes.pop(gone.theme.id, None)


def _ballots(asked: Asked, meeting_id: str, *, unknown: int = 9003) -> tuple[Ballots, str]:
    meeting = own(asked, meeting_id, admin=False, host=True, cohost=True, unknown=unknown)
    return asked.state.votes.of(meeting.id), meeting.id


def _theme(found: Ballots, theme_id: str) -> Theme:
    if theme_id not in found.themes:
        raise Refused(DELETED, f"poll_theme_id {theme_id[:40]!r} is not there")
    return found.themes[theme_id]


def _poll(found: Ballots, poll_id: str) -> Poll:
    if poll_id not in found.polls:
        raise Refused(DELETED, f"poll_id {poll_id[:40]!r} is not there")
    return found.polls[poll_id]


def _questions(asked: Asked, given: Sequence[Mapping[str, Any]]) -> list[Question]:
    make = asked.state.votes.question
    return [make(one["question_desc"], one["question_type"], one["poll_option"]) for one in given]


def _shown(meeting_id: str, theme: Theme) -> dict[str, Any]:
    about = {"meeting_id": meeting_id, "poll_theme_id": theme.id, "poll_topic": theme.topic}
    return {**about, "poll_desc": theme.text, "is_anony": theme.anonymous}


def _asked(question: Question) -> dict[str, Any]:
    return {"question_desc": question.text, "question_type": int(question.multiple)}


def _row(poll: Poll) -> dict[str, Any]:
    status = IS_RUNNING if poll.running else HAS_ENDED
    about = {"poll_id": poll.id, "poll_topic": poll.theme.topic, "status": status}
    return {**about, "is_shared": int(poll.shared), "is_anony": poll.theme.anonymous}


def _results(poll: Poll, place: int, question: Question) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for number, text in zip(question.numbers, question.options, strict=True):
        votes_ = len(poll.votes(place, number))
        rate = 100 * votes_ // len(poll.cast) if poll.cast else 0
        rows.append({"option_id": number, "option_desc": text, "option_num": votes_, "rate": rate})
    return rows
