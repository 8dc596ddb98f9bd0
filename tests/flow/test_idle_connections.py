"""Connections that were idle for a while: used again only where the server is sure to have kept them."""

import asyncio
import socket
from collections.abc import Callable

import pytest

from tests.conftest import meeting
from tests.flow.conftest import AUTH, TransportFactory, answer
from tests.flow.threaded import Server, created, server
from tm_async import GetMeeting, TencentMeeting
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport

READ = GetMeeting(meeting_id="5", userid="a")

pytestmark = pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport, FastTransport])


def silent_about_it(_: Server, __: int) -> list[bytes]:
    return [created(5)]


def announcing(_: Server, number: int) -> list[bytes]:
    return [answer(b'{"meeting_info_list":[{"meeting_id":"5"}]}', "200 OK", "Keep-Alive: timeout=20")]


async def test_a_create_trusts_what_reads_have_tried(family: TransportFactory, later: Callable[[float], None]) -> None:
    with server(silent_about_it) as gateway:
        transport = family()
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=transport, quotas=None)
        used: list[int] = []
        for pause, operation in [(0, meeting()), (3.5, meeting()), (4.5, meeting()), (20, READ), (15, meeting())]:
            later(pause)
            await tm.send(operation)
            used.append(gateway.connections)
        await transport.aclose()
    assert used == [1, 1, 2, 2, 2]


async def test_an_announced_time(family: TransportFactory, later: Callable[[float], None]) -> None:
    with server(announcing) as gateway:
        transport = family()
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=transport, quotas=None)
        used: list[int] = []
        for pause, operation in [(0, meeting()), (15.5, meeting()), (16.5, meeting()), (16.5, READ)]:
            later(pause)
            await tm.send(operation)
            used.append(gateway.connections)
        await transport.aclose()
    assert used == [1, 1, 2, 3]


@pytest.mark.parametrize("asked", [False, True], ids=["while idle", "when asked"])
async def test_a_connection_that_was_closed_is_a_lesson(
    family: TransportFactory, asked: bool, later: Callable[[float], None]
) -> None:
    with server(silent_about_it) as gateway:
        transport = family()
        tm = TencentMeeting(AUTH, base_url=gateway.url, transport=transport, quotas=None)
        await tm.send(READ)
        later(10)
        if asked:
            gateway.hang_up = True
        else:
            gateway.open[-1].shutdown(socket.SHUT_RDWR)
            await asyncio.to_thread(gateway.wait_until, lambda: not gateway.open)
        assert (await tm.send(READ)).meeting_id, "a read is sent again"
        assert gateway.connections == 2
        later(7.5)
        await tm.send(READ)
        assert gateway.connections == 2
        later(8.5)
        await tm.send(READ)
        assert gateway.connections == 3
        await transport.aclose()
