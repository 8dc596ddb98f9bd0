"""How well a meeting went for its people, and how it goes right now."""

from math import inf
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async import rules
from tm_async.api.meetings.quality_models import MeetingQuality, ParticipantQos, ParticipantQuality, QosPage
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, ByOperator, Device, MeetingId, OperatorType
from tm_async.core.annotations import Converted
from tm_async.core.declare import operation
from tm_async.core.kinds import kind_of_id
from tm_async.core.operation import Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import Seconds
from tm_async.rules import lists, pages
from tm_async.rules import quality as own

__all__ = ["GetQos", "GetQuality"]


@operation
class GetQuality(ByOperator, PagedOperation[MeetingQuality, ParticipantQuality]):
    """How well a meeting went: awaited, the meeting's own grades; iterated, its people's (doc 1095/80575).

    For administrators of enterprises that pay for the service.
    """

    spec = Spec("meetings.get_quality", "GET /v1/meetings/{meeting_id}/quality")
    paging: ClassVar = Numbered(items="participants")

    meeting_id: MeetingId
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The occurrence, required for a series."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid (set by us), 2 open id, 4 the id in a meeting."""
    instanceid: Device | None = None
    start_time: Seconds
    """Within the last 7 days. It picks the session that began then or next after it.

    A session lasts from the first person's coming to the last one's leaving; one meeting may have several.
    """
    page_size: Annotated[int, lists.page_size(50)] = 50
    """At most 50."""
    page: Annotated[int, lists.page_up_to(2000, page=None)] = 1
    """From 1 to 2,000 (the page does not say how far)."""


def _target_type(query: "GetQos") -> OperatorType | None:
    return OperatorType.MS_OPEN_ID if query.to_operator_id is not None else None


def _number(value: Any) -> Any:
    """Whole numbers are numbers too; anything else is for the rules to name."""
    if type(value) is not int:
        return value
    try:
        return float(value)
    except OverflowError:
        return inf


if TYPE_CHECKING:
    from builtins import float as Number
else:
    Number = Annotated[float, Converted(_number), own.FINITE]


@operation
class GetQos(ByOperator, PagedOperation[QosPage, ParticipantQos]):
    """List the metrics of the people in a meeting or webinar that is running (doc 1095/104578).

    For the creator, the host and those with control rights; AK/SK only. There is a sample every 2 seconds. At most 30
    calls a minute for one meeting, beyond which comes 500046 (doc 1095/105276); each page of the list is a call.
    """

    spec = Spec("meetings.get_qos", "GET /v1/meetings/{meeting_id}/qos", modes=AK_SK)
    paging: ClassVar = Numbered(items="participants")

    meeting_id: MeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid (set by us); the SDKs list the others too."""
    to_operator_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """Only the metrics of this person."""
    to_operator_id_type: Annotated[OperatorType, kind_of_id(4)] | None = field(
        default=Factory(_target_type, takes_self=True)
    )
    """4 the id in a meeting (set by us), the only one listed."""
    key: Annotated[str, rules.NOT_EMPTY] | None = None
    """The metric to filter by, module and metric joined by "_". The gateway's default is video_upstream_bitrate."""
    min_value: Number | None = None
    """Only where the metric is at least this."""
    max_value: Number | None = None
    """Only where the metric is at most this."""
    page_size: Annotated[int, lists.page_size(100, least=20)] | None = None
    """20 to 100. The gateway's default is 20."""
    page: Annotated[int, pages.PAGE] | None = None
    """From 1."""

    checks: ClassVar = (own.somebody_of_that_type, own.some_value_between)
