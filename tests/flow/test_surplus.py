"""What nobody asked for: second answers, copies that come late, servers that speak first. It is never an answer."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import trustme

from tests.conftest import meeting
from tests.flow.conftest import AUTH, TransportFactory
from tests.flow.threaded import Reply, Server, created, server
from tm_async import TencentMeeting
from tm_async.errors import ConnectionFailed
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport

CALLS = 5


TWO: dict[str, Reply] = {
    "another answer": lambda _, n: [created(n) + created("evil")],
    "a copy": lambda _, n: [created(n) * 2],
    "half a head": lambda _, n: [created(n) + created("evil")[:20]],
    "a head": lambda _, n: [created(n) + created("evil").partition(b"{")[0]],
    "one byte": lambda _, n: [created(n) + b"H"],
    "after chunks": lambda _, n: [_chunked(n) + created("evil")],
    "an informational one": lambda _, n: [created(n) + b"HTTP/1.1 103 Early Hints\r\n\r\n"],
}


def _chunked(number: int) -> bytes:
    body = created(number).partition(b"\r\n\r\n")[2]
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize("surplus", TWO)
async def test_more_than_the_answer_in_one_segment(make_transport: TransportFactory, surplus: str) -> None:
    with server(TWO[surplus]) as gateway:
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=make_transport(), quotas=None)
        assert [(await tm.send(meeting())).meeting_id for _ in range(CALLS)] == [str(n + 1) for n in range(CALLS)]
    assert gateway.connections == CALLS, "a connection with something left on it must not be used again"


async def test_a_sound_connection_is_used_again(make_transport: TransportFactory) -> None:
    """Also by the httpcore that is installed: what its parser holds must be visible to us."""
    with server(lambda _, n: [created(n)]) as gateway:
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=make_transport(), quotas=None)
        assert [(await tm.send(meeting())).meeting_id for _ in range(CALLS)] == [str(n + 1) for n in range(CALLS)]
    assert gateway.connections == 1


def and_a_copy_later(gateway: Server, number: int) -> Iterator[bytes]:
    yield created(number)
    assert gateway.go.wait(5)
    gateway.go.clear()
    yield created("evil")


def _send_the_copy(gateway: Server) -> None:
    """The event loop does not turn meanwhile."""
    gateway.sent.clear()
    gateway.go.set()
    assert gateway.sent.wait(5)


async def test_a_late_copy(make_transport: TransportFactory) -> None:
    with server(and_a_copy_later) as gateway:
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=make_transport(), quotas=None)
        for number in range(CALLS):
            assert (await tm.send(meeting())).meeting_id == str(number + 1)
            _send_the_copy(gateway)
            await asyncio.sleep(0.01)
    assert gateway.connections == CALLS


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport, FastTransport])
async def test_a_copy_that_the_event_loop_has_not_seen_yet(family: TransportFactory, secure: bool) -> None:
    """It lies in the socket when the next request is about to be written."""
    theirs, ours = _certificates() if secure else (None, None)
    with server(and_a_copy_later, theirs) as gateway:
        transport = family(verify=ours)
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=transport, quotas=None)
        for number in range(CALLS):
            assert (await tm.send(meeting())).meeting_id == str(number + 1)
            _send_the_copy(gateway)
        await transport.aclose()
    assert gateway.connections == CALLS


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport, FastTransport])
async def test_a_server_that_speaks_first(family: TransportFactory, secure: bool) -> None:
    theirs, ours = _certificates() if secure else (None, None)
    with server(lambda _, n: [created(n)], theirs, greeting=created("evil")) as gateway:
        transport = family(verify=ours)
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=transport, quotas=None, retry=None)
        with pytest.MonkeyPatch.context() as patch:
            _write_late(patch, gateway)
            with pytest.raises(ConnectionFailed, match="before it was asked"):
                await tm.send(meeting())
        await transport.aclose()
    assert gateway.requests == 0


def _write_late(patch: pytest.MonkeyPatch, gateway: Server) -> None:
    """Nothing is written on a new connection before the server has spoken."""
    loop = asyncio.get_running_loop()

    def late(step: Callable[..., Awaitable[Any]], *, said: bool) -> Callable[..., Awaitable[Any]]:
        async def wait(*args: Any, **options: Any) -> Any:
            done = await step(*args, **options)
            if said or not gateway.tls or options.get("ssl"):
                assert gateway.sent.wait(5)
            return done

        return wait

    patch.setattr(loop, "create_connection", late(loop.create_connection, said=False))
    patch.setattr(loop, "start_tls", late(loop.start_tls, said=True))


def _certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(theirs)
    authority.configure_trust(ours)
    return theirs, ours
