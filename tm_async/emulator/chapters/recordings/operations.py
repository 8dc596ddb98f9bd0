"""Lists, addresses, deletion and transfer of recordings (doc 1095/51174, 51180, 51186, 51187, 51189)."""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.recordings import news
from tm_async.emulator.chapters.recordings.reach import check_seconds, file_of, in_time, may_view, recording_of
from tm_async.emulator.chapters.recordings.serving import link
from tm_async.emulator.chapters.recordings.state import CLOUD, File, Recording
from tm_async.emulator.kernel.answers import View
from tm_async.emulator.kernel.asked import Asked
from tm_async.emulator.kernel.chapter import Chapter
from tm_async.emulator.kernel.encoding import base64_text
from tm_async.emulator.kernel.refusals import Refused

__all__ = [
    "ANY",
    "KINDS",
    "check_token",
    "delete",
    "delete_file",
    "get_file",
    "list_addresses",
    "listed",
    "recordings",
    "row_of",
    "transfer",
]

recordings: Chapter[Recording] = Chapter("recordings", forbidden=403)

HOURS_6, MINUTES_5 = 6 * 3600.0, 300.0
ANY, PRIVATE = 0, 2
ATTENDEES = 2
"""`sharing_auth_type`."""
AFTER_DAYS = frozenset(map(str, range(31)))
"""Of `delete_recording_after_transfer`; any other text keeps the recording."""
KINDS = {1: CLOUD, 2: 2, 3: 3, 4: 4, 5: 5}
"""From `query_record_type` to `record_type`."""


@recordings.lists("list")
def listed(
    asked: Asked,
    *,
    start_time: int,
    end_time: int,
    meeting_id: str = "",
    meeting_code: str = "",
    media_set_type: int = ANY,
    query_record_type: int = 1,
) -> list[View]:
    """Of those that may be seen; whose beginning counts as its time is not documented."""
    check_seconds(start_time, end_time)
    app = asked.call.people.app
    found: list[View] = []
    for one in asked.state.recordings:
        meeting = one.meeting
        if app is not None and one.app != app:
            continue
        if meeting_id and (meeting is None or meeting.id != meeting_id):
            continue
        if meeting_code and not meeting_id and (meeting is None or meeting.code != meeting_code):
            continue
        if media_set_type != ANY and one.private != (media_set_type == PRIVATE):
            continue
        if query_record_type != ANY and one.kind != KINDS[query_record_type]:
            continue
        if may_view(asked, one) and in_time(int(one.began), start_time, end_time):
            found.append(row_of(asked, one))
    return found


def row_of(asked: Asked, one: Recording) -> View:
    """All that lists show of a recording."""
    state = asked.state.recordings.state(one, asked.now)
    there = {} if one.meeting is None else {"meeting_id": one.meeting.id, "meeting_code": one.meeting.code}
    return View(
        **there,
        meeting_record_id=one.id,
        host_user_id=asked.call.people.name(one.owner),
        media_start_time=int(one.began * 1000),
        subject=base64_text(one.name),
        state=state,
        record_type=one.kind,
        media_set_type=2 if one.private else 1,
        record_files=[_shown(asked, one, file) for file in one.files.values()] if state == 3 else [],
    )


def _shown(asked: Asked, one: Recording, file: File) -> View:
    """With addresses, which the list of the whole account shows."""
    shared: dict[str, Any] = {"sharing_state": 0}
    if one.sharing["enable_sharing"]:
        shared = {
            "sharing_state": 1,
            "sharing_url": f"https://meeting.tencent.com/crw/{one.id}",
            "required_same_corp": 1 in {one.sharing.get("share_scope"), one.sharing.get("sharing_auth_type")},
            "required_participant": one.sharing.get("sharing_auth_type") == ATTENDEES,
            "allow_download": one.sharing["allow_download"],
            "sharing_expire": one.sharing.get("sharing_expire", 0),
            **({"password": one.sharing["password"]} if one.sharing.get("password") else {}),
        }
    return View(
        record_file_id=file.id,
        record_start_time=int(file.began * 1000),
        record_end_time=int((file.ended or 0) * 1000),
        record_size=file.bytes,
        **shared,
        **_watched(asked, file, HOURS_6),
    )


def _watched(asked: Asked, file: File, life: float) -> dict[str, str]:
    """Where a file is played, and where it is fetched as long as that address lives."""
    return {
        "view_address": f"https://meeting.tencent.com/cw/{file.id}",
        "download_address": link(asked, f"{file.id}.mp4", life),
    }


def _addresses(asked: Asked, file: File, life: float) -> dict[str, Any]:
    made = asked.now >= asked.state.recordings.made(file) and file.ai
    return {
        "record_file_id": file.id,
        **_watched(asked, file, life),
        "download_address_file_type": "mp4",
        "audio_address": link(asked, f"{file.id}.m4a", life),
        "audio_address_file_type": "m4a",
        "meeting_summary": _derived(asked, file, "transcript", "txt") if made else [],
    }


def _derived(asked: Asked, file: File, what: str, *kinds: str) -> list[dict[str, str]]:
    names = ((kind, f"{file.id}-{what}.{kind}") for kind in kinds)
    return [{"download_address": link(asked, name, MINUTES_5), "file_type": kind} for kind, name in names]


@recordings.does("list_addresses", pages=True)
def list_addresses(asked: Asked, *, meeting_record_id: str) -> Mapping[str, Any]:
    """All files, with links of 6 hours."""
    one = recording_of(asked, meeting_record_id)
    if (state := asked.state.recordings.state(one, asked.now)) != 3:
        raise Refused(4044, f"recording {one.id} is not finished, its state is {state}")
    rows = [_addresses(asked, file, HOURS_6) for file in one.files.values()]
    there = {} if one.meeting is None else {"meeting_id": one.meeting.id, "meeting_code": one.meeting.code}
    return {**asked.page(rows), **there, "meeting_record_id": one.id, "subject": base64_text(one.name)}


@recordings.does("get_file")
def get_file(asked: Asked, *, record_file_id: str) -> Mapping[str, Any]:
    """One file, with links of 5 minutes; what AI made is there only where downloading is allowed."""
    check_token(asked)
    one, file = file_of(asked, record_file_id, manage=True)
    there = {} if one.meeting is None else {"meeting_id": one.meeting.id, "meeting_code": one.meeting.code}
    open_ = one.sharing["allow_download"] and file.ai and asked.now >= asked.state.recordings.made(file)
    lists = {
        "ai_meeting_transcripts": ("polished", "txt", "pdf", "docx"),
        "ai_minutes": ("minutes", "txt", "pdf", "docx"),
        "ai_topic_minutes": ("topics", "htm"),
        "ai_speaker_minutes": ("speakers", "htm"),
        "ai_ds_minutes": ("ds", "htm"),
    }
    derived = {name: _derived(asked, file, *what) if open_ else [] for name, what in lists.items()}
    return {**_addresses(asked, file, MINUTES_5), **there, **derived}


def check_token(asked: Asked) -> None:
    """An STS token in force, where the app needs one. The code for one that is missing or has ended is not known."""
    there, given = asked.state.recordings, asked.call.headers.get("sts-token", "")
    if there.needs_token and there.tokens.get(given, 0.0) <= asked.now:
        raise Refused(200001, f"header STS-Token {'is unknown or has ended' if given else 'is missing'}")


@recordings.does("delete")
def delete(asked: Asked, *, meeting_record_id: str, meeting_id: str = "") -> None:
    """With all its files. 7001 for one that no meeting has."""
    one = recording_of(asked, meeting_record_id, unknown=7001)
    if meeting_id and (one.meeting is None or one.meeting.id != meeting_id):
        raise Refused(7001, f"meeting {meeting_id[:40]} has no recording {one.id}")
    news.deleted(asked.state, one, asked.state.recordings.delete(one), asked.operator, asked.now)


@recordings.does("delete_file")
def delete_file(asked: Asked, *, record_file_id: str, meeting_id: str = "") -> None:
    """The others stay. 7003 for one that never was."""
    try:
        one, file = file_of(asked, record_file_id, manage=True, done=False)
    except Refused as refused:
        raise Refused(7003, refused.reason) if refused.number == 4049 else refused from None
    if meeting_id and (one.meeting is None or one.meeting.id != meeting_id):
        raise Refused(7003, f"meeting {meeting_id[:40]} has no file {file.id}")
    asked.state.recordings.delete_file(one, file.id)
    news.deleted(asked.state, one, [file.id], asked.operator, asked.now)


@recordings.does("transfer")
def transfer(
    asked: Asked, *, meeting_id: str, meeting_record_id: str, delete_recording_after_transfer: str = ""
) -> None:
    """Once, of a private network, by the owner; the codes are not documented. Deleting afterwards is not emulated."""
    if delete_recording_after_transfer in AFTER_DAYS:
        raise Refused(200004, "recordings.transfer is emulated without deleting them afterwards", loud=True)
    one = recording_of(asked, meeting_record_id)
    if asked.operator != one.owner:
        raise Refused(403, "only the creator may")
    if one.meeting is None or one.meeting.id != meeting_id or not one.private or one.transferred:
        raise Refused(190004, f"recording {one.id} is no private one of this meeting, or is transferred already")
    one.transferred = True
