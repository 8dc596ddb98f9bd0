"""The whole account: pages of either kind, long times in pieces, what is refused before it is sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.api.helpers import answered, broken, walked
from tm_async.api.corp import CorpDepartment, ListCorpMeetings, ListCorpRecords, ListCorpUsers, MeetingPhase, SetRole
from tm_async.api.shared import OpenId

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_users_by_position_and_by_number() -> None:
    users = [{"userid": str(number)} for number in range(3)]
    for second, first in (
        ({"pos": "a", "page": None}, {"has_remaining": True, "next_pos": "a"}),
        ({"pos": None, "page": 2}, {"total_page": 2, "current_page": 1}),
    ):
        last = {"has_remaining": False} if second["pos"] else {"total_page": 2, "current_page": 2}
        pages = {"users": users[:2], **first}, {"users": users[2:], **last}
        asked, rows = walked(ListCorpUsers(operator_id="admin"), *pages)
        assert {name: getattr(asked[1], name) for name in second} == second
        assert [row.userid for row in rows] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "names",
    [("id", "name", "full_name"), ("department_id", "department_name", "department_full_name")],
    ids=["2021", "now"],
)
def test_departments_by_either_names(names: tuple[str, str, str]) -> None:
    department = dict(zip(names, ("1", "Sales", "Acme/Sales"), strict=True)) | {"is_main": True}
    user = answered(ListCorpUsers(operator_id="admin"), {"users": [{"departments": [department]}]}).users[0]
    assert user.departments == (CorpDepartment(id="1", name="Sales", full_name="Acme/Sales", is_main=True),)
    assert user.departments[0].extra == {}


def test_recordings_of_a_long_time_are_asked_for_in_pieces() -> None:
    listing = ListCorpRecords(operator_id="admin", start_time=START, end_time=START + timedelta(days=70))
    one, other = ({"meeting_record_id": "1", "record_files": [{"record_file_id": each}]} for each in "ab")
    pages = [{"record_meetings": rows, "total_page": 1} for rows in ([one], [one, other], [])]
    asked, rows = walked(listing, *pages)
    assert [(each.end_time - each.start_time).days for each in asked] == [31, 31, 8]
    assert asked[0].start_time == START
    assert [row.file_ids for row in rows] == [("a",), ("b",)], "one row for each set of files, wherever pieces touch"


def test_times_of_meetings_by_their_size() -> None:
    rows = [{"start_time": 1611143122615, "end_time": 1611143209838}, {"start_time": 1595409764}, {"start_time": 0}]
    found = answered(
        ListCorpMeetings(operator_id="admin", meeting_state=MeetingPhase.ENDED), {"meeting_info_list": rows}
    ).meeting_info_list
    assert [row.start_time.year for row in found[:2]] == [2021, 2020]
    assert found[0].end_time - found[0].start_time == timedelta(seconds=87, milliseconds=223)


def test_bad_input() -> None:
    who: dict[str, Any] = {"operator_id": "admin"}
    assert broken(ListCorpUsers, operator_id=OpenId("x")) == [("operator_id_type", "kind-of-id")]
    backwards = {"start_time": START, "end_time": START - timedelta(days=1)}
    assert broken(ListCorpRecords, **who, **backwards) == [("end_time", "end-not-before-start")]
    assert broken(ListCorpRecords, **who, start_time=START, end_time=START, page_size=21) == [
        ("page_size", "page-size")
    ]
    assert broken(ListCorpMeetings, **who, meeting_state=4) == [("meeting_state", "documented-value")]
    assert broken(ListCorpMeetings, **who, meeting_state=1, page_size=0, page=0) == [
        ("page_size", "at-least"),
        ("page", "page-number"),
    ]
    for users, problem in (([], "not-empty"), ("alice", "type"), (["1"], "userid")):
        ((_, rule),) = broken(SetRole, operator_userid="admin", role_code="R", users=users)
        assert rule == problem
