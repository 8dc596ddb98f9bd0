"""The user's side of a login: a browser, and a hand that forges requests."""

import asyncio
import http.client
import os
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import httpx
from attrs import define, field

from tests.conftest import trusting_nobody
from tm_async.auth.oauth2 import Grant, OAuth2App
from tm_async.emulator import Emulator


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def log_in(emulator: Emulator, userid: str = "alice") -> Grant:
    """As `tm-async login` does, without the browser."""

    async def exchange() -> Grant:
        return await OAuth2App.from_env().exchange(emulator.oauth.code(userid))

    return asyncio.run(exchange())


@define
class Browser:
    """Plays what a test says, in the thread in which `login` opens a browser."""

    play: Callable[[str], object] = field(default=lambda _: None)
    opened: list[str] = field(factory=list[str])
    result: object = None
    _over: threading.Event = field(factory=threading.Event)

    def open(self, url: str) -> bool:
        self.opened.append(url)
        try:
            self.result = self.play(url)
        except BaseException as error:
            self.result = error
            raise
        finally:
            self._over.set()
        return True

    def played(self) -> object:
        """What came of it."""
        assert self._over.wait(20)
        return self.result


def follow(url: str) -> httpx.Response:
    """Open an address, and go wherever it leads."""
    with httpx.Client(follow_redirects=True, verify=trusting_nobody(), trust_env=False, timeout=10) as client:
        return client.get(url)


def decide(url: str, decision: str, userid: str = "alice") -> str:
    """Use the form of the authorise page; where that sends the browser."""
    page, _, query = url.partition("?")
    form = {**dict(parse_qsl(query)), "userid": userid, "decision": decision}
    with httpx.Client(verify=trusting_nobody(), trust_env=False, timeout=10) as client:
        answer = client.post(page, data=form)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def fetch(url: str) -> tuple[str, str]:
    """Where one request is sent on to, and the page: by a client that logs nothing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with closing(connection):
        connection.request("GET", f"{parts.path}?{parts.query}")
        with connection.getresponse() as answer:
            return answer.headers.get("location", ""), answer.read().decode()


def send_raw(request: bytes, *, ends: bool = False) -> bytes:
    """Bytes to where the callback is awaited, and their end if `ends`; the whole answer, or what came of it."""
    parts = urlsplit(os.environ["TENCENT_MEETING_OAUTH_REDIRECT_URI"])
    answer = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(request)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionError:
            pass
    return answer
