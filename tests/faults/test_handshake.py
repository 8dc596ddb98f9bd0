"""An exchange that is broken off within the TLS handshake leaves no connection behind."""

import asyncio

import pytest

from tests.faults.certificates import contexts
from tests.faults.harness import FAMILIES, client, create
from tm_async import EnterpriseSecret, Timeout
from tm_async.errors import TencentMeetingError
from tm_async.transport.httpx2 import Httpx2Transport

AUTH = EnterpriseSecret(app_id="1", sdk_id="2", secret_id="3", secret_key="4")


@pytest.mark.parametrize("family", [*FAMILIES, "httpx2"])
@pytest.mark.parametrize(
    "bounds",
    [{"timeout": Timeout(total=0.03)}, {"timeout": Timeout(connect=0.03)}, {"deadline": 0.03}],
    ids=["total", "connect", "deadline"],
)
async def test_a_handshake_without_an_answer(family: str, bounds: dict[str, object]) -> None:
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(65536):  # the client's hello, which gets no answer
                pass
        except OSError:
            pass
        ended.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = ({"httpx2": Httpx2Transport} | FAMILIES)[family](trust_env=False, verify=contexts()[1])
    options = {"timeout": Timeout(connect=0.1), "retry": None} | bounds
    tm = client(AUTH, f"https://localhost:{port}/v1", transport, **options)
    with pytest.raises(TencentMeetingError):
        await tm.send(create("x"))
    await transport.aclose()
    async with asyncio.timeout(1):
        await ended.wait()
    server.close()
    await asyncio.sleep(0.01)
