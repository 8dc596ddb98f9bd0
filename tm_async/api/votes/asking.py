"""A poll as what one does with it: asked, ended, read."""

from collections.abc import Mapping
from typing import Any

from tm_async.api.once import send_once
from tm_async.api.votes.describing import Poll
from tm_async.api.votes.polls import Anonymity, CreatePollTheme, DeletePoll, FinishPoll, GetPoll, PollStarted, StartPoll
from tm_async.api.votes.results import PollResult
from tm_async.core.given import given
from tm_async.core.mount import Sender
from tm_async.errors import OutcomeUnknown, TencentMeetingError, WrongState
from tm_async.rules import votes

__all__ = ["OpenPoll", "ask_poll"]

Who = Mapping[str, Any]
"""`meeting_id`, `operator_id` and `instanceid` of a call."""


class OpenPoll:
    """A poll that was started; see `tm.votes.ask`. `id` and `theme_id` are what other calls know it by."""

    def __init__(self, client: Sender, who: Who, poll_theme_id: str, poll_id: str) -> None:
        self.theme_id = poll_theme_id
        """Begins with A."""
        self.id = poll_id
        """Begins with B."""
        self._client, self._who = client, who

    def __repr__(self) -> str:
        return f"<OpenPoll id={self.id!r} theme_id={self.theme_id!r}>"

    async def results(self) -> PollResult:
        """What came of it by now: one call. After its end, too, as long as it is not deleted."""
        return PollResult.of(await self._client.send(GetPoll(**self._who, poll_id=self.id)))

    async def finish(self) -> PollResult:
        """End it, and read what came of it. One that has ended already stays as it is."""
        try:
            await self._client.send(FinishPoll(**self._who, poll_theme_id=self.theme_id, poll_id=self.id))
        except WrongState as error:
            if error.code != votes.POLL_ENDED:
                raise
        return await self.results()


async def ask_poll(client: Sender, who: Who, poll: Poll) -> OpenPoll:
    """Make a theme and start it."""
    given("poll", poll, Poll, operation="votes.ask")
    anonymity = Anonymity.ANONYMOUS if poll.anonymous else Anonymity.NAMED
    wanted = CreatePollTheme(
        **who,
        poll_topic=poll.topic,
        poll_questions=list(poll.as_sent()),
        poll_desc=poll.text or None,
        is_anony=anonymity,
    )
    made = await send_once(client, wanted)
    started = await _start(client, who, made.poll_theme_id)
    return OpenPoll(client, who, made.poll_theme_id, started.poll_id)


async def _start(client: Sender, who: Who, theme_id: str) -> PollStarted:
    """Start a theme of ours. One that certainly did not start would be left over, and doubled by the next try.

    One that "runs already" is what a second attempt hears where the first one got through after all.
    """
    try:
        return await send_once(client, StartPoll(**who, poll_theme_id=theme_id))
    except TencentMeetingError as error:
        runs = isinstance(error, OutcomeUnknown) or getattr(error, "code", None) == votes.POLL_RUNS
        if runs or not await _deleted(client, who, theme_id):
            error.add_note(f"the poll theme {theme_id} is left: start_poll starts it, delete_poll deletes it")
        raise


async def _deleted(client: Sender, who: Who, theme_id: str) -> bool:
    try:
        await client.send(DeletePoll(**who, poll_theme_id=theme_id))
    except TencentMeetingError:
        return False
    return True
