"""The seam between the client and an HTTP library: one coroutine, prepared request in, raw answer out."""

from abc import ABC, abstractmethod
from asyncio import CancelledError
from collections.abc import Coroutine
from math import inf
from types import TracebackType
from typing import Any, Protocol, Self

from tm_async._util.arguments import check_count, check_methods, check_seconds
from tm_async._util.values import frozen
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import ConfigurationError

__all__ = [
    "MAX_ANSWER",
    "MAX_HEAD",
    "NOTHING_SENT",
    "Closing",
    "Timeout",
    "Transport",
    "cancelled",
    "check_headers",
    "check_sizes",
    "check_transport",
    "is_sendable",
    "unsendable",
]

NOTHING_SENT = "nothing was sent"
"""The last argument of a `CancelledError` that ends a call before its request was sent: no deed can have been done."""

MAX_HEAD = 100 * 1024
"""Bytes of an answer's head that are read at most, those of "informational" ones before it included; as in httpcore."""

MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer's body that are read at most. The API documents no limit; its largest pages are far below."""


@frozen(kw_only=True)
class Timeout:
    """Seconds that each phase of an attempt may take; `None` switches a bound off.

    These bound the connection's behaviour. What a caller waits in all is the client's `deadline`.
    """

    connect: float | None = 5.0
    """Until the connection stands: the look-up of the name, a proxy and TLS included."""
    write: float | None = 30.0
    """Between two pieces of the request."""
    read: float | None = 30.0
    """Between two pieces of the answer."""
    pool: float | None = 30.0
    """Until a connection slot becomes free; with 0 nobody waits for one."""
    total: float | None = 90.0
    """For the exchange as a whole, even when nobody waits for its outcome any more."""

    def __attrs_post_init__(self) -> None:
        for name in ("connect", "write", "read", "total"):
            check_seconds(f"{name} of Timeout", getattr(self, name), optional=True)
        check_seconds("pool of Timeout", self.pool, least=0, optional=True)

    @property
    def goes_on(self) -> float:
        """Seconds in which the request of an exchange that nobody waits for any more arrives, or never does.

        As far as these bounds tell: without any it is the usual `total`.
        """
        silence = inf if self.read is None or self.write is None else max(self.read, self.write)
        longest = min(silence, inf if self.total is None else self.total)
        return longest if longest < inf else 90.0


def cancelled(given: CancelledError, word: str = NOTHING_SENT) -> CancelledError:
    """The cancellation to raise in place of a given one: its last word tells what is known of the deed.

    What was said before goes first, but for `NOTHING_SENT`, which was said of something else: anyio knows its own
    cancellations by that.
    """
    return CancelledError(*(one for one in given.args if one != NOTHING_SENT), word)


class Closing(ABC):
    """`async with` for a transport: closes it at the end."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @abstractmethod
    async def aclose(self) -> None:
        """Close the connections of the running event loop."""


def check_sizes(connections: object, max_answer: object) -> None:
    """Raise `ConfigurationError` for a transport without a connection, on which every call would wait."""
    check_count("connections", connections)
    check_count("max_answer", max_answer)


def check_headers(headers: Headers, request: Request) -> None:
    """Raise `ConfigurationError` for what could break out of its line, or can't be written at all."""
    if not is_sendable("".join(map("".join, headers)) + request.target, request):
        raise unsendable(request)


def unsendable(request: Request) -> ConfigurationError:
    """What to raise for a request whose head can't be sent: it tells what is wrong, and nothing of the headers."""
    if is_sendable(request.target, request):
        return ConfigurationError("a header of the auth strategy is not printable ASCII", operation=request.operation)
    return ConfigurationError("the request's target is not percent-encoded", operation=request.operation)


_PRINTABLE = bytes(range(0x20, 0x7F))


def is_sendable(head: str, request: Request) -> bool:
    """Whether a request's head, without its ends of lines, is printable ASCII, and its target has no space.

    `str.isprintable` looks at each character by itself, and takes longer.
    """
    return head.isascii() and not head.encode().translate(None, _PRINTABLE) and " " not in request.target


class Transport(Protocol):
    """Sends one request and returns the whole answer.

    Implementations send the target and the body byte for byte, header names spelled as given, over HTTP/1.1; they
    never follow redirects, never repeat a request, keep no cookies, and verify certificates. They raise
    `ConnectionFailed` or `PoolTimeout` only if nothing was sent, and `ExchangeFailed` otherwise; cancelled before
    anything was sent, they should raise `cancelled(error)` in place of the error. They ask `request.last_check`, if
    there is one, on the open connection just before they write. They must work on whatever event loop is running, one
    after the other.
    """

    def exchange(self, request: Request, headers: Headers, timeout: Timeout, /) -> Coroutine[Any, Any, RawAnswer]:
        """Send the request with these headers, in this order."""
        ...

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        ...


def check_transport(transport: object) -> None:
    """Raise `ConfigurationError` for what is no transport; `None` stands for the default one."""
    if transport is not None:
        check_methods("transport", transport, "a transport such as HttpxTransport()", "exchange", "aclose")
