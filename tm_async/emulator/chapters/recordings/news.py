"""What recordings tell as events (doc 1095/53226 to 53232, 90396, 105653, 106697, 107523, 121282, 127651)."""

from collections.abc import Iterable
from typing import Any

from tm_async.emulator.chapters.meetings.news import info_of, named, occurrence
from tm_async.emulator.chapters.recordings.state import File, Recording, Said
from tm_async.emulator.state import State

__all__ = ["applied", "changed", "deleted", "finished", "happened", "pushed", "token_issued", "uploaded"]

OK = 1
"""`result` of what is made of recordings, and `job_status`."""
TEXTS = {"recording.completed": "media_set_type", "smart.transcripts": "start_time"}
"""Numbers of `meeting_info` that an event has as text (doc 1095/53230, 121282)."""


def happened(state: State, what: str, recording: Recording, now: float) -> None:
    """The recording was started, paused, resumed or stopped. There is no end of the meeting in these."""
    info = {name: value for name, value in _meeting(state, recording)["meeting_info"].items() if name != "end_time"}
    _tell(state, f"recording.{what}", now, operator=named(state, recording.owner), meeting_info=info)


def finished(state: State, recording: Recording, files: Iterable[File], now: float) -> None:
    """Its files will be there, and later what is made of them. The page of 2024-12 has no operator."""
    files = list(files)
    there = state.recordings
    done, made = (max(when(file) for file in files) - now for when in (there.done, there.made))
    for after, name, more in (
        (done, "recording.completed", {}),
        (made, "smart.transcripts", {}),
        (made, "smart.fullsummary", {"result": OK}),
        (made, "smart.minutes", {"job_id": there.new_id(), "result": OK}),
    ):
        told = [file for file in files if file.ai or name == "recording.completed"]
        if told:
            rows = [{"record_file_id": file.id, **({"lang": "zh"} if more else {})} for file in told]
            members: dict[str, Any] = {**more, "recording_files": rows, **_meeting(state, recording)}
            if (info := members.get("meeting_info")) and (text := TEXTS.get(name)):
                info[text] = str(info[text])
            _tell(state, name, now, after, **members)


def deleted(state: State, recording: Recording, files: Iterable[str], by: str, now: float) -> None:
    """Files were deleted; uploads have no `meeting_info`."""
    rows = [{"record_file_id": file} for file in files]
    members = {"operator": named(state, by), "recording_files": rows, **_meeting(state, recording)}
    _tell(state, "recording.deleted", now, **members)


def changed(state: State, recording: Recording, by: str, now: float) -> None:
    """Its share link was changed; not told of uploads."""
    if recording.meeting is not None:
        record = {"meeting_record_id": recording.id}
        members = {"operator": named(state, by), "record_info": record, **_meeting(state, recording)}
        _tell(state, "recording.updated", now, **members)


def applied(state: State, recording: Recording, apply_id: str, by: str, reason: str, now: float) -> None:
    """Somebody asks to see it."""
    asked = {"meeting_record_id": recording.id, "apply_id": apply_id, "apply_spesification": reason}
    _tell(
        state, "recording.apply", now, operator=named(state, by), record_apply_info=asked, **_meeting(state, recording)
    )


def uploaded(state: State, job_id: str, recording: Recording, now: float) -> None:
    """What came of an upload. The keys beside `file_name` are not documented."""
    (file,) = recording.files
    said = {"file_name": recording.name, "meeting_record_id": recording.id, "record_file_id": file}
    made = [[{"key": key, "value": value} for key, value in said.items()]]
    _tell(
        state,
        "common.job-results",
        now,
        state.recordings.transcoding,
        business_code="record.file-upload",
        job_id=job_id,
        job_status=OK,
        error_msg="",
        notify_info={"success": made},
    )


def token_issued(state: State, req_id: str, token: str, ends: float, by: str, now: float) -> None:
    """An STS token. The unit of its end is not documented: seconds, as others read it."""
    info = {"req_id": req_id, "sts_token": token, "expire_ts": int(ends)}
    _tell(state, "common.sts-token", now, operator=named(state, by), token_info=info)


def pushed(state: State, meeting: Any, said: Said, number: int, now: float) -> None:
    """A piece of a live transcript."""
    speaker = {"ms_open_id": said.ms_open_id, "nickname": said.name}
    piece: dict[str, Any] = {
        "speaker": {**({"userid": said.userid} if said.userid else {}), **speaker},
        "speech_time": str(int(said.began * 1000)),
        "content": {"text": said.text, "language": "zh", "translate": []},
        "sid": str(number),
    }
    state.news.tell("meeting.asr-push", {"asr_content": [piece], "meeting_info": info_of(state, meeting)})


def _meeting(state: State, recording: Recording) -> dict[str, Any]:
    if recording.meeting is None:
        return {}
    info = {**info_of(state, recording.meeting), "media_set_type": 2 if recording.private else 1}
    return {"meeting_info": {**info, **(occurrence(recording.span) if recording.span else {})}}


def _tell(state: State, event: str, now: float, after: float = 0.0, /, **members: Any) -> None:
    state.news.tell(event, {"operate_time": int((now + after) * 1000), **members}, after)
