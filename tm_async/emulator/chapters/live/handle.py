"""`Emulator.live`: what is done in the client. A mistake is a `ValueError` that begins with its field."""

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.live.state import Live
from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.kernel.amounts import check_amount

__all__ = ["LiveHandle"]


class LiveHandle:
    """Starts and stops streams, and lets people watch."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def start(self, meeting_id: str) -> str:
        """Let the creator start the stream of a running meeting that was made with `enable_live`; its room."""
        meeting, now = self._backend.meeting(meeting_id), self._backend.clock()
        if meeting.live is None:
            raise ValueError("meeting_id: the meeting was made without enable_live")
        if not meeting.is_running:
            raise ValueError("meeting_id: nobody is inside, emulator.meetings.start has the creator enter")
        if self._backend.state.live.of(meeting_id).room is not None:
            raise ValueError("meeting_id: the stream runs already")
        found = self._backend.state.live.start(meeting_id)
        news.live_switched(self._backend.state, meeting, now, on=True)
        return found.room or ""

    def watch(self, meeting_id: str, viewers: int) -> None:
        """So many watch from now on, who did not before."""
        check_amount("viewers", viewers)
        live = self._running(meeting_id)
        live.viewers = viewers
        live.total += viewers

    def stop(self, meeting_id: str) -> None:
        """Let the creator stop it; there is a replay where `enable_live_replay` is on."""
        self._running(meeting_id)
        meeting, now = self._backend.meeting(meeting_id), self._backend.clock()
        config = meeting.live or {}
        subject = config.get("live_subject", meeting.subject)
        self._backend.state.live.stop(meeting_id, subject, replay=bool(config.get("enable_live_replay")))
        news.live_switched(self._backend.state, meeting, now, on=False)

    def _running(self, meeting_id: str) -> Live:
        live = self._backend.state.live.of(self._backend.meeting(meeting_id).id)
        if live.room is None:
            raise ValueError("meeting_id: no stream runs")
        return live
