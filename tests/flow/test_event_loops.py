"""One transport, or one client, under several event loops one after the other, and under uvloop."""

import asyncio

import pytest

from tests.conftest import meeting
from tests.flow.conftest import AUTH, TransportFactory, answering, raw_server
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport


def test_several_event_loops(make_transport_sync: TransportFactory) -> None:
    transport = make_transport_sync()

    async def once() -> str:
        async with raw_server(answering) as url:
            tm = TencentMeeting(AUTH, base_url=url, transport=transport)
            result = (await tm.send(meeting())).meeting_id
            await transport.aclose()
            return result

    assert [asyncio.run(once()) for _ in range(3)] == ["5", "5", "5"]


@pytest.fixture(params=["httpx", "httpx2", "fast"])
def make_transport_sync(request: pytest.FixtureRequest) -> TransportFactory:
    return {"httpx": HttpxTransport, "httpx2": Httpx2Transport, "fast": FastTransport}[request.param]


def test_under_uvloop(make_transport_sync: TransportFactory) -> None:
    """Many backends run on it, and its functions take fewer arguments than asyncio's."""
    uvloop = pytest.importorskip("uvloop")

    async def once() -> str:
        async with raw_server(answering) as url, make_transport_sync() as transport:  # type: ignore[attr-defined]
            return (await TencentMeeting(AUTH, base_url=url, transport=transport).send(meeting())).meeting_id

    assert uvloop.run(once()) == "5"


def test_one_client_in_several_event_loops() -> None:
    """A client at module level, used from one asyncio.run after the other."""
    from tm_async.emulator import Emulator

    port_of_first = None
    tm = None

    async def once() -> str:
        nonlocal tm, port_of_first
        async with Emulator(port=port_of_first or 0) as emulator:
            if tm is None:
                port_of_first = int(emulator.base_url.rsplit(":", 1)[1].removesuffix("/v1"))
                tm = TencentMeeting(EnterpriseSecret.from_env(emulator.env), base_url=emulator.base_url)
            async with tm:
                return (await tm.send(meeting())).meeting_id

    assert len({asyncio.run(once()) for _ in range(2)}) >= 1
