"""How well a meeting went for its people, and how it goes right now."""

from math import inf
from typing import Annotated, Any, ClassVar

from attrs import Factory, field, frozen

from tm_async import rules
from tm_async.api.meetings.quality_models import MeetingQuality, ParticipantQos, ParticipantQuality, QosPage
from tm_async.api.shared import Device, OperatorType, UserId
from tm_async.core.exchange import AuthMode
from tm_async.core.operation import Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import Seconds
from tm_async.rules import lists, pages
from tm_async.rules import quality as own

__all__ = ["GetQos", "GetQuality"]


@frozen(kw_only=True)
class GetQuality(PagedOperation[MeetingQuality, ParticipantQuality]):
    """How well a meeting went: awaited, the meeting's own grades; iterated, its people's (doc 1095/80575).

    For administrators of enterprises that pay for the service.
    """

    spec = Spec(
        id="meetings.get_quality",
        method="GET",
        path="/v1/meetings/{meeting_id}/quality",
        doc="1095/80575",
        repeat=Repeat.SAFE,
    )
    paging: ClassVar = Numbered(items="participants")

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    sub_meeting_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """The occurrence, required for a series."""
    operator_id: UserId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid (set by us), 2 open id, 4 the id in a meeting."""
    instanceid: Device | None = None
    start_time: Seconds
    """Within the last 7 days. It picks the session that began then or next after it.

    A session lasts from the first person's coming to the last one's leaving; one meeting may have several.
    """
    page_size: Annotated[int, lists.page_size(50, page="1095/80575")] = 50
    """At most 50."""
    page: Annotated[int, lists.page_up_to(2000, page=None)] = 1
    """From 1 to 2,000 (the page does not say how far)."""


def _target_type(query: "GetQos") -> OperatorType | None:
    return OperatorType.MS_OPEN_ID if query.to_operator_id is not None else None


def _number(value: float | None) -> float | None:
    """Whole numbers are numbers too; anything else is for the rules to name."""
    given: Any = value
    if type(given) is not int:
        return value
    try:
        return float(given)
    except OverflowError:
        return inf


@frozen(kw_only=True)
class GetQos(PagedOperation[QosPage, ParticipantQos]):
    """List the metrics of the people in a meeting or webinar that is running (doc 1095/104578).

    For the creator, the host and those with control rights; AK/SK only. There is a sample every 2 seconds. At most 30
    calls a minute for one meeting, beyond which comes 500046 (doc 1095/105276); each page of the list is a call.
    """

    spec = Spec(
        id="meetings.get_qos",
        method="GET",
        path="/v1/meetings/{meeting_id}/qos",
        doc="1095/104578",
        repeat=Repeat.SAFE,
        modes=frozenset({AuthMode.ENTERPRISE}),
    )
    paging: ClassVar = Numbered(items="participants")

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: UserId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid (set by us); the SDKs list the others too."""
    to_operator_id: Annotated[str, rules.NOT_EMPTY] | None = None
    """Only the metrics of this person."""
    to_operator_id_type: OperatorType | None = field(default=Factory(_target_type, takes_self=True))
    """4 the id in a meeting (set by us), the only one listed."""
    key: Annotated[str, rules.NOT_EMPTY] | None = None
    """The metric to filter by, module and metric joined by "_". The gateway's default is video_upstream_bitrate."""
    min_value: Annotated[float, own.FINITE] | None = field(default=None, converter=_number)
    """Only where the metric is at least this."""
    max_value: Annotated[float, own.FINITE] | None = field(default=None, converter=_number)
    """Only where the metric is at most this."""
    page_size: Annotated[int, lists.page_size(100, least=20, page="1095/104578")] | None = None
    """20 to 100. The gateway's default is 20."""
    page: Annotated[int, pages.PAGE] | None = None
    """From 1."""

    checks: ClassVar = (own.somebody_of_that_type, own.some_value_between)
