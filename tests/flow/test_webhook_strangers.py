"""Somebody on the network who has no key: what they send may not be kept for long, nor much of it."""

import asyncio
import tracemalloc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.flow.webhook_servers import SERVERS
from tests.unit.webhooks.vectors import KEYS
from tm_async.webhooks import Webhooks, wire

HEAD = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
ON_A_LOOP = ("alone", "aiohttp", "tornado")
"""Where a connection has no thread that waits for it; the others are left to their servers' limits."""


@asynccontextmanager
async def connected(kind: str, hooks: Webhooks) -> AsyncGenerator[tuple[Any, asyncio.StreamReader, Any], None]:
    async with SERVERS[kind](hooks) as (port, path):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield path.encode(), reader, writer
        finally:
            writer.close()


@pytest.mark.parametrize("kind", ON_A_LOOP)
async def test_a_body_that_does_not_come_is_not_waited_for(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each connection would keep a megabyte for as long as its sender likes: the platform waits 5 seconds."""
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.05)
    async with Webhooks(KEYS) as hooks, connected(kind, hooks) as (path, reader, writer):
        writer.write(HEAD % (path, 1_000_000) + b'{"data": "')
        async with asyncio.timeout(10):
            answer = await reader.readline()
    assert not answer or answer.split()[1] == b"408", "Tornado hangs up"


@pytest.mark.parametrize("kind", ON_A_LOOP)
async def test_a_body_that_is_not_what_its_head_says(kind: str) -> None:
    """aiohttp decodes it, before anybody has looked at it; the others leave it as it is."""
    head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    async with Webhooks(KEYS) as hooks, connected(kind, hooks) as (path, reader, writer):
        writer.write(head % (path, 7) + b"no gzip")
        async with asyncio.timeout(10):
            answer = await reader.readline()
    assert answer.split()[1] == b"400"


async def test_tornado_keeps_no_more_of_a_body_than_is_taken() -> None:
    """Left to itself it would keep 100 MB for anybody."""
    size = 30_000_000
    async with Webhooks(KEYS) as hooks, connected("tornado", hooks) as (path, reader, writer):
        tracemalloc.start()
        try:
            writer.write(HEAD % (path, size))
            for _ in range(size // 1_000_000):
                writer.write(b" " * 1_000_000)
                await writer.drain()
            async with asyncio.timeout(10):
                answer = await reader.readline()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert answer.split()[1] == b"413"
    assert peak < size / 3
