"""The chapter "documents" on a client: `tm.documents`."""

from tm_async.api import documents
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Documents"]


class Documents(Resource):
    """Documents that are shown in meetings."""

    list_by_user = Pages(lambda: documents.ListUserDocuments)
    list_by_meeting = Call(lambda: documents.ListMeetingDocuments)
    set_permission = Call(lambda: documents.SetDocumentPermission)
    delete = Call(lambda: documents.DeleteDocument)
    upload = Call(lambda: documents.UploadDocument)
