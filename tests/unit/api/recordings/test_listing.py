"""Lists, deletion, figures: who acts, units of time, places of members, and the header with a token."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.api.helpers import GATEWAY, answered, broken, sent, walked
from tm_async.api.recordings import (
    DeleteRecording,
    DeleteRecordingFile,
    GetMinutes,
    GetRecordingFile,
    GetRecordingMetrics,
    ListChapters,
    ListRecordingEvents,
    ListRecordings,
    ListViewDetails,
    RecordingEventType,
    RecordingMember,
    RecordingState,
    RemoveAccess,
)
from tm_async.api.shared import MsOpenId, OperatorType, RoomsId
from tm_async.core.prepare import prepare

START = datetime(2026, 12, 1, 2, tzinfo=UTC)
WHO: dict[str, Any] = {"operator_id": "tester"}


def test_the_token_is_a_header_that_nobody_sees() -> None:
    operation = GetRecordingFile(**WHO, record_file_id="1", sts_token="t0ken")
    request = prepare(operation, GATEWAY)
    assert ("STS-Token", "t0ken") in request.headers
    assert "t0ken" not in repr(operation) + repr(request) + request.target
    assert "STS-Token" not in dict(prepare(GetRecordingFile(**WHO, record_file_id="1"), GATEWAY).headers)
    assert broken(GetRecordingFile, **WHO, record_file_id="1", sts_token="") == [("sts_token", "not-empty")]


def test_who_acts() -> None:
    target = sent(DeleteRecording(operator_id=RoomsId("r"), meeting_record_id="1"))[1]
    assert target == "/v1/records?operator_id=r&operator_id_type=3&meeting_record_id=1"
    assert RecordingMember(to_operator_id=MsOpenId("m")).to_operator_id_type is OperatorType.MS_OPEN_ID


def test_units_of_time() -> None:
    times: dict[str, Any] = {"start_time": START, "end_time": START}
    assert "start_time=1796090400&" in sent(ListRecordings(**WHO, **times))[1]
    assert "start_time=1796090400000&" in sent(ListViewDetails(**WHO, record_file_id="1", **times))[1]
    (chapter,) = answered(ListChapters(**WHO, record_file_id="1"), {"chapter_list": [{"start_time": "0"}]}).chapter_list
    assert chapter.start_time == 0


def test_recordings_of_a_long_time_are_told_apart_by_their_files() -> None:
    listing = ListRecordings(**WHO, start_time=START, end_time=START + timedelta(days=40))
    one, other = ({"meeting_record_id": "1", "record_files": [{"record_file_id": each}]} for each in "ab")
    pages = [{"record_meetings": rows, "total_page": 1} for rows in ([one], [one, other])]
    assert [row.file_ids for row in walked(listing, *pages)[1]] == [("a",), ("b",)]


def test_views_of_a_long_time_are_told_apart_by_who_saw() -> None:
    span = {"start_time": START, "end_time": START + timedelta(days=40)}
    listing = ListRecordingEvents(meeting_record_id="1", event_type=RecordingEventType.VIEW, **span)
    one, other = ({"operate_time": 1796090400000, "user_name": name, "record_name": "r"} for name in "ab")
    pages = [{"events": rows, "total_page": 1} for rows in ([one], [one, other])]
    assert [row.user_name for row in walked(listing, *pages)[1]] == ["a", "b"], "people from elsewhere have no userid"


def test_what_is_not_paged_is_not_asked_for_piece_by_piece() -> None:
    times = {"meeting_record_id": "1", "start_time": START}
    assert broken(GetRecordingMetrics, **times, end_time=START + timedelta(days=31)) == []
    assert broken(GetRecordingMetrics, **times, end_time=START + timedelta(days=32)) == [("end_time", "span")]


def test_minutes_are_grouped_by_one_model_only() -> None:
    file: dict[str, Any] = {"record_file_id": "1"}
    for kind, model, problems in ((2, None, 0), (2, 1, 0), (1, 2, 0), (None, 2, 0), (3, 2, 1)):
        found = broken(GetMinutes, **WHO, **file, minute_type=kind, llm=model)
        assert found == [("minute_type", "minutes-of-hunyuan")] * problems


def test_what_is_done() -> None:
    asked = ListRecordings(**WHO, start_time=START, end_time=START)
    rows = answered(asked, {"record_meetings": [{"state": 2}, {"state": "3"}]}).record_meetings
    assert [(row.state, row.is_done) for row in rows] == [
        (RecordingState.TRANSCODING, False),
        (RecordingState.DONE, True),
    ]


def test_a_delete_with_a_body() -> None:
    member = RecordingMember(to_operator_id="a")
    _, target, body = sent(RemoveAccess(**WHO, meeting_record_id="1", access_members=[member]))
    assert target == "/v1/records/access/1"
    assert body["access_members"] == [{"to_operator_id": "a", "to_operator_id_type": 1}]


@pytest.mark.parametrize("cls", [DeleteRecording, DeleteRecordingFile])
def test_what_is_gone_after_an_unclear_answer_was_deleted(cls: Any) -> None:
    gone = cls(**WHO, **{"meeting_record_id" if cls is DeleteRecording else "record_file_id": "1"})
    assert [gone.counts_as_done_again(code) for code in (4051, 7001, 403)] == [True, True, False]
    assert not gone.counts_as_done(4051), "it may have been another one that was meant"
