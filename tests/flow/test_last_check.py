"""What has to be so when a request is written is asked when it is written."""

import asyncio
import time

import pytest
from attrs import evolve

from tests.conftest import meeting
from tests.flow.conftest import AUTH, CREATED, TransportFactory, raw_server, read_request
from tm_async import TencentMeeting, Timeout
from tm_async.errors import LedgerUnavailable


@pytest.mark.parametrize("used", [False, True])
async def test_the_last_check_comes_when_the_connection_is_there(make_transport: TransportFactory, used: bool) -> None:
    """Between a guard and the first byte a machine may sleep: nothing is sent then, and no place is lost."""
    transport = make_transport(connections=1)
    seen: list[bytes] = []
    connected = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        while True:
            seen.append((await read_request(reader))[0])
            writer.write(CREATED)

    def refuse() -> None:
        raise LedgerUnavailable("the lease has ended")

    async with raw_server(handler) as url:
        request = TencentMeeting(AUTH, base_url=url, transport=transport).prepare(meeting())
        lines = await AUTH.authorize(request, time.time())
        if used:
            await transport.exchange(request, lines, Timeout())
        for _ in range(3):
            with pytest.raises(LedgerUnavailable):
                await transport.exchange(evolve(request, last_check=refuse), lines, Timeout())
        await asyncio.wait_for(connected.wait(), 5)
        asked: list[bool] = []
        wanted = evolve(request, last_check=lambda: asked.append(True))
        assert (await transport.exchange(wanted, lines, Timeout())).status == 200
    assert asked == [True]
    assert len(seen) == 1 + used
