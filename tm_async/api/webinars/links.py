"""Links into a webinar of one's own for each person or channel, which carry data: `customer_data()` makes its form."""

from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.meetings.customer_links import CarriedData
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, ByOperator, Device, MeetingId, OperatorType
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import OpenIntEnum
from tm_async.rules import lists, pages
from tm_async.rules.limits import utf8_bytes

__all__ = [
    "CreateWebinarUrl",
    "LinkOpens",
    "LinkRole",
    "ListWebinarUrls",
    "WebinarUrl",
    "WebinarUrlCreated",
    "WebinarUrlsPage",
]


class LinkRole(OpenIntEnum):
    """`is_webinar_guest`: as what somebody comes in."""

    GUEST = 1
    AUDIENCE = 2


class LinkOpens(OpenIntEnum):
    """`is_join_meeting`: what the link opens."""

    WEBINAR = 1
    PAGE = 2
    """The invitation, or the page with the details."""


@answer
class WebinarUrl(CarriedData):
    """A link and the data that it carries."""

    webinar_short_url: str = ""
    is_webinar_guest: LinkRole | None = None
    is_join_meeting: LinkOpens | None = None


@answer
class WebinarUrlCreated(AnswerModel):
    """A new link."""

    webinar_short_url_customer_data: WebinarUrl = WebinarUrl()


@answer
class WebinarUrlsPage(AnswerModel):
    """One page of the links of a webinar."""

    webinar_short_url_customer_data: tuple[WebinarUrl, ...] = ()
    total_count: int | None = None
    total_page: int | None = None
    current_page: int | None = None
    current_size: int | None = None


@operation
class CreateWebinarUrl(ByOperator, Operation[WebinarUrlCreated]):
    """Make a link into a webinar that carries your data (doc 1095/95023). For clients of version 3.2.0 or newer."""

    spec = Spec(
        "webinars.create_customer_url",
        "POST /v1/webinars/customer-short-url",
        repeat=Repeat.UNSAFE,
        modes=AK_SK,
        needs="webinar_short_url_customer_data",
    )

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The page names 1 (userid) only."""
    instanceid: Device = Device.PC
    is_webinar_guest: LinkRole = LinkRole.AUDIENCE
    is_join_meeting: LinkOpens = LinkOpens.WEBINAR
    customer_data: Annotated[str, utf8_bytes(256)]
    """At most 256 bytes, in the form that `customer_data()` gives."""


@operation
class ListWebinarUrls(ByOperator, PagedOperation[WebinarUrlsPage, WebinarUrl]):
    """List the links into a webinar that carry data (doc 1095/95024)."""

    spec = Spec("webinars.list_customer_urls", "GET /v1/webinars/customer-short-url")
    paging: ClassVar = Numbered(items="webinar_short_url_customer_data")

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """The page names 1 (userid) only."""
    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(50)] = 50
    """At most 50."""
