"""The older votes (doc 1095/55320; official docs, 2021): prepared by the API, started and ended in the client.

Chosen where the documentation is silent: the creator counts as a host; 190004 for what is not there, and for a 21st
theme.
"""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.operations.reach import by_code, check_role, meeting_of
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.votes.polls import HAS_ENDED, IS_RUNNING, votes
from tm_async.emulator.chapters.votes.state import Ballots, Poll, Question, Theme
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["create_theme", "delete", "delete_theme", "get_result", "list_themes", "list_votes", "modify_theme"]

MOST_THEMES, MOST_VOTERS = 20, 100


@votes.does("create_theme")
def create_theme(
    asked: Asked,
    *,
    vote_theme_info: Mapping[str, Any],
    meeting_id: str | None = None,
    meeting_code: str | None = None,
) -> Mapping[str, Any]:
    """At most 20."""
    found = _ballots(asked, meeting_id, meeting_code)
    if len(found.themes) >= MOST_THEMES:
        raise Refused(190004, f"the meeting has {MOST_THEMES} themes")
    info = vote_theme_info
    about = {"topic": info["vote_topic"], "text": info["vote_desc"], "anonymous": info["is_anony"]}
    made = asked.state.votes.add(found, by=asked.operator, questions=[_question(asked, info)], **about)
    return {"vote_theme_id": made.id}


@votes.does("modify_theme")
def modify_theme(
    asked: Asked,
    *,
    voteThemeId: str,  # noqa: N803 - the document's name
    vote_theme_info: Mapping[str, Any],
    meeting_id: str | None = None,
    meeting_code: str | None = None,
) -> None:
    """Votes that began before stay as they are."""
    theme, info = _theme(_ballots(asked, meeting_id, meeting_code), voteThemeId), vote_theme_info
    theme.topic, theme.text, theme.anonymous = info["vote_topic"], info["vote_desc"], info["is_anony"]
    theme.questions = [_question(asked, info)]


@votes.does("list_themes")
def list_themes(asked: Asked, *, meeting_id: str | None = None, meeting_code: str | None = None) -> Mapping[str, Any]:
    """In the order in which they were made."""
    meeting = _meeting(asked, meeting_id, meeting_code)
    rows = [
        {
            "vote_theme_id": one.id,
            **_shown(asked, meeting, one),
            "vote_opt_list": [{"opt_id": str(number), "opt_desc": text} for number, text in _options(one)],
        }
        for one in asked.state.votes.older(meeting.id).themes.values()
    ]
    return {"vote_themes_number": len(rows), "vote_theme_list": rows}


@votes.does("delete_theme")
def delete_theme(
    asked: Asked,
    *,
    voteThemeId: str,  # noqa: N803 - the document's name
    meeting_id: str | None = None,
    meeting_code: str | None = None,
) -> None:
    """Votes of it stay."""
    found = _ballots(asked, meeting_id, meeting_code)
    del found.themes[_theme(found, voteThemeId).id]


@votes.lists("list")
def list_votes(
    asked: Asked, *, meeting_id: str | None = None, meeting_code: str | None = None
) -> list[Mapping[str, Any]]:
    """In the order in which they began."""
    found = _ballots(asked, meeting_id, meeting_code)
    return [{"vote_topic": one.theme.topic, "vote_id": one.id, "status": _status(one)} for one in found.polls.values()]


@votes.does("get_result")
def get_result(
    asked: Asked,
    *,
    voteId: str,  # noqa: N803 - the document's name
    meeting_id: str | None = None,
    meeting_code: str | None = None,
) -> Mapping[str, Any]:
    """Voters of anonymous votes stay unnamed."""
    meeting = _meeting(asked, meeting_id, meeting_code)
    found = _vote(asked.state.votes.older(meeting.id), voteId)
    rows: list[Mapping[str, Any]] = []
    for number, text in _options(found.theme):
        chosen = found.votes(0, number)
        named = [{"nick_name": _nick(asked, who)} for who in chosen[:MOST_VOTERS] if not found.theme.anonymous]
        row = {"opt_id": str(number), "opt_desc": text, "opt_number": len(chosen)}
        rows.append({**row, "opt_user_list": named} if named else row)
    about = {"vote_id": found.id, **_shown(asked, meeting, found.theme), "status": _status(found)}
    return {**about, "vote_total_num": len(found.cast), "vote_opt_list": rows}


@votes.does("delete")
def delete(
    asked: Asked,
    *,
    voteId: str,  # noqa: N803 - the document's name
    meeting_id: str | None = None,
    meeting_code: str | None = None,
) -> None:
    """With its result."""
    found = _ballots(asked, meeting_id, meeting_code)
    del found.polls[_vote(found, voteId).id]


def _meeting(asked: Asked, meeting_id: str | None, meeting_code: str | None) -> Meeting:
    if meeting_id is None and meeting_code is None:
        raise Refused(190004, "meeting_id or meeting_code is expected")
    meeting = by_code(asked, meeting_code or "") if meeting_id is None else meeting_of(asked, meeting_id)
    check_role(asked, meeting, admin=False, host=True)
    return meeting


def _ballots(asked: Asked, meeting_id: str | None, meeting_code: str | None) -> Ballots:
    return asked.state.votes.older(_meeting(asked, meeting_id, meeting_code).id)


def _theme(found: Ballots, theme_id: str) -> Theme:
    if theme_id not in found.themes:
        raise Refused(190004, f"voteThemeId {theme_id[:40]!r} is not there")
    return found.themes[theme_id]


def _vote(found: Ballots, vote_id: str) -> Poll:
    if vote_id not in found.polls:
        raise Refused(190004, f"voteId {vote_id[:40]!r} is not there")
    return found.polls[vote_id]


def _question(asked: Asked, info: Mapping[str, Any]) -> Question:
    options = [one["opt_desc"] for one in info["vote_opt_list"]]
    return asked.state.votes.question(info["vote_topic"], info["vote_type"], options)


def _options(theme: Theme) -> list[tuple[int, str]]:
    (only,) = theme.questions
    return list(zip(only.numbers, only.options, strict=True))


def _shown(asked: Asked, meeting: Meeting, theme: Theme) -> dict[str, Any]:
    about = {"vote_topic": theme.topic, "vote_desc": theme.text, "vote_type": int(theme.questions[0].multiple)}
    who = asked.call.people.name(theme.by)
    return {**about, "is_anony": theme.anonymous, "meeting_id": meeting.id, "userid": who}


def _nick(asked: Asked, userid: str) -> str:
    user = asked.state.users.get(userid)
    return (user.username if user else "") or userid


def _status(vote: Poll) -> int:
    return IS_RUNNING if vote.running else HAS_ENDED
