"""Who enrolled for a webinar, and who may come: as for meetings, whose calls these are but for the path.

A webinar has it once its `admission_type` is 1. The creator may.
"""

from collections.abc import Collection
from typing import Annotated

from tm_async import rules
from tm_async.api.meetings.enrolment import (
    ApproveEnrollments,
    DeleteEnrollments,
    ImportEnrollments,
    ListEnrollments,
    QueryEnrollIds,
)
from tm_async.api.meetings.enrolment_models import Enrollee
from tm_async.core.declare import operation
from tm_async.core.operation import Repeat, Spec

__all__ = [
    "ApproveWebinarEnrollments",
    "DeleteWebinarEnrollments",
    "ImportWebinarEnrollments",
    "ListWebinarEnrollments",
    "QueryWebinarEnrollIds",
]


@operation
class ListWebinarEnrollments(ListEnrollments):
    """List who enrolled for a webinar, with their answers (doc 1095/62022)."""

    spec = Spec("webinars.list_enrollments", "GET /v1/webinars/{meeting_id}/enroll/approvals")


@operation
class ApproveWebinarEnrollments(ApproveEnrollments):
    """Approve or reject enrolments for a webinar, or make them pending again (doc 1095/62023)."""

    spec = Spec("webinars.approve_enrollments", "PUT /v1/webinars/{meeting_id}/enroll/approvals")


@operation
class QueryWebinarEnrollIds(QueryEnrollIds):
    """Find out which enrolments belong to people in a webinar (doc 1095/71938).

    Those who did not enrol are left out of the answer. Own code: 101 without enrolment.
    """

    spec = Spec("webinars.query_enroll_ids", "POST /v1/webinars/{meeting_id}/enroll/ids", repeat=Repeat.SAFE)


@operation
class ImportWebinarEnrollments(ImportEnrollments):
    """Enrol people for a webinar who did not do so themselves (doc 1095/67920).

    In all 1,000 with the business edition and 4,000 with the enterprise edition.
    """

    spec = Spec("webinars.import_enrollments", "POST /v1/webinars/{meeting_id}/enroll/import", repeat=Repeat.UNSAFE)

    enroll_list: Annotated[Collection[Enrollee], rules.NOT_EMPTY]


@operation
class DeleteWebinarEnrollments(DeleteEnrollments):
    """Delete enrolments for a webinar (doc 1095/67921)."""

    spec = Spec("webinars.delete_enrollments", "DELETE /v1/webinars/{meeting_id}/enroll/unregistration")
