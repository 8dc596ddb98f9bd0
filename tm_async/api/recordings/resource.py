"""The chapters "recordings" and "recording_ai" on a client: `tm.recordings`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

from tm_async._util.parameters import takes_as
from tm_async.api import recordings
from tm_async.api.polling import Polling
from tm_async.core.given import given
from tm_async.core.mount import Call, Pages, Resource
from tm_async.core.operation import Operation
from tm_async.core.secret import hide_text

__all__ = ["Recordings"]

ResultT = TypeVar("ResultT")


class Recordings(Resource):
    """Recordings: their files, who may see them, what was said in them, and what AI makes of it."""

    list = Pages(lambda: recordings.ListRecordings)
    list_addresses = Pages(lambda: recordings.ListAddresses)
    get_file = Call(lambda: recordings.GetRecordingFile)
    delete = Call(lambda: recordings.DeleteRecording)
    delete_file = Call(lambda: recordings.DeleteRecordingFile)
    transfer = Call(lambda: recordings.TransferRecording)
    list_access = Pages(lambda: recordings.ListAccess)
    add_access = Call(lambda: recordings.AddAccess)
    remove_access = Call(lambda: recordings.RemoveAccess)
    approve_access = Call(lambda: recordings.ApproveAccess)
    get_settings = Call(lambda: recordings.GetRecordingSettings)
    set_settings = Call(lambda: recordings.SetRecordingSettings)
    get_metrics = Call(lambda: recordings.GetRecordingMetrics)
    list_events = Pages(lambda: recordings.ListRecordingEvents)
    list_view_details = Pages(lambda: recordings.ListViewDetails)
    get_transcript = Pages(lambda: recordings.GetTranscript)
    list_transcript_paragraphs = Call(lambda: recordings.ListTranscriptParagraphs)
    search_transcript = Call(lambda: recordings.SearchTranscript)
    get_summary = Call(lambda: recordings.GetSummary)
    get_minutes = Call(lambda: recordings.GetMinutes)
    list_chapters = Call(lambda: recordings.ListChapters)
    list_topics = Call(lambda: recordings.ListTopics)
    list_speakers = Pages(lambda: recordings.ListSpeakers)
    upload_whole = Call(lambda: recordings.UploadWhole)
    upload_prepare = Call(lambda: recordings.PrepareUpload)
    upload_part = Call(lambda: recordings.UploadPart)
    upload_finish = Call(lambda: recordings.FinishUpload)
    request_sts_token = Call(lambda: recordings.RequestStsToken)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def read_transcript(
        self,
        *,
        operator_id: str,
        record_file_id: str,
        meeting_id: str | None = None,
        transcripts_type: "recordings.TranscriptKind | None" = None,
        sts_token: str | None = None,
        limit: int = 500,
    ) -> "recordings.Transcript":
        """All that was said in a file, from pages of `limit` paragraphs each, as one value.

        `to_srt()`, `to_vtt()`, `to_text()`, `to_markdown()` and `to_json()` write it, `search()` looks for a text.
        """
        sts_token = hide_text(sts_token)  # a traceback shows variables
        return await recordings.read_transcript(
            self.client,
            recordings.GetTranscript(
                operator_id=operator_id,
                record_file_id=record_file_id,
                meeting_id=meeting_id,
                transcripts_type=transcripts_type,
                sts_token=sts_token,
                limit=limit,
            ),
        )

    async def read_notes(
        self,
        *,
        operator_id: str,
        record_file_id: str,
        lang: "recordings.Language | None" = None,
        pwd: str | None = None,
    ) -> "recordings.Notes":
        """All that AI made of a file: summary, minutes, to-dos, chapters, topics, speakers. Five calls or more."""
        return await recordings.read_notes(
            self.client, operator_id=operator_id, record_file_id=record_file_id, lang=lang, pwd=pwd
        )

    async def upload(
        self,
        path: "str | PathLike[str]",
        *,
        operator_id: str,
        file_name: str | None = None,
        file_type: "recordings.UploadFileType | None" = None,
        speak_number: int = 0,
        ai_record: bool | None = None,
        progress: Callable[[int, int], object] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> "recordings.UploadJob":
        """Upload a file as a recording: up to 20 MB whole, else in parts; `UploadResults` tells what came of the job.

        Name and type are those of the file unless they are said. An upload in parts that was stopped, in whichever way,
        goes on where it was when it is called again within 6 hours, with the file unchanged: how far it is stands in
        `<file>.tm-upload` beside it, which goes at the end. A whole one must not be repeated blindly: that makes
        another recording. A file that another run is uploading is refused. `progress` is told the bytes that have
        arrived, and all there are. Raises `ValidationError` for a file that can't be uploaded, `OSError` for one that
        can't be read, and the errors of a call.
        """
        return await recordings.upload_file(
            self.client,
            Path(path),
            operator_id=operator_id,
            file_name=file_name,
            file_type=file_type,
            speak_number=speak_number,
            ai_record=ai_record,
            clock=clock,
            progress=progress,
        )

    async def wait_ready(
        self,
        operation: Operation[ResultT],
        *,
        within: float = 3600.0,
        polling: Polling = Polling(first=5.0),  # noqa: B008 - a value
        events: "recordings.RecordingEvents | None" = None,
    ) -> ResultT:
        """Send an operation until what it asks for is ready: addresses, a transcript, minutes.

        Now and then, ever less often, and at once when `events` hears of it. Raises `DeadlineExceeded` after `within`
        seconds, and every error of a call but `NotReady`.
        """
        given("operation", operation, Operation, operation="recordings.wait_ready")
        return await recordings.ready(self.client, operation, within=within, polling=polling, events=events)

    async def wait_done(
        self,
        *,
        operator_id: str,
        meeting_id: str,
        since: datetime | None = None,
        within: float = 3600.0,
        polling: Polling = Polling(first=5.0),  # noqa: B008 - a value
        events: "recordings.RecordingEvents | None" = None,
    ) -> "tuple[recordings.Recording, ...]":
        """Wait until a meeting has recordings, and all of them are done.

        Those of the 31 days from `since` on, or by default up to tomorrow. Raises `DeadlineExceeded` after `within`
        seconds: a meeting that was not recorded, too.
        """
        given("since", since, datetime | None, operation="recordings.wait_done")
        start = datetime.now(UTC) - timedelta(days=30) if since is None else since
        listing = recordings.ListRecordings(
            operator_id=operator_id, meeting_id=meeting_id, start_time=start, end_time=start + timedelta(days=31)
        )
        return await recordings.done_recordings(self.client, listing, within=within, polling=polling, events=events)

    def download(
        self,
        record_file_id: str,
        *,
        to: "str | PathLike[str]",
        operator_id: str,
        kind: "recordings.FileKind" = "video",
        form: str | None = None,
        meeting_record_id: str | None = None,
        sts_token: str | None = None,
        size: int | None = None,
        overwrite: bool = False,
        allow_private: bool = False,
    ) -> "recordings.Download":
        """Fetch a file of a recording: its video, its audio, or what was made from it.

        `async with tm.recordings.download(file_id, to="x.mp4", operator_id="me") as download:`, then
        `async for progress in download:` if somebody wants to see it; leaving the block waits for the end, leaving it
        with an exception breaks off. `save` does both. `to` is the file, or a folder that there is, in which it gets
        the file's id as its name. `form` of a transcript or of minutes is `txt`, `pdf` or `docx`.

        The address is asked for when it is needed and again when it has ended: of this file, or with
        `meeting_record_id` out of the list of addresses, which apps made from 2026-01-16 on need no STS token for.
        What arrives lies beside as `x.mp4.part` until it is whole; after a cut, also in another process, it is gone on
        with, if the server says that it is still the same file. Checked are the length, `size` (bytes) where it is
        given, and the hash where the server names one (`Repr-Digest`, `Content-MD5`). Memory: a few MiB.

        An address that is not https, or leads into a private network, is refused, unless it is the gateway's own or
        `allow_private` is true. Raises `DownloadFailed` (`AddressRefused`), and the errors of the call for the address;
        `x.mp4` is whole, or not there.
        """
        sts_token = hide_text(sts_token)  # a traceback shows variables
        source = recordings.RecordingSource(
            record_file_id=record_file_id,
            operator_id=operator_id,
            kind=kind,
            form=form,
            meeting_record_id=meeting_record_id,
            sts_token=sts_token,
        )
        client = cast("recordings.FileSender", self.client)
        return recordings.Download(client, source, to, size=size, overwrite=overwrite, allow_private=allow_private)

    @takes_as(download)
    async def save(self, *args: Any, **options: Any) -> "recordings.Saved":
        """Fetch a file of a recording, and return when it is there; see `download`, which takes the same."""
        options = {name: hide_text(value) if name == "sts_token" else value for name, value in options.items()}
        async with self.download(*args, **options) as download:
            pass
        return download.saved
