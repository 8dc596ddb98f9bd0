"""Which recordings there are, and what becomes of them: lists, deletion, transfer."""

from datetime import timedelta
from typing import Annotated, ClassVar

from attrs import field

from tm_async.api.counted import Counted
from tm_async.api.recordings.values import (
    ByAnyOperator,
    MeetingRecordId,
    RecordedNetwork,
    RecordedNetworkFilter,
    RecordFileId,
    RecordingState,
    RecordType,
    RecordTypeFilter,
)
from tm_async.api.shared import AK_SK, ByOperator, Device, MeetingCode, MeetingId, OperatorType, Switch
from tm_async.core.answer import AnswerModel
from tm_async.core.declare import answer, operation
from tm_async.core.operation import Operation, Spec
from tm_async.core.paging import Numbered, PagedOperation, Window
from tm_async.core.wire import Base64Text, Milliseconds, Seconds, masked
from tm_async.rules import NOT_EMPTY, lists, pages, recordings

__all__ = [
    "DeleteRecording",
    "DeleteRecordingFile",
    "ListRecordings",
    "RecordFile",
    "Recording",
    "RecordingsPage",
    "TransferRecording",
]


@answer
class RecordFile(AnswerModel):
    """A file of a recording. All files of a recording share one link."""

    record_file_id: str = ""
    record_start_time: Milliseconds | None = None
    record_end_time: Milliseconds | None = None
    record_size: int | None = None
    """Bytes."""
    sharing_state: Switch | None = None
    """The members that follow are there while it is on."""
    sharing_url: str | None = None
    password: str | None = field(default=None, repr=masked)
    sharing_expire: Milliseconds | None = None
    """When the link ends; missing: never."""
    required_same_corp: bool | None = None
    required_participant: bool | None = None
    allow_download: bool | None = None


@answer
class Recording(AnswerModel):
    """A recording: of one session of a meeting, or one that was uploaded."""

    meeting_record_id: str = ""
    meeting_id: str | None = None
    """Missing for uploads."""
    meeting_code: str | None = None
    host_user_id: str | None = None
    subject: Base64Text = ""
    state: RecordingState | None = None
    record_type: RecordType | None = None
    media_start_time: Milliseconds | None = None
    media_set_type: RecordedNetwork | None = None
    record_files: tuple[RecordFile, ...] = ()
    """Empty before `state` is 3."""

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The ids of its files."""
        return tuple(one.record_file_id for one in self.record_files)

    @property
    def is_done(self) -> bool:
        """Whether its files are there."""
        return self.state is RecordingState.DONE


@answer
class RecordingsPage(Counted):
    """One page of recordings."""

    record_meetings: tuple[Recording, ...] = ()


@operation
class ListRecordings(ByAnyOperator, PagedOperation[RecordingsPage, Recording]):
    """List recordings within a time (doc 1095/51189).

    Those of the operator's own meetings; of others' what the operator may see, silently less than there are. With
    OAuth2 only those of meetings that the same app made. A longer time than 31 days is asked for piece by piece.
    """

    spec = Spec("recordings.list", "GET /v1/records")
    paging: ClassVar = Numbered(items="record_meetings")
    window: ClassVar = Window(longest=timedelta(days=31), key=("meeting_record_id", "file_ids"))

    start_time: Seconds
    end_time: Seconds
    """Both are needed, with a meeting, too."""
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    """Of this meeting only."""
    meeting_code: MeetingCode | None = None
    """The same by code; not looked at beside `meeting_id`."""
    media_set_type: RecordedNetworkFilter | None = None
    query_record_type: RecordTypeFilter | None = None
    """The gateway's default is 1, cloud recordings."""
    page: Annotated[int, pages.PAGE] | None = None
    page_size: Annotated[int, lists.page_size(20)] | None = None
    """At most 20; the gateway's default is 10."""

    checks: ClassVar = (lists.end_not_before_start,)


@operation
class DeleteRecording(ByAnyOperator, Operation[None]):
    """Delete a recording with all its files (doc 1095/51186). Nothing is known of a way back.

    The pages of 2025-10 say that OAuth2 is not supported, older sources that it is. Own codes: 403 no right, 7001 no
    meeting has this recording.
    """

    spec = Spec(
        "recordings.delete",
        "DELETE /v1/records?meeting_id&meeting_record_id&operator_id&operator_id_type",
        modes=AK_SK,
    )

    meeting_record_id: MeetingRecordId
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    """May be left out for uploaded recordings."""

    def counts_as_done_again(self, code: int) -> bool:
        """It is gone by what was done before."""
        return code in recordings.GONE


@operation
class DeleteRecordingFile(ByAnyOperator, Operation[None]):
    """Delete one file of a recording; its other files stay (doc 1095/51187).

    The pages of 2025-10 say that OAuth2 is not supported, older sources that it is. Own codes: 403 no right, 4051
    deleted already, 7003 no such file.
    """

    spec = Spec(
        "recordings.delete_file",
        "DELETE /v1/records/{record_file_id}?meeting_id&operator_id&operator_id_type",
        modes=AK_SK,
    )

    record_file_id: RecordFileId
    meeting_id: Annotated[str, NOT_EMPTY] | None = None
    """May be left out for uploaded recordings."""

    def counts_as_done_again(self, code: int) -> bool:
        """It is gone by what was done before."""
        return code in recordings.GONE


@operation
class TransferRecording(ByOperator, Operation[None]):
    """Have a recording of a private network moved out of it (no page known).

    For creators, with hybrid clouds only. Fails for meetings of the public network, where the cluster does not allow
    it, and while a transfer runs or once it is done.
    """

    spec = Spec("recordings.transfer", "PUT /v1/records/transfer-recording?meeting_id&meeting_record_id")

    meeting_id: MeetingId
    meeting_record_id: MeetingRecordId
    operator_id_type: OperatorType = OperatorType.USERID
    """1 userid only."""
    instanceid: Device = Device.PC
    delete_recording_after_transfer: str | None = None
    """`0`: the source is deleted at once; `1` to `30`: after so many days; any other text: it is kept."""
