"""An emulator whose clock stands still, and a caller that signs by itself, without tm_async's client."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest
from attrs import define

from tests.conftest import trusting_nobody
from tm_async.emulator import Emulator, OAuthApp
from tm_async.emulator.chapters.index import HANDLERS
from tm_async.spec.catalogue import entry

PAGE = "/marketplace/authorize.html"
NOW = 1_780_000_000  # Thursday 2026-05-29 04:26:40 in China


@pytest.fixture
def a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that is documented and not emulated: there is none, so one is taken out."""
    monkeypatch.delitem(cast("dict[str, Any]", HANDLERS), "audit.set_public_key")


@define
class StandingClock:
    """Time that passes when a test says so."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@define
class Caller:
    """Signs and sends calls, as doc 1095/58768 describes it."""

    emulator: Emulator
    http: httpx.AsyncClient
    clock: StandingClock
    nonces: Iterator[int]

    def headers(self, method: str, target: str, body: bytes = b"") -> dict[str, str]:
        key, timestamp = self.emulator.secret_id, str(int(self.clock.now + self.emulator.clock_offset))
        nonce = str(next(self.nonces))
        text = f"{method}\nX-TC-Key={key}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{target}\n".encode()
        mac = hmac.new(self.emulator.secret_key.encode(), text + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-TC-Key": key,
            "X-TC-Timestamp": timestamp,
            "X-TC-Nonce": nonce,
            "X-TC-Signature": base64.b64encode(mac.encode()).decode(),
            "AppId": self.emulator.app_id,
            "SdkId": self.emulator.sdk_id or "",
            "X-TC-Registered": "1",
        }

    async def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        changed: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:
        """Send a call whose headers were changed after signing; `None` leaves one out."""
        headers = {**self.headers(method, target, body), **(changed or {})}
        kept = {name: value for name, value in headers.items() if value is not None}
        root = self.emulator.base_url.removesuffix("/v1")
        return await self.http.request(method, root + target, content=body, headers=kept)

    async def get(self, target: str) -> httpx.Response:
        return await self.send("GET", target)

    async def create(self, **members: Any) -> httpx.Response:
        """Create a meeting of `tester` in an hour; members replace the defaults, `None` leaves one out."""
        return await self.send("POST", "/v1/meetings", json.dumps(asked(self.clock, **members)).encode())

    async def created(self, **members: Any) -> dict[str, Any]:
        """As `create`, for the meeting in the answer."""
        answer = await self.create(**members)
        assert answer.status_code == 200, answer.text
        info: dict[str, Any] = answer.json()["meeting_info_list"][0]
        return info

    async def detail(self, meeting_id: str, userid: str = "tester") -> dict[str, Any]:
        """Query a meeting by its id."""
        answer = await self.get(f"/v1/meetings/{meeting_id}?operator_id={userid}&operator_id_type=1&instanceid=1")
        assert answer.status_code == 200, answer.text
        conforms("meetings.get", answer.json())
        info: dict[str, Any] = answer.json()["meeting_info_list"][0]
        return info

    async def page(self, userid: str = "tester", **query: object) -> dict[str, Any]:
        """One page of a user's list."""
        more = "".join(f"&{name}={value}" for name, value in query.items())
        answer = await self.get(f"/v1/meetings?userid={userid}&instanceid=1{more}")
        assert answer.status_code == 200, answer.text
        conforms("meetings.list", answer.json())
        page: dict[str, Any] = answer.json()
        return page


@define
class ThirdPartyApp:
    """A third-party app as doc 1095/51257 and the OAuth pages of 2023 describe its part."""

    emulator: Emulator
    http: httpx.AsyncClient
    clock: StandingClock
    nonces: Iterator[int]
    app: OAuthApp

    def query(self, **changed: str | None) -> dict[str, str]:
        """Parameters of the authorisation page; `None` leaves one out."""
        values = {
            "corp_id": self.app.corp_id,
            "sdk_id": self.app.sdk_id,
            "redirect_uri": "http://127.0.0.1:8912/callback",
            "state": "abcXYZ019",
            **changed,
        }
        return {name: value for name, value in values.items() if value is not None}

    async def page(self, **changed: str | None) -> httpx.Response:
        """Open the authorisation page."""
        return await self.http.get(f"{self.emulator.oauth_url}{PAGE}", params=self.query(**changed))

    async def answer(self, form: Mapping[str, str], **headers: str) -> httpx.Response:
        """Send the form of the page."""
        return await self.http.post(f"{self.emulator.oauth_url}{PAGE}", data=dict(form), headers=headers)

    async def post(self, endpoint: str, **body: Any) -> httpx.Response:
        """Call one of the OAuth endpoints."""
        url = f"{self.emulator.oauth_url}/wemeet-webapi/v2/oauth2/oauth/{endpoint}"
        content = json.dumps({name: value for name, value in body.items() if value is not None})
        return await self.http.post(url, content=content, headers={"Content-Type": "application/json"})

    async def exchange(self, code: str, **changed: Any) -> httpx.Response:
        body = {"sdk_id": self.app.sdk_id, "secret": self.app.secret, "auth_code": code, **changed}
        return await self.post("access_token", **body)

    async def refresh(self, pair: Mapping[str, Any], **changed: Any) -> httpx.Response:
        body = {"sdk_id": self.app.sdk_id, "refresh_token": pair["refresh_token"], "open_id": pair["open_id"]}
        return await self.post("refresh_token", **{**body, **changed})

    async def info(self, pair: Mapping[str, Any], **changed: Any) -> httpx.Response:
        return await self.post("user_info", **{**{name: pair[name] for name in ("access_token", "open_id")}, **changed})

    async def allowed(self, userid: str = "alice") -> dict[str, Any]:
        """The tokens of a user who has just allowed the app in."""
        return data(await self.exchange(self.emulator.oauth.code(userid, self.app)))

    def headers(self, pair: Mapping[str, Any]) -> dict[str, str]:
        return {
            "AccessToken": pair["access_token"],
            "OpenId": pair["open_id"],
            "X-TC-Timestamp": str(int(self.clock.now + self.emulator.clock_offset)),
            "X-TC-Nonce": str(next(self.nonces)),
            "Content-Type": "application/json",
        }

    async def send(
        self,
        pair: Mapping[str, Any],
        method: str,
        target: str,
        body: bytes = b"",
        changed: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:
        """Call the API; `None` leaves a header out."""
        headers = {**self.headers(pair), **(changed or {})}
        kept = {name: value for name, value in headers.items() if value is not None}
        return await self.http.request(method, self.emulator.oauth_url + target, content=body, headers=kept)

    async def create(self, pair: Mapping[str, Any], **members: Any) -> httpx.Response:
        body = asked(self.clock, **{"userid": pair["open_id"], **members})
        return await self.send(pair, "POST", "/v1/meetings", json.dumps(body).encode())

    async def created(self, pair: Mapping[str, Any], **members: Any) -> dict[str, Any]:
        answer = await self.create(pair, **members)
        assert answer.status_code == 200, answer.text
        conforms("meetings.create", answer.json())
        info: dict[str, Any] = answer.json()["meeting_info_list"][0]
        return info

    async def get(self, pair: Mapping[str, Any], meeting_id: str, **query: str) -> httpx.Response:
        who = {"operator_id": pair["open_id"], "operator_id_type": "2", "instanceid": "1", **query}
        return await self.send(pair, "GET", f"/v1/meetings/{meeting_id}?{urlencode(who)}")

    async def list(self, pair: Mapping[str, Any], **query: str) -> httpx.Response:
        who = {"userid": pair["open_id"], "instanceid": "1", **query}
        return await self.send(pair, "GET", f"/v1/meetings?{urlencode(who)}")


def data(answer: httpx.Response) -> dict[str, Any]:
    """The `data` of a success of an OAuth endpoint."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert list(body) == ["code", "message", "nonce", "data"]
    assert (body["code"], body["message"], body["nonce"]) == (0, "SUCCESS", answer.headers["x-tc-trace"])
    found: dict[str, Any] = body["data"]
    return found


def failed(answer: httpx.Response, number: int) -> str:
    """The message of a failure of an OAuth endpoint."""
    body = answer.json()
    assert (answer.status_code, body["code"], body["data"]) == (200, number, {}), answer.text
    assert body["nonce"] == answer.headers["x-tc-trace"]
    return str(body["message"])


def asked(clock: StandingClock, **members: Any) -> dict[str, Any]:
    body = {
        "userid": "tester",
        "instanceid": 1,
        "subject": "周会 weekly",
        "type": 0,
        "start_time": str(int(clock.now) + 3600),
        "end_time": str(int(clock.now) + 7200),
        **members,
    }
    return {name: value for name, value in body.items() if value is not None}


WIRE_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) is int,
    "boolean": lambda value: type(value) is bool,
    "array": lambda value: type(value) is list,
    "object": lambda value: type(value) is dict,
}


def conforms(operation: str, answer: Any) -> None:
    """Every member of an answer is documented and has the documented type."""
    assert _problems(answer, entry(operation).answer, "") == []


def _problems(value: dict[str, Any], fields: list[dict[str, Any]], path: str) -> list[str]:
    known = {item["name"]: item for item in fields}
    found: list[str] = []
    for name, member in value.items():
        where = path + name
        item = known.get(name)
        if item is None:
            found.append(where)
        elif not WIRE_TYPES[item["type"]](member):
            found.append(f"{where} is a {type(member).__name__}, not {item['type']}")
        elif item["type"] == "object":
            found += _problems(member, item["fields"], where + ".")
        elif item["type"] == "array":
            for element in member:
                if "fields" in item["items"]:
                    found += _problems(element, item["items"]["fields"], where + ".")
                elif not WIRE_TYPES[item["items"]["type"]](element):
                    found.append(f"{where} holds a {type(element).__name__}")
        elif "enum" in item and str(member) not in item["enum"]:
            found.append(f"{where} is {member!r}")
    return found


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def emulator(clock: StandingClock) -> AsyncIterator[Emulator]:
    async with Emulator(clock=clock) as running:
        yield running


@pytest.fixture
async def calling(clock: StandingClock) -> AsyncIterator[Callable[[Emulator], Caller]]:
    """Makes a caller for an emulator that the test itself configured."""
    async with httpx.AsyncClient(trust_env=False, verify=trusting_nobody()) as http:
        nonces = itertools.count(1)
        yield lambda emulator: Caller(emulator, http, clock, nonces)


@pytest.fixture
def caller(emulator: Emulator, calling: Callable[[Emulator], Caller]) -> Caller:
    return calling(emulator)


@pytest.fixture
def becoming(clock: StandingClock, caller: Caller) -> Callable[[Emulator, OAuthApp | None], ThirdPartyApp]:
    """Makes a third-party app of an emulator; without one given, the app that every emulator has."""
    return lambda emulator, app=None: ThirdPartyApp(
        emulator, caller.http, clock, caller.nonces, app or emulator.oauth.app
    )


@pytest.fixture
def third(emulator: Emulator, becoming: Callable[[Emulator], ThirdPartyApp]) -> ThirdPartyApp:
    return becoming(emulator)


@pytest.fixture
def check_answer() -> Callable[[str, Any], None]:
    return conforms


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Waits for a condition that other tasks of the loop bring about."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - nothing to wait on but the loop itself
                await asyncio.sleep(0)

    return wait
