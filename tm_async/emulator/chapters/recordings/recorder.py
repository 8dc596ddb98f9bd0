"""When recordings begin, go on and end: by themselves in meetings that were made so, or by a test's act.

A meeting with `auto_record_type` "cloud" is recorded from the coming of a host on, or of anybody where
`participant_join_auto_record` says so, until nobody is inside any more.
"""

from collections.abc import Mapping
from typing import Any

from tm_async.emulator.chapters.meetings.state import Meeting
from tm_async.emulator.chapters.recordings import news
from tm_async.emulator.chapters.recordings.state import Recording
from tm_async.emulator.state import State

__all__ = ["begin", "go_on", "pause", "record", "stop"]

NOBODY = 1
"""`meeting_participant_status`."""


def record(state: State, event: str, item: Mapping[str, Any]) -> None:
    """Hear the news, and record what is to be recorded."""
    if event not in _HEARD:
        return
    info, now = item["meeting_info"], item["operate_time"] / 1000
    meeting = state.meetings[info["meeting_id"]]
    if info.get("meeting_participant_status") == NOBODY:
        if state.recordings.open(meeting.id):
            stop(state, meeting, now)
    elif _is_wanted(meeting, event) and not state.recordings.open(meeting.id):
        begin(state, meeting, now)


_HEARD = frozenset({"meeting.started", "meeting.participant-status-update"})


def _is_wanted(meeting: Meeting, event: str) -> bool:
    by_anybody = bool(meeting.settings.get("participant_join_auto_record"))
    return meeting.settings.get("auto_record_type") == "cloud" and (event == "meeting.started" or by_anybody)


def begin(state: State, meeting: Meeting, now: float) -> Recording:
    """Begin to record a meeting."""
    made = state.recordings.add(
        owner=meeting.creator,
        app=meeting.app,
        meeting=meeting,
        span=next((span for span in meeting.spans if meeting.session(span).is_running), None),
        name=meeting.subject,
        private=meeting.switches.get("media_set_type") == 1,
    )
    state.recordings.add_file(made, began=now)
    news.happened(state, "started", made, now)
    return made


def pause(state: State, meeting: Meeting, now: float) -> Recording:
    """Pause: the file ends."""
    recording = _open(state, meeting)
    if not _end_file(state, recording, now):
        raise ValueError("meeting_id: its recording is paused already")
    news.happened(state, "paused", recording, now)
    return recording


def go_on(state: State, meeting: Meeting, now: float) -> Recording:
    """Go on after a pause, with another file."""
    recording = _open(state, meeting)
    if recording.running:
        raise ValueError("meeting_id: its recording is not paused")
    state.recordings.add_file(recording, began=now)
    news.happened(state, "resumed", recording, now)
    return recording


def stop(state: State, meeting: Meeting, now: float) -> Recording:
    """End the recording, whose files will be transcoded."""
    recording = _open(state, meeting)
    _end_file(state, recording, now)
    recording.over = True
    news.happened(state, "stopped", recording, now)
    news.finished(state, recording, recording.files.values(), now)
    return recording


def _open(state: State, meeting: Meeting) -> Recording:
    found = state.recordings.open(meeting.id)
    if found is None:
        raise ValueError("meeting_id: it is not being recorded")
    return found


def _end_file(state: State, recording: Recording, now: float) -> bool:
    file = recording.running
    if file is not None:
        said = [one.ended for one in state.recordings.speech(recording, file)]
        file.ended = max([now, *said])  # what was said may take longer than a clock that a test moves
    return file is not None
