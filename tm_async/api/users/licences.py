"""Licences: who has an AI account, and how many of everything are left."""

from typing import Annotated

from attrs import field

from tm_async.api.shared import AK_SK, ByOperator, OperatorType, UserId, type_from
from tm_async.api.users.values import AccountType, AiAccountType, LargeMeetingSeats, WebinarViewers
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.kinds import kind_of_id
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.rules import users
from tm_async.rules.limits import in_answers_only

__all__ = [
    "AccountCount",
    "AccountStatistics",
    "AddAiAccount",
    "AiAccountCount",
    "GetAccountStatistics",
    "LargeMeetingCount",
    "RemoveAiAccount",
    "WebinarCount",
]


@mixin
class _OfUser:
    to_operator_id: UserId
    """Whose account it is."""
    to_operator_id_type: Annotated[OperatorType, kind_of_id(1)] = field(default=type_from("to_operator_id"))
    """1 (userid) only."""


@operation
class AddAiAccount(ByOperator, _OfUser, Operation[None]):
    """Give a user an AI account (doc 1095/108996).

    For premium accounts of the enterprise and education editions. Somebody who has one is refused (500058, 500111,
    500112); so is the call where licences are short (500028, 500056).
    """

    spec = Spec(
        "users.add_ai_account",
        "POST /v1/users/account/ai-account",
        repeat=Repeat.SAFE,
        modes=AK_SK,
        lookup="tm_async.api.users.lookup:ai_given",
    )

    ai_account_type: Annotated[AiAccountType, in_answers_only(0)] | None = None
    """Left out, gifted licences are used up first."""

    def counts_as_done_again(self, code: int) -> bool:
        """ "Has it already" is what the second attempt hears when the first one got through."""
        return code in users.HAS_AI_ALREADY


@operation
class RemoveAiAccount(ByOperator, _OfUser, Operation[None]):
    """Take the AI account from a user (doc 1095/108997). Somebody who has none is refused (500059)."""

    spec = Spec(
        "users.remove_ai_account",
        "DELETE /v1/users/account/ai-account",
        modes=AK_SK,
        lookup="tm_async.api.users.lookup:ai_taken",
    )

    def counts_as_done_again(self, code: int) -> bool:
        """ "Has none" is what the second attempt hears when the first one got through."""
        return code == users.HAS_NO_AI


@answer
class AccountCount(AnswerModel):
    """Licences of one kind."""

    user_account_type: AccountType | None = None
    user_account_count: int | None = None
    """Owned."""
    user_account_used_count: int | None = None
    """Assigned."""


@answer
class LargeMeetingCount(AnswerModel):
    """Add-ons for large meetings of one size."""

    add_on_largemeeting_type: LargeMeetingSeats | None = None
    add_on_largemeeting_count: int | None = None
    """Owned."""
    add_on_largemeeting_used_count: int | None = None
    """Assigned."""


@answer
class WebinarCount(AnswerModel):
    """Add-ons for webinars of one size."""

    add_on_webinar_type: WebinarViewers | None = None
    add_on_webinar_count: int | None = None
    """Owned."""
    add_on_webinar_used_count: int | None = None
    """Assigned."""


@answer
class AiAccountCount(AnswerModel):
    """AI licences of one kind."""

    ai_account_type: AiAccountType | None = None
    ai_account_count: int | None = None
    """Owned."""
    ai_account_used_count: int | None = None
    """Assigned."""


@answer
class AccountStatistics(AnswerModel):
    """How many users there are, and how many licences are owned and assigned."""

    user_count: int | None = None
    user_account_details: tuple[AccountCount, ...] = ()
    add_on_largemeeting_details: tuple[LargeMeetingCount, ...] = ()
    add_on_webinar_details: tuple[WebinarCount, ...] = ()
    ai_account_details: tuple[AiAccountCount, ...] = ()
    """Not for the business edition."""


@operation
class GetAccountStatistics(ByOperator, Operation[AccountStatistics]):
    """Count users, and licences that are owned and assigned (doc 1095/108998)."""

    spec = Spec("users.get_account_statistics", "GET /v1/users/account/statistics", modes=AK_SK)
