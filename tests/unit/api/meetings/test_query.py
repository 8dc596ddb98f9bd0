"""Who asks for a meeting by its code, and for a list of meetings; where a list goes on."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken, sent, walked
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


@pytest.mark.parametrize("cursory", [1, 1572085800123, 1572085800123456])
def test_a_list_goes_on_from_just_what_the_gateway_said(cursory: int) -> None:
    """The sources call the second half of the cursor a time in milliseconds; that it is one is the gateway's affair."""
    cursor = {"remaining": 1, "next_pos": 1572085800, "next_cursory": cursory}
    pages = [{"meeting_info_list": [{"meeting_id": "1"}], **cursor}, {"meeting_info_list": [], "remaining": 0}]
    asked, _ = walked(ListMeetings(userid="tester"), *pages)
    assert f"pos=1572085800&cursory={cursory}" in sent(asked[1])[1]
