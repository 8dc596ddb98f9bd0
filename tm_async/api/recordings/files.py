"""Addresses of a recording's files, for playing and downloading. They end soon: fetch at once, and never keep them."""

from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.counted import Counted
from tm_async.api.recordings.values import ByAnyOperator, MeetingRecordId, RecordFileId, WithStsToken
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Numbered, PagedOperation
from tm_async.core.secret import hides
from tm_async.core.wire import Base64Text, masked
from tm_async.rules import lists, pages

__all__ = [
    "AddressesPage",
    "DerivedFile",
    "FileAddresses",
    "GetRecordingFile",
    "ListAddresses",
    "RecordingFileAddresses",
]


@answer
class DerivedFile(AnswerModel):
    """A file that was made from a recording, such as its transcript."""

    download_address: str = field(default="", repr=masked)
    file_type: str = ""
    """`txt`, `pdf`, `docx`, `htm`."""


@answer
class FileAddresses(AnswerModel):
    """Where a file of a recording is.

    With OAuth2 all addresses are empty for users of the free edition, and of enterprises that came from WeCom.
    """

    record_file_id: str = ""
    view_address: str = field(default="", repr=masked)
    """A web page that plays it."""
    download_address: str = field(default="", repr=masked)
    download_address_file_type: str = ""
    """`mp4`, for example."""
    audio_address: str = field(default="", repr=masked)
    audio_address_file_type: str = ""
    """`m4a`, for example."""
    meeting_summary: tuple[DerivedFile, ...] = ()
    """Transcripts, in several forms."""


@answer
class RecordingFileAddresses(FileAddresses):
    """The addresses of one file. The lists are empty where downloading is not allowed (`allow_download`)."""

    meeting_id: str | None = None
    meeting_code: str | None = None
    ai_meeting_transcripts: tuple[DerivedFile, ...] = ()
    """The transcript as it was polished."""
    ai_minutes: tuple[DerivedFile, ...] = ()
    ai_topic_minutes: tuple[DerivedFile, ...] = ()
    ai_speaker_minutes: tuple[DerivedFile, ...] = ()
    ai_ds_minutes: tuple[DerivedFile, ...] = ()
    """By DeepSeek."""


@answer
class AddressesPage(Counted):
    """One page of the files of a recording."""

    record_files: tuple[FileAddresses, ...] = ()
    meeting_record_id: str = ""
    meeting_id: str | None = None
    meeting_code: str | None = None
    subject: Base64Text = ""


@operation
class ListAddresses(ByAnyOperator, PagedOperation[AddressesPage, FileAddresses]):
    """List the addresses of all files of a recording (doc 1095/51174). They end after 6 hours.

    For the creator, super administrators and administrators of recordings. Own codes: 403 no right, 4044 not finished
    yet, 4049 no such recording, 4051 deleted.
    """

    spec = Spec("recordings.list_addresses", "GET /v1/addresses")
    paging: ClassVar = Numbered(items="record_files")

    meeting_record_id: MeetingRecordId
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(50)] | None = None
    """At most 50, which is the gateway's default."""


@hides(texts=("sts_token",))
@operation
class GetRecordingFile(WithStsToken, ByAnyOperator, Operation[RecordingFileAddresses]):
    """Ask for the addresses of one file, its transcripts and minutes among them (doc 1095/51180).

    They end after 5 minutes (the SDK's text says 6 hours but for transcripts). For the creator, super administrators
    and administrators of recordings; apps that were made from 2026-01-16 on need an STS token. Own codes: 403 no right,
    4044 not finished yet, 4051 deleted.
    """

    spec = Spec("recordings.get_file", "GET /v1/addresses/{record_file_id}", ticket="sts_token")

    record_file_id: RecordFileId
