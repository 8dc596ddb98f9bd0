"""An authorisation server without a network: it rotates tokens like the documented one, and fails when told to."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from attrs import define, field

from tm_async import MemoryStore, OAuth2App
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.transport import Timeout

NOW = 1_800_000_000.0
OPEN_ID = "o-alice"
SECRET = "canary-app-secret"


@define
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


def envelope(code: int, data: Any = None, status: int = 200, **more: Any) -> RawAnswer:
    body = {"code": code, "message": "SUCCESS" if code == 0 else "no", "nonce": "trace-1", "data": data, **more}
    return RawAnswer(status, (), json.dumps(body).encode())


@define
class Server:
    """A transport that plays the token endpoints and, for any other target, the gateway."""

    clock: Clock
    pairs: dict[str, tuple[str, str]] = field(factory=dict)
    """The living pair of tokens of each user."""
    calls: list[str] = field(factory=list)
    failures: list[Exception | RawAnswer] = field(factory=list)
    """What the next renewals end with, before anything is done."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What happens elsewhere while the next renewal is on its way."""
    gate: asyncio.Event | None = None
    """Renewals wait for it."""
    started: asyncio.Event = field(factory=asyncio.Event)
    _numbers: Any = field(factory=lambda: itertools.count(1))

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        endpoint = request.target.rsplit("/", 1)[1]
        members = json.loads(request.body or b"{}")
        self.calls.append(endpoint)
        match endpoint:
            case "access_token":
                return self._issue(members["auth_code"].removeprefix("code-"))
            case "refresh_token":
                return await self._renew(members["open_id"], members["refresh_token"])
            case "user_info":
                return self._check(members["open_id"], members["access_token"])
        sent = dict(headers)
        if self.pairs.get(sent["OpenId"], ("", ""))[0] != sent["AccessToken"]:
            return RawAnswer(400, (), b'{"error_info": {"error_code": 190303, "new_error_code": 200190303}}')
        return RawAnswer(200, (), b"{}")

    async def _renew(self, open_id: str, refresh_token: str) -> RawAnswer:
        self.started.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        alive = self.pairs.get(open_id, ("", ""))[1] == refresh_token
        return self._issue(open_id) if alive else envelope(1006)

    def _check(self, open_id: str, access_token: str) -> RawAnswer:
        if self.pairs.get(open_id, ("", ""))[0] != access_token:
            return envelope(1005)
        return envelope(0, {"open_id": open_id, "expires": str(int(self.clock.now) + 60), "scopes": []})

    async def aclose(self) -> None:
        pass

    def _issue(self, open_id: str) -> RawAnswer:
        number = next(self._numbers)
        self.pairs[open_id] = (f"canary-at-{number}", f"canary-rt-{number}")
        access, refresh = self.pairs[open_id]
        expires = int(self.clock.now) + 6 * 3600
        tokens = {"access_token": access, "refresh_token": refresh, "expires": expires, "open_id": open_id}
        return envelope(0, {**tokens, "scopes": ["VIEW_USER_INFO"], "open_corp_id": "corp-1"})

    @property
    def renewals(self) -> int:
        return self.calls.count("refresh_token")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def make_app(server: Server, store: Any) -> OAuth2App:
    """Another process, as it were: it shares nothing but the store and the server."""
    return OAuth2App(
        corp_id="200000999",
        sdk_id="10066660661",
        secret=SECRET,
        redirect_uri="https://example.com/callback?a=1&b=2",
        store=store,
        transport=server,
        clock=server.clock,
    )


@pytest.fixture
def app(server: Server, store: MemoryStore) -> OAuth2App:
    return make_app(server, store)
