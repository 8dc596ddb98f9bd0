"""The snippets of docs/webhooks-inbox.md run, its figures are true, and its own inbox keeps the contract."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.meta.test_readme import execute
from tm_async.testing.lanes import delivery
from tm_async.webhooks import MeetingEnded, WebhookKeys, handling, relay, worker
from tm_async.webhooks.handling import wait_after
from tm_async.webhooks.inbox import Inbox, SqliteInbox, State
from tm_async.webhooks.inbox.sealed import STORE_KEY
from tm_async.webhooks.sending import delivery_request

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).parents[4] / "docs" / "webhooks-inbox.md").read_text(encoding="utf-8")
PROGRAM, LIFESPAN, _, OWN = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
FIGURES = (
    *("after 12 attempts", "less than three hours", "after 300 s", "30 s later at most", "again after 10 minutes"),
    *("7 days", "30 days"),
)


async def test_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It handles what its inbox has, until it is stopped."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_TOKEN", "ExampleToken0123456789abc")
    handled = asyncio.Event()
    namespace: dict[str, Any] = {"print": lambda *_: handled.set()}
    await execute(PROGRAM, namespace)
    async with SqliteInbox("events.db") as inbox:
        await inbox.accept(delivery("a", meeting="m"))
        running = asyncio.create_task(namespace["main"]())
        await handled.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert [task.state async for task in inbox.tasks()] == [State.DONE]


async def test_a_worker_as_long_as_an_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted to its address is handled meanwhile."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENCENT_MEETING_WEBHOOK_TOKEN", "ExampleToken0123456789abc")
    monkeypatch.delenv("TENCENT_MEETING_WEBHOOK_AES_KEY", raising=False)
    handled = asyncio.Event()
    namespace: dict[str, Any] = {"print": lambda *_: handled.set()}
    await execute(LIFESPAN, namespace)
    app = namespace["app"]
    sent = delivery_request(WebhookKeys.from_env().current, MeetingEnded.sample().delivery.body)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app", trust_env=False) as http:
            answer = await http.post("/tencent/", headers=sent.headers, content=sent.body)
        assert answer.text == "successfully received callback"
        await handled.wait()


def test_its_own_inbox_keeps_the_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(OWN)
    done = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider", "-W", "ignore")
    outcomes = done.parseoutcomes()
    assert outcomes["passed"] > 40
    assert "failed" not in outcomes
    assert "errors" not in outcomes


def test_its_figures() -> None:
    assert (handling.ATTEMPTS, handling.TIMEOUT, handling.LEASE, relay.AGAIN) == (12, 300, 30, 600)
    assert (worker.BODIES, worker.KEYS) == (7 * 86400, 30 * 86400)
    for text in FIGURES:
        assert text in PAGE
    assert 2.5 < sum(wait_after(attempt) for attempt in range(1, handling.ATTEMPTS)) / 3600 < 3
    methods = [name for name in vars(Inbox) if not name.startswith("_")]
    assert len(methods) == 9
    assert "nine methods" in PAGE
    assert STORE_KEY in PAGE
