"""uvicorn's HTTP protocol, telling the application what was really on the wire."""

from asyncio import AbstractEventLoop, Transport
from collections.abc import Sequence
from typing import Any, cast

from attrs import frozen
from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

__all__ = ["WireProtocol", "Wired", "wired"]

_KEY = "tm_async.wired"


@frozen
class Wired:
    """What ASGI leaves out: the target byte for byte, header names as spelled, the connection."""

    target: bytes
    names: Sequence[bytes]
    transport: Transport


class WireProtocol(HttpToolsProtocol):
    """Puts a `Wired` into the scope of every request, and leaves uvicorn's loggers as they are."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.access_log = False  # Config(access_log=False) would rewire the process-wide logger
        self._names: list[bytes] = []

    def on_message_begin(self) -> None:
        """A new request begins."""
        super().on_message_begin()
        self._names = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; uvicorn keeps its name in lower case only."""
        self._names.append(name)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is complete: the application starts with the scope as it is after this."""
        scope = cast("Scope", self.scope)
        scope["extensions"] = {_KEY: Wired(_origin_form(self.url), self._names, self.transport)}
        super().on_headers_complete()


def wired(scope: Scope) -> Wired:
    """What the protocol noted about this request."""
    noted: Wired = scope["extensions"][_KEY]
    return noted


def _origin_form(url: bytes) -> bytes:
    """Everything after host[:port] (doc 1095/58768), also where a client sent the absolute form."""
    if url.startswith(b"/"):
        return url
    _, separator, rest = url.partition(b"://")
    return b"/" + rest.partition(b"/")[2] if separator else url
