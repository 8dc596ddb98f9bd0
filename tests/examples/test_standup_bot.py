"""The stand-up bot, on the emulator and a Telegram that is played; time passes by the emulator's clock."""

import asyncio
import json
import logging
import re
import runpy
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from attrs import define, field
from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest

from tests.examples.conftest import EXAMPLES, SECRETS, load
from tm_async import TencentMeeting
from tm_async.emulator import Emulator, FaultRule

bot: Any = load("standup_bot")
TOKEN = "123456:CANARY-telegram-token"
HERE, THERE, ELSEWHERE = -1001, -1002, -1003
PEOPLE = ("alice", "bob", "carol")
HOST = {"id": 1, "is_bot": False, "first_name": "Host"}


class Telegram(BaseRequest):
    """Telegram's API: what the bot says, by chat."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def do_request(self, url: str, method: str, request_data: Any = None, **_: Any) -> tuple[int, bytes]:
        name, result = url.rpartition("/")[2], True
        if name == "getMe":
            result = {**HOST, "is_bot": True, "username": "standup_bot"}
        elif name == "sendMessage":
            given = request_data.parameters
            self.said.append((given["chat_id"], given["text"]))
            result = {"message_id": len(self.said), "date": 0, "chat": {"id": given["chat_id"], "type": "group"}}
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def heard(self, chat: int) -> list[str]:
        return [text for where, text in self.said if where == chat]


@define
class Stage:
    """The bot in its chats, and what people do at which second."""

    emulator: Emulator
    telegram: Telegram
    app: Any = None
    script: list[tuple[float, Callable[[], object]]] = field(factory=list)
    number: int = 0
    meetings: int = 1
    """How many are made before any time passes."""

    def at(self, seconds: float, act: Callable[..., object], *arguments: Any) -> None:
        self.script.append((seconds, lambda: act(*arguments)))

    async def sleep(self, seconds: float) -> None:
        while len(self.emulator.state.meetings) < self.meetings:  # noqa: ASYNC110 - another stand-up makes it
            await asyncio.sleep(0)
        await self.emulator.clock.sleep(seconds)
        due = [act for when, act in self.script if when <= self.emulator.clock_offset]
        self.script = [one for one in self.script if one[0] > self.emulator.clock_offset]
        for act in due:
            act()

    async def write(self, text: str, chat: int = HERE, kind: str = "message") -> None:
        self.number += 1
        end = len(text.partition(" ")[0])
        sent = {"message_id": self.number, "date": 0, "chat": {"id": chat, "type": "group", "title": "Team"}}
        command = [{"type": "bot_command", "offset": 0, "length": end}]
        update = {"update_id": self.number, kind: {**sent, "from": HOST, "text": text, "entities": command}}
        await self.app.process_update(Update.de_json(update, self.app.bot))

    async def over(self) -> None:
        """All stand-ups have come to their end."""
        await self.app.stop()

    def meeting(self, number: int = 0) -> Any:
        return list(self.emulator.state.meetings.values())[number]

    def wait(self, who: str, number: int = 0) -> None:
        self.emulator.meetings.wait(self.meeting(number).id, who)

    def start(self, number: int = 0) -> None:
        """The host comes in: before that the waiting room is not listed (doc 1095/58522)."""
        self.emulator.meetings.start(self.meeting(number).id)

    def speak(self, who: str) -> None:
        self.emulator.control.use(self.meeting().id, who, audio=True)

    def join_speaking(self, who: str) -> None:
        """Somebody whom the waiting room let pass."""
        self.emulator.meetings.join(self.meeting().id, who, audio=True)

    def leave(self, who: str) -> None:
        self.emulator.meetings.leave(self.meeting().id, who)

    def vote(self, who: str, what: str) -> None:
        found = self.emulator.state.votes.of(self.meeting().id)
        self.emulator.votes.cast(self.meeting().id, *found.polls, who, [[what]])

    def calls(self, operation: str) -> int:
        return Counter(entry.operation for entry in self.emulator.journal)[operation]


@pytest_asyncio.fixture
async def stage(tm_emulator: Emulator, tm_client: TencentMeeting) -> AsyncIterator[Stage]:
    it = Stage(tm_emulator, Telegram())
    standups = bot.StandUps(tm_client, "tester", PEOPLE, tm_emulator.clock, it.sleep)
    builder = Application.builder().token(TOKEN).request(it.telegram).get_updates_request(it.telegram)
    it.app = bot.build(standups, builder, [HERE, THERE])
    async with it.app:
        await it.app.start()
        yield it
        if it.app.running:
            await it.app.stop()
    assert standups.running == set()


@pytest.fixture(autouse=True)
def no_secret_shows(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    it: Stage | None = request.node.funcargs.get("stage")
    if it is not None:
        logged = map(caplog.handler.format, caplog.get_records("call"))
        shown = "\n".join([*logged, *(text for _, text in it.telegram.said)])
        assert not SECRETS.search(shown)
        assert TOKEN not in shown
        assert it.emulator.env["TENCENT_MEETING_SECRET_KEY"] not in shown


async def test_a_stand_up(stage: Stage) -> None:
    """Alice and bob are in time, carol is late, dave is not on the list."""
    stage.at(15, stage.start)
    for seconds, who in ((10, "alice"), (20, "dave"), (100, "bob")):
        stage.at(seconds, stage.wait, who)
    stage.at(110, stage.speak, "bob")
    stage.at(200, stage.join_speaking, "carol")
    stage.at(150, stage.vote, "alice", "No")
    stage.at(300, stage.vote, "carol", "Yes")
    await stage.write("/standup")
    await stage.over()
    meeting = stage.meeting()
    assert stage.telegram.heard(HERE) == [
        f"The stand-up is open for 15 minutes: {meeting.join_url}",
        "The stand-up is over. There: alice, bob, carol (late). Missing: nobody."
        " Does anything block you? No: 1, A little: 0, Yes: 1.",
    ]
    assert 890 < stage.emulator.clock_offset < 906
    assert not meeting.is_running
    assert [one.userid for one in stage.emulator.state.waiting.inside(meeting.id)] == ["dave"]
    (session,) = meeting.sessions.values()
    assert {one.userid: one.audio for one in session.attendances} == {
        "tester": False,
        "alice": False,
        "bob": True,
        "carol": False,
    }
    assert stage.calls("votes.start_poll") == 1


async def test_it_ends_when_all_have_left(stage: Stage) -> None:
    stage.at(10, stage.start)
    stage.at(10, stage.wait, "alice")
    for who in ("tester", "alice"):
        stage.at(300, stage.leave, who)
    await stage.write("/standup alice bob alice")
    await stage.over()
    assert stage.telegram.heard(HERE)[-1].startswith("The stand-up is over. There: alice. Missing: bob.")
    assert 290 < stage.emulator.clock_offset < 312


async def test_nobody_comes(stage: Stage) -> None:
    await stage.write("/standup")
    await stage.over()
    said = "The stand-up is over. There: nobody. Missing: alice, bob, carol."
    assert stage.telegram.heard(HERE)[-1] == said
    assert stage.meeting().cancelled


async def test_two_at_once_do_not_mix(stage: Stage) -> None:
    stage.meetings = 2
    for number in (0, 1):
        stage.at(10, stage.start, number)
        stage.at(10, stage.wait, "alice", number)
    stage.at(15, stage.wait, "bob", 1)
    await stage.write("/standup", HERE)
    await stage.write("/standup alice bob", THERE)
    while len(stage.telegram.said) < 2:
        await stage.emulator.clock.sleep(0)
    await stage.write("/standup", HERE)
    await stage.over()
    opened, refused, over = stage.telegram.heard(HERE)
    other, over_there = stage.telegram.heard(THERE)
    urls = {one.subject: one.join_url for one in stage.emulator.state.meetings.values()}
    assert urls[f"Stand-up {HERE}"] in opened
    assert urls[f"Stand-up {THERE}"] in other
    assert refused == "A stand-up runs in this chat already."
    first, second = ([f"Stand-up {HERE}", over], [f"Stand-up {THERE}", over_there])
    if stage.meeting().subject == f"Stand-up {THERE}":
        first, second = second, first
    assert "There: alice. Missing: bob" in first[1]
    assert "There: alice, bob. Missing: " in second[1]
    assert len(urls) == 2


async def test_only_in_chats_that_may_and_only_as_a_new_message(stage: Stage) -> None:
    await stage.write("/standup", ELSEWHERE)
    await stage.write("/standup", HERE, "edited_message")
    await stage.over()
    assert stage.telegram.said == []
    assert len(stage.emulator.journal) == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"error_code": 9042}, "the account or its host may not do this."),
        ({"error_code": 190303}, "the account or its host may not do this."),
        ({"error_code": 190310}, "Tencent Meeting is busy or out of reach. Try again in a minute."),
        ({"error_code": 190004}, "the bot's administrator finds the reason in the log."),
        ({"drop": "before"}, "no clear answer. Look at the host's meetings before you try again."),
    ],
)
async def test_a_meeting_that_cannot_be_opened(stage: Stage, fault: dict[str, Any], said: str) -> None:
    stage.emulator.add_fault(FaultRule(operation="meetings.create", **fault))
    await stage.write("/standup")
    await stage.over()
    (text,) = stage.telegram.heard(HERE)
    assert text.startswith("The stand-up failed: ")
    assert text.endswith(said)
    assert stage.emulator.state.meetings == {}


async def test_what_is_wrong_with_a_command_is_told(stage: Stage) -> None:
    await stage.write("/standup 1")
    await stage.over()
    assert stage.telegram.heard(HERE)[0].startswith("The stand-up failed: invitees[0] must be a user id")


async def test_a_lost_answer_opens_no_second_meeting(stage: Stage) -> None:
    stage.emulator.add_fault(FaultRule(operation="meetings.create", drop="after", times=1))
    stage.emulator.add_fault(FaultRule(operation="votes.create_poll_theme", drop="after", times=1))
    stage.at(20, stage.start)
    stage.at(20, stage.wait, "alice")
    await stage.write("/standup")
    await stage.over()
    assert stage.telegram.heard(HERE)[-1].endswith("Does anything block you? No: 0, A little: 0, Yes: 0.")
    assert len(stage.emulator.state.meetings) == 1
    assert len(stage.emulator.state.votes.of(stage.meeting().id).themes) == 1


async def test_what_fails_meanwhile_is_made_up_for(stage: Stage) -> None:
    stage.at(10, stage.start)
    stage.at(10, stage.wait, "alice")
    stage.emulator.add_fault(FaultRule(operation="meetings.list_waiting_room", error_code=9003, times=5))
    stage.emulator.add_fault(FaultRule(operation="votes.create_poll_theme", error_code=9042, times=1))
    await stage.write("/standup")
    await stage.over()
    _, no_poll, over = stage.telegram.heard(HERE)
    assert no_poll == "There is no poll: the account or its host may not do this."
    assert over == "The stand-up is over. There: alice. Missing: bob, carol."
    assert not stage.meeting().is_running


async def test_votes_that_cannot_be_read(stage: Stage) -> None:
    stage.at(10, stage.start)
    stage.at(10, stage.wait, "alice")
    stage.emulator.add_fault(FaultRule(operation="votes.finish_poll", error_code=13000))
    await stage.write("/standup")
    await stage.over()
    said = " The votes can't be read: Tencent Meeting is busy or out of reach. Try again in a minute."
    assert stage.telegram.heard(HERE)[-1].endswith(said)


async def test_a_meeting_that_stays_open_is_told(stage: Stage) -> None:
    stage.at(10, stage.start)
    stage.at(10, stage.wait, "alice")
    stage.emulator.add_fault(FaultRule(operation="meeting_control.dismiss", error_code=9042))
    await stage.write("/standup")
    await stage.over()
    assert stage.telegram.heard(HERE)[-1].endswith(" The meeting may still be open: end it by hand.")


async def test_something_unexpected_ends_the_meeting_all_the_same(stage: Stage) -> None:
    def breaks() -> None:
        raise RuntimeError("a bug")

    stage.at(10, stage.start)
    stage.at(10, stage.wait, "alice")
    stage.at(60, breaks)
    await stage.write("/standup")
    await stage.over()
    assert stage.telegram.heard(HERE)[-1] == (
        "The stand-up failed: the bot's administrator finds the reason in the log."
    )
    assert not stage.meeting().is_running


def test_it_starts_as_its_docstring_says(monkeypatch: pytest.MonkeyPatch, tm_env: dict[str, str]) -> None:
    """With what is exported there. Telegram's addresses, which have the token in them, are not logged."""
    said = (EXAMPLES / "standup_bot.py").read_text(encoding="utf-8").split('"""')[1]
    exported = dict(re.findall(r'(\w+)=("[^"]*"|\S+)', " ".join(re.findall(r"export ([^#\n]+)", said))))
    assert set(exported) == {"TELEGRAM_TOKEN", "STANDUP_CHATS", "STANDUP_HOST", "STANDUP_PEOPLE"}
    for name, value in {**exported, **tm_env, "TELEGRAM_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, value.strip('"'))
    started: list[Any] = []

    def run_polling(app: Any) -> None:
        started.append(app)

    monkeypatch.setattr(Application, "run_polling", run_polling)
    quiet = logging.getLogger("httpx")
    monkeypatch.setattr(quiet, "level", quiet.level)
    runpy.run_path(str(EXAMPLES / "standup_bot.py"), run_name="__main__")
    (app,) = started
    assert app.bot.token == TOKEN
    assert not quiet.isEnabledFor(logging.INFO)


@pytest.fixture
def tm_env() -> dict[str, str]:
    names = {"APP_ID": "1", "SECRET_ID": "s", "SECRET_KEY": "k"}
    return {f"TENCENT_MEETING_{name}": value for name, value in names.items()}
