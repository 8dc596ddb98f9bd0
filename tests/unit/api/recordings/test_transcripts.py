"""Transcripts: pages that follow each other."""

from typing import Any

from tests.unit.api.helpers import answered
from tm_async.api.recordings import GetTranscript
from tm_async.core.paging import Walk

WHO: dict[str, Any] = {"operator_id": "tester"}


def _page(*pids: str, more: bool) -> Any:
    return answered(
        GetTranscript(**WHO, record_file_id="1"),
        {"more": more, "minutes": {"paragraphs": [{"pid": pid} for pid in pids]}},
    )


def test_the_pages_of_a_transcript_follow_each_other() -> None:
    walk = Walk(GetTranscript(**WHO, record_file_id="1", limit=2))
    assert walk.next.pid is None
    assert [row.pid for row in walk.take(_page("0", "1", more=True))] == ["0", "1"]
    assert walk.next.pid == "2"
    assert [row.pid for row in walk.take(_page("1", "2", more=False))] == ["2"], "a row that came before is left out"
    assert walk.next is None
