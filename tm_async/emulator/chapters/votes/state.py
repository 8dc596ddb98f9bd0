"""Polls by meeting, the older votes apart from them. Knows nothing of codes and wire shapes."""

from collections.abc import Sequence
from itertools import count
from random import Random

from attrs import define, field, frozen

__all__ = ["Ballots", "Poll", "Question", "Theme", "Votes"]


@frozen
class Question:
    """A question, or all of an older vote."""

    text: str
    multiple: bool
    options: tuple[str, ...]
    numbers: tuple[int, ...]
    """Of the options, unique in the enterprise."""


@define(kw_only=True)
class Theme:
    """What may become a poll."""

    id: str
    by: str
    topic: str
    text: str
    anonymous: int
    questions: Sequence[Question]


@define(kw_only=True)
class Poll:
    """A poll, with what its theme said when it began."""

    id: str
    theme: Theme
    running: bool = True
    shared: bool = False
    cast: dict[str, Sequence[Sequence[int]]] = field(factory=dict[str, Sequence[Sequence[int]]])
    """By voter: for each question the numbers of the options."""

    def votes(self, question: int, option: int) -> list[str]:
        """Who chose an option."""
        return [voter for voter, chosen in self.cast.items() if option in chosen[question]]


@define
class Ballots:
    """Those of one meeting, in one of the two forms, by id."""

    themes: dict[str, Theme] = field(factory=dict[str, Theme])
    polls: dict[str, Poll] = field(factory=dict[str, Poll])


class Votes:
    """Those of all meetings."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._numbers = count(20001)
        self._new: dict[str, Ballots] = {}
        self._old: dict[str, Ballots] = {}

    def of(self, meeting_id: str) -> Ballots:
        """The polls of a meeting."""
        return self._new.setdefault(meeting_id, Ballots())

    def older(self, meeting_id: str) -> Ballots:
        """The votes of a meeting."""
        return self._old.setdefault(meeting_id, Ballots())

    def meeting_of(self, poll_id: str) -> str | None:
        """The meeting that has a poll or a theme of this id."""
        return next((one for one, has in self._new.items() if poll_id in {*has.themes, *has.polls}), None)

    def question(self, text: str, multiple: int, options: Sequence[str]) -> Question:
        """A question whose options have numbers."""
        return Question(text, bool(multiple), tuple(options), tuple(next(self._numbers) for _ in options))

    def add(
        self, to: Ballots, *, by: str, topic: str, text: str, anonymous: int, questions: Sequence[Question]
    ) -> Theme:
        """A new theme."""
        made = Theme(id=self._id("A"), by=by, topic=topic, text=text, anonymous=anonymous, questions=questions)
        to.themes[made.id] = made
        return made

    def start(self, among: Ballots, theme: Theme) -> Poll:
        """A poll of a theme as it is now."""
        now = Theme(**{name: getattr(theme, name) for name in ("id", "by", "topic", "text", "anonymous", "questions")})
        made = Poll(id=self._id("B"), theme=now)
        among.polls[made.id] = made
        return made

    def _id(self, letter: str) -> str:
        digits = f"{self._rng.getrandbits(128):032X}"
        return f"{letter}{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
