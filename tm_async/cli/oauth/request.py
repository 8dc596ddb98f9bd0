"""What of HTTP a callback needs: the address to listen on, and the head of a request."""

import re
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from attrs import frozen

from tm_async.core.exchange import is_loopback

__all__ = ["Local", "Refused", "callback_target"]

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::[0-9]{1,5})?")


@frozen
class Local:
    """A redirect URI that a program on this machine can serve."""

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, redirect_uri: str) -> Self | None:
        """`None` unless the app's redirect URI is plain http, on loopback, with a port."""
        parts = urlsplit(redirect_uri)
        if parts.scheme != "http" or not is_loopback(parts.hostname or "") or not parts.port:
            return None
        return cls(parts.hostname or "", parts.port, parts.path or "/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses to listen on: browsers take `localhost` for either of two."""
        return ("127.0.0.1", "::1") if self.host == "localhost" else (self.host,)


class Refused(Exception):
    """A request that can't be a callback, whatever is in its query."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


def callback_target(head: bytes, path: str) -> str:
    """The target of a `GET` for `path`, query included. Raises `Refused`."""
    line, *fields = head.decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise Refused(HTTPStatus.BAD_REQUEST)
    method, target, _ = words
    named = [value.strip() for name, _, value in (one.partition(":") for one in fields) if name.lower() == "host"]
    if len(named) != 1 or not _is_this_machine(named[0]):  # a web page can point any other name at this machine
        raise Refused(HTTPStatus.MISDIRECTED_REQUEST)
    if target.partition("?")[0] != path:
        raise Refused(HTTPStatus.NOT_FOUND)
    if method != "GET":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED)
    return target


def _is_this_machine(host: str) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and is_loopback((found["six"] or found["name"]).lower())
