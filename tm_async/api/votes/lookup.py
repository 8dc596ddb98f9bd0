"""Looking for what a call of unclear outcome made of a poll: in the meeting's list (doc 1095/76821), and its drafts.

Nothing shows when or by whom a theme was made. One that says the same and was never started is as good as the call's
own; one that was started may be an older one.
"""

from typing import Any

from attrs import frozen

from tm_async.api.meetings.alike import Fit, subject_fit
from tm_async.api.votes.polls import (
    CreatePollTheme,
    GetPollTheme,
    ListPolls,
    PollStarted,
    PollStatus,
    PollTheme,
    PollThemeMade,
    PollThemeRuns,
    StartPoll,
)
from tm_async.core.lookup import Likeness, Sighting
from tm_async.errors import NotFound

__all__ = ["prepared", "started"]

_WHO = ("meeting_id", "operator_id", "operator_id_type", "instanceid")


async def _themes(client: Any, operation: Any) -> tuple[PollThemeRuns, ...]:
    listed = await client.send(ListPolls(**{name: getattr(operation, name) for name in _WHO}))
    themes: tuple[PollThemeRuns, ...] = listed.polls_theme_info
    return themes


@frozen
class _Prepared:
    """The `Lookup` of `CreatePollTheme`."""

    needs = (*_WHO, "poll_topic", "poll_questions", "poll_desc", "is_anony")
    kept = ("poll_theme_id",)

    def likeness(self, operation: CreatePollTheme) -> Likeness:
        """All themes of a meeting."""
        return Likeness((operation.spec.id, operation.meeting_id), operation)

    async def look(
        self, client: Any, operation: CreatePollTheme, since: float, now: float, *, all_of_it: bool, reading: Any = None
    ) -> Sighting:
        """Read the list, and each theme that was never started: a call for each."""
        matches, nearly = dict[str, Any](), dict[str, str]()
        who = {name: getattr(operation, name) for name in _WHO}
        for theme in await _themes(client, operation):
            if not theme.poll_theme_id:
                nearly[""] = "a theme can't be read"
            elif theme.polls_info:
                if any(subject_fit(operation.poll_topic, one.poll_topic) for one in theme.polls_info):
                    nearly[theme.poll_theme_id] = "one of this topic was started, and may be an older one"
            else:
                try:
                    shown = await client.send(GetPollTheme(**who, poll_theme_id=theme.poll_theme_id))
                except NotFound:  # deleted meanwhile
                    continue
                fit = _fit(operation, shown)
                if fit is Fit.SAME:
                    matches[theme.poll_theme_id] = _as_made(theme.poll_theme_id, shown)
                elif fit is Fit.NEARLY:
                    nearly[theme.poll_theme_id] = "its words differ"
        return Sighting(matches, nearly)


def _as_made(theme_id: str, shown: PollTheme) -> PollThemeMade:
    return PollThemeMade.from_wire({**shown.wire, "poll_theme_id": theme_id})


def _fit(operation: CreatePollTheme, shown: PollTheme) -> Fit:
    """Whether a theme says what was asked for, word for word, or nearly. Another choice is another theme."""
    questions = tuple(operation.poll_questions)
    if len(questions) != len(shown.poll_question_data) or shown.is_anony not in (None, operation.is_anony or 0):
        return Fit.OTHER
    texts = [(operation.poll_topic, shown.poll_topic), (operation.poll_desc or "", shown.poll_desc)]
    for asked, there in zip(questions, shown.poll_question_data, strict=True):
        options = tuple(asked.poll_option)
        if len(options) != len(there.option_info) or there.question_type not in (None, asked.question_type):
            return Fit.OTHER
        texts.append((asked.question_desc, there.question_desc))
        texts += zip(options, [one.option_desc for one in there.option_info], strict=True)
    return min(subject_fit(asked, there) for asked, there in texts)


@frozen
class _Started:
    """The `Lookup` of `StartPoll`."""

    needs = (*_WHO, "poll_theme_id")
    kept = ("poll_id",)

    def likeness(self, operation: StartPoll) -> Likeness:
        """All polls of a theme."""
        return Likeness((operation.spec.id, operation.meeting_id), operation.poll_theme_id)

    async def look(
        self, client: Any, operation: StartPoll, since: float, now: float, *, all_of_it: bool, reading: Any = None
    ) -> Sighting:
        """Read the list: whichever call started a poll of the theme that runs, there is nothing left to do."""
        ids = {"meeting_id": operation.meeting_id, "poll_theme_id": operation.poll_theme_id}
        matches, nearly = dict[str, Any](), dict[str, str]()
        for theme in await _themes(client, operation):
            for one in theme.polls_info if theme.poll_theme_id == operation.poll_theme_id else ():
                if one.poll_id and one.status == PollStatus.RUNNING:
                    matches[one.poll_id] = PollStarted.from_wire({**ids, "poll_id": one.poll_id})
                else:
                    nearly[one.poll_id] = "one of this theme has ended, or can't be read"
        return Sighting(matches, nearly)


prepared = _Prepared()
started = _Started()
