"""How often a recording was seen and downloaded, and by whom."""

from datetime import timedelta
from typing import Annotated, ClassVar

from tm_async.api.counted import Counted
from tm_async.api.recordings.values import MeetingRecordId, RecordFileId
from tm_async.api.shared import ByOperator
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Numbered, PagedOperation, Window
from tm_async.core.wire import Milliseconds, OpenIntEnum, Seconds
from tm_async.rules import lists, pages, recordings

__all__ = [
    "DailyFigures",
    "GetRecordingMetrics",
    "ListRecordingEvents",
    "ListViewDetails",
    "RecordingEvent",
    "RecordingEventType",
    "RecordingEventsPage",
    "RecordingMetrics",
    "ViewDetail",
    "ViewDetailsPage",
]


class RecordingEventType(OpenIntEnum):
    """`event_type`."""

    DOWNLOAD = 1
    VIEW = 2


@answer
class DailyFigures(AnswerModel):
    """How often on one day."""

    date: str = ""
    """`2026-12-01`."""
    view_counts: int | None = None
    download_counts: int | None = None


@answer
class RecordingMetrics(AnswerModel):
    """The days one by one, those without any access, too."""

    summaries: tuple[DailyFigures, ...] = ()


@operation
class GetRecordingMetrics(Operation[RecordingMetrics]):
    """Count the views and downloads of a recording by days (no page known).

    Without times of the last 31 days, which are the most. A copy of the pages of 2021 says that OAuth2 is not
    supported, the SDK's text of today that it is.
    """

    spec = Spec("recordings.get_metrics", "GET /v1/metrics/records")

    meeting_record_id: MeetingRecordId
    start_time: Seconds | None = None
    end_time: Seconds | None = None

    checks: ClassVar = (lists.end_not_before_start, recordings.at_most_31_days)


@answer
class RecordingEvent(AnswerModel):
    """Somebody saw or downloaded a recording."""

    operate_time: Milliseconds | None = None
    event_type: RecordingEventType | None = None
    userid: str | None = None
    user_name: str | None = None
    record_name: str | None = None


@answer
class RecordingEventsPage(Counted):
    """One page of views or downloads."""

    events: tuple[RecordingEvent, ...] = ()


@operation
class ListRecordingEvents(PagedOperation[RecordingEventsPage, RecordingEvent]):
    """List the views or the downloads of a recording (no page known).

    A longer time than 31 days is asked for piece by piece; how far back they are kept is not documented. A copy of the
    pages of 2021 says that OAuth2 is not supported, the SDK's text of today that it is.
    """

    spec = Spec("recordings.list_events", "GET /v1/records/events")
    paging: ClassVar = Numbered(items="events")
    window: ClassVar = Window(longest=timedelta(days=31), key=("operate_time", "userid", "user_name", "record_name"))

    meeting_record_id: MeetingRecordId
    event_type: RecordingEventType
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50; the gateway's default is 20."""

    checks: ClassVar = (lists.end_not_before_start,)


@answer
class ViewDetail(AnswerModel):
    """How somebody saw a file."""

    userid: str | None = None
    user_name: str | None = None
    record_file_name: str | None = None
    view_start_time: Milliseconds | None = None
    view_end_time: Milliseconds | None = None
    view_time: int | None = None
    """Milliseconds that were seen."""
    total_view_progress: str | None = None
    """How much of the file was seen, with a sign of per cent."""


@answer
class ViewDetailsPage(Counted):
    """One page of who saw a file."""

    view_details: tuple[ViewDetail, ...] = ()


@operation
class ListViewDetails(ByOperator, PagedOperation[ViewDetailsPage, ViewDetail]):
    """List who saw a file of a recording, when and how much of it (no page known). The last 31 days are kept.

    The times travel in milliseconds, other than those of `list_events`.
    """

    spec = Spec("recordings.list_view_details", "GET /v1/records/view-details")
    paging: ClassVar = Numbered(items="view_details")

    record_file_id: RecordFileId
    start_time: Milliseconds | None = None
    end_time: Milliseconds | None = None
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50; the gateway's default is 20."""

    checks: ClassVar = (lists.end_not_before_start,)
