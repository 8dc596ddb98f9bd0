"""The examples, and a browser that goes through the emulator's authorise page."""

import base64
import importlib.util
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import pytest_asyncio
from attrs import define, evolve, field
from starlette.applications import Starlette

from tests.conftest import trusting_nobody
from tm_async import MemoryStore, OAuth2App
from tm_async.emulator import Emulator

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
USERS = [f"user{number:02}" for number in range(20)]
ORIGIN = "http://127.0.0.1:8912"
SESSION_SECRET = "canary-session-secret-0123456789abcdef"
SECRETS = re.compile(rf"EMULATOR-(?:AC|AT|RT)-|EMULATOR-NOT-A-SECRET|{SESSION_SECRET}")
"""Codes, tokens, app secrets and keys of the emulator, and ours."""


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def meeting(**changed: Any) -> dict[str, Any]:
    """The body of a valid `POST /meetings`."""
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    times = {"start_time": start.isoformat(), "end_time": (start + timedelta(hours=1)).isoformat()}
    return {"subject": "周会", **times, **changed}


class Form(HTMLParser):
    """The hidden fields of a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"] or ""] = given["value"] or ""


@define
class Browser:
    """One person's browser; `seen` has every answer of the backend."""

    backend: httpx.AsyncClient
    web: httpx.AsyncClient
    """For other sites than the backend."""
    seen: list[httpx.Response] = field(factory=list)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return self.keep(await self.backend.get(path, headers=headers))

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return self.keep(await self.backend.post(path, **options))

    async def decide(self, decision: str, userid: str) -> str:
        """Press "log in" and decide on the authorise page; the callback's address, not visited yet."""
        sent = await self.get("/login")
        assert sent.status_code == 303
        page = await self.web.get(sent.headers["location"])
        assert page.status_code == 200, page.text
        form = {**Form(page.text).fields, "userid": userid, "decision": decision}
        decided = await self.web.post(str(page.url.copy_with(query=None)), data=form)
        assert decided.status_code == 302, decided.text
        address: str = decided.headers["location"]
        assert address.startswith(f"{ORIGIN}/callback?")
        return address

    async def log_in(self, userid: str) -> str:
        """The whole way; the callback's address, for those who want to replay it."""
        address = await self.decide("allow", userid)
        back = await self.get(address)
        assert (back.status_code, back.headers["location"]) == (303, "/"), back.text
        return address

    async def create(self) -> dict[str, Any]:
        answer = await self.post("/meetings", json=meeting())
        assert answer.status_code == 200, answer.text
        created: dict[str, Any] = answer.json()
        return created

    @property
    def session(self) -> dict[str, Any]:
        """What is in the cookie: signed, but anybody can read it."""
        cookie = self.backend.cookies.get("session")
        return {} if cookie is None else unpacked(cookie)

    def keep(self, answer: httpx.Response) -> httpx.Response:
        self.seen.append(answer)
        return answer


def unpacked(cookie: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(cookie.split(".", maxsplit=1)[0]))
    return found


@define
class Web:
    """An emulator, the example in this process, and people with browsers."""

    emulator: Emulator
    oauth: OAuth2App
    app: Starlette
    others: httpx.AsyncClient
    browsers: list[Browser] = field(factory=list)

    def browser(self, app: Starlette | None = None) -> Browser:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app or self.app), base_url=ORIGIN)
        self.browsers.append(Browser(client, self.others))
        return self.browsers[-1]


@pytest_asyncio.fixture
async def web() -> AsyncIterator[Web]:
    async with (
        Emulator(users=USERS) as emulator,
        httpx.AsyncClient(verify=trusting_nobody(), trust_env=False) as others,
    ):
        # There is no `clock` in `from_env`: only tests travel in time.
        oauth = evolve(
            OAuth2App.from_env(emulator.env, store=MemoryStore()), clock=lambda: time.time() + emulator.clock_offset
        )
        app = load("web_backend").build(oauth, SESSION_SECRET)
        async with app.router.lifespan_context(app):
            it = Web(emulator, oauth, app, others)
            yield it
        for browser in it.browsers:
            await browser.backend.aclose()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def command(*words: str) -> list[str]:
    """Run a program of this environment, warnings being errors."""
    return [sys.executable, "-W", "error", *words]
