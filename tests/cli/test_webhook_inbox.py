"""`tm-async webhook work`, `status`, `dead` and `replay`: what an inbox has, from the command line."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done
from tests.cli.test_webhook_listen import receiver as answering
from tests.faults.events import envelope, one_of_many
from tm_async.cli.webhook.journal import Journal, read_journal
from tm_async.testing.lanes import claim, delivery
from tm_async.webhooks import Delivery, Router
from tm_async.webhooks.inbox import SqliteInbox, State
from tm_async.webhooks.worker import Worker

Run = Callable[..., Done]
ROOT = Path(__file__).parents[2]
KEYS = {
    "TENCENT_MEETING_WEBHOOK_TOKEN": "ExampleToken0123456789abc",
    "TENCENT_MEETING_WEBHOOK_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
}
APP = """
import asyncio, os
from tm_async.webhooks import Event, WebhookKeys, Webhooks
from tm_async.webhooks.router import Router

hooks = Webhooks(WebhookKeys.from_env(), inbox="events.db")
bare = Router()
nothing = 1

@hooks.on(Event, name="note")
async def note(event):
    print("noted", event.delivery.trace_id, flush=True)
    if os.environ.get("SLOW"):
        await asyncio.sleep(0.5)
        print("done", event.delivery.trace_id, flush=True)

bare.add(note, Event, name="note")
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory with a program in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    Path("hooked.py").write_text(APP, encoding="utf-8")
    yield tmp_path
    sys.modules.pop("hooked", None)


async def _fill(place: Path, *, count: int, dead: int, done: int) -> None:
    async with SqliteInbox(place / "events.db") as inbox:
        for number in range(count):
            await inbox.accept(one_of_many(number))
        tasks = await claim(inbox, handlers=["note"])
        for number, task in enumerate(tasks):
            if number < dead:
                await inbox.record(task, State.DEAD, error="ValueError")
            elif number < dead + done:
                await inbox.record(task, State.DONE)
            else:
                await inbox.record(task, State.NEW, counts=False)


def fill(place: Path, *, count: int = 5, dead: int = 0, done: int = 0) -> None:
    asyncio.run(_fill(place, count=count, dead=dead, done=done))


def states(place: Path) -> dict[str, int]:
    async def ask() -> Any:
        async with SqliteInbox(place / "events.db") as inbox:
            return await inbox.counts()

    return {str(state): count for of in asyncio.run(ask()).values() for state, count in of.items()}


def test_work_once(run: Run, place: Path) -> None:
    fill(place)
    done = run("webhook", "work", "hooked:hooks", "--once")
    assert (done.code, done.err) == (0, "5 handled\n")
    assert sorted(done.out.split("\n")) == ["", *(f"noted trace {number}" for number in range(5))]
    assert states(place) == {"done": 5}
    assert run("webhook", "work", "hooked:bare", "--inbox", place / "events.db", "--once").err == "0 handled\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("hooked",), "must be MODULE:NAME"),
        (("./hooked:hooks",), "must be MODULE:NAME"),
        (("../hooked:hooks",), "must be MODULE:NAME"),
        ((".hooked:hooks",), "must be MODULE:NAME"),
        (("hooked:",), "must be MODULE:NAME"),
        (("missing:hooks",), "There is no module missing"),
        (("hooked:missing",), "There is no missing in hooked."),
        (("hooked:hooks.missing.more",), "There is no hooks.missing.more in hooked."),
        (("hooked:nothing",), "nothing in hooked is no Webhooks, but int"),
        (("hooked:bare",), "A Router has no inbox: give --inbox"),
        (("hooked:hooks", "--inbox", "redis://127.0.0.1:1", "--once"), "is out of reach or refuses"),
        (("hooked:hooks", "--inbox", "mysql://h"), "unusable inbox mysql"),
    ],
)
def test_work_that_can_not_begin(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = run("webhook", "work", *arguments)
    assert done.code == 2
    assert says in done.err


def test_a_worker_stops_in_order(place: Path) -> None:
    """What is under way comes to its end, nothing more is begun."""
    fill(place, count=60)
    environ = os.environ | {"PYTHONPATH": str(ROOT), "SLOW": "1"}
    command = [sys.executable, "-m", "tm_async", "webhook", "work", "hooked:hooks", "--concurrency", "3"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    said = "".join(lines) + out
    assert process.returncode == 0
    assert said.count("noted") == said.count("done") < 60
    assert states(place) == {"done": said.count("done"), "new": 60 - said.count("done")}


def test_status(run: Run, place: Path) -> None:
    fill(place, dead=1, done=2)
    done = run("webhook", "status", "events.db")
    assert done.code == 1
    assert done.out.splitlines() == [
        "handler  new  sent  leased  done  dead",
        "note       2     0       0     2     1",
    ]
    done = run("webhook", "status", "events.db", "--json")
    assert json.loads(done.out) == {"note": {"new": 2, "done": 2, "dead": 1}}


def test_status_of_what_is_fine(run: Run, place: Path) -> None:
    asyncio.run(_nothing(place))
    done = run("webhook", "status", "events.db")
    assert (done.code, done.out) == (0, "no events\n")


async def _nothing(place: Path) -> None:
    async with SqliteInbox(place / "events.db") as inbox:
        await inbox.counts()


@pytest.mark.parametrize("command", ["status", "dead", "replay"])
def test_there_is_no_inbox(run: Run, command: str) -> None:
    """And none is made."""
    done = run("webhook", command, "missing.db", *(["--dead"] * (command == "replay")))
    assert done.code == 2
    assert "There is no inbox" in done.err
    assert not Path("missing.db").exists()


def test_an_inbox_of_another_kind(run: Run) -> None:
    Path("events.db").write_bytes(b"SQLite format 3\0" + bytes(4096))
    done = run("webhook", "status", "events.db")
    assert done.code == 2
    assert "Error: " in done.err


def test_dead_letters(run: Run, place: Path) -> None:
    fill(place, dead=2)
    done = run("webhook", "dead", "events.db")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert [(line["event"], line["handler"], line["attempts"], line["error"]) for line in lines] == [
        ("meeting.end", "note", 1, "ValueError")
    ] * 2
    assert lines[0]["subject"] == "0"
    assert lines[0]["received"].endswith("+00:00")
    assert "trace" not in done.out


def test_handling_dead_letters_again(run: Run, place: Path) -> None:
    fill(place, dead=2, done=2)
    dry = run("webhook", "replay", "events.db", "--dead", "--dry-run")
    assert [line.split()[1] for line in dry.out.splitlines()] == ["meeting.end"] * 2
    assert states(place) == {"dead": 2, "done": 2, "new": 1}
    done = run("webhook", "replay", "events.db", "--dead")
    assert (done.code, done.err) == (0, "2 will be handled again\n")
    assert states(place) == {"done": 2, "new": 3}
    assert run("webhook", "work", "hooked:hooks", "--once").err == "3 handled\n"


@pytest.mark.parametrize(
    ("arguments", "again"),
    [
        (("--event", "meeting.*"), 5),
        (("--event", "recording.*"), 0),
        (("--event", "recording.*", "--event", "meeting.end"), 5),
        (("--since", "2026-09-01T00:00Z"), 5),
        (("--since", "2099-09-01 00:00"), 0),
        (("--since", "1h"), 0),
        (("--since", "20000d"), 5),
    ],
)
def test_which_are_handled_again(run: Run, place: Path, arguments: tuple[str, ...], again: int) -> None:
    fill(place, done=5)
    done = run("webhook", "replay", "events.db", *arguments)
    assert (done.code, done.err) == (0, f"{again} will be handled again\n")


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("meeting.endd", "Warning: no event is known that 'meeting.endd' fits; did you mean meeting.end?\n"),
        ("*.nothing.*", "Warning: no event is known that '*.nothing.*' fits\n"),
        ("meeting.e*", ""),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_name_that_no_event_has(run: Run, place: Path, pattern: str, says: str, dry: tuple[str, ...]) -> None:
    """As handlers for it are warned of; it may be newer than this, so it is no error."""
    fill(place)
    done = run("webhook", "replay", "events.db", "--event", pattern, *dry)
    assert (done.code, done.out, done.err) == (0, "", says + ("" if dry else "0 will be handled again\n"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Say which events are to be handled again"),
        (("--dead", "--shuffle"), "--shuffle goes with --to"),
        (("--since", "yesterday"), "or how long ago, like 90m, 2h, 7d"),
        (("--since", "999999d"), "'999999d' is too far away"),
        (("--since", "30000d"), "'30000d' is too far away"),
        (("--to", "ftp://h/x"), "the URL must be http:// or https://"),
    ],
)
def test_replays_that_make_no_sense(run: Run, place: Path, arguments: tuple[str, ...], says: str) -> None:
    fill(place, done=5)
    done = run("webhook", "replay", "events.db", *arguments)
    assert done.code == 2
    assert says in done.err
    assert states(place) == {"done": 5}


def test_what_is_not_kept_any_more(run: Run, place: Path) -> None:
    fill(place, done=5)

    async def tidy() -> None:
        async with aclosing(SqliteInbox(place / "events.db", clock=lambda: 1.79e9 + 8 * 86400)) as inbox:
            assert await inbox.tidy(bodies=7 * 86400, keys=30 * 86400) == 5

    asyncio.run(tidy())
    done = run("webhook", "replay", "events.db", "--event", "*")
    assert (done.code, done.err) == (1, "0 will be handled again\n5 not kept any more\n")
    done = run("webhook", "replay", "events.db", "--to", "http://127.0.0.1:1/")
    assert done.code == 1
    assert done.err.endswith("0 of 5 accepted\n")
    assert done.err.count("is not kept any more") == 5


def test_names_of_events_steer_no_terminal(run: Run, place: Path) -> None:
    name = "x\x1b]0;title\x07\nforged line"

    async def add() -> None:
        async with SqliteInbox(place / "events.db") as inbox:
            body = json.dumps({"event": name, "payload": [{}]}).encode()
            await inbox.accept(Delivery.parse(body, 1.79e9))
            await Worker(inbox, Router()).drain()

    asyncio.run(add())
    dry = run("webhook", "replay", "events.db", "--event", "x*", "--dry-run")
    sent = run("webhook", "replay", "events.db", "--to", "http://127.0.0.1:1/", "--dry-run")
    failed = run("webhook", "replay", "events.db", "--to", "http://127.0.0.1:1/")
    for done, text in ((dry, dry.out), (sent, sent.out), (failed, failed.err.partition("\n0 of 1")[0])):
        assert text.count("forged line") == 1, done
        assert text.rstrip("\n").isprintable(), done


# --- to a receiver ----------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver(place: Path) -> Iterator[tuple[str, Path]]:
    """`webhook listen` with a journal: its URL, and the journal."""
    journal = place / "received.jsonl"
    command = [sys.executable, "-m", "tm_async", "webhook", "listen", "--port", "0", "--journal", str(journal)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], journal
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def received(journal: Path, count: int) -> list[str]:
    end = time.monotonic() + 10
    while True:
        lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
        if len(lines) >= count or time.monotonic() > end:
            return [line["envelope"]["trace_id"] for line in lines]
        time.sleep(0.02)


def test_to_a_receiver(run: Run, place: Path, receiver: tuple[str, Path]) -> None:
    """In the order in which they came; then from its journal to itself: it has them already, and acknowledges."""
    url, journal = receiver
    fill(place, count=20)
    done = run("webhook", "replay", "events.db", "--to", url)
    assert (done.code, done.err) == (0, "20 of 20 accepted\n")
    assert received(journal, 20) == [f"trace {number}" for number in range(20)]
    assert states(place) == {"new": 20}
    dry = run("webhook", "replay", journal, "--to", url, "--dry-run", "--event", "meeting.end")
    assert len(dry.out.splitlines()) == 20
    done = run("webhook", "replay", journal, "--to", url)
    assert (done.code, done.err) == (0, "20 of 20 accepted\n")


def test_shuffled(run: Run, place: Path, receiver: tuple[str, Path]) -> None:
    url, journal = receiver
    fill(place, count=20)
    assert run("webhook", "replay", "events.db", "--to", url, "--shuffle").code == 0
    traces = received(journal, 20)
    assert sorted(traces) == sorted(f"trace {number}" for number in range(20))
    assert traces != [f"trace {number}" for number in range(20)]


def test_a_receiver_that_refuses(run: Run, place: Path, receiver: tuple[str, Path], monkeypatch: Any) -> None:
    url, _ = receiver
    fill(place, count=2)
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_TOKEN", "x" * 25)
    done = run("webhook", "replay", "events.db", "--to", url)
    assert done.code == 1
    assert done.err.count("was not accepted: HTTP 401") == 2
    assert done.err.endswith("0 of 2 accepted\n")


def test_a_receiver_that_redirects(run: Run, place: Path) -> None:
    fill(place, count=1)
    with answering(200, b"", post=307) as url:
        done = run("webhook", "replay", "events.db", "--to", url)
    assert done.code == 1
    assert "was not accepted: redirects (307) to /elsewhere; the platform does not follow\n" in done.err


# --- a journal --------------------------------------------------------------------------------------------------------


def journal_of(path: Path, *numbers: int) -> Path:
    journal = Journal(path)
    for number in numbers:
        journal.accepted(one_of_many(number))
    journal.close()
    return path


def test_a_journal(run: Run, place: Path) -> None:
    """What was refused is in it, too; a line that was cut off was not acknowledged."""
    path = journal_of(place / "a.jsonl", 1, 2)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"received": 1.0, "refused": "SIGNATURE"}\n{"received": 1')
    done = run("webhook", "replay", path, "--to", "http://127.0.0.1:1/", "--dry-run")
    assert [line.split()[2] for line in done.out.splitlines()] == [one_of_many(n).key[:12] for n in (1, 2)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "A journal is replayed to a receiver: give --to"),
        (("--dead", "--to", "http://h/"), "A journal has no dead letters"),
    ],
)
def test_what_a_journal_is_not_for(run: Run, place: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run("webhook", "replay", journal_of(place / "a.jsonl", 1), *arguments)
    assert done.code == 2
    assert says in done.err


def test_a_journal_goes_on_after_a_line_that_was_cut_off(run: Run, place: Path) -> None:
    """As a crash or a full disk leaves it: what comes later must be found all the same."""
    path = journal_of(place / "a.jsonl", 1, 2)
    for cut in (20, path.stat().st_size // 2 - 5):
        os.truncate(path, path.stat().st_size - cut)
        journal_of(path, 3, 4)
    assert [one.key for one in read_journal(path)] == [one_of_many(n).key for n in (1, 3, 3, 4)]


def test_what_is_no_journal_is_not_shortened(place: Path) -> None:
    path = place / "notes"
    path.write_text("a\nb", encoding="utf-8")
    journal_of(path, 1)
    assert path.read_text(encoding="utf-8").startswith("a\nb\n{")


def test_a_journal_is_private(run: Run, place: Path) -> None:
    path = place / "a.jsonl"
    path.touch(0o644)
    path.chmod(0o644)
    assert journal_of(path, 1).stat().st_mode & 0o777 == 0o600
    (place / "link").symlink_to(path)
    done = run("webhook", "listen", "--journal", "link")
    assert done.code == 1
    assert "can't write link: it is a symbolic link; name the file itself" in done.err


GOOD = {"received": 1, "key": "k", "envelope": {"event": "e"}}
LINES = {
    "nothing": b'{"received":1}',
    "no text": b'{"received":\xff',
    "no event": b'{"received":1,"envelope":{}}',
    "no name": json.dumps({**GOOD, "envelope": {"event": 5}}).encode(),
    "no key": json.dumps({**GOOD, "key": 5}).encode(),
    "no object": b'{"received":1,"key":"k","envelope":"event"}',
    "never": b'{"received":1e400,"key":"k","envelope":{"event":"e"}}',
    "no time": b'{"received":NaN,"key":"k","envelope":{"event":"e"}}',
    "too late": b'{"received":1e15,"key":"k","envelope":{"event":"e"}}',
    "large": b'{"received":1' + b"0" * 400 + b',"key":"k","envelope":{"event":"e"}}',
    "deep": b'{"received":1,"key":"k","envelope":{"event":"e","x":' + b"[" * 100_000,
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_what_is_no_journal(run: Run, place: Path, line: bytes) -> None:
    (place / "a.jsonl").write_bytes(line + b"\n\n")
    done = run("webhook", "replay", "a.jsonl", "--to", "http://127.0.0.1:1/", "--dry-run")
    assert done.code == 2
    assert "a.jsonl, line 1: not a line of a journal" in done.err


def test_nothing_of_an_event_is_shown(run: Run, place: Path) -> None:
    """By no command: what it is about, but not what is in it."""
    fill(place, dead=2, done=2)
    secret = "canary-Pq5"

    async def add() -> None:
        async with SqliteInbox(place / "events.db") as inbox:
            await inbox.accept(delivery(secret, received=1.79e9))

    asyncio.run(add())
    assert secret.encode() not in envelope(1)
    for arguments in (("status",), ("dead",), ("replay", "--event", "*", "--dry-run")):
        command, *options = arguments
        done = run("webhook", command, "events.db", *options)
        assert secret not in done.out + done.err
