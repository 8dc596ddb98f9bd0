"""The transport that the calls of an app share for as long as any is under way."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from tm_async.auth.oauth2 import endpoints
from tm_async.auth.oauth2.endpoints import Wire
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.protocol import Timeout

ANSWER = RawAnswer(200, (), b"{}")


class Transport(HttpxTransport):
    """It answers when it is let, and notes how long closing would wait."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.closed: list[float | None] = []
        self.closing: Callable[[], None] = lambda: None

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        await self.gate.wait()
        return ANSWER

    async def aclose(self, grace: float | None = None) -> None:
        self.closed.append(grace)
        self.closing()


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> Transport:
    made = Transport()
    monkeypatch.setattr(endpoints, "_new_transport", lambda: made)
    return made


REQUEST = Request("POST", "/x", "https://x", b"{}", "oauth2.refresh_token")


async def test_the_last_call_closes(transport: Transport) -> None:
    wire = Wire(None)
    calls = [asyncio.create_task(wire.exchange(REQUEST)) for _ in range(2)]
    await asyncio.sleep(0)
    calls[0].cancel()
    await asyncio.wait([calls[0]])
    assert transport.closed == []
    transport.gate.set()
    assert await calls[1] == ANSWER
    assert transport.closed == [0]


async def test_what_goes_wrong_in_closing_takes_no_answer_away(
    transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("with a secret")

    transport.closing = fail
    transport.gate.set()
    with caplog.at_level(logging.WARNING):
        assert await Wire(None).exchange(REQUEST) == ANSWER
    assert caplog.messages == ["the connections to the authorisation server were not closed: RuntimeError"]


async def test_who_gives_up_waits_for_nothing(transport: Transport) -> None:
    """Not for the exchange either that goes on without its caller."""
    call = asyncio.create_task(Wire(None).exchange(REQUEST))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert transport.closed == [0]
