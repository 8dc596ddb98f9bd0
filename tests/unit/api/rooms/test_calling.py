"""Calls to a room: what their answers may leave out."""

from tests.unit.api.helpers import answered, pages
from tm_async.api.rooms import CallRoom, CancelCall, GetCallStatus


def test_a_call_that_failed_is_an_answer_though_there_is_nothing_to_cancel() -> None:
    shown = answered(CallRoom(operator_id="admin", meeting_room_id="1", meeting_id="1"), {"status": 5})
    assert (shown.status, shown.invite_id) == (5, "")


def test_who_is_called_is_said_on_the_page_of_each_call() -> None:
    who = {"operator_id": "admin", "meeting_id": "1"}
    assert pages(CallRoom, **who) == [("meeting_room_id", "1095/83261")]
    assert pages(CancelCall, **who, invite_id="1") == [("meeting_room_id", "1095/83262")]
    assert pages(GetCallStatus, **who) == [("meeting_room_id", "1095/83263")]
