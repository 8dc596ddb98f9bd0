"""Every transport on the wire: exact bytes, clear failures, and no connection lost."""

import asyncio
import base64
import gzip
import hmac
import json
import ssl
from contextlib import nullcontext, suppress
from typing import Any

import pytest
import trustme

from tests.conftest import meeting
from tests.flow.conftest import AUTH, CREATED, TransportFactory, answer, answering, raw_server, read_request
from tests.vectors import SECRET_ID, SECRET_KEY
from tm_async import GetMeeting, TencentMeeting, Timeout
from tm_async.core.exchange import Headers, Request
from tm_async.errors import (
    ApiError,
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    OutcomeUnknown,
    PoolTimeout,
    TencentMeetingError,
    UnreadableAnswer,
)
from tm_async.transport.fast import FastTransport
from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.httpx2 import Httpx2Transport


def cause_of(caught: pytest.ExceptionInfo[OutcomeUnknown]) -> TencentMeetingError:
    """What the transport said of a create of which it is not known whether it was done."""
    assert caught.value.outcome_unknown
    assert caught.value.cause.outcome_unknown
    return caught.value.cause


async def test_the_bytes_on_the_wire(make_transport: TransportFactory) -> None:
    seen = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append(await read_request(reader))
            writer.write(CREATED if len(seen) == 1 else answer(b"{}"))

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        assert (await tm.exchange(meeting())).trace_id == "t5"
        with pytest.raises(UnreadableAnswer):  # an answer that says nothing
            await tm.send(GetMeeting(meeting_id="a/b c", operator_id="123+123 张~'()*"))
        await tm.request("POST", "/v1/meetings/5/cancel")

    lines = [line for line, _, _ in seen]
    assert lines[0] == b"POST /v1/meetings HTTP/1.1"
    encoded = b"operator_id=123%2B123%20%E5%BC%A0~%27%28%29%2A&operator_id_type=1&instanceid=1"
    assert lines[1] == b"GET /v1/meetings/a%2Fb%20c?" + encoded + b" HTTP/1.1"
    assert lines[2] == b"POST /v1/meetings/5/cancel HTTP/1.1"
    for line, headers, body in seen:
        named = dict(headers)
        assert len(named) == len(headers), "no header twice"
        ours = ["Content-Type", "Accept", "User-Agent", "X-TC-Key", "X-TC-Timestamp", "X-TC-Nonce", "X-TC-Signature"]
        assert {*ours, "AppId", "SdkId", "X-TC-Registered", "Host"} <= set(named)
        assert {name.lower() for name in named} - {name.lower() for name in ours} <= {
            "host", "content-length", "connection", "appid", "sdkid", "x-tc-registered",
        }  # fmt: skip
        assert named["Content-Type"] == "application/json"
        assert named["X-TC-Registered"] == "1"
        method, target, _ = line.decode().split(" ")
        header = f"X-TC-Key={SECRET_ID}&X-TC-Nonce={named['X-TC-Nonce']}&X-TC-Timestamp={named['X-TC-Timestamp']}"
        signed = f"{method}\n{header}\n{target}\n".encode() + body
        mac = hmac.digest(SECRET_KEY.encode(), signed, "sha256")
        assert base64.b64decode(named["X-TC-Signature"]).decode() == mac.hex()
    assert len({dict(headers)["X-TC-Nonce"] for _, headers, _ in seen}) == 3
    assert json.loads(seen[0][2])["subject"] == "周会"
    assert seen[2][2] == b""
    assert int(dict(seen[2][1])["Content-Length"]) == 0


async def test_redirects_are_not_followed(make_transport: TransportFactory) -> None:
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while True:
            await read_request(reader)
            requests += 1
            writer.write(answer(b"", "307 Temporary Redirect", "Location: /v1/elsewhere"))

    async with raw_server(handler) as url:
        with pytest.raises(UnreadableAnswer) as caught:
            await TencentMeeting(AUTH, base_url=url, transport=make_transport()).send(meeting())
    assert (caught.value.status, caught.value.outcome_unknown, requests) == (307, False, 1)


async def test_cookies_are_not_kept(make_transport: TransportFactory) -> None:
    seen = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append(await read_request(reader))
            writer.write(answer(b'{"meeting_info_list":[{"meeting_id":"1"}]}', "200 OK", "Set-Cookie: a=b; Path=/"))

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        await tm.send(meeting())
        await tm.send(meeting())
    assert not any(name.lower() == "cookie" for _, headers, _ in seen for name, _ in headers)


async def test_nobody_listens(make_transport: TransportFactory) -> None:
    async with raw_server(answering) as url:
        pass
    with pytest.raises(ConnectionFailed) as caught:
        await TencentMeeting(AUTH, base_url=url, transport=make_transport(), retry=None).send(meeting())
    assert not caught.value.outcome_unknown
    assert caught.value.may_retry


@pytest.mark.parametrize("family", [HttpxTransport, Httpx2Transport, FastTransport])
async def test_tls(family: TransportFactory) -> None:
    """Against a server with a certificate of an authority of its own: trusted when told so, refused otherwise."""
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(theirs)
    authority.configure_trust(ours)
    async with raw_server(answering, tls=theirs) as address:
        url = address.replace("127.0.0.1", "localhost")
        transport = family(verify=ours)
        tm = TencentMeeting(AUTH, base_url=url, transport=transport)
        assert [(await tm.send(meeting())).meeting_id for _ in range(2)] == ["5", "5"]
        await transport.aclose()
        distrustful = family()
        with pytest.raises(ConnectionFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await TencentMeeting(AUTH, base_url=url, transport=distrustful, retry=None).send(meeting())
        await distrustful.aclose()


async def test_tls_where_none_is_spoken(make_transport: TransportFactory) -> None:
    seen = b""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with raw_server(handler) as url:
        secure = url.replace("http://", "https://")
        tm = TencentMeeting(AUTH, base_url=secure, transport=make_transport(), retry=None)
        with pytest.raises(ConnectionFailed):
            await tm.send(meeting())
    assert b"X-TC-Key" not in seen


@pytest.mark.parametrize(
    "reply",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"],
    ids=["closed", "cut", "garbage", "half a head"],
)
async def test_broken_answers(make_transport: TransportFactory, reply: bytes) -> None:
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        writer.write(reply)

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert type(cause_of(caught)) is ExchangeFailed
        assert requests == 1, "a request must never be repeated by the transport, a create not by the client either"
        with pytest.raises(ExchangeFailed) as read:
            await tm.with_options(retry=None).send(GetMeeting(meeting_id="5", userid="a"))
        assert read.value.outcome_unknown
    assert requests == 2


async def test_a_reused_connection_that_dies_is_not_retried(make_transport: TransportFactory) -> None:
    requests = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        writer.write(CREATED)
        await read_request(reader)
        requests += 1

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        await tm.send(meeting())
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert type(cause_of(caught)) is ExchangeFailed
    assert requests == 2


async def test_through_a_proxy() -> None:
    """HTTPS asks the proxy for a tunnel and shows it nothing of the request; a refusal means that nothing was sent."""
    seen = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        if seen[-1][0].startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        else:
            writer.write(CREATED)

    async with raw_server(proxy) as url:
        transport = HttpxTransport(proxy=url.removesuffix("/v1"))
        with pytest.raises(ConnectionFailed, match="403") as caught:
            await TencentMeeting(AUTH, transport=transport, retry=None).send(meeting())
        assert not caught.value.outcome_unknown
        assert (
            await TencentMeeting(AUTH, base_url="http://localhost:9/v1", transport=transport).send(meeting())
        ).meeting_id
        await transport.aclose()
    assert seen[0][0] == b"CONNECT api.meeting.qq.com:443 HTTP/1.1"
    assert not any(name.startswith("X-TC") for name, _ in seen[0][1])
    assert seen[1][0] == b"POST http://localhost:9/v1/meetings HTTP/1.1"


async def test_a_silent_server(make_transport: TransportFactory) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await reader.read()

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(), timeout=Timeout(read=0.05))
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert type(cause_of(caught)) is ExchangeFailed
        hasty = tm.with_options(timeout=Timeout(total=30), deadline=0.3)
        with pytest.raises(OutcomeUnknown) as late:
            await hasty.send(meeting())
        assert type(cause_of(late)) is DeadlineExceeded
        with pytest.raises(DeadlineExceeded):
            await hasty.send(GetMeeting(meeting_id="5", userid="a"))


async def test_a_dribbling_server_is_ended_by_the_total_time(make_transport: TransportFactory) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(1000):
            writer.write(b"X-%d: y\r\n" % n)
            await writer.drain()
            await asyncio.sleep(0.005)

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(connections=1), timeout=Timeout(total=0.1))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown, match=r"took more than 0.1 s") as caught:
                await tm.send(meeting())
            assert type(cause_of(caught)) is ExchangeFailed


async def test_an_endless_answer_is_cut_off(make_transport: TransportFactory) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(max_answer=50_000))
        with pytest.raises(OutcomeUnknown, match="larger than 50000 bytes") as caught:
            await tm.send(meeting())
        assert type(cause_of(caught)) is ExchangeFailed


async def test_a_compressed_answer_that_nobody_asked_for(make_transport: TransportFactory) -> None:
    bomb = gzip.compress(b"x" * 10_000_000)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, headers, _ = await read_request(reader)
        assert not any(name.lower() == "accept-encoding" for name, _ in headers)
        writer.write(answer(bomb, "200 OK", "Content-Encoding: gzip"))

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(max_answer=50_000))
        with pytest.raises(OutcomeUnknown) as caught:
            await tm.send(meeting())
        assert type(cause_of(caught)) in {ExchangeFailed, UnreadableAnswer}


async def test_waiting_for_a_connection_has_an_end_and_sends_nothing(make_transport: TransportFactory) -> None:
    requests = 0
    release = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while True:
            await read_request(reader)
            requests += 1
            await release.wait()
            writer.write(CREATED)

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(connections=1))
        first = asyncio.create_task(tm.send(meeting()))
        await asyncio.sleep(0)
        with pytest.raises(PoolTimeout):
            await tm.with_options(timeout=Timeout(pool=0.05), retry=None).send(meeting())
        with pytest.raises(DeadlineExceeded) as caught:
            await tm.with_options(deadline=0.05).send(meeting())
        assert not caught.value.outcome_unknown, "it was never sent"
        release.set()
        await first
    assert requests == 1


async def test_closing_while_calls_run_and_wait(
    make_transport: TransportFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a connection is told that nothing was sent; who waits for an answer, that it will not come."""
    monkeypatch.setattr("tm_async.transport.connections.GRACE", 0.02)
    monkeypatch.setattr("tm_async.transport.fast.GRACE", 0.02)
    requests = 0
    arrived = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        arrived.set()
        await reader.read()

    async with raw_server(handler) as url:
        transport = make_transport(connections=1)
        tm = TencentMeeting(AUTH, base_url=url, transport=transport)
        running = asyncio.create_task(tm.send(meeting()))
        await arrived.wait()
        waiting = asyncio.create_task(tm.send(meeting()))
        await asyncio.sleep(0)
        await transport.aclose()
        with pytest.raises(ClientClosed, match="nothing was sent"):
            await waiting
        with pytest.raises(OutcomeUnknown, match="closed before the answer came") as caught:
            await running
        assert type(cause_of(caught)) is ExchangeFailed
    assert requests == 1


async def test_closing_while_a_call_connects(make_transport: TransportFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, or it ends with nothing sent; it is not sent once everything is closed."""
    requests, closed = list[bool](), asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        requests.append(closed.is_set())
        writer.write(CREATED)

    loop = asyncio.get_running_loop()
    connect, connecting = loop.getaddrinfo, asyncio.Event()

    async def slowly(*given: Any, **options: Any) -> Any:
        connecting.set()
        await asyncio.sleep(0.05)
        return await connect(*given, **options)

    monkeypatch.setattr(loop, "getaddrinfo", slowly)
    async with raw_server(handler) as url:
        transport = make_transport(connections=1)
        tm = TencentMeeting(AUTH, base_url=url.replace("127.0.0.1", "localhost"), transport=transport)
        running = asyncio.create_task(tm.send(meeting()))
        await connecting.wait()
        await transport.aclose()
        closed.set()
        with suppress(ClientClosed):
            await running
    assert requests in ([], [False])


async def test_giving_up_leaks_no_connection(make_transport: TransportFactory) -> None:
    """The calls are cancelled at every stage; afterwards all connections still serve."""

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            await asyncio.sleep(0.002)
            writer.write(CREATED)

    async with raw_server(slowly) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport(connections=4), quotas=None)
        tasks = [asyncio.create_task(tm.send(meeting())) for _ in range(120)]
        for number, task in enumerate(tasks):
            await asyncio.sleep(0.0005)
            if number % 3:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        healthy = await asyncio.gather(*(tm.with_options(deadline=5).send(meeting()) for _ in range(20)))
        assert all(result.meeting_id == "5" for result in healthy)


class OtherHeaders:
    """A strategy with a header of its own."""

    def __init__(self, value: str) -> None:
        self.value = value

    async def authorize(self, request: Request, now: float) -> Headers:
        return (("X-My-Key", self.value),)

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        return False


async def test_a_strategy_of_the_users_own(make_transport: TransportFactory) -> None:
    seen = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append(await read_request(reader))
            writer.write(CREATED)

    async with raw_server(handler) as url:
        await TencentMeeting(OtherHeaders("abc"), base_url=url, transport=make_transport()).send(meeting())
    assert ("X-My-Key", "abc") in seen[0][1]


@pytest.mark.parametrize("value", ["a\r\nHost: evil", "a\nb", "a\rb", "中文"])
async def test_a_header_can_not_smuggle_anything(make_transport: TransportFactory, value: str) -> None:
    """What a strategy returns is checked by somebody before it is on the wire."""
    seen = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await read_request(reader))
        writer.write(CREATED)

    async with raw_server(handler) as url:
        tm = TencentMeeting(OtherHeaders(value), base_url=url, transport=make_transport())
        with pytest.raises(ConfigurationError, match="header"):
            await tm.send(meeting())
    assert not seen


async def test_a_request_that_can_not_be_sent_takes_no_place_for_ever() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            await read_request(reader)
            writer.write(CREATED)

    auth = OtherHeaders("fine")
    async with raw_server(handler) as url, FastTransport(connections=1) as transport:
        tm = TencentMeeting(auth, base_url=url, transport=transport, timeout=Timeout(pool=0.5))
        for value in ("fine", "a\nb", "a\nb", "fine"):
            auth.value = value
            with nullcontext() if value == "fine" else pytest.raises(ConfigurationError, match="header"):
                await tm.send(meeting())


async def test_a_place_is_given_back_once_where_writing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        while not reader.at_eof():
            await read_request(reader)
            running += 1
            most = max(most, running)
            for _ in range(100):  # turns in which the other call would come
                await asyncio.sleep(0)
            running -= 1
            writer.write(CREATED)

    def failing(*_: object) -> None:
        raise MemoryError("no room")

    async with raw_server(handler) as url, FastTransport(connections=1) as transport:
        tm = TencentMeeting(AUTH, base_url=url, transport=transport)
        with monkeypatch.context() as patch:
            patch.setattr("asyncio.selector_events._SelectorSocketTransport.write", failing)
            with pytest.raises(MemoryError):
                await tm.send(meeting())
        await asyncio.gather(tm.send(meeting()), tm.send(meeting()))
    assert most == 1


async def test_an_answer_that_nobody_asked_for_closes_the_connection() -> None:
    """Else it would be taken for the answer to the next request. httpcore does not notice; FastTransport does."""
    connections = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await read_request(reader)
            writer.write(CREATED + answer(b'{"meeting_info_list":[{"meeting_id":"evil"}]}'))

    transport = FastTransport()
    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=transport)
        ids = []
        for _ in range(3):
            try:
                ids.append((await tm.send(meeting())).meeting_id)
            except OutcomeUnknown as error:
                assert type(error.cause) is ExchangeFailed
                ids.append("5")
            await asyncio.sleep(0)
        await transport.aclose()
    assert set(ids) == {"5"}
    assert connections > 1


@pytest.mark.parametrize("form", ["chunked", "until closed", "informational first", "in pieces"])
async def test_forms_of_an_answer(make_transport: TransportFactory, form: str) -> None:
    body = b'{"meeting_info_list":[{"meeting_id":"5"}]}'

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        if form == "chunked":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for at in range(0, len(body), 10):
                piece = body[at : at + 10]
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            writer.write(b"0\r\n\r\n")
        elif form == "until closed":
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)
        elif form == "informational first":
            writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(body))
        else:
            for byte in answer(body):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)
        await writer.drain()

    async with raw_server(handler) as url:
        tm = TencentMeeting(AUTH, base_url=url, transport=make_transport())
        assert (await tm.send(meeting())).meeting_id == "5"


async def test_fast_names_the_proxy_that_it_can_not_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    with pytest.raises(ConfigurationError, match="HttpxTransport can"):
        await TencentMeeting(AUTH, transport=FastTransport()).send(meeting())
