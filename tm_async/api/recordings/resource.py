"""The chapters "recordings" and "recording_ai" on a client: `tm.recordings`."""

from tm_async.api import recordings
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Recordings"]


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
