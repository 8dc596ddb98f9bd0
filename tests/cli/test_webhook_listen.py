"""`tm-async webhook listen`, `send --to` and `check`: real processes and real sockets."""

import asyncio
import inspect
import io
import json
import logging
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, cast

import attrs
import pytest
from rich.console import Console

from tests.unit.webhooks.vectors import AES_KEY, KEYS, TOKEN
from tm_async.cli.reading.problem import FileProblem
from tm_async.cli.webhook.arrivals import arrivals
from tm_async.cli.webhook.journal import Journal, is_journal, read_journal
from tm_async.core.answer import AnswerModel
from tm_async.core.wire import masked
from tm_async.webhooks import (
    LiveConfigUpdated,
    MeetingEnded,
    ParticipantJoined,
    StsTokenIssued,
    UnknownEvent,
    Webhooks,
    events,
    events_of,
)
from tm_async.webhooks.events.showing import SECRET, without_secrets

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
COMMAND = [sys.executable, "-m", "tm_async", "webhook"]
ENVIRON = {
    **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
    "TENCENT_MEETING_WEBHOOK_TOKEN": TOKEN,
    "TENCENT_MEETING_WEBHOOK_AES_KEY": AES_KEY,
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - ENVIRON.keys():
        monkeypatch.delenv(name)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


class Listening:
    """A listener, and what it said."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "listen", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRON
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        self.url: str = json.loads(line)["url"]

    def end(self, number: int = signal.SIGTERM) -> tuple[list[dict[str, Any]], str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, err
        return [json.loads(line) for line in out.splitlines()], err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_url_and_then_each_event(run: Any, number: int, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    listening = Listening("--journal", str(path))
    words = ["meeting.end", "--set", "meeting_info.meeting_id=42", "--duplicate", "2"]
    sent = run("webhook", "send", *words, "--to", listening.url)
    assert sent.code == 0, sent.err
    answers = [json.loads(line) for line in sent.out.splitlines()]
    assert [(one["status"], one["acknowledged"], one["trouble"]) for one in answers] == [(200, True, None)] * 2
    assert run("webhook", "send", "common.sts-token", "--to", listening.url).code == 0
    forged = run("webhook", "send", "meeting.end", "--wrong-signature", "--to", listening.url)
    assert (forged.code, json.loads(forged.out)["status"]) == (1, 401)
    events, err = listening.end(number)
    assert [one["event"] for one in events] == ["meeting.end", "meeting.end", "common.sts-token"]
    assert list(events[0]) == [
        "event", "trace_id", "key", "operate_time", "received_at", "key_name", "encrypted", "subject", "payload",
    ]  # fmt: skip
    assert (events[0]["subject"], events[0]["key"]) == (["42", ""], events[1]["key"])
    assert events[2]["payload"]["token_info"]["sts_token"] == "***"
    assert err == "WARNING tm_async.webhooks: refused: the signature fits no key\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert is_journal(str(path))
    kept = [*read_journal(path)]
    assert [one.event for one in kept] == ["meeting.end", "meeting.end", "common.sts-token"]
    assert events_of(kept[0].body, kept[0].received)[0].key == events[0]["key"]
    assert '"refused": "SIGNATURE"' in path.read_text(encoding="utf-8")


def test_forwarding_acknowledges_what_the_other_side_does(run: Any) -> None:
    behind = Listening()
    before = Listening("--forward", behind.url)
    assert run("webhook", "send", "recording.completed", "--to", before.url).code == 0
    events, _ = behind.end()
    assert [one["event"] for one in events] == ["recording.completed"]
    lost = run("webhook", "send", "meeting.end", "--to", before.url)
    assert (lost.code, json.loads(lost.out)["status"]) == (1, 503)
    events, err = before.end()
    assert [one["event"] for one in events] == ["recording.completed"]
    assert "is not taken over: not passed on" in err


def test_checking_a_good_receiver(run: Any) -> None:
    listening = Listening()
    done = run("webhook", "check", f"{listening.url}anywhere?a=b")
    listening.end()
    assert done.code == 0, done.out
    assert [line.split()[:2] for line in done.out.splitlines()] == [["ok", "GET"], ["ok", "time"], ["ok", "POST"]]


def test_a_taken_port_and_a_journal_that_can_not_be(run: Any) -> None:
    listening = Listening()
    port = listening.url.rstrip("/").rpartition(":")[2]
    taken = run("webhook", "listen", "--port", port)
    assert (taken.code, f"can't listen on 127.0.0.1 port {port}" in taken.err) == (1, True)
    nowhere = run("webhook", "listen", "--journal", "/nowhere/x")
    assert (nowhere.code, "can't write /nowhere/x" in nowhere.err) == (1, True)
    listening.end()


# --- other people's receivers -----------------------------------------------------------------------------------------


@contextmanager
def receiver(status: int, body: bytes, *, post: int = 401) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(status, body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(post, b"")

        def _answer(self, code: int, text: bytes) -> None:
            self.send_response(code)
            if code in {302, 307}:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "post", "said"),
    [
        (302, b"", 401, "redirects (302) to /elsewhere; the platform does not follow"),
        (401, b"", 401, "HTTP 401, not 200; other keys"),
        (500, b"", 401, "HTTP 500, not 200"),
        (200, b"", 401, "an empty body"),
        (200, b"hello", 401, "another text than the challenge's"),
        (200, b"hello", 200, "HTTP 200 to a wrong signature: anybody can send you events"),
        (200, b"hello", 405, "HTTP 405: GET and POST have to be served at one address"),
    ],
)
def test_checking_other_receivers(run: Any, status: int, body: bytes, post: int, said: str) -> None:
    with receiver(status, body, post=post) as url:
        done = run("webhook", "check", url)
    assert done.code == 1
    assert said in done.out


def test_sending_to_an_address_that_redirects(run: Any) -> None:
    with receiver(200, b"", post=307) as url:
        done = run("webhook", "send", "meeting.end", "--to", url)
    assert done.code == 1
    assert json.loads(done.out)["trouble"] == "redirects (307) to /elsewhere; the platform does not follow"


def test_checking_nobody(run: Any) -> None:
    done = run("webhook", "check", "http://127.0.0.1:9/")
    assert done.code == 1
    assert done.out.count("no answer: ") == 2


def test_quotes_around_the_challenge() -> None:
    from tm_async.cli.webhook.check import _of_the_challenge
    from tm_async.cli.webhook.posting import Posted

    for body, said in ((b'"abc"', "quotes"), (b"abc\n", "white space"), (b"<p>abc", "more")):
        (text, _) = _of_the_challenge(Posted(200, body, 0.1), b"abc")
        assert (text.good, said in text.said) == (False, True)
    (_, slow) = _of_the_challenge(Posted(200, b"abc", 3.5), b"abc")
    assert (slow.good, slow.said) == (False, "3500 ms; it has 3 s")


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_a_table_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120, height=30)
    table = arrivals(console)
    with table.shown():
        table.add(ParticipantJoined.sample({"operator.user_name": "ada\x1b[31m"}, subject="周会"))
        table.add(events_of(b'{"event":"new.one","payload":[]}', 1.0)[0])
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    for text in ("meeting.participant-joined", "周会", "ada�", "new.one", "2 events"):
        assert text in shown


def test_secrets_are_taken_out_wherever_they_are() -> None:
    token = StsTokenIssued.sample({"token_info.sts_token": "canary", "new": {"sts_token": 1}})
    assert without_secrets(token)["token_info"] == {**token.wire["token_info"], "sts_token": "***"}
    assert token.wire["token_info"]["sts_token"] == "canary"
    live = LiveConfigUpdated.sample({"live_config.live_password": "canary"})
    shown = json.dumps(without_secrets(live))
    assert "canary" not in shown
    assert '"push_address": "***"' in shown
    live = LiveConfigUpdated.from_wire({"live_config": {"push_stream_info": {"push_address": "canary"}}})  # no list
    assert live.live_config.push_stream_info[0].push_address == "canary"
    assert "canary" not in json.dumps(without_secrets(live))
    unknown = UnknownEvent.from_wire({"token_info": [{"sts_token": ["canary"]}], "live_config": [{"live_password": 1}]})
    assert without_secrets(unknown) == {
        "token_info": [{"sts_token": ["***"]}],
        "live_config": [{"live_password": "***"}],
    }
    plain = MeetingEnded.sample()
    assert without_secrets(plain) == plain.wire
    unknown = UnknownEvent.from_wire({"a": [{"b": 1}]})
    assert without_secrets(unknown) == {"a": [{"b": 1}]}


def test_what_a_repr_hides_is_not_listed_either() -> None:
    names = [one.name for one in pkgutil.iter_modules(events.__path__, "tm_async.webhooks.events.")]
    classes = {one for name in names for one in vars(import_module(name)).values() if inspect.isclass(one)}
    models = [one for one in classes if issubclass(one, AnswerModel) and one is not AnswerModel]
    found = {field.name for one in models for field in attrs.fields(cast("Any", one)) if field.repr is masked}
    assert {"sts_token", "push_address"} <= found
    assert all(map(SECRET.search, found))


def test_strangers_do_not_keep_the_disk_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    hooks = Webhooks(KEYS)
    with closing(Journal(tmp_path / "journal")) as journal:
        monkeypatch.setattr(logging.getLogger("tm_async.webhooks"), "handlers", [journal])
        for _ in range(3):
            assert asyncio.run(hooks.respond("POST", b"", (), b"{}")).status == 400
        assert len((tmp_path / "journal").read_text(encoding="utf-8").splitlines()) == 3
        assert not synced
        journal.accepted(MeetingEnded.sample().delivery)
        assert len(synced) == 1


def test_what_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert not is_journal(str(path))
    assert not is_journal("redis://host/0")
    path.write_text('{"event": 1}\n', encoding="utf-8")
    assert not is_journal(str(path))
    path.write_text('{"received": 1, "refused": "x"}\n{"received": 1}\n', encoding="utf-8")
    with pytest.raises(FileProblem, match="x, line 2: not a line of a journal"):
        [*read_journal(path)]
    path.write_text('{"received": 1, "refused": "x"}\n{"received": 1', encoding="utf-8")
    assert [*read_journal(path)] == []
