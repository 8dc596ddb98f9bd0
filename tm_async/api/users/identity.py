"""Who somebody is: ids of one kind for ids of another, what an app may know, phone numbers."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.shared import AK_SK, OAUTH, OPERATOR_TYPE, ByOperator, MeetingId, OperatorType
from tm_async.api.users.models import UserInfo
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum, masked
from tm_async.rules import NOT_EMPTY, users
from tm_async.rules.limits import entries

__all__ = [
    "BindPhone",
    "Binding",
    "CancelAuthorization",
    "ConvertOpenIds",
    "ConvertedId",
    "ConvertedIds",
    "GetBasicInfo",
    "GetMsOpenId",
    "GetPhoneNumber",
    "GetPhoneToken",
    "MsOpenIdOf",
    "PhoneInfo",
    "PhoneNumber",
    "PhoneToken",
    "SendPhoneCode",
]


@operation
class GetBasicInfo(ByOperator, Operation[UserInfo]):
    """Look up the user that the app acts for (doc 1095/67432).

    With OAuth2 only, `operator_id` being the open id; not for accounts of MRA, Rooms and mini programs.
    """

    spec = Spec("users.get_basic_info", "GET /v1/users/info/basic", modes=OAUTH)

    operator_id_type: OperatorType = OperatorType.OPEN_ID
    """2 (open id) only."""


@operation
class CancelAuthorization(ByOperator, Operation[None]):
    """Give up the leave to act for a user (doc 1095/73364).

    Only where members may authorise apps themselves, and no administrator opened the app for them. `OAuth2App.withdraw`
    forgets the stored grant, too.
    """

    spec = Spec(
        "users.cancel_authorization", "PUT /v1/auth-users/cancel-auth?operator_id&operator_id_type", modes=OAUTH
    )

    operator_id_type: OperatorType = OperatorType.OPEN_ID
    """2 open id; the sources list the others, too."""


@answer
class MsOpenIdOf(AnswerModel):
    """What a user is known by in one meeting."""

    meeting_id: str = ""
    ms_open_id: str = ""


@operation
class GetMsOpenId(ByOperator, Operation[MsOpenIdOf]):
    """Ask what a user is known by in a meeting: before, during and after it (doc 1095/74998).

    With AK/SK for meetings of the enterprise, with OAuth2 for those that the same app created (else 202801).
    """

    spec = Spec("users.get_ms_open_id", "GET /v1/meetings/{meeting_id}/ms-open-id")

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id, 3 rooms id; follows from `operator_id`."""


@answer
class ConvertedId(AnswerModel):
    """A user's two ids."""

    open_id: str = ""
    userid: str = ""


@answer
class ConvertedIds(AnswerModel):
    """The userids behind open ids, and what is no open id of that app."""

    userid_list: tuple[ConvertedId, ...] = ()
    invalid_open_id_list: tuple[str, ...] = ()


@operation
class ConvertOpenIds(ByOperator, Operation[ConvertedIds]):
    """Find the userids behind the open ids that an app knows users by (no page known)."""

    spec = Spec("users.convert_open_ids", "POST /v1/users/open-id-to-userid", repeat=Repeat.SAFE, modes=AK_SK)

    sdkid: Annotated[str, NOT_EMPTY]
    """The SdkId of that app."""
    open_id_list: Annotated[Collection[Annotated[str, NOT_EMPTY]], entries(1000, least=1)]
    """At most 1,000."""


# --- phone numbers ----------------------------------------------------------------------------------------------------


class Binding(OpenIntEnum):
    """`type` of binding a phone."""

    FIRST = 1
    AGAIN = 2
    """Another number; needs a `token`."""


@mixin
class _Phone:
    area: int
    """Calling code, a number here: 86."""
    phone: Annotated[str, NOT_EMPTY]
    """Numbers of mainland China only."""


@operation
class SendPhoneCode(ByOperator, _Phone, Operation[None]):
    """Send a code to a user's present phone, before another one is bound (doc 1095/122366).

    One a minute and ten an hour for each number (500190, 500191); 20,000 in 24 hours for the enterprise. The code has 6
    digits and works for 10 minutes.
    """

    spec = Spec("users.send_phone_code", "POST /v1/users/phone/rebind-send-code", repeat=Repeat.UNSAFE)


@answer
class PhoneToken(AnswerModel):
    """What shows that the user holds the present phone."""

    token: str = field(default="", repr=masked)
    """Works for 5 minutes."""


@operation
class GetPhoneToken(ByOperator, _Phone, Operation[PhoneToken]):
    """Turn the code that came to the present phone into a token for binding another one (doc 1095/122368).

    The path ends in "tokene" on the page, in the table and in the sample: maybe a slip of the page.
    """

    spec = Spec("users.get_phone_token", "POST /v1/users/phone/get-tokene", repeat=Repeat.UNSAFE)

    code: Annotated[str, users.PHONE_CODE] = field(repr=masked)
    """6 digits."""


@operation
class BindPhone(ByOperator, _Phone, Operation[None]):
    """Bind a phone to a user (doc 1095/122367).

    `operator_id` must be that very user. The code for a first binding comes by a call whose page was not read; the
    sample names `/v1/users/phone/bind-send-code`, which `tm.request` reaches.
    """

    spec = Spec("users.bind_phone", "POST /v1/users/phone/bind", repeat=Repeat.UNSAFE)

    code: Annotated[str, users.PHONE_CODE] = field(repr=masked)
    """6 digits."""
    type: Binding
    token: Annotated[str, NOT_EMPTY] | None = field(default=None, repr=masked)
    """From `get_phone_token`; required to bind another number."""

    checks: ClassVar = (users.token_to_bind_again,)


@answer
class PhoneInfo(AnswerModel):
    """A phone number."""

    phone_number: str = ""
    country_code: str = ""


@answer
class PhoneNumber(AnswerModel):
    """The phone number that somebody showed to an app in the client."""

    phone_info: PhoneInfo | None = None


@operation
class GetPhoneNumber(Operation[PhoneNumber]):
    """Read the phone number that a user showed to an app in the client (doc 1095/84043).

    Own codes: 3501 no leave, 3502 service, 3506 too often, 3507 no such token.
    """

    spec = Spec("users.get_phone_number", "GET /v1/user/info/phonenumber")

    token: Annotated[str, NOT_EMPTY] = field(repr=masked)
    """From the JSAPI of the client; works once, for 5 minutes."""
