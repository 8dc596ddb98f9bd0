"""Before anything is sent: names that nobody answers, dead hosts and proxies, certificates that can't be read."""

import asyncio
import os
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conftest import meeting
from tests.flow.conftest import AUTH, CREATED, TransportFactory, answering, raw_server, read_request
from tm_async import TencentMeeting, Timeout
from tm_async.errors import ConfigurationError, ConnectionFailed, DeadlineExceeded
from tm_async.transport.connecting import connect
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport

FAMILIES = [HttpxTransport, Httpx2Transport, FastTransport]


@pytest.fixture
def hanging_names(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", never)


@pytest.mark.usefixtures("hanging_names")
async def test_a_name_that_nobody_answers(make_transport: TransportFactory) -> None:
    transport = make_transport()
    tm = TencentMeeting(AUTH, base_url="https://gateway.example/v1", transport=transport, retry=None, deadline=0.05)
    with pytest.raises(DeadlineExceeded, match="nothing was sent") as late:
        await tm.send(meeting())
    assert not late.value.outcome_unknown
    with pytest.raises(ConnectionFailed):
        await tm.with_options(timeout=Timeout(connect=0.05), deadline=None).send(meeting())


@pytest.mark.usefixtures("hanging_names")
@pytest.mark.parametrize("family", FAMILIES)
async def test_the_total_time_runs_out_before_anything_is_sent(family: TransportFactory) -> None:
    tm = TencentMeeting(AUTH, base_url="https://gateway.example/v1", transport=family(), retry=None)
    with pytest.raises(ConnectionFailed):
        await tm.with_options(timeout=Timeout(connect=None, total=0.05)).send(meeting())


async def test_giving_up_while_connecting_sends_nothing_and_keeps_no_place(make_transport: TransportFactory) -> None:
    """Also in the TLS handshake, which never ends here; and at every turn of the loop."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(mute) as url:
        secure = url.replace("http://", "https://")
        transport = make_transport(connections=1)
        tm = TencentMeeting(AUTH, base_url=secure, transport=transport, retry=None, quotas=None)
        hasty = tm.with_options(timeout=Timeout(connect=0.05, pool=0.5))
        with pytest.raises(ConnectionFailed):  # from which it is also seen that a client of the user's tells
            await hasty.send(meeting())
        for turns in range(12):
            call = asyncio.create_task(hasty.send(meeting()))
            for _ in range(turns):
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            assert turns == 0 or caught.value.args == ("nothing was sent",)
        with pytest.raises(ConnectionFailed):
            await hasty.send(meeting())


async def test_what_was_given_up_while_connecting_is_not_sent_later(
    make_transport: TransportFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    real, resolved, asked = loop.getaddrinfo, asyncio.Event(), asyncio.Event()
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while True:
            await read_request(reader)
            requests += 1
            writer.write(CREATED)

    async def slow(*args: Any, **options: Any) -> Any:
        asked.set()
        await resolved.wait()
        return await real(*args, **options)

    async with raw_server(handler) as address:
        url = address.replace("127.0.0.1", "localhost")
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(connections=1), quotas=None)
        monkeypatch.setattr(loop, "getaddrinfo", slow)
        call = asyncio.create_task(tm.send(meeting()))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError, match="nothing was sent"):
            await call
        resolved.set()
        assert (await tm.send(meeting())).meeting_id == "5"
    assert requests == 1


async def test_an_error_names_the_host(make_transport: TransportFactory) -> None:
    async with raw_server(answering) as url:
        pass
    host = url.removeprefix("http://").removesuffix("/v1")
    with pytest.raises(ConnectionFailed, match=host):
        await TencentMeeting(AUTH, base_url=url, transport=make_transport(), retry=None).send(meeting())


async def test_a_handshake_that_fails_names_the_host() -> None:
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(theirs)
    async with raw_server(answering, tls=theirs) as url:
        for family in FAMILIES:
            transport = family()
            tm = TencentMeeting(AUTH, base_url=url.replace("127.0.0.1", "localhost"), transport=transport, retry=None)
            with pytest.raises(ConnectionFailed, match=r"(?s)localhost.*CERTIFICATE_VERIFY_FAILED"):
                await tm.send(meeting())
            await transport.aclose()


class Hours:
    """The time of the event loop, which can be made to pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        real, names, self._passed = loop.time, loop.getaddrinfo, 0.0
        self.looking_up = 0.0
        """Seconds that a name takes."""

        async def slow(*args: Any, **options: Any) -> Any:
            self.passes(self.looking_up)
            return await names(*args, **options)

        monkeypatch.setattr(loop, "time", lambda: real() + self._passed)
        monkeypatch.setattr(loop, "getaddrinfo", slow)

    def passes(self, seconds: float) -> None:
        self._passed += seconds


HOURS = Timeout(connect=3600.05, read=9000, total=None)


@pytest.mark.parametrize("family", FAMILIES)
async def test_one_bound_for_name_connection_and_tls(family: TransportFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    hours = Hours(monkeypatch)
    hours.looking_up = 3600
    async with raw_server(mute) as address, asyncio.timeout(3602):
        url = address.replace("http://127.0.0.1", "https://localhost")
        tm = TencentMeeting(AUTH, base_url=url, transport=family(), retry=None, deadline=None, timeout=HOURS)
        with pytest.raises(ConnectionFailed, match="within 3600.05 s"):
            await tm.send(meeting())


@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport])
@pytest.mark.parametrize("answered", [True, False])
async def test_the_same_bound_through_a_proxy(
    family: TransportFactory, answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes nearly all the time to open the tunnel; then it is silent, or it was all along."""

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        hours.passes(3600)
        if answered:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await reader.read()

    hours = Hours(monkeypatch)
    async with raw_server(proxy) as url, asyncio.timeout(3602):
        transport = family(proxy=url.removesuffix("/v1"))
        tm = TencentMeeting(AUTH, transport=transport, retry=None, deadline=None, timeout=HOURS)
        missing = "no TLS with" if answered else "no way through the proxy"
        with pytest.raises(ConnectionFailed, match=f"{missing} .* within 3600.05 s"):
            await tm.send(meeting())


# --- several addresses ------------------------------------------------------------------------------------------------


def _addresses(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    async def resolve(*_: Any, **__: Any) -> Any:
        six = socket.AF_INET6
        return [(six if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)


async def test_the_first_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One refuses, one is silent: the third one is not kept waiting for long."""
    loop = asyncio.get_running_loop()
    opened: list[str] = []
    real = loop.create_connection

    async def create(make: Any, host: str, port: int) -> Any:
        opened.append(host)
        if host == "::1":
            await loop.create_future()
        if host == "127.0.0.9":
            raise ConnectionRefusedError(f"{host} refuses")
        return await real(make, host, port)

    async with raw_server(answering) as url:
        port = int(url.removesuffix("/v1").rsplit(":", 1)[1])
        _addresses(monkeypatch, "127.0.0.9", "127.0.0.1", "::1")
        monkeypatch.setattr(loop, "create_connection", create)
        monkeypatch.setattr("tm_async.transport.connecting._HEAD_START", 0.01)
        made: list[Closing] = []
        protocol = await connect(lambda: made.append(Closing()) or made[-1], "gateway.example", port)
        assert opened == ["127.0.0.9", "::1", "127.0.0.1"]
        protocol.transport.abort()
        await _turns()
        assert all(one.closed for one in made)
        _addresses(monkeypatch, "127.0.0.9", "127.0.0.9")
        with pytest.raises(OSError, match=r"^127.0.0.9 refuses$"):
            await connect(Closing, "gateway.example", port)


async def test_the_losers_of_the_race_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server(answering) as url:
        port = int(url.removesuffix("/v1").rsplit(":", 1)[1])
        _addresses(monkeypatch, *(f"127.0.0.{n}" for n in range(1, 6)))
        monkeypatch.setattr("tm_async.transport.connecting._HEAD_START", 0)
        made: list[Closing] = []
        (await connect(lambda: made.append(Closing()) or made[-1], "gateway.example", port)).transport.abort()
        for turns in range(12):
            racing = asyncio.create_task(connect(lambda: made.append(Closing()) or made[-1], "gateway.example", port))
            for _ in range(turns):
                await asyncio.sleep(0)
            racing.cancel()
            await asyncio.wait([racing])
            if not racing.cancelled() and racing.exception() is None:
                racing.result().transport.abort()
        await _turns()
        assert all(one.closed for one in made if one.transport is not None)


async def _turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class Closing(asyncio.Protocol):
    transport: Any = None
    closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True


# --- proxies ----------------------------------------------------------------------------------------------------------


async def _proxying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(CREATED)


@pytest.mark.parametrize("form", ["{}", "http://{}", "http://{}/", "svc:p%2Fw@{}", "http://svc@{}"])
async def test_forms_of_a_proxy(form: str) -> None:
    async with raw_server(_proxying) as url:
        proxy = form.format(url.removeprefix("http://").removesuffix("/v1"))
        transport = HttpxTransport(proxy=proxy)
        tm = TencentMeeting(AUTH, base_url="http://localhost:9/v1", transport=transport, retry=None)
        assert (await tm.send(meeting())).meeting_id == "5"
        await transport.aclose()


async def test_the_credentials_reach_the_proxy() -> None:
    seen: list[Any] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with raw_server(proxy) as url:
        transport = HttpxTransport(proxy=url.replace("http://", "http://svc:p%2Fw@").removesuffix("/v1"))
        with pytest.raises(ConnectionFailed, match=r"the proxy 127.0.0.1:\d+: .*407") as caught:
            await TencentMeeting(AUTH, transport=transport, retry=None).send(meeting())
        assert not caught.value.outcome_unknown
        await transport.aclose()
    assert dict(seen[0][1])["Proxy-Authorization"] == "Basic c3ZjOnAvdw=="


@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport])
async def test_a_dead_proxy_is_named_as_the_proxy(family: TransportFactory) -> None:
    async with raw_server(_proxying) as url:
        pass
    address = url.removeprefix("http://").removesuffix("/v1")
    transport = family(proxy=f"svc:sesame@{address}")
    with pytest.raises(ConnectionFailed, match=f"no connection to the proxy {address}") as caught:
        await TencentMeeting(AUTH, transport=transport, retry=None).send(meeting())
    assert "sesame" not in str(caught.value)


async def test_a_proxy_that_hangs_up_before_the_tunnel_has_passed_nothing_on() -> None:
    async def proxy(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await read_request(reader)

    async with raw_server(proxy) as url:
        transport = HttpxTransport(proxy=url.removesuffix("/v1"))
        with pytest.raises(ConnectionFailed, match="the proxy 127"):
            await TencentMeeting(AUTH, transport=transport, retry=None).send(meeting())
        await transport.aclose()


@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport])
async def test_https_through_proxies_of_both_kinds(family: TransportFactory) -> None:
    """A tunnel through a proxy, which may want TLS itself; the request goes on within, on one kept connection."""
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(theirs)
    authority.configure_trust(ours)
    tunnels = 0

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tunnels
        tunnels += 1
        line, _, _ = await read_request(reader)
        host, port = line.split(b" ")[1].decode().split(":")
        there, here = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await asyncio.gather(_copy(reader, here), _copy(there, writer))
        finally:
            here.close()

    async with raw_server(answering, tls=theirs) as gateway:
        base_url = gateway.replace("127.0.0.1", "localhost")
        for tls in (None, theirs):
            async with raw_server(tunnel, tls=tls) as url:
                proxy = url.replace("127.0.0.1", "localhost").removesuffix("/v1")
                transport = family(proxy=proxy, verify=ours)
                tm = TencentMeeting(AUTH, base_url=base_url, transport=transport, retry=None)
                assert [(await tm.send(meeting())).meeting_id for _ in range(3)] == ["5"] * 3
                await transport.aclose()
    assert tunnels == 2


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)


# --- certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_no_certificates")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("kind", ["missing", "garbage", "a folder or a file", "unreadable"])
async def test_certificates_that_can_not_be_used(
    family: TransportFactory, name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trusted"
    if kind in ("garbage", "unreadable"):
        path.write_bytes(b"\x00garbage")
        if name == "SSL_CERT_DIR":
            path = tmp_path
    elif kind != "missing":
        path.mkdir() if name == "SSL_CERT_FILE" else path.write_text("x")
    if kind == "unreadable":
        if os.geteuid() == 0:
            pytest.skip("root reads everything")
        path.chmod(0)
    monkeypatch.setenv(name, str(path))
    with pytest.raises(ConfigurationError, match=f"{name} names '{path}'") as caught:
        await TencentMeeting(AUTH, transport=family()).send(meeting())
    assert not caught.value.outcome_unknown
    path.chmod(0o700) if kind == "unreadable" else None


@pytest.mark.usefixtures("_no_certificates")
@pytest.mark.parametrize("family", FAMILIES)
async def test_certificates_that_the_environment_names(
    family: TransportFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(theirs)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with raw_server(answering, tls=theirs) as url:
        transport = family()
        tm = TencentMeeting(AUTH, base_url=url.replace("127.0.0.1", "localhost"), transport=transport)
        assert (await tm.send(meeting())).meeting_id == "5"
        await transport.aclose()
