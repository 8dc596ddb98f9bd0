"""One transport, or one client, under several event loops one after the other, and under uvloop."""

import asyncio
import gc
import ssl
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import trustme

from tests.conftest import meeting
from tests.faults.harness import open_files
from tests.flow.conftest import AUTH, TransportFactory, answering, raw_server
from tests.flow.threaded import Server, created, server
from tm_async import EnterpriseSecret, TencentMeeting
from tm_async.auth.oauth2.endpoints import Wire
from tm_async.core.exchange import Request
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


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """What a loop leaves goes here, and not amid another test, where its warnings would be errors."""
    yield
    gc.collect()


def _by_hand(work: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(work)
    loop.close()


def _uvloop(work: Coroutine[Any, Any, None]) -> None:
    pytest.importorskip("uvloop").run(work)


RUNNERS = {"asyncio.run": asyncio.run, "by hand": _by_hand, "uvloop.run": _uvloop}
LOOPS = 3


def _loops(run: Callable[..., None]) -> int:
    """So many that one leak for each is more than what a loop closed by hand may leave."""
    return 8 if run is _by_hand else LOOPS


def _descriptors_left(gateway: Server, run: Callable[..., None], work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """How many more are open after many loops than after one.

    What a loop leaves that was closed by hand is closed when the next one begins: three connections at most, of which
    each has two ends here, and which may be gone already or not when it is counted. A leak would be one for each loop.
    """
    rest = 3 if run is _by_hand else 0
    gc.collect()
    gc.disable()  # what it would collect is still a leak
    try:
        run(work())
        gateway.wait_until(lambda: len(gateway.open) <= rest)
        before = open_files()
        for _ in range(_loops(run)):
            run(work())
        gateway.wait_until(lambda: len(gateway.open) <= rest)
        left = open_files() - before
        return left if abs(left) > 2 * rest else 0
    finally:
        gc.enable()
        gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of asyncio's transports, where nobody ended the loop properly
@pytest.mark.parametrize("run", RUNNERS.values(), ids=RUNNERS)
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_a_client_that_nobody_closes_leaves_nothing_open(
    make_transport_sync: TransportFactory, run: Callable[..., None], secure: bool
) -> None:
    theirs, ours = _certificates() if secure else (None, None)
    with server(lambda _, number: [created(number)], theirs) as gateway:
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=make_transport_sync(verify=ours), quotas=None)

        async def work() -> None:
            await asyncio.gather(*(tm.send(meeting()) for _ in range(3)))

        assert _descriptors_left(gateway, run, work) == 0
        run(work())
    assert gateway.requests == 3 * (_loops(run) + 2)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("run", RUNNERS.values(), ids=RUNNERS)
def test_a_loop_that_ends_in_the_middle_of_a_call_leaves_nothing_open(
    make_transport_sync: TransportFactory, run: Callable[..., None]
) -> None:
    with server(lambda _, __: []) as gateway:
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=make_transport_sync(), quotas=None)

        async def work() -> None:
            calls = [asyncio.create_task(tm.send(meeting())) for _ in range(3)]
            expected = gateway.requests + 3
            await asyncio.to_thread(gateway.wait_until, lambda: gateway.requests == expected)
            assert not any(call.done() for call in calls)

        assert _descriptors_left(gateway, run, work) == 0


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("run", RUNNERS.values(), ids=RUNNERS)
@pytest.mark.parametrize("answered", [True, False])
def test_the_authorisation_server_asked_in_many_loops(run: Callable[..., None], answered: bool) -> None:
    with server(lambda _, number: [created(number)] if answered else []) as gateway:
        wire = Wire(None)

        async def work() -> None:
            request = Request("POST", "/x", gateway.url.removesuffix("/v1"), b"{}", "oauth")
            call = asyncio.create_task(wire.exchange(request))
            if answered:
                assert (await call).status == 200
            else:
                expected = gateway.requests + 1
                await asyncio.to_thread(gateway.wait_until, lambda: gateway.requests == expected)

        assert _descriptors_left(gateway, run, work) == 0


def _certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(theirs)
    authority.configure_trust(ours)
    return theirs, ours
