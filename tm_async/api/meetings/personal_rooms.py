"""Personal meeting numbers (PMI): the meetings that took place under one."""

from datetime import timedelta
from typing import Annotated, ClassVar

from attrs import field

from tm_async import rules
from tm_async.api.shared import AK_SK, OPERATOR_TYPE, Device, OperatorType
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Spec
from tm_async.core.paging import Numbered, PagedOperation, Window
from tm_async.core.wire import OpenIntEnum, Seconds
from tm_async.rules import lists, pages

__all__ = ["ListPmi", "PmiMeeting", "PmiMeetingsPage", "PmiStatus"]


class PmiStatus(OpenIntEnum):
    """`status` of a meeting under a personal meeting number (doc 1095/64637): numbers for `MeetingStatus`' words."""

    INVALID = -1
    INIT = 0
    """Pending, nobody inside."""
    CANCELLED = 1
    STARTED = 2
    """Somebody is inside."""
    ENDED = 3
    """Deleted by the host after the scheduled end."""
    NULL = 6
    """Past the scheduled end, nobody inside."""
    RECYCLED = 7


@answer
class PmiMeeting(AnswerModel):
    """A meeting under a personal meeting number."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: str = ""
    start_time: Seconds | None = None
    """As scheduled."""
    end_time: Seconds | None = None
    """As scheduled."""
    status: PmiStatus | None = None


@answer
class PmiMeetingsPage(AnswerModel):
    """One page of a list of meetings under a personal meeting number."""

    meeting_info_list: tuple[PmiMeeting, ...] = ()
    current_page: int | None = None
    current_size: int | None = None
    total_count: int | None = None
    total_page: int | None = None


@operation
class ListPmi(PagedOperation[PmiMeetingsPage, PmiMeeting]):
    """List the meetings under somebody's personal meeting number (doc 1095/64637).

    A call takes at most 90 days; a longer span is asked for piece by piece. What is listed without `start_time` or
    `end_time` is not documented; nor are pending meetings certain: the page names those that run or ended, the
    official SDKs the pending ones too.
    """

    spec = Spec("meetings.list_pmi", "GET /v1/pmi-meetings", modes=AK_SK)
    paging: ClassVar = Numbered(items="meeting_info_list")
    # Whether the meetings under one number share their id is not documented: the start tells them apart.
    window: ClassVar = Window(longest=timedelta(days=90), key=("meeting_id", "start_time"))

    operator_id: Annotated[str, rules.USERID]
    """Whose number it is."""
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 3 rooms id."""
    instanceid: Device = Device.PC
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    page: Annotated[int, pages.PAGE] | None = None
    """The gateway's default is 1."""
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20, which is the gateway's default."""

    checks: ClassVar = (lists.end_not_before_start,)
