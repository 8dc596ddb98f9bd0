"""Documents: ids that an address has to encode, and addresses that end as documents do."""

from tests.unit.api.helpers import broken, sent
from tm_async.api.documents import DeleteDocument, UploadDocument


def test_the_id_is_encoded() -> None:
    target = sent(DeleteDocument(doc_id="300$Dp", meeting_id="5", userid="u"))[1]
    assert target == "/v1/docs/300%24Dp?userid=u&instanceid=1&meeting_id=5"


def test_an_address_ends_in_a_suffix() -> None:
    asked = {"operator_id": "tester", "meeting_id": "1"}
    assert broken(UploadDocument, **asked, document_url="https://x/a.PDF") == []
    assert broken(UploadDocument, **asked, document_url="https://x/a.txt") == [("document_url", "document-url")]
