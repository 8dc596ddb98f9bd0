"""Who looks at a page inside the client, and the ticket with which its scripts may call the client."""

from typing import Annotated

from attrs import field

from tm_async import rules
from tm_async.api.shared import AK_SK, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.secret import hides
from tm_async.core.wire import SecondsText, masked

__all__ = ["GetJsapiUser", "GetTicket", "JsapiUser", "JsapiUserFound", "Ticket"]


@answer
class Ticket(AnswerModel):
    """A ticket for the scripts of a page: `signature` makes what they are given."""

    ticket: str = field(default="", repr=masked)
    """Good for one use, and for the user it was asked for."""
    timestamp: SecondsText | None = None
    expired_time: int | None = None
    """How long it is good, in seconds: 300 in the vendor's samples."""


@operation
class GetTicket(Operation[Ticket]):
    """Get a ticket for the scripts of a page (doc 1095/83773).

    With AK/SK the user is said. With OAuth2 it is the app's user, and nothing is given.
    """

    spec = Spec("jsapi.get_ticket", "GET /v1/jsapi/ticket", needs="ticket")

    userid: UserId | None = None
    """With AK/SK only."""


@answer
class JsapiUser(AnswerModel):
    """Somebody who looks at a page."""

    userid: str = ""


@answer
class JsapiUserFound(AnswerModel):
    """Who looks at a page, in the envelope that OAuth has."""

    code: int | None = None
    message: str = ""
    nonce: str = ""
    user_info: JsapiUser = JsapiUser()


@hides(texts=("auth_code",))
@operation
class GetJsapiUser(Operation[JsapiUserFound]):
    """Find out who looks at a page, by the code that its scripts were given (doc 1095/83772). The code is good once.

    One that is not good is refused as OAuth2 does it (1002, `AuthenticationError`), which the page does not say. It
    prints the parameter as "auth code"; that it is `auth_code` is an assumption.
    """

    spec = Spec("jsapi.get_user", "GET /v1/jsapi/user", modes=AK_SK, envelope=True)

    auth_code: Annotated[str, rules.NOT_EMPTY] = field(repr=masked)
