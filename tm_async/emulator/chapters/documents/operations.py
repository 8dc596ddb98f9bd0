"""Documents of meetings (doc 1095/54294 to 54297, 84714)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from tm_async.emulator.chapters.documents.state import Document
from tm_async.emulator.chapters.meetings.news import info_of
from tm_async.emulator.chapters.meetings.operations.reach import own
from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.recordings.reach import check_seconds, in_time
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "delete",
    "documents",
    "list_by_meeting",
    "list_by_user",
    "set_permission",
    "upload",
]

documents: Chapter[Meeting] = Chapter("documents")

DAY = 86400
FILE = 3
"""`medium_type`."""
_SUFFIXES = frozenset({"ppt", "pptx", "pdf", "doc", "docx", "xls", "xlsx"})


def _own(asked: Asked, meeting_id: str) -> Meeting:
    return own(asked, meeting_id, admin=False, forbidden=190315)


def _shown(asked: Asked, one: Document) -> View:
    name = (user := asked.state.users.get(one.creator)) and user.username
    who = asked.call.people.name(one.creator)
    return View(
        doc_id=one.id,
        doc_title=base64_text(one.title),
        doc_creator_userid=who,
        doc_creator_user_name=name or one.creator,
        doc_edit_time=int(one.edited),
        doc_editor_userid=who,
        doc_editor_user_name=name or one.creator,
        doc_modify_permission=one.permission,
    )


@documents.does("list_by_meeting")
def list_by_meeting(asked: Asked, *, meetingId: str) -> Mapping[str, Any]:  # noqa: N803 - the document's name
    """All of them."""
    rows = [_shown(asked, one) for one in asked.state.documents.of(_own(asked, meetingId).id)]
    return {"total_count": len(rows), "doc_info_list": rows}


@documents.lists("list_by_user")
def list_by_user(asked: Asked, *, start_time: int | None = None, end_time: int | None = None) -> list[View]:
    """Meetings of the user's own with documents, by their start; which times count is not documented."""
    check_seconds(start_time, end_time, longest=90 * DAY)
    if start_time is None:
        start_time = int((asked.now if end_time is None else end_time) - 31 * DAY)
    if end_time is None:
        end_time = start_time + 31 * DAY
    rows: list[View] = []
    for meeting in asked.state.meetings.values():
        theirs = asked.state.documents.of(meeting.id)
        if theirs and meeting.creator == asked.operator and in_time(theirs[-1].edited, start_time, end_time):
            shown = [_shown(asked, one) for one in theirs]
            rows.append(
                View(
                    meeting_id=meeting.id,
                    meeting_code=meeting.code,
                    subject=meeting.subject,  # plain in the vendor's sample, beside titles in Base64
                    doc_num=len(shown),
                    start_time=meeting.start,
                    end_time=meeting.end,
                    doc_info_list=shown,
                )
            )
    return rows


@documents.does("set_permission")
def set_permission(
    asked: Asked,
    *,
    docId: str,  # noqa: N803 - the document's name
    meeting_id: str,
    doc_modify_permission: int,
) -> None:
    """1 view, 2 edit."""
    _document(asked, docId, meeting_id).permission = doc_modify_permission


@documents.does("delete")
def delete(asked: Asked, *, docId: str, meeting_id: str) -> None:  # noqa: N803 - the document's name
    """It is gone."""
    del asked.state.documents[_document(asked, docId, meeting_id).id]


def _document(asked: Asked, doc_id: str, meeting_id: str) -> Document:
    """The code for a document that is not there is not documented."""
    meeting = _own(asked, meeting_id)
    one = asked.state.documents.get(doc_id)
    if one is None or one.meeting_id != meeting.id:
        raise Refused(190004, f"meeting {meeting.id} has no document {doc_id[:40]!r}")
    return one


@documents.does("upload")
def upload(asked: Asked, *, meetingId: str, document_url: str) -> None:  # noqa: N803 - the document's name
    """By the creator, a host or a co-host; nothing is fetched: there at once, and told with the trace of the call."""
    meeting = own(asked, meetingId, admin=False, host=True, cohost=True, unknown=201003, forbidden=190436)
    title = unquote(urlsplit(document_url).path.rpartition("/")[2])
    if title.rpartition(".")[2].lower() not in _SUFFIXES:
        raise Refused(190435, "document_url has no suffix of a document")
    made = asked.state.documents.add(meeting_id=meeting.id, title=title, creator=asked.operator, edited=asked.now)
    info = {
        "upload_status": True,
        "error_msg": "",
        "medium_type": FILE,
        "medium_url": document_url,
        "medium_id": made.id,
    }
    told = {"operate_time": int(asked.now * 1000), "event_upload_status": True, "upload_info": [info]}
    item = {**told, "meeting_info": info_of(asked.state, meeting)}
    asked.state.news.tell("meeting.medium-uploaded", item, trace=asked.call.trace)
