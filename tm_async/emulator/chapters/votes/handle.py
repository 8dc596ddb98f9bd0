"""`Emulator.votes`: what people do in the client. A mistake is a `ValueError` that begins with its field."""

from collections.abc import Sequence

from tm_async.emulator.backend import Backend
from tm_async.emulator.chapters.votes.state import Ballots, Poll

__all__ = ["VotesHandle"]


class VotesHandle:
    """Votes, shares results, and starts and ends the votes of the older form."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def cast(self, meeting_id: str, poll_id: str, userid: str, choices: Sequence[Sequence[str]]) -> None:
        """A user who is inside votes: for each question the texts of the options. Voting again replaces it."""
        meeting, poll = self._backend.meeting(meeting_id), self._poll(meeting_id, poll_id)
        if not poll.running:
            raise ValueError(f"poll_id: {poll_id!r} has ended")
        if not any(one.userid == userid for span in meeting.spans for one in meeting.session(span).inside):
            raise ValueError(f"userid: {userid!r} is not inside")
        questions = poll.theme.questions
        if len(choices) != len(questions):
            raise ValueError(f"choices: {len(questions)} questions are to be answered")
        numbers: list[list[int]] = []
        for question, chosen in zip(questions, choices, strict=True):
            known = dict(zip(question.options, question.numbers, strict=True))
            if strange := [text for text in chosen if text not in known]:
                raise ValueError(f"choices: {strange[0]!r} is no option of {question.text!r}")
            if len(chosen) > 1 and not question.multiple:
                raise ValueError(f"choices: {question.text!r} takes one option")
            numbers.append([known[text] for text in chosen])
        poll.cast[userid] = numbers

    def share(self, meeting_id: str, poll_id: str) -> None:
        """A host shows the result to those inside."""
        self._poll(meeting_id, poll_id).shared = True

    def start(self, meeting_id: str, vote_theme_id: str) -> str:
        """A host starts a vote of the older form; its id."""
        found = self._backend.state.votes.older(self._backend.meeting(meeting_id).id)
        theme = found.themes.get(vote_theme_id)
        if theme is None:
            raise ValueError(f"vote_theme_id: {vote_theme_id!r} is not there")
        return self._backend.state.votes.start(found, theme).id

    def end(self, meeting_id: str, vote_id: str) -> None:
        """A host ends a vote of the older form, or a poll."""
        self._poll(meeting_id, vote_id).running = False

    def _poll(self, meeting_id: str, poll_id: str) -> Poll:
        votes, meeting = self._backend.state.votes, self._backend.meeting(meeting_id)
        both: list[Ballots] = [votes.of(meeting.id), votes.older(meeting.id)]
        found = next((has.polls[poll_id] for has in both if poll_id in has.polls), None)
        if found is None:
            raise ValueError(f"poll_id: {poll_id!r} is not there")
        return found
