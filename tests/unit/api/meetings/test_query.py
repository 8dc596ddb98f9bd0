"""Who asks for a meeting by its code, and for a list of meetings."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken
from tm_async.api.meetings import FindMeeting, ListMeetings
from tm_async.api.shared import OperatorType, RoomsId
from tm_async.core.operation import Operation


@pytest.mark.parametrize(
    ("operation", "more"), [(FindMeeting, {"meeting_code": "123 456 789"}), (ListMeetings, {})], ids=["find", "list"]
)
def test_a_room_asks_by_its_id_and_a_user_by_userid(operation: type[Operation[Any]], more: dict[str, Any]) -> None:
    room: Any = operation(**more, operator_id=RoomsId("r"))
    assert room.operator_id_type is OperatorType.ROOMS_ID
    user: Any = operation(**more, userid="tester")
    assert user.operator_id_type is None
    assert broken(operation, **more, operator_id="tester") == [("operator_id_type", "kind-of-id")]
    assert broken(operation, **more) == [("userid", "caller")]
