"""The server that awaits the callback: what anyone else on this machine can send to it, and what that changes."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.browser import Browser, decide, follow, free_port, send_raw
from tests.cli.conftest import Done
from tm_async.cli.oauth.listener import CONNECTIONS, LARGEST_HEAD, Listener
from tm_async.cli.oauth.page import DENIED, NOT_THIS_LOGIN, RECEIVED, TOO_LARGE, refusal
from tm_async.cli.oauth.request import Local, Refused, callback_target
from tm_async.emulator import Emulator
from tm_async.errors import AuthorizationDenied, CallbackError, ConfigurationError

Run = Callable[..., Done]
LOGIN = ("login", "--timeout", "50")


def request(target: str, *, method: str = "GET", host: str | None = "127.0.0.1") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), "Accept: */*", "", ""]
    return "\r\n".join(lines).encode("latin-1")


FORGED = [
    ("/callback", 400),
    ("/callback?auth_code=forged", 400),
    ("/callback?auth_code=forged&state=wrong", 400),
    ("/callback?auth_code=forged&state=", 400),
    ("/callback?auth_code=forged&state={state}&state={state}", 400),
    ("/callback?error=access_denied&state=wrong", 400),
    ("/callback?error=access_denied", 400),
    ("/callback?auth_code=forged&state=%C3%A9\xe9", 400),
    ("/callback?" + "&".join(["x"] * 101), 400),
    ("/callback/?auth_code=forged&state={state}", 404),
    ("//callback?auth_code=forged&state={state}", 404),
    ("/?auth_code=forged&state={state}", 404),
    ("/favicon.ico", 404),
    ("http://127.0.0.1/callback?auth_code=forged&state={state}", 404),
]


@pytest.mark.parametrize(("target", "status"), FORGED)
def test_forged_callbacks_end_nothing(
    run: Run, third_party: Emulator, browser: Browser, target: str, status: int
) -> None:
    def play(url: str) -> bytes:
        state = parse_qs(urlsplit(url).query)["state"][0]
        forged = send_raw(request(target.replace("{state}", state)))
        follow(decide(url, "allow"))
        return forged

    browser.play = play
    done = run(*LOGIN)
    assert (done.code, done.err) == (0, "")
    answer = browser.played()
    assert isinstance(answer, bytes)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"forged" not in answer
    assert third_party.oauth.open_id("alice") in done.out


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("/callback?auth_code=x&state=STATE", host="evil.example"), 421),
        (request("/callback?auth_code=x&state=STATE", host="evil.example@127.0.0.1"), 421),
        (request("/callback?auth_code=x&state=STATE", host="127.0.0.1.evil.example:80"), 421),
        (request("/callback?auth_code=x&state=STATE", host="127.0.0.1\r\nHost: evil.example"), 421),
        (request("/callback?auth_code=x&state=STATE", host=""), 421),
        (request("/callback?auth_code=x&state=STATE", host=None), 421),
        (request("/callback?auth_code=x&state=STATE", method="POST"), 405),
        (request("/callback?auth_code=x&state=STATE", method="HEAD"), 405),
        (b"GET /callback?auth_code=x&state=STATE HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /callback?auth_code=x&state=STATE\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (request("/callback?auth_code=x&state=STATE&pad=" + "x" * LARGEST_HEAD), 431),
        (request("/callback?auth_code=x&state=STATE")[:-2] + b"X: y\r\n" * LARGEST_HEAD, 431),
        (b"x" * 3_000_000, 431),
        (request("/callback?auth_code=x&state=STATE")[:-2], None),  # broken off
    ],
)
def test_what_can_be_no_callback(
    run: Run, third_party: Emulator, browser: Browser, monkeypatch: pytest.MonkeyPatch, sent: bytes, status: int | None
) -> None:
    monkeypatch.setattr("tm_async.auth.oauth2.callback.new_state", lambda: "STATE")
    monkeypatch.setattr("tm_async.cli.oauth.listener.LINGER", 50)  # else a reset may overtake the answer
    answers: list[bytes] = []

    def play(url: str) -> None:
        answers.append(send_raw(sent, ends=status is None))
        follow(decide(url, "allow"))

    browser.play = play
    assert run(*LOGIN).code == 0
    browser.played()
    assert len(answers) == 1
    assert answers[0].startswith(f"HTTP/1.1 {status} ".encode()) if status else answers[0] == b""


# --- the server alone --------------------------------------------------------------------------------------------


@pytest.fixture
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_MEETING_OAUTH_REDIRECT_URI", f"http://127.0.0.1:{free_port()}/callback")


@asynccontextmanager
async def listening(patience: float = 50) -> AsyncIterator[Listener]:
    address = Local.of(os.environ["TENCENT_MEETING_OAUTH_REDIRECT_URI"])
    assert address is not None
    async with Listener(address, "STATE", patience=patience) as listener:
        yield listener


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - nothing tells when a connection was noticed
        await asyncio.sleep(0)


async def sent(target: str) -> bytes:
    return await asyncio.to_thread(send_raw, request(target))


@pytest.mark.usefixtures("_address")
async def test_a_second_good_callback_is_refused() -> None:
    async with listening() as listener:
        assert await sent("/callback?auth_code=one&state=STATE") == RECEIVED.encode()
        assert await sent("/callback?auth_code=two&state=STATE") == NOT_THIS_LOGIN.encode()
        assert await sent("/callback?error=no&state=STATE") == NOT_THIS_LOGIN.encode()
        assert await listener.code() == "one"
    with pytest.raises(ConnectionRefusedError):
        await sent("/callback?auth_code=three&state=STATE")


@pytest.mark.usefixtures("_address")
@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("error=access_denied&state=STATE", AuthorizationDenied),
        ("state=STATE", CallbackError),
        ("auth_code=a&auth_code=b&state=STATE", CallbackError),
    ],
)
async def test_the_right_state_and_no_code(query: str, kind: type[CallbackError]) -> None:
    async with listening() as listener:
        assert await sent(f"/callback?{query}") == DENIED.encode()
        with pytest.raises(kind):
            await listener.code()


@pytest.mark.usefixtures("_address")
async def test_who_sends_nothing_is_not_waited_for() -> None:
    async with listening(patience=0.01) as listener:
        assert await asyncio.to_thread(send_raw, b"GET /callback?auth_code=x&sta") == b""
        assert await asyncio.to_thread(send_raw, b"") == b""
        listener._patience = 50
        await sent("/callback?auth_code=x&state=STATE")
        assert await listener.code() == "x"


@pytest.mark.usefixtures("_address")
@pytest.mark.parametrize("begin", [b"", b"GET /callback HTTP/1.1\r\n"])
async def test_idle_connections_are_no_matter_however_many(begin: bytes, caplog: pytest.LogCaptureFixture) -> None:
    parts = urlsplit(os.environ["TENCENT_MEETING_OAUTH_REDIRECT_URI"])
    async with listening() as listener:
        held = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(CONNECTIONS + 3)]
        for reader, _ in held[:3]:
            assert await reader.read() == b""  # they had said nothing for longest
        for _, writer in held[3:]:
            writer.write(begin)
        assert len(listener._tasks) == CONNECTIONS
        assert await sent("/callback?auth_code=x&state=STATE") == RECEIVED.encode()
        assert await listener.code() == "x"
    for reader, writer in held:
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
    assert not caplog.records  # asyncio complains of callbacks that were cancelled


@pytest.mark.usefixtures("_address")
async def test_what_is_being_answered_stays() -> None:
    async with listening() as listener:
        listener._tasks.update({asyncio.create_task(asyncio.sleep(60)) for _ in range(CONNECTIONS)})
        assert await asyncio.to_thread(send_raw, b"") == b""  # closed at once


async def test_it_must_be_entered() -> None:
    with pytest.raises(RuntimeError):
        await Listener(Local("127.0.0.1", 1, "/"), "STATE").code()


async def test_an_address_that_is_not_here() -> None:
    with pytest.raises(ConfigurationError, match="can't listen on 192.0.2.1:8912"):
        async with Listener(Local("192.0.2.1", 8912, "/"), "STATE"):
            pass


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("http://127.0.0.1:8912/callback", Local("127.0.0.1", 8912, "/callback")),
        ("http://[::1]:8912", Local("::1", 8912, "/")),
        ("http://localhost:80/a?b=c", Local("localhost", 80, "/a")),
        ("http://127.0.0.1/callback", None),
        ("https://127.0.0.1:8912/callback", None),
        ("https://app.example/callback", None),
    ],
)
def test_which_addresses_are_served(uri: str, local: Local | None) -> None:
    assert Local.of(uri) == local


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8912", "127.0.0.1:1", "127.8.9.1", "[::1]:8912"])
def test_hosts_that_are_this_machine(host: str) -> None:
    assert callback_target(request("/?x", host=host), "/") == "/?x"


@pytest.mark.parametrize("host", ["[127.0.0.1", "[evil]", "localhost.", "a b", "192.0.2.1", "127.1", "::1"])
def test_hosts_that_are_not(host: str) -> None:
    with pytest.raises(Refused):
        callback_target(request("/?x", host=host), "/")


@pytest.mark.parametrize("page", [RECEIVED, DENIED, NOT_THIS_LOGIN, TOO_LARGE, refusal(TOO_LARGE.status)])
def test_pages_say_how_long_they_are(page) -> None:
    head, _, body = page.encode().partition(b"\r\n\r\n")
    found = re.search(rb"Content-Length: (\d+)", head)
    assert found is not None
    assert int(found[1]) == len(body)
