"""Webinars: what is sent, and what is refused before. The rest is in the samples."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, pages, sent
from tm_async.api.meetings import Enrollee, MeetingStatus
from tm_async.api.shared import User
from tm_async.api.webinars import (
    Admission,
    CancelWebinar,
    CreateWebinar,
    DeleteWebinarEnrollments,
    GetWebinar,
    GuestType,
    ImportWebinarEnrollments,
    ListPreparationLog,
    ModifyWebinar,
    SetWarmUp,
    SetWebinarGuests,
    WebinarGuest,
    WebinarHost,
)
from tm_async.core.operation import Operation

START = datetime(2026, 12, 1, 2, tzinfo=UTC)
NEW: dict[str, Any] = {
    "userid": "tester",
    "subject": "Launch",
    "start_time": START,
    "end_time": START + timedelta(hours=1),
}
ONE: dict[str, Any] = {"userid": "tester", "meeting_id": "100001"}
BY: dict[str, Any] = {"operator_id": "tester", "meeting_id": "100001"}


def test_a_violation_names_the_page_of_webinars() -> None:
    bad = {"admission_type": Admission.PASSWORD, "password": "1"}
    assert pages(CreateWebinar, **NEW, **bad) == [("password", "1095/61868")]
    assert pages(ModifyWebinar, **ONE, **bad) == [("password", "1095/61964")]
    nobody = {"operator_id": "tester", "meeting_id": "1", "enroll_list": [Enrollee()]}
    assert pages(ImportWebinarEnrollments, **nobody) == [("enroll_list[0].userid", "1095/67920")]


@pytest.mark.parametrize(("on", "wrong"), [(True, False), (None, False), (False, True)])
def test_what_stands_on_the_activity_page_needs_it(on: bool | None, wrong: bool) -> None:
    """The vendor's sample has a description and does not say whether the page is on."""
    shown = {"description": "x", "cover_url": "https://example.com/1.png", "activity_page": on}
    problems = [("cover_url", "activity-page"), ("description", "activity-page")] if wrong else []
    assert broken(CreateWebinar, **NEW, **shown) == broken(ModifyWebinar, **ONE, **shown) == problems


def test_what_is_sent() -> None:
    _, _, body = sent(CreateWebinar(**NEW, hosts=["alice"], admission_type=Admission.PASSWORD, password="1234"))
    assert (body["start_time"], body["hosts"], body["admission_type"]) == ("1796090400", [{"userid": "alice"}], 2)
    _, _, body = sent(CreateWebinar(**NEW, hosts=[User("alice"), WebinarHost(userid="bob")]))
    assert body["hosts"] == [{"userid": "alice"}, {"userid": "bob"}], "of a user only the id is sent"
    method, target, body = sent(DeleteWebinarEnrollments(**BY, enroll_id_list=[7]))
    assert (method, target) == ("DELETE", "/v1/webinars/100001/enroll/unregistration")
    assert body["enroll_id_list"] == [{"enroll_id": 7}]
    assert sent(CancelWebinar(**ONE, reason_code=1))[1] == "/v1/webinars/100001/cancel"


@pytest.mark.parametrize(
    ("operation", "given", "problems"),
    [
        (CreateWebinar, {**NEW, "end_time": START}, [("end_time", "end-after-start")]),
        (CreateWebinar, {**NEW, "subject": ""}, [("subject", "characters")]),
        (CreateWebinar, {**NEW, "admission_type": 2}, [("password", "needed-with-admission_type")]),
        (CreateWebinar, {**NEW, "password": "1234"}, [("password", "only-with-admission_type")]),
        (ModifyWebinar, {**ONE, "start_time": START}, [("end_time", "both-times")]),
        (ModifyWebinar, {**ONE, "password": "1234"}, []),
        (GetWebinar, {"userid": "tester"}, [("meeting_id", "which-webinar")]),
        (SetWarmUp, BY, [("warm_up_picture", "something-to-warm-up")]),
        (
            SetWebinarGuests,
            {**ONE, "guests": [WebinarGuest(guest_type=GuestType.EXTERNAL, phone_number="138")]},
            [("guests[0].area", "needed-with-guest_type")],
        ),
        (
            SetWebinarGuests,
            {**ONE, "guests": [WebinarGuest(guest_type=GuestType.BY_LINK)]},
            [("guests[0].guest_type", "in-answers-only")],
        ),
        (
            SetWebinarGuests,
            {**ONE, "guests": [WebinarGuest(guest_type=GuestType.INTERNAL, userid="a")] * 201},
            [("guests", "entries")],
        ),
    ],
)
def test_what_is_refused(
    operation: type[Operation[Any]], given: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert broken(operation, **given) == problems


def test_what_nobody_has_read_is_there_as_it_came() -> None:
    assert answered(ListPreparationLog(**BY), {"details": [{"a": 1}]}).wire == {"details": [{"a": 1}]}


def test_cancelled_meanwhile_is_done() -> None:
    assert CancelWebinar(**ONE, reason_code=1).counts_as_done_again(9007)


@pytest.mark.parametrize("shown", ["MTEx", "111"])
def test_a_description_in_either_form(shown: str) -> None:
    """The vendor's sample of 2021 shows Base64; what is sent is plain."""
    assert answered(GetWebinar(**ONE), {"description": shown}).description == "111"


def test_a_webinar_may_be_about_to_start() -> None:
    found = answered(GetWebinar(**ONE), {"status": "MEETING_STATE_ABOUT_TO_START"})
    assert found.status is MeetingStatus.ABOUT_TO_START
