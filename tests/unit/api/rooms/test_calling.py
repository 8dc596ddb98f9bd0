"""Calls to a room: what their answers may leave out."""

from tests.unit.api.helpers import answered
from tm_async.api.rooms import CallRoom


def test_a_call_that_failed_is_an_answer_though_there_is_nothing_to_cancel() -> None:
    shown = answered(CallRoom(operator_id="admin", meeting_room_id="1", meeting_id="1"), {"status": 5})
    assert (shown.status, shown.invite_id) == (5, "")
