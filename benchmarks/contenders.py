"""Who competes: each opens its client, and hands out a function that carries out `n` creates, `in_flight` at a time.

Everybody sends the same meeting, signs every request with HMAC-SHA256 and reads id, code and link of the answer.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from attrs import field, frozen

from benchmarks import meeting

Batch = Callable[[int], Awaitable[None]]
"""Carries out this many creates."""
Open = Callable[[str, int], AbstractAsyncContextManager[Batch]]
"""`(origin, in_flight)` -> the batch function of an open client."""

PATH = "/v1/meetings"
APP_ID, SDK_ID, SECRET_ID, SECRET_KEY = "app", "sdk", "id", "key"
VENDOR_THREADS = 16


@frozen
class Contender:
    """One way to create meetings."""

    name: str
    label: str
    open: Open = field(repr=False)
    in_flight: tuple[int, ...] = (1, 16, 64, 256)
    loop: str = "asyncio"


def _in_workers(call: Callable[[], Awaitable[None]], in_flight: int) -> Batch:
    """As many coroutines as are wanted in flight, each sending one request after the other."""

    async def batch(count: int) -> None:
        numbers = iter(range(count))

        async def worker() -> None:
            for _ in numbers:
                await call()

        await asyncio.gather(*[worker() for _ in range(in_flight)])

    return batch


# --- ours: through the public API ---------------------------------------------------------------------------------


@asynccontextmanager
async def _client(origin: str, transport: Any = None) -> AsyncIterator[Any]:
    from tm_async import EnterpriseSecret, Quotas, TencentMeeting
    from tm_async.quotas import Rate

    auth = EnterpriseSecret(app_id=APP_ID, sdk_id=SDK_ID, secret_id=SECRET_ID, secret_key=SECRET_KEY)
    wide = Quotas(per_app=Rate(1_000_000, 60), creations=Rate(1_000_000, 3600))  # counted, and never full
    async with TencentMeeting(auth, base_url=f"{origin}/v1", transport=transport, quotas=wide) as tm:
        yield tm
    if transport is not None:
        await transport.aclose()


def _fast_transport() -> Any:
    from tm_async.transport.fast import FastTransport

    return FastTransport()


def _creates(make_transport: Callable[[], Any]) -> Open:
    @asynccontextmanager
    async def opened(origin: str, in_flight: int) -> AsyncIterator[Batch]:
        async with _client(origin, make_transport()) as tm:

            async def call() -> None:
                created = await tm.meetings.create(**meeting.arguments())
                _use(created.meeting_id, created.meeting_code, created.join_url)

            yield _in_workers(call, in_flight)

    return opened


def _create_many(make_transport: Callable[[], Any]) -> Open:
    @asynccontextmanager
    async def opened(origin: str, in_flight: int) -> AsyncIterator[Batch]:
        from tm_async import Created, CreateMeeting

        async with _client(origin, make_transport()) as tm:

            async def batch(count: int) -> None:
                requests = (CreateMeeting(**meeting.arguments()) for _ in range(count))
                async for outcome in tm.meetings.create_many(requests, concurrency=in_flight):
                    created = outcome.result if isinstance(outcome, Created) else None
                    if created is None:
                        raise AssertionError(str(outcome))
                    _use(created.meeting_id, created.meeting_code, created.join_url)

            yield batch

    return opened


@asynccontextmanager
async def _bare(origin: str, in_flight: int) -> AsyncIterator[Batch]:
    """A client of the same parts, within a deadline: no retries, quotas, clock, observers or unknown outcomes."""
    from tm_async import EnterpriseSecret, Timeout
    from tm_async.api.meetings import Meetings
    from tm_async.client.deadline import Deadline
    from tm_async.core.decode import decode
    from tm_async.core.exchange import CONSTANT_HEADERS, Gateway
    from tm_async.core.prepare import prepare

    auth = EnterpriseSecret(app_id=APP_ID, sdk_id=SDK_ID, secret_id=SECRET_ID, secret_key=SECRET_KEY)
    gateway, timeout, transport = Gateway.parse(f"{origin}/v1", allow_http=True), Timeout(), _fast_transport()

    class Bare:
        async def send(self, operation: Any) -> Any:
            request = prepare(operation, gateway)
            with Deadline(60):
                headers = await auth.authorize(request, time.time())
                raw = await transport.exchange(request, (*CONSTANT_HEADERS, *headers), timeout)
                return decode(operation, request, raw)

    meetings = Meetings(Bare())

    async def call() -> None:
        created = await meetings.create(**meeting.arguments())
        _use(created.meeting_id, created.meeting_code, created.join_url)

    yield _in_workers(call, in_flight)
    await transport.aclose()


def _use(meeting_id: object, meeting_code: object, join_url: object) -> None:
    if (meeting_id, meeting_code) != ("7567173273889276131", "806146667") or not join_url:
        raise AssertionError("not the answer of the server")


# --- plain dictionaries on an HTTP library -----------------------------------------------------------------------


def _signed() -> tuple[dict[str, str], bytes]:
    """Headers and body, as somebody without an SDK would write them."""
    body = json.dumps(meeting.plain()).encode()
    timestamp, nonce = str(int(time.time())), str(random.randrange(1, 10**9))
    message = f"POST\nX-TC-Key={SECRET_ID}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{PATH}\n".encode() + body
    signature = hmac.new(SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-TC-Key": SECRET_ID,
        "X-TC-Timestamp": timestamp,
        "X-TC-Nonce": nonce,
        "X-TC-Signature": base64.b64encode(signature.encode()).decode(),
        "AppId": APP_ID,
        "SdkId": SDK_ID,
        "X-TC-Registered": "1",
    }
    return headers, body


def _read(status: int, body: bytes) -> None:
    answer = json.loads(body)
    if status != 200:
        raise AssertionError(status)
    created = answer["meeting_info_list"][0]
    _use(created["meeting_id"], created["meeting_code"], created["join_url"])


@asynccontextmanager
async def _aiohttp(origin: str, in_flight: int) -> AsyncIterator[Batch]:
    import aiohttp

    async with aiohttp.ClientSession() as session:

        async def call() -> None:
            headers, body = _signed()
            async with session.post(origin + PATH, headers=headers, data=body) as response:
                _read(response.status, await response.read())

        yield _in_workers(call, in_flight)


@asynccontextmanager
async def _plain_httpx(origin: str, in_flight: int) -> AsyncIterator[Batch]:
    import httpx

    async with httpx.AsyncClient(timeout=120) as client:

        async def call() -> None:
            headers, body = _signed()
            response = await client.post(origin + PATH, headers=headers, content=body)
            _read(response.status_code, response.content)

        yield _in_workers(call, in_flight)


# --- the vendor's SDK: blocking, in threads ----------------------------------------------------------------------


@asynccontextmanager
async def _vendor(origin: str, in_flight: int) -> AsyncIterator[Batch]:
    from wemeet_openapi.client import Client
    from wemeet_openapi.core import constants, xhttp
    from wemeet_openapi.core.authenticator import JWTAuthenticator
    from wemeet_openapi.service.meetings.api import ApiV1MeetingsPostRequest

    scheme, host = origin.split("://")
    http = xhttp.Client(host=host, protocol=scheme, serializer=constants.DEFAULT_SERIALIZER)
    client = Client(app_id=APP_ID, sdk_id=SDK_ID, secret_id=SECRET_ID, secret_key=SECRET_KEY, clt=http)

    def call() -> None:
        request = ApiV1MeetingsPostRequest(body=meeting.vendor())
        # An authenticator keeps its nonce and signature, so each call needs a new one.
        answer = client.meetings_api.v1_meetings_post(
            request, authenticator_options=[JWTAuthenticator().options_build()]
        )
        (created,) = answer.data.meeting_info_list
        _use(created.meeting_id, created.meeting_code, created.join_url)

    async def batch(count: int) -> None:
        failures: list[Exception] = []
        shares = [count // VENDOR_THREADS + (index < count % VENDOR_THREADS) for index in range(VENDOR_THREADS)]

        def worker(share: int) -> None:
            try:
                for _ in range(share):
                    call()
            except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to
                failures.append(error)

        workers = [threading.Thread(target=worker, args=(share,)) for share in shares]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join()
        if failures:
            raise failures[0]

    yield batch


def _default() -> None:
    """No transport given: the client takes its default."""


CONTENDERS = (
    Contender("tm_default", "tm_async, default transport (httpx)", _creates(_default)),
    Contender("tm_fast", "tm_async, `fast` transport", _creates(_fast_transport)),
    Contender("tm_bare", "a client of its parts only, `fast`", _bare, (64,)),
    Contender("tm_default_many", "tm_async `create_many`, default", _create_many(_default), (16, 64)),
    Contender("tm_fast_many", "tm_async `create_many`, `fast`", _create_many(_fast_transport), (16, 64)),
    Contender("aiohttp", "aiohttp, plain dicts", _aiohttp),
    Contender("httpx", "httpx, plain dicts", _plain_httpx),
    Contender("vendor", f"vendor's SDK, {VENDOR_THREADS} threads", _vendor, (64,)),
    Contender("tm_fast_uvloop", "tm_async, `fast`, uvloop", _creates(_fast_transport), (64,), "uvloop"),
    Contender("aiohttp_uvloop", "aiohttp, plain dicts, uvloop", _aiohttp, (64,), "uvloop"),
)
BY_NAME = {contender.name: contender for contender in CONTENDERS}
