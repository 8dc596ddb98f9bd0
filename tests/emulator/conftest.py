"""An emulator whose clock stands still, and a caller that signs by itself, without tm_async's client."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from attrs import define

from tm_async.catalogue import entry
from tm_async.emulator import Emulator

NOW = 1_780_000_000  # Thursday 2026-05-29 04:26:40 in China


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


# Documented in words (doc 1095/42417: the answer has only live_addr) but in no table of the catalogue.
SAID_IN_WORDS = {"meetings.create": {"live_config.live_addr"}}
WIRE_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) is int,
    "boolean": lambda value: type(value) is bool,
    "array": lambda value: type(value) is list,
    "object": lambda value: type(value) is dict,
}


def conforms(operation: str, answer: Any) -> None:
    """Every member of an answer is documented and has the documented type."""
    problems = list(_problems(answer, entry(operation).raw["response"]["fields"], ""))
    said = {f"meeting_info_list.{path}" for path in SAID_IN_WORDS.get(operation, ())}
    assert [problem for problem in problems if problem not in said] == []


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
    async with httpx.AsyncClient(trust_env=False) as http:
        nonces = itertools.count(1)
        yield lambda emulator: Caller(emulator, http, clock, nonces)


@pytest.fixture
def caller(emulator: Emulator, calling: Callable[[Emulator], Caller]) -> Caller:
    return calling(emulator)


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
