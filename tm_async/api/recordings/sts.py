"""STS tokens: what apps that an enterprise made from 2026-01-16 on need for calls on sensitive data."""

from tm_async.api.shared import ByOperator, OperatorType
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import OpenIntEnum

__all__ = ["RequestStsToken", "StsTokenHours", "StsTokenRequest"]


class StsTokenHours(OpenIntEnum):
    """`valid_time`."""

    SIX = 6
    TWELVE = 12
    TWENTY_FOUR = 24


@answer
class StsTokenRequest(AnswerModel):
    """What was asked for, and has not come yet."""

    req_id: str = ""
    """Repeated in the event that brings the token."""


@operation
class RequestStsToken(ByOperator, Operation[StsTokenRequest]):
    """Ask for an STS token, which comes by the event `common.sts-token` and in no other way (doc 1095/127650).

    So an address for events has to be configured before. Whether several tokens can be valid at once is not documented.
    """

    spec = Spec("apps.request_sts_token", "POST /v1/app/sts-token", repeat=Repeat.SAFE, needs="req_id")

    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid only."""
    valid_time: StsTokenHours = StsTokenHours.TWENTY_FOUR
    """Hours: 6, 12 or 24."""
