"""The meetings of a room: long times in pieces."""

from datetime import UTC, datetime, timedelta

from tests.unit.api.helpers import walked
from tm_async.api.rooms import ListRoomMeetings
from tm_async.api.shared import RoomsId

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_meetings_of_a_long_time_are_told_apart_by_when_they_are() -> None:
    listing = ListRoomMeetings(operator_id=RoomsId("r"), start_time=START, end_time=START + timedelta(days=100))
    first, second = ({"meeting_id": "1", "start_time": 1767225600 + seconds} for seconds in (0, 7 * 86400))
    pages = [{"meeting_info_list": rows, "total_page": 1} for rows in ([first], [first, second])]
    asked, rows = walked(listing, *pages)
    assert [(each.end_time - each.start_time).days for each in asked] == [90, 10]
    assert [row.wire for row in rows] == [first, second], "meetings of a series, or of one number, may have one id"
