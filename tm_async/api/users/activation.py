"""Bring users to activate their accounts and to verify their phones: messages, and links to send by other ways."""

from collections.abc import Collection
from typing import Annotated

from attrs import field

from tm_async.api.shared import AK_SK, ByOperator, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import masked
from tm_async.rules import users
from tm_async.rules.limits import entries

__all__ = [
    "ActivationLink",
    "ActivationLinks",
    "CreateActivationLinks",
    "CreateVerificationLinks",
    "LinkRefused",
    "SendActivation",
    "SendVerification",
    "VerificationLink",
    "VerificationLinks",
]


@operation
class SendActivation(ByOperator, Operation[None]):
    """Send the invitation to activate again, by SMS or e-mail (doc 1095/88673).

    For users who are not activated, once a day for each phone or address (15101). The vendor recommends to do so a day
    after a user was created whose `status` is still 3.
    """

    spec = Spec(
        "users.send_activation", "PUT /v1/users/{userid}/invite-activate?operator_id&operator_id_type", modes=AK_SK
    )

    userid: UserId

    def counts_as_done_again(self, code: int) -> bool:
        """ "Reminded today" is what the second attempt hears when the first one got through."""
        return code == users.REMINDED_TODAY


@operation
class SendVerification(ByOperator, Operation[None]):
    """Send the message by which an activated user verifies the phone number (doc 1095/109023).

    Once a day for each number (500119). Refused for users who are not activated (500120) or have no phone (500121).
    """

    spec = Spec("users.send_verification", "PUT /v1/users/{userid}/invite-auth", modes=AK_SK)

    userid: UserId

    def counts_as_done_again(self, code: int) -> bool:
        """ "Sent today" is what the second attempt hears when the first one got through."""
        return code == users.VERIFICATION_SENT_TODAY


@answer
class ActivationLink(AnswerModel):
    """A link by which one user activates the account."""

    userid: str = ""
    activate_url: str = field(default="", repr=masked)
    """Works for 48 hours."""


@answer
class ActivationLinks(AnswerModel):
    """The links of those who are not activated; who is activated already is left out."""

    inactivate_user_list: tuple[ActivationLink, ...] = ()


@operation
class CreateActivationLinks(ByOperator, Operation[ActivationLinks]):
    """Make links by which users activate their accounts (doc 1095/98642).

    They work for 48 hours, and older ones stay valid. Users who are activated are missing in the answer.
    """

    spec = Spec("users.create_activation_links", "POST /v1/users/invite-activate", repeat=Repeat.SAFE, modes=AK_SK)

    userid_list: Annotated[Collection[UserId], entries(100, least=1)]
    """At most 100."""


@answer
class VerificationLink(AnswerModel):
    """A link by which one user verifies the phone number."""

    userid: str = ""
    auth_url: str = field(default="", repr=masked)
    """Works for 48 hours."""


@answer
class LinkRefused(AnswerModel):
    """A user who got no link."""

    userid: str = ""
    error_code: int | None = None
    error_msg: str | None = None


@answer
class VerificationLinks(AnswerModel):
    """The links, and who got none."""

    auth_user_list: tuple[VerificationLink, ...] = ()
    error_user_list: tuple[LinkRefused, ...] = ()


# A second run is another of the day's ten: repeating is left to the caller.
@operation
class CreateVerificationLinks(ByOperator, Operation[VerificationLinks]):
    """Make links by which users verify their phone numbers (no page known).

    They work for 48 hours, and older ones stay valid; ten a day for each user. Who gets none is in the answer.
    """

    spec = Spec("users.create_verification_links", "POST /v1/users/invite-auth", repeat=Repeat.UNSAFE, modes=AK_SK)

    userid_list: Annotated[Collection[UserId], entries(100, least=1)]
    """At most 100."""
