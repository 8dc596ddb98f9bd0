"""Flow tests go over real sockets, with every transport."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.conftest import trusting_nobody
from tests.vectors import SECRET_ID, SECRET_KEY
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.emulator import Emulator
from tm_async.transport import Transport
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport

AUTH = EnterpriseSecret(app_id="211153201", sdk_id="28370276340", secret_id=SECRET_ID, secret_key=SECRET_KEY)

TransportFactory = Callable[..., Transport]


@pytest_asyncio.fixture(params=["httpx", "a client of the user's", "httpx2", "fast"])
async def make_transport(request: pytest.FixtureRequest) -> AsyncIterator[TransportFactory]:
    """Builds transports of one family, and closes them afterwards."""
    made: list[Transport] = []
    clients: list[Any] = []

    def make(**options: Any) -> Transport:
        match request.param:
            case "httpx":
                transport: Transport = HttpxTransport(**options)
            case "a client of the user's":
                clients.append(httpx.AsyncClient(verify=trusting_nobody(), trust_env=False))
                transport = HttpxTransport(clients[-1], **options)
            case "httpx2":
                transport = Httpx2Transport(**options)
            case _:
                transport = FastTransport(**options)
        made.append(transport)
        return transport

    yield make
    with pytest.MonkeyPatch.context() as patch:
        for module in ("connections", "fast"):
            patch.setattr(f"tm_async.transport.{module}.GRACE", 0.1)  # nobody waits for what a test left under way
        for transport in made:
            await transport.aclose()
    for client in clients:
        await client.aclose()


@pytest_asyncio.fixture
async def tm(tm_emulator: Emulator, make_transport: TransportFactory) -> AsyncIterator[TencentMeeting]:
    """A client of the emulator on each transport."""
    auth = EnterpriseSecret.from_env(tm_emulator.env)
    url = tm_emulator.base_url  # of an emulator without quotas
    async with TencentMeeting(auth, base_url=url, transport=make_transport(), quotas=None) as client:
        yield client


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(handler: Handler, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that does to each connection what the test says; yields its base URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the sockets close in the loop's next turn


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, list[tuple[str, str]], bytes]:
    """Request line, header lines as spelled, body."""
    head = await reader.readuntil(b"\r\n\r\n")
    line, *rest = head[:-4].split(b"\r\n")
    headers = [tuple(header.decode("latin-1").split(": ", 1)) for header in rest]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return line, headers, await reader.readexactly(length)  # type: ignore[return-value]


def answer(body: bytes, status: str = "200 OK", *lines: str) -> bytes:
    """An HTTP answer."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}"))
    return head.encode() + b"\r\n" + body


CREATED = answer(b'{"meeting_info_list":[{"meeting_id":"5"}]}', "200 OK", "X-Tc-Trace: t5")


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """For `raw_server`: each request has created a meeting."""
    while True:
        await read_request(reader)
        writer.write(CREATED)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
