"""A Telegram bot that holds stand-ups: /standup opens a quick meeting for who is on the list, and ends it in time.

Once the host is inside, those on the list are let in from the waiting room, nobody else; who comes late is muted; when
all should be there a poll starts. At the limit, or when all have left, the meeting ends, and the chat is told who came
and what was voted.

Install python-telegram-bot besides tm-async. With the credentials of TENCENT_MEETING_APP_ID, _SECRET_ID, _SECRET_KEY:

    export TELEGRAM_TOKEN=...  # from @BotFather
    export STANDUP_CHATS=-1001234567890  # ids of the chats that may: anybody can write to a bot
    export STANDUP_HOST=tester STANDUP_PEOPLE="alice bob carol"  # userids
    python examples/standup_bot.py

/standup there is for the whole list, /standup alice bob for these two. Ctrl-C waits for stand-ups that run.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes, filters

from tm_async import EnterpriseSecret, Found, Meeting, OutcomeUnknown, Settings, TencentMeeting, errors
from tm_async.api.control import MeetingSession
from tm_async.api.meetings import MeetingKind
from tm_async.api.votes import OpenPoll, Poll

log = logging.getLogger("standup")
BLOCKED = Poll("Does anything block you?", single=["No", "A little", "Yes"])
LIMIT, LATE, EVERY = 15 * 60, 2 * 60, 5  # seconds until it ends, until one is late, between two looks
Say = Callable[[str], Awaitable[object]]


@define
class StandUps:
    """All that run. What belongs to one of them is in the variables of its `run`."""

    tm: TencentMeeting
    host: str
    people: Sequence[str]
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    running: set[int] = field(factory=set, init=False)

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        chat: Any = update.effective_chat
        if chat.id in self.running:
            await chat.send_message("A stand-up runs in this chat already.")
            return
        self.running.add(chat.id)
        try:
            people = tuple(dict.fromkeys(context.args or self.people))
            await self.run(chat.send_message, f"Stand-up {chat.id}", people)
        except Exception as error:  # whatever it is: the chat waits for an answer, and the log has the details
            log.exception("the stand-up in chat %s failed", chat.id)
            await chat.send_message(f"The stand-up failed: {friendly(error)}"[:4096])
        finally:
            self.running.discard(chat.id)

    async def run(self, say: Say, subject: str, people: Collection[str]) -> None:
        meeting = await self.open(subject, people)
        begin, began, asked, poll, came = self.clock(), False, False, None, dict[str, float]()
        room = self.tm.control.session(meeting.meeting_id, userid=self.host)
        try:
            await say(f"The stand-up is open for {LIMIT // 60} minutes: {meeting.join_url}")
            while (left := begin + LIMIT - self.clock()) > 0:
                await self.sleep(min(EVERY, left))
                try:
                    inside = await self.look(room, people, came, self.clock() - begin)
                except errors.TencentMeetingError as error:
                    log.warning("%s: %s", subject, error)  # the next look may succeed
                    continue
                began = began or bool(inside)
                if came and not inside:
                    break
                if came and not asked and self.clock() - begin >= LATE:
                    asked, poll = True, await self.ask(room, say)  # once, whatever comes of it
            voted = await self.voted(poll)
        finally:
            ended = await self.close(room, meeting, began=began)
        there = ", ".join(f"{who} (late)" if came[who] >= LATE else who for who in came) or "nobody"
        missing = ", ".join(who for who in people if who not in came) or "nobody"
        await say(f"The stand-up is over. There: {there}. Missing: {missing}.{voted}{ended}"[:4096])

    async def open(self, subject: str, people: Collection[str]) -> Meeting:
        start = datetime.fromtimestamp(self.clock(), UTC)
        request: dict[str, Any] = {"userid": self.host, "subject": subject, "type": MeetingKind.QUICK}
        request |= {"start_time": start, "end_time": start + timedelta(seconds=2 * LIMIT), "invitees": people}
        try:
            return await self.tm.meetings.create(**request, settings=Settings(auto_in_waiting_room=True))
        except OutcomeUnknown as error:  # it may be there: never create it twice
            found = await error.reconcile()
            if not isinstance(found, Found):
                raise
            return found.result

    async def look(self, room: MeetingSession, people: Collection[str], came: dict[str, float], now: float) -> set[str]:
        """Let in who waits and is on the list, mute who is late, note who came. Returns who is inside."""
        if waiting := [one for one in await room.waiting() if one.userid in people]:
            await room.admit(*waiting)
        inside = {one.userid for one in await room.refresh() if one.userid}
        new = [who for who in people if who in inside and who not in came]
        if new and now >= LATE:
            await room.mute(*new)
        came.update(dict.fromkeys(new, now))
        return inside

    async def ask(self, room: MeetingSession, say: Say) -> OpenPoll | None:
        try:
            return await room.ask(BLOCKED)
        except errors.TencentMeetingError as error:  # the stand-up goes on without
            log.warning("no poll: %s", error)
            await say(f"There is no poll: {friendly(error)}")
            return None

    async def voted(self, poll: OpenPoll | None) -> str:
        try:
            questions = () if poll is None else (await poll.finish()).questions
        except errors.TencentMeetingError as error:
            return f" The votes can't be read: {friendly(error)}"
        return "".join(f" {one.text} {', '.join(f'{o.text}: {o.votes}' for o in one.options)}." for one in questions)

    async def close(self, room: MeetingSession, meeting: Meeting, *, began: bool) -> str:
        try:
            if began:
                await room.end()
            else:  # who comes now finds it cancelled
                await self.tm.meetings.cancel(meeting_id=meeting.meeting_id, userid=self.host, reason_code=1)
        except errors.WrongState:
            pass  # it is over
        except errors.TencentMeetingError as error:
            log.warning("meeting %s may still be open: %s", meeting.meeting_id, error)
            return " The meeting may still be open: end it by hand."
        return ""


def friendly(error: Exception) -> str:
    """What went wrong, in words for a chat: what an error says of itself is for the log."""
    match error:
        case errors.ValidationError():
            return "; ".join(f"{one.field} {one.message}" for one in error.violations)
        case errors.OutcomeUnknown():
            return "Tencent Meeting gave no clear answer. Look at the host's meetings before you try again."
        case errors.PermissionDenied() | errors.AuthenticationError() | errors.ConfigurationError():
            return "the account or its host may not do this."
        case errors.TencentMeetingError(may_retry=True):
            return "Tencent Meeting is busy or out of reach. Try again in a minute."
    return "the bot's administrator finds the reason in the log."


def build(standups: StandUps, builder: Any, chats: Collection[int]) -> Any:
    app = builder.post_shutdown(lambda _: standups.tm.aclose()).build()
    allowed = filters.Chat(chats) & filters.UpdateType.MESSAGE  # an edited message is no second command
    app.add_handler(CommandHandler("standup", standups.command, allowed, block=False))
    return app


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and Telegram's have the token in them
    held = StandUps(
        TencentMeeting(EnterpriseSecret.from_env()), os.environ["STANDUP_HOST"], os.environ["STANDUP_PEOPLE"].split()
    )
    telegram = Application.builder().token(os.environ["TELEGRAM_TOKEN"])
    build(held, telegram, [int(one) for one in os.environ["STANDUP_CHATS"].split()]).run_polling()
