"""`Emulator.recordings`: what a test does in place of people who record, speak, watch, and ask to watch.

A mistake is a `ValueError` that begins with its field.
"""

from collections.abc import Sequence

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.meetings.temporary import ms_open_id
from tm_async.emulator.chapters.recordings import news, recorder
from tm_async.emulator.chapters.recordings.state import File, Recording, Said, Seen
from tm_async.emulator.kernel.amounts import check_amount

__all__ = ["RecordingsHandle"]

SECONDS_PER_CHARACTER = 0.2
VIEW = 2


class RecordingsHandle:
    """Recordings begin by themselves in meetings with `settings.auto_record_type` "cloud", or by `start`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def start(self, meeting_id: str) -> str:
        """Let the host begin to record a running meeting: the id of the recording."""
        meeting = self._backend.meeting(meeting_id)
        if not meeting.is_running:
            raise ValueError("meeting_id: nobody is inside")
        if self._backend.state.recordings.open(meeting.id):
            raise ValueError("meeting_id: it is being recorded already")
        return recorder.begin(self._backend.state, meeting, self._backend.clock()).id

    def pause(self, meeting_id: str) -> str:
        """Let the host pause the recording; its file ends."""
        return recorder.pause(self._backend.state, self._backend.meeting(meeting_id), self._backend.clock()).id

    def go_on(self, meeting_id: str) -> str:
        """Let the host go on recording, into another file."""
        return recorder.go_on(self._backend.state, self._backend.meeting(meeting_id), self._backend.clock()).id

    def stop(self, meeting_id: str) -> str:
        """Let the host end the recording; it ends with the meeting otherwise."""
        return recorder.stop(self._backend.state, self._backend.meeting(meeting_id), self._backend.clock()).id

    def say(
        self,
        meeting_id: str,
        text: str,
        userid: str | None = None,
        *,
        name: str | None = None,
        seconds: float | None = None,
    ) -> Said:
        """Let somebody in a running meeting say a sentence; without `userid` somebody from outside of that name.

        It follows what was said before, as long as `seconds`, or as its text takes. It is in the transcripts of what is
        recorded meanwhile, and is pushed where that was switched on, while the live transcription is.
        """
        check_amount("seconds", seconds, whole=False)
        meeting, state = self._backend.meeting(meeting_id), self._backend.state
        sessions = [meeting.session(span) for span in meeting.spans]
        inside = [(one, session) for session in sessions for one in session.inside]
        found = (pair for pair in inside if (pair[0].userid == userid if userid else pair[0].name == name))
        who, session = next(found, (None, None))
        if who is None or session is None:
            raise ValueError(f"userid: {userid or name!r} is not inside")
        user = state.users.get(userid or "")
        shown = (user.username if user else "") or who.name
        said = self._speech(state.recordings.said.setdefault(meeting.id, []), text, seconds, self._backend.clock())
        said.userid, said.ms_open_id, said.name = userid, who.ms_open_id, name or shown
        transcribed = session.switches.get("asr", meeting.settings.get("auto_asr", False))
        if transcribed and meeting.id in state.recordings.pushed:
            news.pushed(state, meeting, said, len(state.recordings.said[meeting.id]) - 1, self._backend.clock())
        return said

    @staticmethod
    def _speech(before: list[Said], text: str, seconds: float | None, now: float) -> Said:
        began = max(now, before[-1].ended) if before else now
        ended = began + (len(text) * SECONDS_PER_CHARACTER if seconds is None else seconds)
        before.append(Said(began=began, ended=ended, text=text, userid=None, ms_open_id="", name=""))
        return before[-1]

    def add(
        self,
        userid: str,
        *,
        subject: str = "Recording",
        meeting_id: str | None = None,
        size: int | None = None,
        seconds: float = 3600.0,
        sentences: Sequence[str] = (),
        done: bool = True,
    ) -> File:
        """Have a recording of the last `seconds`, with one file of `size` bytes: finished unless `done` is false.

        Each of the `sentences` is `"alice: What she said"`; they fill the time evenly.
        """
        state, now = self._backend.state, self._backend.clock()
        check_amount("size", size)
        check_amount("seconds", seconds, whole=False)
        if isinstance(sentences, str):
            raise ValueError("sentences: must be a list of texts")  # noqa: TRY004 - of a test, a mistake like others
        if userid not in state.users:
            raise ValueError(f"userid: {userid!r} is not registered")
        meeting = None if meeting_id is None else self._backend.meeting(meeting_id)
        there = state.recordings
        ended = now - (there.transcoding + there.making if done else 0.0)
        made = there.add(owner=userid, app=meeting and meeting.app, meeting=meeting, name=subject, over=True)
        step = seconds / max(len(sentences), 1)
        said = [
            self._told(meeting.id if meeting else made.id, sentence, ended - seconds + number * step, step)
            for number, sentence in enumerate(sentences)
        ]
        file = there.add_file(made, began=ended - seconds, ended=ended, size=size, said=said)
        if not done:
            news.finished(state, made, [file], now)
        return file

    def _told(self, where: str, sentence: str, began: float, seconds: float) -> Said:
        who, _, text = sentence.partition(": ")
        known = who if who in self._backend.state.users else None
        of = ms_open_id(where, who)
        return Said(began=began, ended=began + seconds, text=text, userid=known, ms_open_id=of, name=who)

    def view(self, record_file_id: str, userid: str, *, seconds: float = 60.0, share: int = 100) -> Seen:
        """Let somebody watch a file for so many seconds, and so many per cent of it."""
        check_amount("seconds", seconds, whole=False)
        check_amount("share", share)
        recording = self._of_file(record_file_id)
        seen = Seen(
            kind=VIEW, userid=userid, at=self._backend.clock(), file=record_file_id, seconds=seconds, share=share
        )
        recording.seen.append(seen)
        return seen

    def apply(self, meeting_record_id: str, userid: str, *, reason: str = "") -> str:
        """Let somebody ask to see a recording: the id of the application, which comes as an event, too."""
        state = self._backend.state
        recording = state.recordings.get(meeting_record_id)
        if recording is None:
            raise ValueError(f"meeting_record_id: {meeting_record_id!r} is not known")
        if userid not in state.users:
            raise ValueError(f"userid: {userid!r} is not registered")
        apply_id = state.recordings.new_id()
        recording.applications[apply_id] = userid
        news.applied(state, recording, apply_id, userid, reason, self._backend.clock())
        return apply_id

    def need_sts_token(self, needed: bool = True) -> None:
        """Be an app made on 2026-01-16 or later, which needs STS tokens for sensitive data; or an older one."""
        self._backend.state.recordings.needs_token = needed

    def times(
        self, *, transcoding: float | None = None, making: float | None = None, block_size: int | None = None
    ) -> None:
        """Set how long files take to be transcoded, and what AI makes of them after that; the parts of uploads."""
        there = self._backend.state.recordings
        check_amount("transcoding", transcoding, whole=False)
        check_amount("making", making, whole=False)
        check_amount("block_size", block_size, least=1)
        there.transcoding = there.transcoding if transcoding is None else transcoding
        there.making = there.making if making is None else making
        there.block_size = there.block_size if block_size is None else block_size

    def _of_file(self, record_file_id: str) -> Recording:
        found = self._backend.state.recordings.of_file(record_file_id)
        if found is None:
            raise ValueError(f"record_file_id: {record_file_id!r} is not known")
        return found
