"""Answers made to cost: many small pieces, what grows when it is unpacked, heads without end."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from typing import Any

import httpx
import pytest

from tests.conftest import meeting, trusting_nobody
from tests.flow.conftest import AUTH, CREATED, TransportFactory, answer, raw_server, read_request
from tm_async import TencentMeeting
from tm_async.errors import DeadlineExceeded, ExchangeFailed, OutcomeUnknown, UnreadableAnswer
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport

BODY = b'{"meeting_info_list":[{"meeting_id":"5"}]}'


async def test_small_pieces_after_a_large_one(make_transport: TransportFactory) -> None:
    """Each piece costs the same, whatever came before; others get their turn, and the deadline holds."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800000\r\n" + b" " * 0x800000 + b"\r\n")
        while True:
            writer.write(b"1\r\n \r\n" * 10_000)
            await writer.drain()

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(), deadline=0.5)
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert isinstance(caught.value.cause, DeadlineExceeded)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate"])
async def test_what_grows_when_it_is_unpacked(packing: str) -> None:
    """Through a client of the user's, or a proxy that packs what nobody wanted packed."""
    window = {"gzip": 31, "deflate": 15, "raw deflate": -15}[packing]
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(50)) + packer.flush()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer(bomb, "200 OK", f"Content-Encoding: {packing.removeprefix('raw ')}"))

    async with raw_server(handler) as url, httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as client:
        tm = TencentMeeting(AUTH, base_url=url, transport=HttpxTransport(client, max_answer=1_000_000))
        tracemalloc.start()
        try:
            with pytest.raises(OutcomeUnknown, match="larger than 1000000 bytes"):
                await tm.send(meeting())
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("X-Gzip", gzip.compress(BODY, mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity", BODY),
        ("", BODY),
    ],
)
async def test_a_packed_answer_is_read(encoding: str, packed: bytes) -> None:
    tm = await _answered(encoding, packed)
    assert tm == "5"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", b"garbage"),
        ("gzip", gzip.compress(BODY, mtime=0)[:-9]),
        ("br", BODY),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY, mtime=0), mtime=0)),
    ],
)
async def test_what_can_not_be_unpacked(encoding: str, packed: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        await _answered(encoding, packed)
    assert type(caught.value.cause) is ExchangeFailed


async def _answered(encoding: str, packed: bytes) -> str:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer(packed, "200 OK", f"Content-Encoding: {encoding}"))

    async with raw_server(handler) as url, httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as client:
        return (await TencentMeeting(AUTH, base_url=url, transport=HttpxTransport(client)).send(meeting())).meeting_id


async def test_a_hook_that_has_read_the_answer_already() -> None:
    async def hook(response: httpx.Response) -> None:
        await response.aread()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(CREATED)

    async with raw_server(handler) as url:
        async with httpx.AsyncClient(
            verify=trusting_nobody(), trust_env=False, event_hooks={"response": [hook]}
        ) as client:
            tm = TencentMeeting(AUTH, base_url=url, transport=HttpxTransport(client))
            assert (await tm.send(meeting())).meeting_id == "5"


HEADS = {
    "lines": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000),
    "one line": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"X" * 8000),
    "informational": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100),
}


@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport, FastTransport])
@pytest.mark.parametrize("head", HEADS)
async def test_a_head_without_end(family: TransportFactory, head: str) -> None:
    """It is cut off long before what a body may have: a line of it costs many times its size."""
    first, more = HEADS[head]
    sent = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_request(reader)
        writer.write(first)
        while True:
            writer.write(more)
            sent += len(more)
            await writer.drain()

    async with raw_server(handler) as url:
        transport = family()
        with pytest.raises(OutcomeUnknown) as caught:
            await TencentMeeting(AUTH, base_url=url, transport=transport).send(meeting())
        assert type(caught.value.cause) is ExchangeFailed
        await transport.aclose()
    assert sent < 10_000_000, "what the sockets hold on both sides, and little more"


async def test_what_comes_after_the_body_is_no_header(make_transport: TransportFactory) -> None:
    """Trailers come last, from whoever added them, and would stand beside the headers proper."""
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Tc-Trace: t\r\n\r\n%x\r\n%s\r\n0\r\nX-Tc-Trace: u\r\n\r\n"
    )

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            writer.write(chunked % (len(BODY), BODY))

    async with raw_server(handler) as url:
        raw = (await TencentMeeting(AUTH, base_url=url, transport=make_transport()).exchange(meeting())).raw
    assert [value for name, value in raw.headers if name.lower() == b"x-tc-trace"] == [b"t"]


ABSURD: list[Any] = [
    ("Retry-After: Fri, 31 Dec 99999 00:00:00 GMT", "Date: Fri, 31 Dec 2027 00:00:00 GMT"),
    ("Retry-After: Fri, 31 Dec 9999999999999999999999 00:00:00 GMT", "Date: Fri, 31 Dec 2027 00:00:00 GMT"),
    ("Retry-After: Fri, 31 Dec 9999 23:59:59 -2359", "Date: Mon, 01 Jan 0001 00:00:00 +2359"),
    ("Retry-After: " + "9" * 5000, "Date: Fri, 31 Dec 9999 23:59:59 -9999"),
    ("Retry-After: -1", "Date: 99999999999999999999"),
    ("Retry-After: 1e400", "Date: Fri, 31 Dec 2027 99:99:99 GMT"),
]


@pytest.mark.parametrize("lines", ABSURD, ids=range(len(ABSURD)))
async def test_absurd_times_hide_nothing(make_transport: TransportFactory, lines: tuple[str, str]) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            writer.write(answer(b"oops", "500 Internal Server Error", *lines))

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        for _ in range(4):
            with pytest.raises(OutcomeUnknown) as caught:
                await tm.send(meeting())
            assert isinstance(caught.value.cause, UnreadableAnswer)
            assert (caught.value.cause.retry_after or 0) <= 86_400
        assert abs(tm.clock_offset) < 1e9
