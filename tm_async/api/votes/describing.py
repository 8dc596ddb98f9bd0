"""A poll as one describes it: `Poll("Lunch?", single=["Here", "There"])`."""

from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar

from attrs import field

from tm_async._util.values import frozen
from tm_async.api.votes.polls import Choice, PollQuestion
from tm_async.core.declare import as_tuple
from tm_async.core.validation import on_page, violations
from tm_async.errors import ValidationError
from tm_async.rules import NOT_EMPTY, votes
from tm_async.rules.limits import characters, entries

__all__ = ["Poll", "Question"]

_PAGE = "1095/55300"
_OPTIONS = entries(10, least=2, page=_PAGE)

Option = Annotated[str, NOT_EMPTY, characters(36, page=_PAGE)]


def _options(given: Collection[str] | None) -> tuple[str, ...] | None:
    return as_tuple(given)


def _questions(given: "Collection[Question] | None") -> "tuple[Question, ...] | None":
    return as_tuple(given)


@frozen(slots=False)
class Question:
    """A question of a poll, whose rules are checked with those of the poll."""

    text: Annotated[str, NOT_EMPTY, characters(50, page=_PAGE)]
    """At most 50 characters."""
    single: Annotated[Collection[Option], _OPTIONS] | None = field(default=None, converter=_options, kw_only=True)
    """2 to 10 options of at most 36 characters each, of which everybody chooses one."""
    multiple: Annotated[Collection[Option], _OPTIONS] | None = field(default=None, converter=_options, kw_only=True)
    """The same, and everybody may choose several."""

    checks: ClassVar = (votes.single_or_multiple,)

    def as_sent(self) -> PollQuestion:
        """The same as the gateway takes it."""
        choice = Choice.SINGLE if self.multiple is None else Choice.MULTIPLE
        options = self.single if self.multiple is None else self.multiple
        return PollQuestion(question_desc=self.text, question_type=choice, poll_option=options or ())


@frozen(slots=False)
class Poll:
    """A poll with one question, which is its topic, or with several `questions` (doc 1095/55300).

    Raises `ValidationError` with everything that is wrong with it.
    """

    topic: Annotated[str, NOT_EMPTY, characters(50, page=_PAGE)]
    """At most 50 characters."""
    single: Annotated[Collection[Option], _OPTIONS] | None = field(default=None, converter=_options, kw_only=True)
    """2 to 10 options of at most 36 characters each, of which everybody chooses one."""
    multiple: Annotated[Collection[Option], _OPTIONS] | None = field(default=None, converter=_options, kw_only=True)
    """The same, and everybody may choose several."""
    questions: Annotated[Collection[Question], NOT_EMPTY, entries(10, page=_PAGE)] | None = field(
        default=None, converter=_questions, kw_only=True
    )
    """At most 10, instead of options."""
    text: Annotated[str, characters(100, page=_PAGE)] = field(default="", kw_only=True)
    """What is said about it, at most 100 characters."""
    anonymous: bool = field(default=False, kw_only=True)
    """Nobody sees who voted for what."""

    checks: ClassVar = (votes.options_or_questions,)

    def __attrs_post_init__(self) -> None:
        if found := violations(self):
            raise ValidationError(on_page(found, _PAGE), operation="votes.ask")

    def as_sent(self) -> Iterator[PollQuestion]:
        """Its questions as the gateway takes them."""
        own = Question(self.topic, single=self.single, multiple=self.multiple)
        return (one.as_sent() for one in ((own,) if self.questions is None else self.questions))
