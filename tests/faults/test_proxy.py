"""The proxy does to a plain server's exchanges what its acts say."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.faults.certificates import contexts
from tests.faults.cuts import PASS, Act, Choose, Cut, always, in_turn, sometimes
from tests.faults.proxy import FaultProxy
from tests.faults.wire import read_head

BODY = b'{"answer": "forty-two"}'
ANSWER = b"HTTP/1.1 200 OK\r\nX-Tc-Trace: t\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
REQUEST = b"POST /v1/meetings HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + b"y" * 2000


class Server:
    """Answers every whole request the same, and counts them."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, length = await read_head(reader)
                self.requests.append(head + await reader.readexactly(length))
                writer.write(ANSWER)
        except (EOFError, OSError):
            pass
        finally:
            writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0, limit=1 << 16)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def start(server: Server) -> AsyncIterator[Callable[..., Awaitable[FaultProxy]]]:
    started: list[FaultProxy] = []

    async def run(choose: Choose | Act, **options: Any) -> FaultProxy:
        chosen = always(choose) if isinstance(choose, Act) else choose
        proxy = FaultProxy(server.port, 7, choose=chosen, **options)
        started.append(await proxy.__aenter__())
        return proxy

    yield run
    for proxy in started:
        await proxy.aclose()


Start = Callable[..., Awaitable[FaultProxy]]


class Ended:
    """What a client saw: the bytes, and how the connection ended."""

    def __init__(self, data: bytes, how: str) -> None:
        self.data = data
        self.how = how


async def heard(reader: asyncio.StreamReader, data: bytearray, least: int, turns: int = 15) -> bool:
    """Read at least so many bytes, and what follows until `turns` of 10 ms bring nothing; whether it goes on.

    Turns are counted, not time: a process that stood still has heard nothing yet.
    """
    silent = 0
    while silent < (turns if len(data) >= least else 1000):
        try:
            async with asyncio.timeout(0.01):
                piece = await reader.read(65536)
        except TimeoutError:
            silent += 1
        else:
            if not piece:
                return False
            data += piece
            silent = 0
    return True


async def ask(
    proxy: FaultProxy, *, times: int = 1, least: int = 0, turns: int = 15, tls: ssl.SSLContext | None = None
) -> Ended:
    """Send requests on one connection, each after a whole answer to the last, and see what comes: `least` bytes."""
    data = bytearray()
    over_tls: dict[str, Any] = {"ssl": tls, "server_hostname": "localhost"} if tls else {}
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, **over_tls)
        try:
            for nth in range(1, times + 1):
                writer.write(REQUEST)
                if not await heard(reader, data, least if nth == times else nth * len(ANSWER), turns):
                    return Ended(bytes(data), "closed")
        finally:
            writer.transport.abort()
    except ConnectionResetError:
        return Ended(bytes(data), "reset")
    except ConnectionRefusedError:
        return Ended(bytes(data), "refused")
    except (OSError, EOFError) as error:
        return Ended(bytes(data), type(error).__name__)
    return Ended(bytes(data), "open")


ENDS = 1 << 30
"""`least` of what ends by itself."""


@pytest.mark.parametrize(
    ("act", "passed", "how", "data"),
    [
        (PASS, 1, "open", ANSWER),
        (Act(Cut.REFUSE), 0, "reset", b""),
        (Act(Cut.RESET_BEFORE), 0, "reset", b""),
        (Act(Cut.RESET_INSIDE, at=0.5), 0, "reset", b""),
        (Act(Cut.BLACKHOLE_BEFORE), 0, "open", b""),
        (Act(Cut.BLACKHOLE_AFTER), 1, "open", b""),
        (Act(Cut.RESET_AFTER), 1, "reset", b""),
        (Act(Cut.CLOSE_AFTER), 1, "closed", b""),
        (Act(Cut.CUT_HEAD, at=0.2), 1, "closed", ANSWER[: 1 + int(0.2 * (len(ANSWER) - len(BODY) - 2))]),
        (Act(Cut.CUT_HEAD, at=0.99, hard=True), 1, "reset", None),
        (Act(Cut.CUT_BODY, at=0.5), 1, "closed", ANSWER[: -len(BODY)] + BODY[: len(BODY) // 2]),
        (Act(Cut.DRIBBLE), 1, "open", ANSWER),
        (Act(Cut.DELAY_BEFORE, seconds=0.02), 1, "open", ANSWER),
        (Act(Cut.DELAY_AFTER, seconds=0.02), 1, "open", ANSWER),
        (Act(Cut.SLOW_READING, seconds=0.002), 1, "open", ANSWER),
        (Act(Cut.DUPLICATE), 1, "open", ANSWER * 2),
        (Act(Cut.CLOSE_IDLE), 1, "closed", ANSWER),
        (Act(Cut.LENGTH_TOO_BIG, at=0), 1, "open", ANSWER.replace(b"h: 23", b"h: 24")),
        (Act(Cut.LENGTH_TOO_BIG, at=0, hard=True), 1, "closed", ANSWER.replace(b"h: 23", b"h: 24")),
        (Act(Cut.LENGTH_TOO_SMALL, at=0.5), 1, "open", ANSWER.replace(b"h: 23", b"h: 11")),
    ],
    ids=str,
)
async def test_an_act(start: Start, server: Server, act: Act, passed: int, how: str, data: bytes | None) -> None:
    proxy = await start(act)
    seen = await ask(proxy, least=len(data or b"") if how == "open" else ENDS)
    if data is not None:  # a reset may overtake what was written before it
        assert seen.data == data
    assert seen.how == how
    assert len(server.requests) == passed
    assert all(request == REQUEST for request in server.requests)
    assert [deed.passed_on for deed in proxy.deeds] == [bool(passed)]


@pytest.mark.parametrize(("cut", "status", "passed"), [(Cut.UNAVAILABLE, b"503", 0), (Cut.BAD_GATEWAY, b"502", 1)])
async def test_pages_instead_of_an_answer(start: Start, server: Server, cut: Cut, status: bytes, passed: int) -> None:
    seen = await ask(await start(Act(cut)), least=1)
    assert seen.data.startswith(b"HTTP/1.1 " + status)
    assert seen.how == "open"
    assert len(server.requests) == passed


async def test_garbage_is_the_same_for_the_same_seed(start: Start, server: Server) -> None:
    first, second = [await ask(await start(Act(Cut.GARBAGE, at=0.7)), least=1401) for _ in range(2)]
    assert first.data == second.data
    assert len(first.data) == 1401
    assert len(server.requests) == 2


async def test_the_next_request_of_a_connection_has_an_act_of_its_own(start: Start, server: Server) -> None:
    proxy = await start(in_turn(PASS, PASS, Act(Cut.RESET_BEFORE)))
    seen = await ask(proxy, times=3, least=ENDS)
    assert (seen.data, seen.how) == (ANSWER * 2, "reset")
    assert [deed.act.cut for deed in proxy.deeds] == [Cut.PASS, Cut.PASS, Cut.RESET_BEFORE]
    assert {deed.connection for deed in proxy.deeds} == {1}
    assert len(server.requests) == 2
    assert "reset-before" in proxy.story()
    assert "POST /v1/meetings: pass" in proxy.story()


async def test_a_request_is_passed_on_late_though_the_client_has_gone(start: Start, server: Server) -> None:
    proxy = await start(Act(Cut.DELAY_BEFORE, seconds=0.5))
    assert (await ask(proxy, turns=1)).how == "open"
    assert not server.requests
    await proxy.quiet()
    assert len(server.requests) == 1


async def test_down_and_up_again(start: Start, server: Server) -> None:
    proxy = await start(PASS)
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    await proxy.go_down()
    assert (await ask(proxy)).how == "refused"
    proxy.listen()
    assert (await ask(proxy, least=len(ANSWER))).data == ANSWER
    writer.close()


async def test_a_reset_is_a_real_one(start: Start) -> None:
    """Asked of the socket itself, not of asyncio."""
    proxy = await start(Act(Cut.RESET_AFTER))

    def exchange() -> str:
        with socket.create_connection(("127.0.0.1", proxy.port)) as plain:
            plain.sendall(REQUEST)
            try:
                return f"got {plain.recv(1)!r}"
            except ConnectionResetError:
                return "reset"

    assert await asyncio.to_thread(exchange) == "reset"
    assert struct.calcsize("ii") == 8


def test_drawing_depends_on_the_seed_alone() -> None:
    from random import Random

    choose = sometimes(0.5)
    first, second = [[choose(rng) for _ in range(50)] for rng in (Random("3"), Random("3"))]
    assert first == second
    assert {act.cut for act in first} != {Cut.PASS}
    assert first != [choose(Random("4")) for _ in range(50)]


# --- TLS ------------------------------------------------------------------------------------------------------------


async def test_tls(start: Start, server: Server) -> None:
    theirs, ours = contexts()
    whole = await ask(await start(PASS, tls=theirs), least=len(ANSWER), tls=ours)
    assert (whole.data, whole.how) == (ANSWER, "open")
    cut = await ask(await start(Act(Cut.TLS_CUT, at=0.5), tls=theirs), least=ENDS, tls=ours)
    assert cut.data == ANSWER[: -len(BODY)] + BODY[: len(BODY) // 2]
    for hard in (False, True):
        early = await ask(await start(Act(Cut.TLS_HANDSHAKE, at=0.3, hard=hard), tls=theirs), least=ENDS, tls=ours)
        assert early.data == b""
        assert early.how != "open"
    assert len(server.requests) == 2
