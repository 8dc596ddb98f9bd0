"""Enrolment: what people are asked before they may come, and who may come.

A meeting has it once it is created with `enable_enroll`; before that these calls are refused (101). Only the creator
may make them, with OAuth2 only for meetings that the same app created, and `operator_id` is then the open id, with
`operator_id_type` 2.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from attrs import Factory, field

from tm_async import rules
from tm_async.api.meetings.enrolment_models import (
    ApproveType,
    EnrollAction,
    EnrollConfig,
    EnrollConfigSaved,
    Enrollee,
    EnrollIdRef,
    EnrollIdsFound,
    Enrollment,
    EnrollmentsDeleted,
    EnrollmentsHandled,
    EnrollmentsImported,
    EnrollmentsPage,
    EnrollNotice,
    EnrollSorting,
    EnrollStatus,
    NoYes,
    NumberDisplay,
    Question,
)
from tm_async.api.shared import OPERATOR_TYPE, ByCaller, ByOperator, Device, MeetingId, OperatorType
from tm_async.core.annotations import Converted
from tm_async.core.declare import mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import SecondsText
from tm_async.rules import enrolment, lists, pages
from tm_async.rules.limits import at_least, characters, entries

__all__ = [
    "ApproveEnrollments",
    "DeleteEnrollments",
    "GetEnrollConfig",
    "ImportEnrollments",
    "ListEnrollments",
    "QueryEnrollIds",
    "SetEnrollConfig",
]


def _enroll_id_ref(one: Any) -> EnrollIdRef:
    return one if isinstance(one, EnrollIdRef) else EnrollIdRef(one)


if TYPE_CHECKING:
    AnyEnrollId = int | EnrollIdRef
else:
    AnyEnrollId = Annotated[EnrollIdRef, Converted(_enroll_id_ref, takes=int | EnrollIdRef)]


@operation
class ListEnrollments(ByOperator, PagedOperation[EnrollmentsPage, Enrollment]):
    """List who enrolled, with their answers (doc 1095/64011)."""

    spec = Spec("meetings.list_enrollments", "GET /v1/meetings/{meeting_id}/enroll/approvals")
    paging: ClassVar = Numbered(items="enroll_list")

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(300)] = 50
    """At most 300. The official SDKs say 50, which we ask for."""
    status: EnrollStatus | None = None
    """The gateway's default is all."""


@mixin
class _ByEither(ByCaller):
    """Who acts: `operator_id`, or `userid` as on the pages of 2022-23."""

    operator_id_type: OperatorType | None = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id; follows from `operator_id`."""


@operation
class ApproveEnrollments(_ByEither, Operation[EnrollmentsHandled]):
    """Approve or reject enrolments, or make them pending again (doc 1095/64010).

    Refused once the meeting has ended (129) and for ids that do not exist (112); how many ids a call takes is not
    documented.
    """

    spec = Spec("meetings.approve_enrollments", "PUT /v1/meetings/{meeting_id}/enroll/approvals")

    meeting_id: MeetingId
    instanceid: Device | None = None
    action: EnrollAction
    enroll_id_list: Annotated[Collection[int], rules.NOT_EMPTY]


@operation
class GetEnrollConfig(ByOperator, Operation[EnrollConfig]):
    """Look up the settings of a meeting's enrolment, and its questions (doc 1095/64009)."""

    spec = Spec("meetings.get_enroll_config", "GET /v1/meetings/{meeting_id}/enroll/config")

    meeting_id: MeetingId
    instanceid: Device = Device.PC


def _collects(config: "SetEnrollConfig") -> NoYes | None:
    return NoYes.YES if config.question_list else None


@operation
class SetEnrollConfig(ByOperator, Operation[EnrollConfigSaved]):
    """Change the settings of a meeting's enrolment, and its questions (doc 1095/64007).

    Of `cover_image` and `enroll_push_type` it is documented that what is left out stays as it is; of the others it
    is not. Images are fetched afterwards: whether that went well comes as an event.
    """

    spec = Spec("meetings.set_enroll_config", "PUT /v1/meetings/{meeting_id}/enroll/config")

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    approve_type: ApproveType | None = None
    question_list: Collection[Question] | None = None
    """Preset questions come first, the others in their order. How many there may be is not documented."""
    is_collect_question: NoYes | None = field(default=Factory(_collects, takes_self=True))
    """Set to 2 (yes) by a question_list. The gateway's default is 1 (no)."""
    no_registration_needed_for_staff: bool | None = None
    """Let the creator's own enterprise in without enrolling; default false."""
    enroll_number: Annotated[int, at_least(1)] | None = None
    """How many may enrol, at least 1; by default as many as the meeting takes."""
    enroll_deadline: SecondsText | None = None
    """An aware datetime in the future, fractions of a second cut off; by default there is none."""
    enroll_push_type: Collection[EnrollNotice] | None = None
    """How people hear of the decision; left out or empty: unchanged. The sources disagree on the numbers of SMS and
    e-mail, see `EnrollNotice`: try it with a meeting of your own.
    """
    display_number_of_participants: NumberDisplay | None = None
    enroll_description: Annotated[str, characters(5000)] | None = None
    """The page's text, at most 5,000 characters."""
    cover_image: Annotated[Collection[str], entries(5)] | None = None
    """URLs of at most 5 pictures in their order, jpg, jpeg or png, 5 MB each. An empty text stands for the default
    picture; left out or an empty list: unchanged.
    """

    checks: ClassVar = (enrolment.questions_are_collected,)


@operation
class QueryEnrollIds(_ByEither, Operation[EnrollIdsFound]):
    """Find out which enrolments belong to people in a meeting (doc 1095/71935).

    People are named by `ms_open_id`, as the list of participants shows it. Those who did not enrol are left out of
    the answer.
    """

    spec = Spec("meetings.query_enroll_ids", "POST /v1/meetings/{meeting_id}/enroll/ids", repeat=Repeat.SAFE)

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    ms_open_id_list: Annotated[Collection[str], entries(500, least=1)]
    """At most 500."""
    sorting_rules: EnrollSorting | None = None


@operation
class ImportEnrollments(ByOperator, Operation[EnrollmentsImported]):
    """Enrol people who did not do so themselves (doc 1095/67898).

    At most 1,000 a call; in all 1,000 per meeting with the business edition and 4,000 with the enterprise edition.
    Ids that are not registered are left out and listed in the result's `user_non_registered`. Whether somebody can be
    imported twice is not documented.
    """

    spec = Spec("meetings.import_enrollments", "POST /v1/meetings/{meeting_id}/enroll/import", repeat=Repeat.UNSAFE)

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    enroll_list: Annotated[Collection[Enrollee], entries(1000, least=1)]


@operation
class DeleteEnrollments(ByOperator, Operation[EnrollmentsDeleted]):
    """Delete enrolments, imported ones and others (doc 1095/67899).

    How many ids a call takes is not documented.
    """

    spec = Spec("meetings.delete_enrollments", "DELETE /v1/meetings/{meeting_id}/enroll/unregistration")

    meeting_id: MeetingId
    instanceid: Device = Device.PC
    enroll_id_list: Annotated[Collection[AnyEnrollId], rules.NOT_EMPTY]
    """Plain ids or `EnrollIdRef`."""
