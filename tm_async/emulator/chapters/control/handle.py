"""`Emulator.control`: what those inside a meeting do themselves.

A mistake is a `ValueError` that begins with its field.
"""

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings import news
from tm_async.emulator.chapters.meetings.attendance import Attendance, Session
from tm_async.emulator.chapters.meetings.state import Meeting

__all__ = ["ControlHandle"]


class ControlHandle:
    """Lets people sign in, and switch microphone, camera and screen."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def sign_in(self, meeting_id: str, userid: str) -> None:
        """Let a user, or somebody from outside by `ms_open_id`, sign in to what runs."""
        _, session, stays = self._inside(meeting_id, userid)
        now = self._backend.clock()
        open_ones = [one for one in session.sign_ins if one.begun <= now < one.ends]
        if not open_ones:
            raise ValueError("meeting_id: no sign-in runs")
        open_ones[0].signed.setdefault(stays[0].ms_open_id, stays[0])

    def use(
        self,
        meeting_id: str,
        userid: str,
        *,
        audio: bool | None = None,
        video: bool | None = None,
        sharing: bool | None = None,
    ) -> list[Attendance]:
        """Let a user, or somebody from outside by `ms_open_id`, switch what is given, on every device."""
        meeting, session, stays = self._inside(meeting_id, userid)
        switches, host = session.switches, meeting.is_host(stays[0].userid) or stays[0].cohost
        if audio and not host and switches.get("mute_all") and not switches["allow_unmute_by_self"]:
            raise ValueError("audio: everybody is muted and may not unmute")
        if sharing and not host and switches.get("share_screen") is False:
            raise ValueError("sharing: members may not share their screens")
        for one in stays:
            one.audio = one.audio if audio is None else audio
            one.video = one.video if video is None else video
            if sharing is not None and sharing is not one.sharing:
                one.sharing = sharing
                told = news.share_opened if sharing else news.share_closed
                told(self._backend.state, meeting, one, self._backend.clock())
        return stays

    def _inside(self, meeting_id: str, who: str) -> tuple[Meeting, Session, list[Attendance]]:
        meeting = self._backend.meeting(meeting_id)
        for span in meeting.spans:
            session = meeting.session(span)
            if stays := [one for one in session.inside if who in {one.userid, one.ms_open_id}]:
                return meeting, session, stays
        raise ValueError(f"userid: {who!r} is not inside")
