"""A request that somebody saved: raw HTTP, or just its headers, an empty line and its body."""

import re

from attrs import field, frozen

from tm_async.cli.words import spoken
from tm_async.errors import ConfigurationError

__all__ = ["Saved", "read_request"]

_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+)(?: HTTP/[0-9.]+)?")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)")


@frozen
class Saved:
    """What it holds."""

    method: str
    query_string: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


def read_request(raw: bytes) -> Saved:
    """Raises `ConfigurationError` for what is no such thing. Without a request line a body makes it a POST."""
    head, _, body = raw.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    first = _REQUEST_LINE.fullmatch(lines[0].strip())
    headers: list[tuple[str, str]] = []
    for line in lines[1:] if first else lines:
        found = _HEADER.fullmatch(line.strip())
        if found is None:
            text = "no request: it takes headers, an empty line and the body, or raw HTTP"
            raise ConfigurationError(spoken(text))
        headers.append((found[1], found[2]))
    body = body.removesuffix(b"\n")  # what an editor or echo adds; no JSON needs it
    if first is None:
        return Saved("POST", "", tuple(headers), body)
    return Saved(first[1], first[2].partition("?")[2], tuple(headers), body)
