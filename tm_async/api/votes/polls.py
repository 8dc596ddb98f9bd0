"""Polls of a running meeting: a theme is a draft, and each start makes a poll of it.

The creator, hosts and co-hosts may, in both modes (rights "manage poll" and "query poll"). Errors of all of them: 9042
the role, 300102 it was deleted.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, ClassVar

from tm_async import rules
from tm_async.api.inside import InMeeting
from tm_async.api.shared import MeetingId, Switch
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import Named, OpenIntEnum
from tm_async.rules import votes
from tm_async.rules.limits import characters, entries

__all__ = [
    "Anonymity",
    "Choice",
    "CreatePollTheme",
    "DeletePoll",
    "FinishPoll",
    "GetPoll",
    "GetPollTheme",
    "ListPolls",
    "ModifyPollTheme",
    "PollInfo",
    "PollOptionInfo",
    "PollQuestion",
    "PollQuestionData",
    "PollQuestionInfo",
    "PollRun",
    "PollStarted",
    "PollStatus",
    "PollTheme",
    "PollThemeMade",
    "PollThemeRuns",
    "Polls",
    "StartPoll",
]

if TYPE_CHECKING:
    from builtins import str as PathMeetingId
else:
    PathMeetingId = Annotated[str, Named("meetingId"), rules.NOT_EMPTY]


class Choice(OpenIntEnum):
    """`question_type` and `vote_type`: how many options somebody may choose."""

    SINGLE = 0
    MULTIPLE = 1


class Anonymity(OpenIntEnum):
    """`is_anony`."""

    NAMED = 0
    ANONYMOUS = 1


class PollStatus(OpenIntEnum):
    """`status` of a poll."""

    NOT_STARTED = 0
    RUNNING = 1
    ENDED = 2


@part
class PollQuestion(Part):
    """A question, with 2 to 10 options."""

    question_desc: Annotated[str, characters(50)]
    """At most 50 characters."""
    question_type: Choice
    poll_option: Annotated[Collection[Annotated[str, characters(36)]], entries(10, least=2)]
    """At most 36 characters each."""


@answer
class PollQuestionInfo(AnswerModel):
    """A question as it was given."""

    question_desc: str = ""
    question_type: Choice | None = None
    poll_option: tuple[str, ...] = ()


@answer
class PollOptionInfo(AnswerModel):
    """An option, in a result with what was voted. Members for the voters of named polls were not read; see `wire`."""

    option_desc: str = ""
    option_id: int | None = None
    option_num: int | None = None
    """Votes for it."""
    rate: int | None = None
    """Its share, an integer."""


@answer
class PollQuestionData(AnswerModel):
    """A question of a theme or of a result."""

    question_id: str = ""
    question_desc: str = ""
    question_type: Choice | None = None
    option_info: tuple[PollOptionInfo, ...] = ()


@answer
class _Described(AnswerModel):
    """What a poll and its theme say of themselves."""

    meeting_id: str = ""
    poll_theme_id: str = ""
    """Begins with A."""
    poll_topic: str = ""
    poll_desc: str = ""
    is_anony: Anonymity | None = None


@answer
class PollThemeMade(_Described):
    """A theme that was made just now."""

    poll_questions: tuple[PollQuestionInfo, ...] = ()


@answer
class PollTheme(_Described):
    """A theme."""

    poll_question_data: tuple[PollQuestionData, ...] = ()


@answer
class PollInfo(PollTheme):
    """A poll and its result."""

    poll_id: str = ""
    """Begins with B."""
    status: PollStatus | None = None
    is_shared: Switch | None = None
    """Whether those inside were shown the result."""
    vote_total_num: int | None = None
    """People who voted."""


@answer
class PollStarted(AnswerModel):
    """A poll that runs now."""

    meeting_id: str = ""
    poll_theme_id: str = ""
    poll_id: str = ""
    """Begins with B."""


@answer
class PollRun(AnswerModel):
    """A poll in a list."""

    poll_id: str = ""
    poll_topic: str = ""
    status: PollStatus | None = None
    is_shared: Switch | None = None
    is_anony: Anonymity | None = None


@answer
class PollThemeRuns(AnswerModel):
    """A theme in a list, with its polls."""

    poll_theme_id: str = ""
    polls_info: tuple[PollRun, ...] = ()


@answer
class Polls(AnswerModel):
    """The themes of a meeting."""

    polls_theme_info: tuple[PollThemeRuns, ...] = ()


@mixin
class _InPolls(InMeeting):
    meeting_id: PathMeetingId


@mixin
class _Theme(_InPolls):
    poll_topic: Annotated[str, characters(50)]
    """At most 50 characters."""
    poll_questions: Annotated[Collection[PollQuestion], entries(10)]
    """At most 10."""
    poll_desc: Annotated[str, characters(100)] | None = None
    """At most 100 characters."""
    is_anony: Anonymity | None = None


@operation
class CreatePollTheme(_Theme, Operation[PollThemeMade]):
    """Prepare a poll in a running meeting (doc 1095/55300). `start_poll` starts it; `ask` does both."""

    spec = Spec(
        "votes.create_poll_theme",
        "POST /v1/meetings/{meetingId}/polls",
        repeat=Repeat.UNSAFE,
        needs="poll_theme_id",
        lookup="tm_async.api.votes.lookup:prepared",
    )


@operation
class ModifyPollTheme(_Theme, Operation[None]):
    """Replace what a poll theme says (doc 1095/76819). What is not given is gone."""

    spec = Spec("votes.modify_poll_theme", "PUT /v1/meetings/{meetingId}/polls")

    poll_theme_id: Annotated[str, rules.NOT_EMPTY]


@operation
class GetPollTheme(_InPolls, Operation[PollTheme]):
    """Look up a poll theme (doc 1095/55303)."""

    spec = Spec("votes.get_poll_theme", "GET /v1/meetings/{meetingId}/polls")

    poll_theme_id: Annotated[str, rules.NOT_EMPTY]


@operation
class DeletePoll(_InPolls, Operation[None]):
    """Delete a poll theme, or a poll with its result (doc 1095/55320).

    The polls of a theme stay; with the last of them, once that is deleted, the theme goes. Own code: 310001 the meeting
    has no such poll.
    """

    spec = Spec("votes.delete_poll", "DELETE /v1/meetings/{meetingId}/polls")
    checks: ClassVar = (votes.theme_or_poll,)

    poll_theme_id: str | None = None
    poll_id: str | None = None
    """Counts where both are given."""

    def counts_as_done_again(self, code: int) -> bool:
        """ "Was deleted" is what the second attempt hears when the first one got through."""
        return code == votes.POLL_DELETED


@operation
class ListPolls(_InPolls, Operation[Polls]):
    """List the poll themes of a meeting with their polls (doc 1095/76821). All at once."""

    spec = Spec("votes.list_polls", "GET /v1/meetings/{meetingId}/polls-list")


@operation
class GetPoll(_InPolls, Operation[PollInfo]):
    """Look up a poll and its result (doc 1095/76823)."""

    spec = Spec("votes.get_poll", "GET /v1/meetings/{meetingId}/polls/{poll_id}")

    poll_id: Annotated[str, rules.NOT_EMPTY]


@operation
class StartPoll(_InPolls, Operation[PollStarted]):
    """Start a poll of a theme (doc 1095/76820).

    Own codes: 300107 it runs already, 300104 it has ended; what 300402, 310005 and 41 are, the page does not say.
    """

    spec = Spec(
        "votes.start_poll",
        "PUT /v1/meetings/{meetingId}/polls/{poll_theme_id}",
        repeat=Repeat.UNSAFE,
        needs="poll_id",
        lookup="tm_async.api.votes.lookup:started",
    )

    poll_theme_id: Annotated[str, rules.NOT_EMPTY]


@operation
class FinishPoll(InMeeting, Operation[None]):
    """End a running poll (doc 1095/76825). Own code: 300104 it has ended."""

    spec = Spec("votes.finish_poll", "PUT /v1/meetings/{meeting_id}/polls/{poll_theme_id}/finish/{poll_id}")

    meeting_id: MeetingId
    poll_theme_id: Annotated[str, rules.NOT_EMPTY]
    poll_id: Annotated[str, rules.NOT_EMPTY]

    def counts_as_done_again(self, code: int) -> bool:
        """ "Has ended" is what the second attempt hears when the first one got through."""
        return code == votes.POLL_ENDED
