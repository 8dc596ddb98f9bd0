"""Enrolment: what people are asked before they may come, and who may come.

A meeting has it once it is created with `enable_enroll`; before that these calls are refused (101). Only the creator
may make them, with OAuth2 only for meetings that the same app created, and `operator_id` is then the open id, with
`operator_id_type` 2.
"""

from collections.abc import Iterable
from typing import Annotated, ClassVar, cast

from attrs import Factory, field, frozen

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
from tm_async.api.shared import Device, OperatorType, as_tuple
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.wire import SecondsText
from tm_async.rules import enrolment, lists, pages

__all__ = [
    "ApproveEnrollments",
    "DeleteEnrollments",
    "GetEnrollConfig",
    "ImportEnrollments",
    "ListEnrollments",
    "QueryEnrollIds",
    "SetEnrollConfig",
]


def _texts(items: Iterable[str] | None) -> tuple[str, ...] | None:
    return as_tuple(items)


def _ids(items: Iterable[int]) -> tuple[int, ...]:
    return cast("tuple[int, ...]", as_tuple(items))


def _ms_open_ids(items: Iterable[str]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", as_tuple(items))


def _enrollees(people: Iterable[Enrollee]) -> tuple[Enrollee, ...]:
    return cast("tuple[Enrollee, ...]", as_tuple(people))


def _enroll_id_refs(ids: Iterable[int | EnrollIdRef]) -> tuple[EnrollIdRef, ...]:
    given = as_tuple(ids)
    if isinstance(given, tuple):
        return tuple(one if isinstance(one, EnrollIdRef) else EnrollIdRef(one) for one in given)
    return cast("tuple[EnrollIdRef, ...]", given)  # no collection: the rules will say so


def _notices(notices: Iterable[EnrollNotice] | None) -> tuple[EnrollNotice, ...] | None:
    return as_tuple(notices)


def _questions(questions: Iterable[Question] | None) -> tuple[Question, ...] | None:
    return as_tuple(questions)


@frozen(kw_only=True)
class ListEnrollments(PagedOperation[EnrollmentsPage, Enrollment]):
    """List who enrolled, with their answers (doc 1095/64011)."""

    spec = Spec(
        id="meetings.list_enrollments",
        method="GET",
        path="/v1/meetings/{meeting_id}/enroll/approvals",
        doc="1095/64011",
        repeat=Repeat.SAFE,
    )
    paging: ClassVar = Numbered(items="enroll_list")

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(300, page="1095/64011")] = 50
    """At most 300. The official SDKs say 50, which we ask for."""
    status: EnrollStatus | None = None
    """The gateway's default is all."""


@frozen(kw_only=True)
class ApproveEnrollments(Operation[EnrollmentsHandled]):
    """Approve or reject enrolments, or make them pending again (doc 1095/64010).

    Refused once the meeting has ended (129) and for ids that do not exist (112); how many ids a call takes is not
    documented.
    """

    spec = Spec(
        id="meetings.approve_enrollments",
        method="PUT",
        path="/v1/meetings/{meeting_id}/enroll/approvals",
        doc="1095/64010",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device | None = None
    action: EnrollAction
    enroll_id_list: Annotated[tuple[int, ...], rules.NOT_EMPTY] = field(converter=_ids)


@frozen(kw_only=True)
class GetEnrollConfig(Operation[EnrollConfig]):
    """Look up the settings of a meeting's enrolment, and its questions (doc 1095/64009)."""

    spec = Spec(
        id="meetings.get_enroll_config",
        method="GET",
        path="/v1/meetings/{meeting_id}/enroll/config",
        doc="1095/64009",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC


def _collects(config: "SetEnrollConfig") -> NoYes | None:
    return NoYes.YES if config.question_list else None


@frozen(kw_only=True)
class SetEnrollConfig(Operation[EnrollConfigSaved]):
    """Change the settings of a meeting's enrolment, and its questions (doc 1095/64007).

    Of `cover_image` and `enroll_push_type` it is documented that what is left out stays as it is; of the others it
    is not. Images are fetched afterwards: whether that went well comes as an event.
    """

    spec = Spec(
        id="meetings.set_enroll_config",
        method="PUT",
        path="/v1/meetings/{meeting_id}/enroll/config",
        doc="1095/64007",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    approve_type: ApproveType | None = None
    question_list: tuple[Question, ...] | None = field(default=None, converter=_questions)
    """Preset questions come first, the others in their order. How many there may be is not documented."""
    is_collect_question: NoYes | None = field(default=Factory(_collects, takes_self=True))
    """Set to 2 (yes) by a question_list. The gateway's default is 1 (no)."""
    no_registration_needed_for_staff: bool | None = None
    """Let the creator's own enterprise in without enrolling; default false."""
    enroll_number: Annotated[int, enrolment.ENROLL_NUMBER] | None = None
    """How many may enrol, at least 1; by default as many as the meeting takes."""
    enroll_deadline: SecondsText | None = None
    """An aware datetime in the future, fractions of a second cut off; by default there is none."""
    enroll_push_type: tuple[EnrollNotice, ...] | None = field(default=None, converter=_notices)
    """How people hear of the decision; left out or empty: unchanged."""
    display_number_of_participants: NumberDisplay | None = None
    enroll_description: Annotated[str, enrolment.DESCRIPTION] | None = None
    """The page's text, at most 5,000 characters."""
    cover_image: Annotated[tuple[str, ...], enrolment.COVER_IMAGES] | None = field(default=None, converter=_texts)
    """URLs of at most 5 pictures in their order, jpg, jpeg or png, 5 MB each. An empty text stands for the default
    picture; left out or an empty list: unchanged.
    """

    checks: ClassVar = (enrolment.questions_are_collected,)


@frozen(kw_only=True)
class QueryEnrollIds(Operation[EnrollIdsFound]):
    """Find out which enrolments belong to people in a meeting (doc 1095/71935).

    People are named by `ms_open_id`, as the list of participants shows it. Those who did not enrol are left out of
    the answer.
    """

    spec = Spec(
        id="meetings.query_enroll_ids",
        method="POST",
        path="/v1/meetings/{meeting_id}/enroll/ids",
        doc="1095/71935",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    ms_open_id_list: Annotated[tuple[str, ...], enrolment.MS_OPEN_IDS] = field(converter=_ms_open_ids)
    """At most 500."""
    sorting_rules: EnrollSorting | None = None


@frozen(kw_only=True)
class ImportEnrollments(Operation[EnrollmentsImported]):
    """Enrol people who did not do so themselves (doc 1095/67898).

    At most 1,000 a call; in all 1,000 per meeting with the business edition and 4,000 with the enterprise edition.
    Ids that are not registered are left out and listed in the result's `user_non_registered`. Whether somebody can be
    imported twice is not documented.
    """

    spec = Spec(
        id="meetings.import_enrollments",
        method="POST",
        path="/v1/meetings/{meeting_id}/enroll/import",
        doc="1095/67898",
        repeat=Repeat.UNSAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    enroll_list: Annotated[tuple[Enrollee, ...], enrolment.ENROLLEES] = field(converter=_enrollees)


@frozen(kw_only=True)
class DeleteEnrollments(Operation[EnrollmentsDeleted]):
    """Delete enrolments, imported ones and others (doc 1095/67899).

    How many ids a call takes is not documented.
    """

    spec = Spec(
        id="meetings.delete_enrollments",
        method="DELETE",
        path="/v1/meetings/{meeting_id}/enroll/unregistration",
        doc="1095/67899",
        repeat=Repeat.SAFE,
    )

    meeting_id: Annotated[str, rules.NOT_EMPTY]
    operator_id: Annotated[str, rules.USERID]
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid, 2 open id."""
    instanceid: Device = Device.PC
    enroll_id_list: Annotated[tuple[EnrollIdRef, ...], rules.NOT_EMPTY] = field(converter=_enroll_id_refs)
    """Plain ids or `EnrollIdRef`."""
