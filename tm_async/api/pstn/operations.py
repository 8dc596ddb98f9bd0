"""Phones (PSTN) that are called into a meeting.

The creator, a host or a co-host may call, before and during a meeting; the enterprise needs a package of phone
conferencing. What becomes of a call shows in `list_callouts`, and comes as the event `PhoneStatusUpdated`.
"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from attrs import field

from tm_async.api.acting import ByUserId
from tm_async.api.counted import Counted
from tm_async.api.shared import AK_SK, ByOperator, MeetingId
from tm_async.core.annotations import Converted
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import Part, answer, operation, part
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import AlsoNamed, Named, OpenIntEnum, masked
from tm_async.rules import NOT_EMPTY, lists, pages, phones
from tm_async.rules.limits import entries

__all__ = [
    "CallOut",
    "CallState",
    "CalledPhone",
    "CallingArea",
    "CallsCancelled",
    "CallsMade",
    "CallsPage",
    "CancelCallOut",
    "DetailJob",
    "ExportCallDetails",
    "GetCallDetailJob",
    "JobStarted",
    "JobStatus",
    "ListCallOuts",
    "NotCalled",
    "Phone",
    "PhoneIds",
    "QueryPhoneIds",
]


class CallingArea(OpenIntEnum):
    """`area`: the calling code. These are all that can be called (doc 1095/80576)."""

    UNITED_STATES = 1
    MAINLAND_CHINA = 86
    HONG_KONG = 852


@part
class Phone(Part):
    """A telephone number."""

    area: CallingArea
    """86, 852 or 1: a number, without + or 00."""
    phone: Annotated[str, phones.DIGITS]
    """Digits only."""
    extension_number: Annotated[str, phones.DIGITS] | None = None


@part
class CalledPhone(Phone):
    """A telephone number that is to be called."""

    nick_name: str | None = None
    """What the meeting shows."""
    calling_party_area: CallingArea | None = None
    """Of the number that the called person sees; in one official SDK only (Go, 1.0.8)."""
    calling_party_phone_number: Annotated[str, phones.DIGITS] | None = None
    """The number that the called person sees; in one official SDK only (Go, 1.0.8)."""


@answer
class _Number(AnswerModel):
    """A telephone number in an answer."""

    area: CallingArea | None = None
    phone: Annotated[str, AlsoNamed("phone_number")] = ""
    """The sample of 2022 spells it `phone_number`, and is read, too."""
    extension_number: str | None = None


@answer
class CallState(_Number):
    """A number that is called, or was."""

    status: str = ""
    """No page says which texts there are; the vendor's sample has an empty one."""
    ms_open_id: str | None = None
    """Once connected: who that is in the meeting."""
    nick_name: str | None = None


@answer
class NotCalled(_Number):
    """A number that was not called, or whose call was not cancelled."""

    error_msg: str | None = None
    """Why not."""


@answer
class CallsMade(AnswerModel):
    """The numbers that are called now, and those that are not."""

    meeting_id: str = ""
    phone_numbers: tuple[CallState, ...] = ()
    invalid_phone_numbers: tuple[NotCalled, ...] = ()


@operation
class CallOut(ByOperator, Operation[CallsMade]):
    """Call phones into a meeting; it answers at once (doc 1095/80576).

    What is no number is answered in `invalid_phone_numbers`. A second call rings again: after an unclear outcome ask
    `list_callouts`. Also for webinars: guests while they are prepared, the audience once they run. `operator_id`
    is a userid; the text of the official SDKs knows other kinds of ids, too.
    """

    spec = Spec("pstn.callout", "POST /v1/meeting/{meeting_id}/phone/callout", repeat=Repeat.UNSAFE, modes=AK_SK)

    meeting_id: MeetingId
    phone_numbers: Annotated[Collection[CalledPhone], entries(30, least=1)]
    """1 to 30; the official SDKs say 50."""


@answer
class CallsCancelled(AnswerModel):
    """Which calls were cancelled. Members are read as the table spells them, and as the vendor's sample does."""

    success_list: Annotated[tuple[CallState, ...], AlsoNamed("SuccessList")] = ()
    """The numbers that are not called any more; `SuccessList` in the sample."""
    failed_list: Annotated[tuple[NotCalled, ...], AlsoNamed("FailedList")] = ()
    """The numbers whose call could not be cancelled; `FailedList` in the sample."""


@operation
class CancelCallOut(ByUserId, Operation[CallsCancelled]):
    """Cancel calls that ring (doc 1095/111469).

    What becomes of them is told by the event. Somebody who answered is taken out of the meeting instead.
    """

    spec = Spec(
        "pstn.cancel_callout", "POST /v1/meeting/{meeting_id}/phone/cancelcall", repeat=Repeat.SAFE, modes=AK_SK
    )

    meeting_id: MeetingId
    phone_numbers: Annotated[Collection[Phone], entries(50, least=1)]
    """1 to 50."""


@answer
class CallsPage(Counted):
    """One page of the calls of a meeting. The page's texts on `current_page` and `current_size` are swapped."""

    meeting_id: str = ""
    phone_numbers: tuple[CallState, ...] = ()


@operation
class ListCallOuts(ByUserId, PagedOperation[CallsPage, CallState]):
    """List the numbers that were called into a meeting, by whomever, with their states (doc 1095/80577)."""

    spec = Spec("pstn.list_callouts", "GET /v1/meeting/{meeting_id}/phone/callout", modes=AK_SK)
    paging: ClassVar = Numbered(items="phone_numbers")

    meeting_id: MeetingId
    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(100)] = 20
    """At most 100."""


@answer
class PhoneIds(AnswerModel):
    """Who the numbers are in the meeting."""

    meeting_id: str = ""
    ms_open_id_list: tuple[CallState, ...] = ()


if TYPE_CHECKING:
    from builtins import str as PathMeetingId
else:
    PathMeetingId = Annotated[str, Named("meetingId"), NOT_EMPTY]


@operation
class QueryPhoneIds(ByUserId, Operation[PhoneIds]):
    """Ask for the `ms_open_id` of people on the phone (doc 1095/80578).

    Only of those who answered, whoever left included; one number may have several.
    """

    spec = Spec(
        "pstn.query_ms_open_ids", "POST /v1/meetings/{meetingId}/phone/ms-open-id", repeat=Repeat.SAFE, modes=AK_SK
    )

    meeting_id: PathMeetingId
    phone_numbers: Annotated[Collection[Phone], NOT_EMPTY]
    """How many at most is not documented."""


# --- call details -----------------------------------------------------------------------------------------------------


def _day(given: object) -> object:
    return given.isoformat() if type(given) is date else given


if TYPE_CHECKING:
    Day = date | str
else:
    Day = Annotated[str, Converted(_day, takes=date | str), phones.DAY]


@answer
class JobStarted(AnswerModel):
    """The job that collects the details."""

    job_id: str = ""


@operation
class ExportCallDetails(ByUserId, Operation[JobStarted]):
    """Have the details of calls collected, for `get_call_detail_job` (doc 1095/86454).

    For the super administrator, and administrators with a right for billing. Days up to yesterday; none given: the
    last year. Another call starts another job.
    """

    spec = Spec("pstn.export_call_details", "GET /v1/meeting/phone/call-detail", modes=AK_SK)

    meeting_id: MeetingId | None = None
    """Left out: all meetings of the enterprise."""
    start_date: Day | None = None
    """The first day, a `date` or `yyyy-MM-dd`."""
    end_date: Day | None = None
    """The last day. Both or none."""

    checks: ClassVar = (phones.both_days,)


class JobStatus(OpenIntEnum):
    """`status` of a job."""

    UNFINISHED = 0
    FINISHED = 1


@answer
class DetailJob(AnswerModel):
    """What became of a job."""

    status: JobStatus | None = None
    job_url: str | None = field(default=None, repr=masked)
    """Where the file is, for 2 hours. No page says what it holds."""
    error_msg: str | None = None


@operation
class GetCallDetailJob(ByUserId, Operation[DetailJob]):
    """Ask whether the details of calls are collected, and where they are (doc 1095/86453)."""

    spec = Spec("pstn.get_call_detail_job", "GET /v1/meeting/{job_id}")

    job_id: Annotated[str, NOT_EMPTY]
