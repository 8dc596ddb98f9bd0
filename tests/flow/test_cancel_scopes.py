"""Cancelled by a scope of anyio, as those of Starlette and FastAPI: the scope must know its own cancellation again."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import anyio
import pytest

from tests.conftest import meeting
from tests.flow.conftest import AUTH, CREATED, TransportFactory, raw_server, read_request
from tm_async import RetryPolicy, TencentMeeting
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ApiError, ConnectionFailed
from tm_async.testing import FakeTransport
from tm_async.transport import Timeout


async def cut(reached: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Cancel the scope of this work at this moment; whether the scope caught that."""
    with anyio.CancelScope() as scope:
        waiting = asyncio.create_task(reached.wait())
        waiting.add_done_callback(lambda _: scope.cancel())
        try:
            raise KeyError("whatever is being handled already")  # then anyio does not find it by the context
        except KeyError:
            await work
    return scope.cancelled_caught


class Unreachable(FakeTransport):
    """Nobody is there; `tried` once that is known."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = asyncio.Event()

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        self.tried.set()
        raise ConnectionFailed("nobody is there")


class Thinking:
    """An auth strategy that takes for ever."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def authorize(self, request: Request, now: float) -> Headers:
        self.asked.set()
        await asyncio.Event().wait()
        return ()

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return False


async def test_in_a_pause_between_attempts() -> None:
    transport = Unreachable()
    tm = TencentMeeting(AUTH, transport=transport, quotas=None, retry=RetryPolicy(first=5, longest=5))
    assert await cut(transport.tried, tm.send(meeting()))


@pytest.mark.parametrize("patient", [False, True])
async def test_before_the_headers_are_there(patient: bool) -> None:
    auth = Thinking()
    tm = TencentMeeting(auth, transport=FakeTransport(), quotas=None)
    assert await cut(auth.asked, tm._exchange(meeting(), patient=patient))


async def test_while_waiting_for_a_place(make_transport: TransportFactory) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        asked.set()
        await answered.wait()
        writer.write(CREATED)

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(connections=1), quotas=None)
        first = asyncio.create_task(tm.send(meeting()))
        await asked.wait()
        assert await cut(asked, tm.send(meeting()))
        answered.set()
        await first


async def test_while_connecting(make_transport: TransportFactory) -> None:
    connected = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()

    async with raw_server(mute) as address:
        url = address.replace("http://", "https://")  # the handshake never ends
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(), quotas=None, retry=None)
        with pytest.raises(ConnectionFailed):  # from which it is seen that a client of the user's tells
            await tm.with_options(timeout=Timeout(connect=0.02)).send(meeting())
        connected.clear()
        assert await cut(connected, tm.send(meeting()))


async def test_between_the_steps_of_a_meeting_of_many() -> None:
    asked = asyncio.Event()

    class Stuck(FakeTransport):
        async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
            if request.method == "POST":
                return await super().exchange(request, headers, timeout)
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    tm = TencentMeeting(AUTH, transport=Stuck({"meeting_info_list": [{"meeting_id": "5"}]}), quotas=None)
    everybody = [f"u{number}" for number in range(301)]
    assert await cut(asked, tm.meetings.create_with_invitees(meeting(), everybody))
