"""`Webhooks`: what is answered, what is logged, and when events are handled without an inbox."""

import asyncio
import logging
import sys
from math import inf
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.unit.auth.stores.conftest import everything_about
from tests.unit.webhooks import vectors as v
from tm_async.errors import ConfigurationError, InboxError, InboxUnavailable
from tm_async.webhooks import Delivery, Event, MeetingEnded, Webhooks, acknowledging
from tm_async.webhooks.acknowledging import Inline, InMemory, Recent
from tm_async.webhooks.sending import Outgoing, check_request, delivery_request
from tm_async.webhooks.worker import KEYS

SUCCESS = (200, b"successfully received callback")


def hooks_of(**options: Any) -> Webhooks:
    return Webhooks(v.KEYS, clock=lambda: v.NOW, **options)


async def deliver(hooks: Webhooks, sent: Outgoing) -> tuple[int, bytes]:
    reply = await hooks.respond(sent.method, sent.query_string, sent.headers, sent.body)
    assert dict(reply.headers)["Content-Type"] == "text/plain"
    assert dict(reply.headers)["Content-Length"] == str(len(reply.body))
    return reply.status, reply.body


def sent_of(event: Event, **options: Any) -> Outgoing:
    return delivery_request(v.KEY, event.delivery.body, timestamp=v.TIMESTAMP, **options)


class Kept:
    """An inbox of a list."""

    def __init__(self, error: Exception | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self.error = error
        self.closed = False

    async def accept(self, delivery: Delivery, /) -> None:
        if self.error is not None:
            raise self.error
        self.deliveries.append(delivery)

    async def aclose(self) -> None:
        self.closed = True


# --- answers ----------------------------------------------------------------------------------------------------------


async def test_success_after_the_inbox_has_it() -> None:
    inbox = Kept()
    async with hooks_of(inbox=inbox) as hooks:
        assert await deliver(hooks, sent_of(MeetingEnded.sample(meeting_id="1"))) == SUCCESS
    assert [one.event for one in inbox.deliveries] == ["meeting.end"]
    assert not inbox.closed, "it is somebody else's to close"


async def test_the_challenge_is_answered_with_its_text_alone() -> None:
    hooks = hooks_of()
    assert await deliver(hooks, check_request(v.KEY, "challenge-1", timestamp=v.TIMESTAMP)) == (200, b"challenge-1")


@pytest.mark.parametrize("error", [InboxUnavailable("full"), OSError("disk"), ZeroDivisionError()])
async def test_not_taken_over_is_503(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    status, body = await deliver(hooks_of(inbox=Kept(error)), sent_of(MeetingEnded.sample()))
    assert (status, body) == (503, b"not now")
    assert "meeting.end" in caplog.text
    assert "is not taken over" in caplog.text


async def test_names_of_events_forge_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    body = b'{"event": "x\\u001b[31m\\nforged", "payload": [{}]}'
    sent = delivery_request(v.KEY, body, timestamp=v.TIMESTAMP)
    assert (await deliver(hooks_of(inbox=Kept(InboxUnavailable("full"))), sent))[0] == 503
    assert caplog.messages[0].startswith("x\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}forged (trace")


async def test_refusals_say_nothing_to_the_sender(caplog: pytest.LogCaptureFixture) -> None:
    hooks = hooks_of(inbox=Kept())
    good = sent_of(MeetingEnded.sample())
    forged = Outgoing(
        method="POST",
        headers=tuple((n, v_ if n != "signature" else "0" * 40) for n, v_ in good.headers),
        body=good.body,
    )
    plain = sent_of(MeetingEnded.sample(), plain=True)
    for sent, status, said in (
        (forged, 401, "the signature fits no key"),
        (plain, 400, "not encrypted, although an AES key is configured"),
        (Outgoing(method="POST", headers=good.headers, body=b"x" * (1024 * 1024 + 1)), 413, "too large"),
    ):
        caplog.clear()
        assert await deliver(hooks, sent) == (status, b"refused")
        assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
            (logging.WARNING, f"refused: {said}")
        ]
    reply = await hooks.respond("PUT", "", [], b"")
    assert (reply.status, dict(reply.headers)["Allow"]) == (405, "GET, POST")


async def test_browsers_and_health_checks_are_quiet(caplog: pytest.LogCaptureFixture) -> None:
    hooks = hooks_of()
    for method in ("GET", "HEAD"):
        await hooks.respond(method, "", [], b"")
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_options_that_exclude_each_other() -> None:
    with pytest.raises(ConfigurationError, match="inline handles events before the answer"):
        hooks_of(inbox=Kept(), inline=True)
    with pytest.raises(ConfigurationError, match="takes WebhookKeys"):
        Webhooks(v.KEY)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="a worker handles what an inbox keeps"):
        hooks_of().worker()
    with pytest.raises(ConfigurationError, match=r"for as long as max_age and 10 minutes: 605400 s, not 3600"):
        hooks_of(inbox="memory:").worker(keys=3600.0, bodies=3600.0)
    with pytest.raises(ConfigurationError, match="as long as max_age"):
        hooks_of(inbox="memory:", max_age=60 * 86400.0).worker()
    assert hooks_of(inbox="memory:", max_age=inf).worker(keys=1e9)
    assert not hooks_of().keeps
    assert hooks_of(inline=True).keeps


class Renewed(Kept):
    """An inbox that notes whether it was opened."""

    async def renew(self, worker: str, /, *, lease: float) -> None:
        if self.error is not None:
            raise self.error
        self.opened = worker, lease


async def test_an_inbox_by_its_path_is_tried_out_by_entering_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, Renewed]] = []

    def open_inbox(text: str) -> Renewed:
        opened.append((text, Renewed(None if text == "events.db" else InboxUnavailable("gone"))))
        return opened[-1][1]

    def worker(inbox: Any, router: Any, **options: Any) -> Any:
        return SimpleNamespace(inbox=inbox, router=router, **options)

    for name, members in (("inbox", {"open_inbox": open_inbox}), ("worker", {"Worker": worker, "KEYS": KEYS})):
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, f"tm_async.webhooks.{name}", module)
    hooks = hooks_of(inbox="events.db")
    async with hooks:
        tried = opened[1][1]
        assert (tried.opened, tried.closed) == (("opening", 1.0), True)
        assert await deliver(hooks, sent_of(MeetingEnded.sample())) == SUCCESS
        made = hooks.worker(concurrency=3)
        assert (made.inbox, made.router, made.concurrency) == (opened[0][1], hooks, 3)
    with pytest.raises(InboxUnavailable, match="gone"):
        await hooks_of(inbox="redis://host").__aenter__()
    assert [(text, one.closed) for text, one in opened] == [
        *[("events.db", True)] * 2,
        *[("redis://host", False), ("redis://host", True)],
    ]


@pytest.mark.parametrize(
    ("inbox", "said"),
    [
        ("mysql://user:canary@x", "unusable inbox mysql://...; it can be a path"),
        ("", "SqliteInbox needs a file"),
        (5, "inbox must be a path, a URL, or an object with the method accept; not 5"),
        (Kept, "inbox must be a path, a URL, or an object with the method accept; not the class Kept"),
    ],
)
def test_an_inbox_that_is_none(inbox: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        hooks_of(inbox=inbox)
    assert "canary" not in everything_about(caught.value)


def test_other_options_that_make_no_sense() -> None:
    with pytest.raises(ConfigurationError, match="max_age must be a number of seconds, above 0; not -1"):
        hooks_of(max_age=-1)
    with pytest.raises(ConfigurationError, match="clock must be a function that gives UNIX seconds"):
        Webhooks(v.KEYS, clock=5)  # type: ignore[arg-type]


async def test_an_inbox_that_can_not_be_opened_is_told_on_entering(tmp_path: Path) -> None:
    hooks = hooks_of(inbox=tmp_path / "nowhere" / "events.db")
    with pytest.raises(InboxError, match="events.db"):
        await hooks.__aenter__()
    (tmp_path / "nowhere").mkdir()
    async with hooks:
        assert await deliver(hooks, sent_of(MeetingEnded.sample())) == SUCCESS


async def test_alone_under_a_server_it_starts_or_says_why_not(tmp_path: Path) -> None:
    for inbox, wanted in ((tmp_path / "events.db", "complete"), (tmp_path / "missing" / "events.db", "failed")):
        told: list[dict[str, Any]] = []

        async def send(message: dict[str, Any], told: list[dict[str, Any]] = told) -> None:
            told.append(message)

        async def receive(told: list[dict[str, Any]] = told) -> dict[str, Any]:
            return {"type": "lifespan.shutdown" if told else "lifespan.startup"}

        await hooks_of(inbox=inbox).asgi()({"type": "lifespan"}, receive, send)
        assert told[0]["type"] == f"lifespan.startup.{wanted}"
        assert ("InboxError" in told[0].get("message", "")) == (wanted == "failed")
        assert [one["type"] for one in told[1:]] == (["lifespan.shutdown.complete"] if wanted == "complete" else [])


@pytest.mark.parametrize("inline", [True, False])
async def test_what_nobody_provides_is_told_on_entering(inline: bool, caplog: pytest.LogCaptureFixture) -> None:
    hooks = hooks_of(inline=inline)

    @hooks.on(MeetingEnded)
    async def needs(event: MeetingEnded, number: int) -> None:
        pass

    async with hooks:
        await asyncio.sleep(0)
    assert [one.message for one in caplog.records] == [
        "each of its events will fail: handler needs: nothing provides number: int; see provide(...)"
    ]
    async with hooks:
        hooks.provide(5)  # in time
        assert await deliver(hooks, sent_of(MeetingEnded.sample())) == SUCCESS
    assert len(caplog.records) == 1


async def test_who_only_receives_need_not_provide() -> None:
    hooks = hooks_of(inbox="memory:")

    @hooks.on(MeetingEnded)
    async def needs(event: MeetingEnded, number: int) -> None:
        pass

    async with hooks:
        worker = hooks.worker()
        with pytest.raises(ConfigurationError, match="handler needs: nothing provides number: int"):
            await worker.__aenter__()
        with pytest.raises(ConfigurationError, match="handler needs: nothing provides number: int"):
            await worker.drain()
        hooks.provide(5)
        async with worker:
            pass


# --- without an inbox -------------------------------------------------------------------------------------------------


async def test_handled_in_memory_after_the_answer_and_once() -> None:
    hooks, seen = hooks_of(), []

    @hooks.on(MeetingEnded)
    async def slow(event: MeetingEnded) -> None:
        await asyncio.sleep(0)
        seen.append(event.meeting_info.meeting_id)

    sent = sent_of(MeetingEnded.sample(meeting_id="1"))
    for _ in range(4):
        assert await deliver(hooks, sent) == SUCCESS
    assert seen == []
    await hooks.aclose()
    assert seen == ["1"]


async def test_what_fails_in_memory_is_logged_and_lost(caplog: pytest.LogCaptureFixture) -> None:
    hooks = hooks_of()

    @hooks.on(MeetingEnded)
    async def fails(event: MeetingEnded) -> None:
        raise RuntimeError("boom")

    assert await deliver(hooks, sent_of(MeetingEnded.sample())) == SUCCESS
    await hooks.aclose()
    assert "handler fails failed on meeting.end (attempt 1" in caplog.text
    assert "boom" in caplog.text


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledging, "_PENDING", 2)
    hooks, go_on = hooks_of(), asyncio.Event()

    @hooks.on(MeetingEnded)
    async def waits(event: MeetingEnded) -> None:
        await go_on.wait()

    statuses = [(await deliver(hooks, sent_of(MeetingEnded.sample())))[0] for _ in range(3)]
    assert statuses == [200, 200, 503]
    go_on.set()
    await hooks.aclose()
    assert isinstance(hooks.acknowledger, InMemory)
    assert await deliver(hooks, sent_of(MeetingEnded.sample())) == SUCCESS
    await hooks.aclose()


async def test_inline_answers_when_it_is_done_and_repeats_only_what_failed() -> None:
    hooks, seen, fail = hooks_of(inline=True), [], [True]

    @hooks.on(MeetingEnded)
    async def good(event: MeetingEnded) -> None:
        seen.append("good")

    @hooks.on(MeetingEnded)
    async def bad(event: MeetingEnded) -> None:
        if fail.pop():
            raise RuntimeError
        seen.append("bad")

    fail.insert(0, False)
    sent = sent_of(MeetingEnded.sample())
    assert (await deliver(hooks, sent))[0] == 503
    assert await deliver(hooks, sent) == SUCCESS
    assert await deliver(hooks, sent) == SUCCESS
    assert seen == ["good", "bad"]


async def test_inline_has_an_end(caplog: pytest.LogCaptureFixture) -> None:
    hooks = hooks_of(inline=True)
    ended: list[str] = []

    @hooks.on(MeetingEnded)
    async def hangs(event: MeetingEnded) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    inline = Inline(hooks, seconds=0)
    with pytest.raises(InboxUnavailable, match="handlers of meeting.end took longer than 0 s"):
        await inline.accept(MeetingEnded.sample().delivery)
    assert ended == ["cancelled"]


def test_the_last_keys_are_remembered() -> None:
    recent = Recent(2)
    assert [recent.add(text) for text in "aabcab"] == [True, False, True, True, True, True]
    assert "b" in recent
    assert "c" not in recent
