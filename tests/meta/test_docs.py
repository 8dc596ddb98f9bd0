"""The generated pages are what the generator gives, their links lead somewhere, and every snippet runs."""

import asyncio
import inspect
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from docs.generate import INTRODUCTIONS, pages
from docs.generate.chapters import chapters
from docs.generate.examples import sample
from docs.generate.markdown import slug
from tests.meta.test_readme import execute
from tm_async import EnterpriseSecret, Meeting, Recurrence, Settings, TencentMeeting
from tm_async.emulator import Emulator, FaultRule
from tm_async.spec.catalogue import entries
from tm_async.transport.fake import FakeTransport

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in pages() if (DOCS / name).is_file()}
START = datetime(2038, 12, 1, 2, tzinfo=UTC)  # a Wednesday, 10:00 in China
END = START + timedelta(hours=1)


@pytest.mark.parametrize("name", pages())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert PAGES.get(name) == pages()[name](), f"`nox -s docs` regenerates docs/{name}"


@pytest.mark.parametrize("name", pages())
def test_a_page_shows_no_repr_of_an_object(name: str) -> None:
    assert not re.findall(r"<class '|<function |<built-in |object at 0x", PAGES[name])


def test_what_calls_give_has_its_methods_on_the_page() -> None:
    assert "| `await mute(*people)` |" in PAGES["control.md"]
    assert "| `await finish()` |" in PAGES["control.md"], "of what a session gives"
    assert "| `await finish()` |" in PAGES["votes.md"]
    assert "- returns [`MeetingSession`](#meetingsession)" in PAGES["control.md"]


@pytest.mark.parametrize("name", pages())
def test_a_page_tells_nothing_twice(name: str) -> None:
    assert [anchor for anchor, count in _anchors(DOCS / name).items() if count > 1] == []


def test_every_introduction_belongs_to_a_chapter() -> None:
    names = {chapter.name for chapter in chapters()}
    assert {source.stem for source in INTRODUCTIONS.iterdir()} <= names
    assert all(hasattr(TencentMeeting, name) for name in names)


def test_the_list_of_pages_is_complete() -> None:
    listed = re.findall(r"\]\(([\w.-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in DOCS.glob("*.md") if page.name != "README.md")


def test_the_map_has_every_module_of_the_core() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    core = text[text.index("\n  core/") : text.index("\n  rules/")]
    modules = {path.name for path in (DOCS.parent / "tm_async" / "core").glob("[!_]*.py")}
    assert set(re.findall(r"\w+\.py", core)) == modules


def _without_blocks(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@cache
def _anchors(page: Path) -> Counter[str]:
    return Counter(map(slug, re.findall(r"^#+ (.+)$", _without_blocks(page), re.MULTILINE)))


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_anchors_are_there(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([\w.-]*)#([^)]+)\)", _without_blocks(page)):
        assert _anchors(DOCS / target if target else page)[anchor] == 1, f"{target}#{anchor}"


# --- snippets ---------------------------------------------------------------------------------------------------------


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The heading above each Python block, and its code."""
    heading = ""
    for title, code in re.findall(r"^#+ ([^\n]+)$|^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        heading = title or heading
        if code:
            yield heading, code


STAGED = ("meetings.md", "guests.md")
"""The pages whose examples are played on the emulator; the others' are answered by their samples."""


def snippets(*, staged: bool) -> list[Any]:
    pages = {name: text for name, text in PAGES.items() if (name in STAGED) == staged}
    found = [(name, *block) for name, text in pages.items() for block in blocks(text)]
    return [pytest.param(heading, code, id=f"{name}-{heading}") for name, heading, code in found]


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator() as running:
        yield running


@pytest_asyncio.fixture
async def tm(emulator: Emulator) -> AsyncIterator[TencentMeeting]:
    auth = EnterpriseSecret.from_env(emulator.env)
    async with TencentMeeting(auth, base_url=emulator.base_url) as client:
        yield client


NEEDS_PEOPLE = {"tm.meetings.get_qos", "tm.meetings.list_participants", "tm.meetings.list_realtime_participants"}


def set_the_stage(emulator: Emulator, meeting_id: str) -> None:
    """What the examples look at and no call of the API brings about."""
    emulator.meetings.enrol(meeting_id, "alice")
    for name in ("get_quality", "get_qos", "export_chat"):
        emulator.seed_answer(f"meetings.{name}", {})


@pytest.mark.parametrize(("heading", "code"), snippets(staged=True))
async def test_snippets_of_generated_pages(heading: str, code: str, tm: TencentMeeting, emulator: Emulator) -> None:
    given = {"userid": "tester", "subject": "Demo", "start_time": START, "end_time": END}
    created = await tm.meetings.create(**given, enable_enroll=True, settings=Settings(auto_in_waiting_room=True))
    set_the_stage(emulator, created.meeting_id)
    if heading in NEEDS_PEOPLE:
        emulator.meetings.start(created.meeting_id)
    series = await tm.meetings.create(**given, recurring_rule=Recurrence.weekly())
    namespace = {
        "tm": tm,
        "start": START,
        "end": END,
        "last_day": START + timedelta(days=30),
        "meeting": await tm.meetings.get(meeting_id=created.meeting_id, userid="tester"),
        "series": await tm.meetings.get(meeting_id=series.meeting_id, userid="tester"),
    }
    await execute(code, namespace)


class Nobody:
    async def authorize(self, request: Any, now: float) -> Any:
        return ()

    async def rejected(self, error: Any, headers: Any) -> bool:
        return False


def _last_page(answer: Any, page: int) -> Any:
    """A sample may be one page of many; there are as many as the one that it asks for."""
    last = {"total_page": page, "total_count": 1, "has_remaining": False, "remaining": 0}
    return {**answer, **{name: value for name, value in last.items() if name in answer}} if answer else answer


@pytest.mark.parametrize(("heading", "code"), snippets(staged=False))
async def test_snippets_answered_by_their_samples(heading: str, code: str) -> None:
    """They send what the sample sends, and read what it answers."""
    mounts = [(f"tm.{chapter.name}.{name}", mount) for chapter in chapters() for name, mount in chapter.mounts.items()]
    named = {name: mount.operation.spec.id for name, mount in mounts if hasattr(mount, "operation")}
    named |= {"tm.rooms.add_room": "rooms.book", "tm.rooms.find_free": "rooms.list", "tm.users.find": "users.list"}
    if heading not in named:
        return  # imports, and bulk calls
    shown = sample(named[heading])
    answer = _last_page(shown["answer"], shown["arguments"].get("page", 1))
    transport = FakeTransport(*([answer if answer is not None else {}] * 3))
    tm = TencentMeeting(Nobody(), transport=transport, quotas=None)
    meeting = await _meeting()
    await execute(code, {"tm": tm, "start": START, "end": END, "meeting": meeting, "series": meeting})
    assert transport.requests


async def _meeting() -> Meeting:
    return Meeting.from_wire({"meeting_id": "7567173273889276131", "meeting_code": "806146667"})


async def test_the_guide_to_rooms(tm: TencentMeeting, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    for number, capacity in ((100001, 8), (100002, 4)):
        emulator.rooms.add(f"R{number}", meeting_room_id=str(number), capacity=capacity, city="示例")
    created = await tm.meetings.create(userid="tester", subject="Demo", start_time=START, end_time=END)
    booking, calling, listening = [
        code for heading, code in blocks(PAGES["rooms.md"]) if not heading.startswith("tm.")
    ][:3]
    namespace = {"tm": tm, "start": START, "end": END, "meeting": created}
    await execute(booking, namespace)
    assert emulator.state.rooms.booked(created.meeting_id) == ("100001",)
    running = asyncio.create_task(execute(calling, namespace))
    while not emulator.state.rooms.calls.ringing(0):  # noqa: ASYNC110 - nothing else to wait on
        await asyncio.sleep(0)
    emulator.rooms.answer("100001", accept=False)
    await running
    assert "R100001\nrejected" in capsys.readouterr().out
    await execute(listening, namespace)


async def test_the_guide_to_tests_without_the_emulator() -> None:
    async def book(tm: TencentMeeting) -> str:
        return (await tm.meetings.create(userid="a", subject="Kick-off", start_time=START, end_time=END)).meeting_id

    (snippet,) = [
        code
        for heading, code in blocks((DOCS / "testing.md").read_text(encoding="utf-8"))
        if heading == "Without the emulator"
    ]
    await execute(snippet, {"book": book})


async def test_the_guide_to_slow_calls(
    tm_client: TencentMeeting, tm_emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    snippets = dict(blocks((DOCS / "testing.md").read_text(encoding="utf-8")))
    given = {"tm_client": tm_client, "tm_emulator": tm_emulator, "start": START, "end": END}
    await execute(snippets["Slow calls"], given)
    assert capsys.readouterr().out == "Slow\n"
    assert tm_emulator.clock_offset == 100


def test_what_the_page_about_the_emulator_counts() -> None:
    text = (DOCS / "emulator.md").read_text(encoding="utf-8")
    assert f"{len(Emulator().played)} of the {len(entries())} known operations" in text
    assert f"The other {len(entries()) - len(Emulator().played)}" in text


def test_the_options_of_the_emulator_and_their_defaults() -> None:
    text = (DOCS / "emulator.md").read_text(encoding="utf-8")
    in_words = {"sdk_id": "one made of the seed", "clock": "`time.time`"}
    for one in inspect.signature(Emulator).parameters.values():
        default = in_words.get(one.name, f"`{one.default!r}`".replace("'", '"'))
        assert f"\n| `{one.name}` | {default} | " in text


async def test_the_page_about_retries(
    tm: TencentMeeting, emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    request = {"userid": "tester", "subject": "Kick-off", "start_time": START, "end_time": END}
    emulator.add_fault(FaultRule(operation="meetings.create", drop="after", times=1))
    for _, code in blocks((DOCS / "retries.md").read_text(encoding="utf-8")):
        await execute(code, {"tm": tm, "request": request})
    (meeting,) = emulator.state.meetings.values()
    shown = capsys.readouterr().out
    assert f"it exists: {meeting.code}" in shown
    assert "Server disconnected" in shown


@pytest.mark.parametrize("page", ["webhooks.md", "webhooks.zh-CN.md"])
async def test_the_page_about_webhooks(
    page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All snippets in one namespace; both languages show the same ones."""
    text = (DOCS / page).read_text(encoding="utf-8")
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_TOKEN", "ExampleToken0123456789abc")
    namespace: dict[str, Any] = {}
    for _, code in blocks(text):
        await execute(code, namespace)
    assert capsys.readouterr().out.startswith("running ['tester_name'] 2020-12-30")
    english = (DOCS / "webhooks.md").read_text(encoding="utf-8")
    assert [code for _, code in blocks(text)] == [code for _, code in blocks(english)]
    assert re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) == re.findall(
        r"^```sh\n(.*?)^```$", english, re.DOTALL | re.MULTILINE
    )
    refusal = namespace["answer"]("GET", "", [], b"")
    assert refusal == (400, b"")


async def test_the_guide_to_running_meetings(
    tm_client: TencentMeeting,
    tm_emulator: Emulator,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    tm, emulator = tm_client, tm_emulator
    given = {"userid": "tester", "subject": "Demo", "start_time": START, "end_time": END, "invitees": ["carol"]}
    meeting = await tm.meetings.create(**given, settings=Settings(auto_in_waiting_room=True))
    emulator.meetings.start(meeting.meeting_id)
    for userid in ("alice", "bob"):
        emulator.meetings.wait(meeting.meeting_id, userid)
    guide = {heading: code for heading, code in blocks(PAGES["control.md"]) if heading in {"A session", "A sign-in"}}
    await execute(guide["A sign-in"], {"tm": tm, "meeting": meeting})
    assert capsys.readouterr().out.endswith("carol is not there\n")
    assert (tmp_path / "sign-in.csv").stat().st_size
    await execute(guide["A session"], {"tm": tm, "meeting": meeting})
    assert capsys.readouterr().out == "Somebody else not inside\n"
    assert not emulator.state.meetings[meeting.meeting_id].is_running


async def test_the_guide_to_layouts(tm: TencentMeeting, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"userid": "tester", "subject": "Demo", "start_time": START, "end_time": END}
    meeting = await tm.meetings.create(**given, invitees=["alice", "bob"])
    looks = emulator.state.stages.of(meeting.meeting_id)
    for heading, code in blocks(PAGES["layouts.md"]):
        if heading in {"A layout by its seats", "tm.layouts.arrange", "tm.layouts.restore_default"}:
            await execute(code, {"tm": tm, "meeting": meeting})
    assert (len(looks.layouts), looks.selected, len(looks.advanced)) == (2, "", 1)
    assert "()" in capsys.readouterr().out, "nobody was missed"


async def test_the_guide_to_polls(
    tm_client: TencentMeeting,
    tm_emulator: Emulator,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"userid": "tester", "subject": "Demo", "start_time": START, "end_time": END}
    meeting = await tm_client.meetings.create(**given)
    tm_emulator.meetings.start(meeting.meeting_id)
    for heading, code in blocks(PAGES["votes.md"]):
        if heading in {"A poll", "tm.votes.ask"}:
            await execute(code, {"tm": tm_client, "meeting": meeting})
    shown = capsys.readouterr().out
    assert shown == "0 voted\nHere 0 0%\nThere 0 0%\n0 [('Here', 0), ('There', 0)]\n"
    assert (tmp_path / "lunch.csv").stat().st_size
    runs = tm_emulator.state.votes.of(meeting.meeting_id).polls.values()
    assert [(poll.theme.topic, poll.running) for poll in runs] == [
        ("Lunch?", False),
        ("Retro", True),
        ("Lunch?", False),
    ]


async def test_the_guide_to_audit_logs(
    tm: TencentMeeting, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = [code for heading, code in blocks(PAGES["audit.md"]) if heading == "A key of your own"]
    await execute(code, {"tm": tm})
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / "log-key.pem").read_bytes()
    assert emulator.state.audit_keys[0].startswith("-----BEGIN PUBLIC KEY-----")


async def test_the_guide_to_series(tm: TencentMeeting, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    """All snippets, one after the other; the people come before it is asked who came."""
    namespace: dict[str, Any] = {"tm": tm}
    said: dict[str, str] = {}
    for heading, code in blocks((DOCS / "series.md").read_text(encoding="utf-8")):
        if heading.startswith("Who came") and heading not in said:
            emulator.meetings.join(namespace["series"].meeting_id, "alice")
            emulator.meetings.end(namespace["series"].meeting_id)
        await execute(code, namespace)
        said[heading] = said.get(heading, "") + capsys.readouterr().out
    assert "must contain the day of the first meeting, Wednesday" in said["Create"]
    assert said["Look up the occurrences"].count("EXISTS") == 7
    assert "alice from 20" in said["Who came to an occurrence"]
    assert "Weekly sync of the platform team" in said["Who came to an occurrence"]
    (series,) = emulator.state.meetings.values()
    assert series.cancelled
    assert [span.cancelled for span in series.occurrences] == [False] + 6 * [True]
