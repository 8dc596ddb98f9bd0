"""What came of a poll, as one reads it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from attrs import field, frozen

from tm_async._util.csvfile import CsvFile, write_csv
from tm_async.api.votes.polls import Anonymity, Choice, PollInfo, PollOptionInfo, PollQuestionData, PollStatus

__all__ = ["OptionResult", "PollResult", "QuestionResult"]


@frozen(kw_only=True)
class OptionResult:
    """An option, and who voted for it."""

    text: str
    votes: int | None
    """`None`: the gateway does not say."""
    share: float | None
    """Its votes by the people who voted, 0 to 1; where several may be chosen the shares add up to more than 1."""
    wire: Mapping[str, Any] = field(factory=dict[str, Any], eq=False, repr=False)
    """The option as it came: who voted in a named poll is in there, by members that no source has."""


@frozen(kw_only=True)
class QuestionResult:
    """A question, and what was voted."""

    text: str
    multiple: bool
    """Whether everybody might choose several."""
    options: tuple[OptionResult, ...]


@frozen(kw_only=True)
class PollResult:
    """What came of a poll, by now or in the end."""

    topic: str
    text: str
    anonymous: bool
    running: bool
    """Whether people may still vote."""
    voters: int | None
    """People who voted."""
    questions: tuple[QuestionResult, ...]

    @classmethod
    def of(cls, info: PollInfo) -> Self:
        """What `tm.votes.get_poll` answered."""
        return cls(
            topic=info.poll_topic,
            text=info.poll_desc,
            anonymous=info.is_anony == Anonymity.ANONYMOUS,
            running=info.status == PollStatus.RUNNING,
            voters=info.vote_total_num,
            questions=tuple(_question(one, info.vote_total_num) for one in info.poll_question_data),
        )

    def to_csv(self, file: CsvFile) -> None:
        """Write a row for each option: `question`, `option`, `votes`, `share` in percent.

        `file`: a path, whose file is replaced, or a file open for writing. Excel and WPS open it as UTF-8, and no cell
        is a formula. Raises `OSError`.
        """
        write_csv(file, ["question", "option", "votes", "share"], self._rows())

    def _rows(self) -> Iterator[Sequence[str]]:
        for question in self.questions:
            for one in question.options:
                votes = "" if one.votes is None else str(one.votes)
                yield question.text, one.text, votes, "" if one.share is None else f"{one.share:.0%}"


def _question(data: PollQuestionData, voters: int | None) -> QuestionResult:
    return QuestionResult(
        text=data.question_desc,
        multiple=data.question_type == Choice.MULTIPLE,
        options=tuple(_option(one, voters) for one in data.option_info),
    )


def _option(info: PollOptionInfo, voters: int | None) -> OptionResult:
    share = None if info.option_num is None or voters is None else info.option_num / voters if voters else 0.0
    return OptionResult(text=info.option_desc, votes=info.option_num, share=share, wire=info.wire)
