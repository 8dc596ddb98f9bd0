"""Every adapter in its real framework, over a real socket, with the query string as it stands on the request line."""

import asyncio
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tests.flow.webhook_servers import SERVERS, Served
from tests.unit.webhooks.vectors import KEY, KEYS
from tm_async.errors import ConfigurationError, InboxUnavailable
from tm_async.webhooks import Delivery, MeetingEnded, Webhooks
from tm_async.webhooks.adapters.function import function
from tm_async.webhooks.sending import Outgoing, check_request, delivery_request

ADAPTERS = Path(__file__).parents[2] / "tm_async" / "webhooks" / "adapters"


@frozen
class Got:
    """An answer."""

    status: int
    body: bytes
    type: str | None
    length: str | None


def _send(port: int, path: str, sent: Outgoing) -> Got:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(sent.method, f"{path}?{sent.query_string}" if sent.query_string else path)
        for name, value in sent.headers:
            connection.putheader(name, value)
        if sent.method != "GET":
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body or None)
        answer = connection.getresponse()
        return Got(answer.status, answer.read(), answer.getheader("content-type"), answer.getheader("content-length"))
    finally:
        connection.close()


async def send(port: int, path: str, sent: Outgoing) -> Got:
    return await asyncio.to_thread(_send, port, path, sent)


class Kept:
    """An inbox of a list, or one that is not available."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.available = True

    async def accept(self, delivery: Delivery, /) -> None:
        if not self.available:
            raise InboxUnavailable("full")
        self.deliveries.append(delivery)


def with_a_plus() -> Outgoing:
    sent = (check_request(KEY, f"challenge-{number}") for number in range(1000))
    return next(one for one in sent if "%2B" in one.query_string)


@pytest.fixture(params=SERVERS)
def served(request: pytest.FixtureRequest) -> Served:
    return SERVERS[request.param]


async def test_checks_and_deliveries(served: Served) -> None:
    inbox = Kept()
    async with Webhooks(KEYS, inbox=inbox) as hooks, served(hooks) as (port, path):
        check = with_a_plus()
        for query in (check.query_string, check.query_string.replace("%2B", "+"), "a=b&" + check.query_string):
            got = await send(port, path, Outgoing(method="GET", query_string=query, headers=check.headers))
            assert got.status == 200
            assert got.body.startswith(b"challenge-")
            assert (got.type or "").startswith("text/plain")
            assert got.length == str(len(got.body))
        event = MeetingEnded.sample(subject="周会")
        got = await send(port, path, delivery_request(KEY, event.delivery.body))
        assert (got.status, got.body) == (200, b"successfully received callback")
        assert (got.type or "").startswith("text/plain")
        assert [one.body for one in inbox.deliveries] == [event.delivery.body]


async def test_refusals(served: Served) -> None:
    inbox = Kept()
    async with Webhooks(KEYS, inbox=inbox) as hooks, served(hooks) as (port, path):
        good = delivery_request(KEY, MeetingEnded.sample().delivery.body)
        unsigned = Outgoing(method="POST", headers=good.headers[:1], body=good.body)
        doubled = Outgoing(method="POST", headers=(*good.headers, good.headers[-1]), body=good.body)
        other = delivery_request(KEY, MeetingEnded.sample().delivery.body)
        forged = Outgoing(method="POST", headers=good.headers, body=other.body)
        large = Outgoing(method="POST", headers=good.headers, body=good.body + b" " * 1024 * 1024)
        get = Outgoing(method="GET", headers=())
        for sent, status in ((unsigned, 400), (doubled, 400), (forged, 401), (large, 413), (get, 400)):
            got = await send(port, path, sent)
            assert (got.status, got.body) == (status, b"refused")
        got = await send(port, path, Outgoing(method="PUT", headers=good.headers, body=good.body))
        assert got.status == 405
        assert inbox.deliveries == []
        inbox.available = False
        assert (await send(port, path, good)).status == 503
        inbox.available = True
        assert (await send(port, path, good)).status == 200, "the platform repeats it"


async def test_events_are_handled_after_the_answer(served: Served) -> None:
    hooks, done = Webhooks(KEYS), asyncio.Event()
    loop = asyncio.get_running_loop()

    @hooks.on(MeetingEnded)
    async def handle(event: MeetingEnded) -> None:
        await asyncio.sleep(0)  # gone, were the loop that of one request
        loop.call_soon_threadsafe(done.set)

    async with served(hooks) as (port, path):
        got = await send(port, path, delivery_request(KEY, MeetingEnded.sample().delivery.body))
        assert got.status == 200
        async with asyncio.timeout(20):
            await done.wait()


@pytest.mark.parametrize("served", [SERVERS["flask"], SERVERS["django_wsgi"]])
async def test_a_handler_that_exits_is_no_end_of_the_others(served: Served) -> None:
    """They share an event loop in the background. Twice: who waits at a loop that has ended waits for ever."""
    hooks = Webhooks(KEYS, inline=True)

    async def handle(event: MeetingEnded) -> None:
        if event.meeting_info.meeting_id == "last":
            sys.exit("by mistake")

    hooks.add(handle, name="one")
    hooks.add(handle, name="other")
    async with served(hooks) as (port, path):
        for meeting, status in (("1", 200), ("last", 503), ("2", 200), ("last", 503)):
            sent = delivery_request(KEY, MeetingEnded.sample(meeting_id=meeting).delivery.body)
            assert (await send(port, path, sent)).status == status


def test_the_plain_function() -> None:
    hooks, seen = Webhooks(KEYS, inline=True), []

    @hooks.on(MeetingEnded)
    async def handle(event: MeetingEnded) -> None:
        seen.append(event.name)

    answer = function(hooks)
    sent = delivery_request(KEY, MeetingEnded.sample().delivery.body)
    status, headers, body = answer(sent.method, sent.query_string, dict(sent.headers), sent.body)
    assert (status, body, seen) == (200, b"successfully received callback", ["meeting.end"])
    assert headers == {"Content-Type": "text/plain", "Content-Length": "30"}
    check = with_a_plus()
    assert answer("GET", check.query_string, check.headers, b"")[0] == 200
    with pytest.raises(ConfigurationError, match="inline=True or an inbox"):
        function(Webhooks(KEYS))


async def test_a_websocket_and_a_client_that_goes_away() -> None:
    app = Webhooks(KEYS).asgi()
    sent: list[Any] = []

    async def collect(message: Any) -> None:
        sent.append(message)

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    await app({"type": "websocket"}, gone, collect)
    assert sent == [{"type": "websocket.close"}]
    await app({"type": "http", "method": "POST", "headers": []}, gone, collect)
    assert len(sent) == 1


def test_adapters_stay_small() -> None:
    for path in ADAPTERS.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 40, path.name
