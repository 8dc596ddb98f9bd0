"""The older form of polls, with one question each (doc 1095/55320): still printed, no longer maintained; use the polls.

Hosts may. A vote is started and ended in the client.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, ClassVar

from tm_async import rules
from tm_async.api.shared import Device, MeetingCode, MeetingId, UserId
from tm_async.api.votes.polls import Anonymity, Choice
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, mixin, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.validation import Check
from tm_async.core.wire import Named, OpenIntEnum
from tm_async.rules import lists, pages, votes
from tm_async.rules.limits import characters, entries

__all__ = [
    "CreateVoteTheme",
    "DeleteVote",
    "DeleteVoteTheme",
    "GetVoteResult",
    "ListVoteThemes",
    "ListVotes",
    "ModifyVoteTheme",
    "Vote",
    "VoteOption",
    "VoteOptionInfo",
    "VoteOptionResult",
    "VoteResult",
    "VoteStatus",
    "VoteTheme",
    "VoteThemeInfo",
    "VoteThemeMade",
    "VoteThemes",
    "Voter",
    "VotesPage",
]

if TYPE_CHECKING:
    from builtins import str as VoteId
    from builtins import str as VoteThemeId
else:
    VoteId = Annotated[str, Named("voteId"), rules.NOT_EMPTY]
    VoteThemeId = Annotated[str, Named("voteThemeId"), rules.NOT_EMPTY]


class VoteStatus(OpenIntEnum):
    """`status` of a vote."""

    RUNNING = 1
    ENDED = 2


@part
class VoteOption(Part):
    """An option."""

    opt_desc: Annotated[str, characters(36, least=1)]
    """1 to 36 characters."""


@part
class VoteThemeInfo(Part):
    """A question with its options."""

    vote_topic: Annotated[str, characters(36, least=1)]
    """1 to 36 characters."""
    vote_opt_list: Annotated[Collection[VoteOption], entries(10, least=2)]
    """2 to 10."""
    vote_desc: Annotated[str, characters(50)] = ""
    """At most 50 characters."""
    vote_type: Choice = Choice.SINGLE
    is_anony: Anonymity = Anonymity.NAMED


@answer
class VoteOptionInfo(AnswerModel):
    """An option of a theme."""

    opt_id: str = ""
    opt_desc: str = ""


@answer
class Voter(AnswerModel):
    """Somebody who chose an option."""

    nick_name: str = ""


@answer
class VoteOptionResult(VoteOptionInfo):
    """An option of a result."""

    opt_number: int | None = None
    """Votes for it."""
    opt_user_list: tuple[Voter, ...] = ()
    """At most 100."""


@answer
class VoteTheme(AnswerModel):
    """A theme in a list."""

    vote_topic: str = ""
    vote_desc: str = ""
    vote_theme_id: str = ""
    """Begins with A."""
    vote_type: Choice | None = None
    is_anony: Anonymity | None = None
    meeting_id: str = ""
    userid: str = ""
    """Who made it."""
    vote_opt_list: tuple[VoteOptionInfo, ...] = ()


@answer
class VoteThemes(AnswerModel):
    """The themes of a meeting."""

    vote_themes_number: int | None = None
    vote_theme_list: tuple[VoteTheme, ...] = ()


@answer
class VoteThemeMade(AnswerModel):
    """A theme that was made just now."""

    vote_theme_id: str = ""
    """Begins with A."""


@answer
class Vote(AnswerModel):
    """A vote in a list."""

    vote_topic: str = ""
    vote_id: str = ""
    """Begins with B."""
    status: VoteStatus | None = None


@answer
class VotesPage(AnswerModel):
    """One page of a meeting's votes."""

    vote_list: tuple[Vote, ...] = ()
    vote_total_number: int | None = None
    vote_total_page: int | None = None
    vote_current_page: int | None = None
    vote_current_size: int | None = None


@answer
class VoteResult(Vote):
    """A vote and its result."""

    vote_desc: str = ""
    vote_type: Choice | None = None
    is_anony: Anonymity | None = None
    meeting_id: str = ""
    userid: str = ""
    vote_total_num: int | None = None
    """Votes cast."""
    vote_opt_list: tuple[VoteOptionResult, ...] = ()


@mixin
class _ByHost:
    """Which meeting, and who acts upon it."""

    checks: ClassVar[tuple[Check, ...]] = (votes.meeting_is_named,)

    userid: UserId
    """A host."""
    instanceid: Device = Device.PC
    meeting_id: MeetingId | None = None
    """This or `meeting_code`."""
    meeting_code: MeetingCode | None = None
    """9 digits; spaces and dashes are removed."""


@operation
class CreateVoteTheme(_ByHost, Operation[VoteThemeMade]):
    """Prepare a vote (doc 1095/55320). At most 20 a meeting. No longer maintained; use `create_poll_theme`."""

    spec = Spec("votes.create_theme", "POST /v1/vote-themes", repeat=Repeat.UNSAFE, needs="vote_theme_id")

    vote_theme_info: VoteThemeInfo


@operation
class ListVoteThemes(_ByHost, Operation[VoteThemes]):
    """List the prepared votes of a meeting (doc 1095/55320). No longer maintained; use `list_polls`."""

    spec = Spec("votes.list_themes", "GET /v1/vote-themes")


@operation
class ModifyVoteTheme(_ByHost, Operation[None]):
    """Replace a prepared vote (doc 1095/55320). No longer maintained; use `modify_poll_theme`."""

    spec = Spec("votes.modify_theme", "PUT /v1/vote-themes/{voteThemeId}")

    vote_theme_id: VoteThemeId
    vote_theme_info: VoteThemeInfo


@operation
class DeleteVoteTheme(_ByHost, Operation[None]):
    """Delete a prepared vote (doc 1095/55320). No longer maintained; use `delete_poll`."""

    spec = Spec("votes.delete_theme", "DELETE /v1/vote-themes/{voteThemeId}?userid&instanceid&meeting_id&meeting_code")

    vote_theme_id: VoteThemeId


@operation
class ListVotes(_ByHost, PagedOperation[VotesPage, Vote]):
    """List the votes that run or have ended (doc 1095/55320). No longer maintained; use `list_polls`."""

    spec = Spec("votes.list", "GET /v1/votes")
    paging: ClassVar = Numbered(items="vote_list", last="vote_total_page")

    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(20)] = 20


@operation
class GetVoteResult(_ByHost, Operation[VoteResult]):
    """Look up a vote and its result (doc 1095/55320). No longer maintained; use `get_poll`."""

    spec = Spec("votes.get_result", "GET /v1/votes/{voteId}")

    vote_id: VoteId


@operation
class DeleteVote(_ByHost, Operation[None]):
    """Delete a vote and its result (doc 1095/55320). No longer maintained; use `delete_poll`."""

    spec = Spec("votes.delete", "DELETE /v1/votes/{voteId}?userid&instanceid&meeting_id&meeting_code")

    vote_id: VoteId
