"""Recordings that are waited for, in a list that changes while it is read. Played by a sender."""

from typing import Any

from tm_async.api.recordings import Recordings, RecordingsPage


class Moving:
    """A recording is added while the list is read, so the last one of the first page is on the second one, too."""

    async def send(self, operation: Any) -> Any:
        rows = [["1", "2"], ["2", "3"]][(operation.page or 1) - 1]
        meetings = [{"meeting_record_id": one, "state": 3} for one in rows]
        return RecordingsPage.from_wire({"record_meetings": meetings, "total_page": 2})


async def test_a_recording_that_is_twice_in_the_list() -> None:
    found = await Recordings(Moving()).wait_done(operator_id="tester", meeting_id="1")
    assert [one.meeting_record_id for one in found] == ["1", "2", "3"]
