"""Documents: ids that an address has to encode, addresses that end as documents do, long times in pieces."""

from datetime import UTC, datetime, timedelta

from tests.unit.api.helpers import broken, sent, walked
from tm_async.api.documents import DeleteDocument, ListUserDocuments, UploadDocument

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_id_is_encoded() -> None:
    target = sent(DeleteDocument(doc_id="300$Dp", meeting_id="5", userid="u"))[1]
    assert target == "/v1/docs/300%24Dp?userid=u&instanceid=1&meeting_id=5"


def test_an_address_ends_in_a_suffix() -> None:
    asked = {"operator_id": "tester", "meeting_id": "1"}
    assert broken(UploadDocument, **asked, document_url="https://x/a.PDF") == []
    assert broken(UploadDocument, **asked, document_url="https://x/a.txt") == [("document_url", "document-url")]


def test_meetings_of_a_long_time_are_told_apart_by_when_they_were() -> None:
    listing = ListUserDocuments(userid="u", start_time=START, end_time=START + timedelta(days=100))
    first, second = ({"meeting_id": "1", "start_time": 1767225600 + seconds} for seconds in (0, 7 * 86400))
    pages = [{"meeting_info_list": rows, "total_page": 1} for rows in ([first], [first, second])]
    rows = walked(listing, *pages)[1]
    assert [row.wire for row in rows] == [first, second], "meetings of a series have one id"
