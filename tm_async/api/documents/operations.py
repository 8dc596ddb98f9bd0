"""Documents that are shown in meetings: for the meeting's creator; uploading is for hosts and co-hosts, too."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from attrs import field

from tm_async.api.counted import Counted
from tm_async.api.shared import OPERATOR_TYPE, ByOperator, Device, MeetingId, OperatorType, UserId
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, mixin, operation
from tm_async.core.operation import Operation, Repeat, Spec
from tm_async.core.paging import Numbered, PagedOperation, Window
from tm_async.core.wire import Base64Text, Named, OpenIntEnum, Seconds
from tm_async.rules import NOT_EMPTY, documents, lists, pages

__all__ = [
    "DeleteDocument",
    "DocumentPermission",
    "ListMeetingDocuments",
    "ListUserDocuments",
    "MeetingDocument",
    "MeetingDocuments",
    "MeetingWithDocuments",
    "SetDocumentPermission",
    "UploadDocument",
    "UserDocumentsPage",
]

if TYPE_CHECKING:
    from builtins import str as DocId
    from builtins import str as PathMeetingId
else:
    DocId = Annotated[str, Named("docId"), NOT_EMPTY]
    PathMeetingId = Annotated[str, Named("meetingId"), NOT_EMPTY]


class DocumentPermission(OpenIntEnum):
    """`doc_modify_permission`: what members may do with a document."""

    VIEW = 1
    EDIT = 2


@answer
class MeetingDocument(AnswerModel):
    """A document of a meeting."""

    doc_id: str = ""
    doc_title: Base64Text = ""
    doc_creator_userid: str | None = None
    """Missing for people of other companies, and of none."""
    doc_creator_user_name: str | None = None
    doc_edit_time: Seconds | None = None
    doc_editor_userid: str | None = None
    doc_editor_user_name: str | None = None
    doc_modify_permission: DocumentPermission | None = None


@answer
class MeetingDocuments(AnswerModel):
    """All documents of a meeting."""

    doc_info_list: tuple[MeetingDocument, ...] = ()
    total_count: int | None = None


@answer
class MeetingWithDocuments(AnswerModel):
    """A meeting that has documents."""

    meeting_id: str = ""
    meeting_code: str = ""
    subject: Base64Text = ""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    doc_num: int | None = None
    doc_info_list: tuple[MeetingDocument, ...] = ()


@answer
class UserDocumentsPage(Counted):
    """One page of the meetings that have documents."""

    meeting_info_list: tuple[MeetingWithDocuments, ...] = ()


@mixin
class _Asking:
    userid: UserId
    """Who asks: the meeting's creator."""
    instanceid: Device = Device.PC


@mixin
class _OnDocument(_Asking):
    doc_id: DocId
    meeting_id: MeetingId


@operation
class ListUserDocuments(PagedOperation[UserDocumentsPage, MeetingWithDocuments]):
    """List the meetings of a user that have documents, with these (doc 1095/54295).

    Without times of the last month; with one of them of the 31 days from or up to it. A longer time than 90 days is
    asked for piece by piece.
    """

    spec = Spec("documents.list_by_user", "GET /v1/docs")
    paging: ClassVar = Numbered(items="meeting_info_list")
    window: ClassVar = Window(longest=timedelta(days=90), key=("meeting_id", "start_time"))

    userid: UserId
    """Who asks, and whose own they are."""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    page: Annotated[int, pages.PAGE] = 1
    page_size: Annotated[int, lists.page_size(20)] = 20
    """At most 20."""

    checks: ClassVar = (lists.end_not_before_start,)


@operation
class ListMeetingDocuments(_Asking, Operation[MeetingDocuments]):
    """List all documents of a meeting (doc 1095/54294)."""

    spec = Spec("documents.list_by_meeting", "GET /v1/meetings/{meetingId}/docs")

    meeting_id: PathMeetingId


@operation
class SetDocumentPermission(_OnDocument, Operation[None]):
    """Change what members may do with a document (doc 1095/54296)."""

    spec = Spec("documents.set_permission", "PUT /v1/docs/{docId}")

    doc_modify_permission: DocumentPermission


@operation
class DeleteDocument(_OnDocument, Operation[None]):
    """Delete a document of a meeting (doc 1095/54297)."""

    spec = Spec("documents.delete", "DELETE /v1/docs/{docId}?meeting_id&userid&instanceid")


@operation
class UploadDocument(ByOperator, Operation[None]):
    """Have a document fetched from an address into a meeting (doc 1095/84714).

    For the creator, hosts and co-hosts. What came of it comes by the event `meeting.medium-uploaded`, whose trace id is
    that of this call's answer. Own codes: 500015 fetching failed, 190435 an illegal file, 190437 too many, 201003 no
    such meeting, 190436 no right.
    """

    spec = Spec("documents.upload", "POST /v1/meetings/{meetingId}/docs", repeat=Repeat.UNSAFE)

    meeting_id: PathMeetingId
    operator_id_type: OperatorType = field(default=OPERATOR_TYPE)
    """1 userid, 2 open id, 4 ms_open_id; follows from `operator_id`."""
    instanceid: Device = Device.PC
    """1 to 8."""
    document_url: Annotated[str, documents.DOCUMENT_URL]
    """Ends in its suffix: ppt, pptx and pdf up to 50 MB, word and excel up to 20 MB."""
