"""Join links of one's own for each person or channel: each carries data that comes back when somebody joins by it."""

import json
from base64 import b64decode, b64encode
from typing import Annotated, Any

from attrs import field

from tm_async.api.shared import AK_SK, OPERATOR_TYPE, ByOperator, MeetingId, OperatorType
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.wire import is_object
from tm_async.rules.limits import utf8_bytes

__all__ = [
    "CarriedData",
    "CreateCustomerUrl",
    "CustomerUrl",
    "CustomerUrlCreated",
    "CustomerUrls",
    "ListCustomerUrls",
    "customer_data",
]


def customer_data(user_data: str) -> str:
    """Your data in the form that the vendor asks of `customer_data`: Base64 of a JSON object (doc 1095/64850)."""
    return b64encode(json.dumps({"ver": "1.0", "userData": user_data}, ensure_ascii=False).encode()).decode()


@answer
class CarriedData(AnswerModel):
    """The data that a link carries."""

    customer_data: str = ""
    """As it was given to `create_customer_url`."""

    @property
    def user_data(self) -> str | None:
        """What was given to `customer_data()`; `None` where the data has another form."""
        try:
            value: Any = json.loads(b64decode(self.customer_data, validate=True))
        except (ValueError, RecursionError):
            return None
        found = value.get("userData") if is_object(value) else None
        return found if isinstance(found, str) else None


@answer
class CustomerUrl(CarriedData):
    """A join link and the data that it carries."""

    meeting_short_url: str = ""


@answer
class CustomerUrlCreated(AnswerModel):
    """A new join link."""

    meeting_short_url_customer_data: CustomerUrl = CustomerUrl()


@answer
class CustomerUrls(AnswerModel):
    """The join links of a meeting."""

    meeting_short_url_customer_data: tuple[CustomerUrl, ...] = ()


@operation
class CreateCustomerUrl(ByOperator, Operation[CustomerUrlCreated]):
    """Make a join link that carries your data (doc 1095/64850).

    The data comes back in the events of people who join or wait, and in the list of the waiting room. At most 300
    links a meeting (202005 beyond); not for personal meeting numbers and webinars; for clients of version 3.2.0 or
    newer.
    """

    spec = Spec(
        "meetings.create_customer_url",
        "POST /v1/meetings/customer-short-url",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="meeting_short_url_customer_data",
    )

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The page names 1 (userid) only."""
    customer_data: Annotated[str, utf8_bytes(256)]
    """At most 256 bytes. The page asks for the form that `customer_data()` gives; a sample has plain text."""


@operation
class ListCustomerUrls(ByOperator, Operation[CustomerUrls]):
    """List all join links of a meeting that carry data (doc 1095/64851).

    Not for personal meeting numbers and webinars.
    """

    spec = Spec("meetings.list_customer_urls", "GET /v1/meetings/{meeting_id}/customer-short-url", modes=AK_SK)

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The page names 1 (userid) only."""
