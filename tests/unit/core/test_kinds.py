"""Kinds of id that an operation does not take are refused before anything is sent."""

from typing import Any

import pytest

from tests.unit.api.helpers import broken
from tm_async.api.layouts import ListAdvancedLayouts, ListLayouts
from tm_async.api.meetings import GetMeeting, ListMeetings
from tm_async.api.shared import MsOpenId, OpenId, OperatorType, RoomsId
from tm_async.api.users import GetBasicInfo
from tm_async.core.declare import operation
from tm_async.core.operation import Operation, Spec
from tm_async.errors import ValidationError


@pytest.mark.parametrize(
    ("cls", "userid", "good"),
    [
        (ListLayouts, "a", True),
        (ListLayouts, OpenId("a"), False),
        (ListAdvancedLayouts, MsOpenId("a"), True),
        (ListAdvancedLayouts, OpenId("a"), False),
        (GetMeeting, RoomsId("a"), True),
        (GetMeeting, MsOpenId("a"), False),
    ],
)
def test_each_operation_takes_its_own(cls: Any, userid: str, good: bool) -> None:
    found = broken(cls, meeting_id="1", operator_id=userid)
    assert found == ([] if good else [("operator_id_type", "kind-of-id")])


def test_where_a_user_asks_by_another_field() -> None:
    with pytest.raises(ValidationError) as caught:
        ListMeetings(operator_id="tester")
    (one,) = caught.value.violations
    assert one.message == "is 1; allowed: 3 (rooms_id); for a user give userid"
    assert one.message_zh == "为 1；可用：3 (rooms_id)；用户请用 userid"
    with pytest.raises(ValidationError, match=r"allowed: 2 \(open_id\) \(doc"):
        GetBasicInfo(operator_id="tester", operator_id_type=OperatorType.USERID)


def test_what_is_said_of_others() -> None:
    with pytest.raises(ValidationError, match=r"operator_id_type: is 2; allowed: 1 \(userid\), 4") as refused:
        ListAdvancedLayouts(meeting_id="1", operator_id=OpenId("a"))
    (violation,) = refused.value.violations
    assert (violation.limit, violation.page) == ((1, 4), "1095/75666")
    assert violation.message_zh == "为 2；可用：1 (userid), 4 (ms_open_id)"


def test_a_kind_that_is_not_known_yet_is_asked_for_by_its_class() -> None:
    assert ListLayouts(meeting_id="1", operator_id="a", operator_id_type=OperatorType(9)).operator_id_type == 9


def test_an_operation_that_no_source_has_takes_any() -> None:
    @operation
    class Own(Operation[None]):
        """One of an application's own (no page known)."""

        spec = Spec("own.thing", "GET /v1/own")

        operator_id_type: OperatorType

    assert broken(Own, operator_id_type=OperatorType.ROOMS_ID) == []
