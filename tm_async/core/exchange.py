"""What goes over the seam between client, auth and transport: a prepared request and a raw answer."""

import re
from collections.abc import Callable, Sequence
from enum import Enum, StrEnum
from ipaddress import ip_address
from typing import Generic, TypeVar

from attrs import field

from tm_async._util.arguments import check_kind
from tm_async._util.foreign import printable
from tm_async._util.values import frozen
from tm_async._version import __version__
from tm_async.core.hosts import ascii_host, taken_apart
from tm_async.core.secret import hide_text, plain
from tm_async.errors import ConfigurationError

__all__ = [
    "BOTH_MODES",
    "CONSTANT_HEADERS",
    "VENDOR_AUTHORIZATION_SERVER",
    "VENDOR_GATEWAY",
    "Answer",
    "AuthMode",
    "Gateway",
    "Headers",
    "RawAnswer",
    "Repeat",
    "Request",
    "is_loopback",
]

ResultT = TypeVar("ResultT")

_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*", re.ASCII)
"""A path that goes over the network as it is: nothing to encode, and no step up."""

Headers = Sequence[tuple[str, str]]
"""Header lines in order, spelled as they go on the wire (the vendor calls the names case sensitive)."""


class AuthMode(StrEnum):
    """The two ways in which the gateway lets a caller in, by their names in `spec/operations/`."""

    ENTERPRISE = "enterprise"
    """An enterprise's own app signs with its secret (AK/SK)."""
    OAUTH2 = "oauth2"
    """A third-party app acts for a user who allowed it."""


class Repeat(Enum):
    """Whether sending an operation again can do harm."""

    SAFE = "safe"
    """Reads, and writes whose second run changes nothing."""
    UNSAFE = "unsafe"
    """A second run may do the thing twice, so an unclear answer stays unclear."""


BOTH_MODES = frozenset(AuthMode)

VENDOR_GATEWAY = "https://api.meeting.qq.com/v1"
"""The vendor's gateway (doc 1095/51253): HTTPS only."""

VENDOR_AUTHORIZATION_SERVER = "https://meeting.tencent.com"
"""The vendor's host of the authorise page and the token endpoints (doc 1095/51257)."""

CONSTANT_HEADERS = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("User-Agent", f"tm-async/{__version__}"),
)
"""Sent with a request of JSON, before those of the auth strategy. The transport adds Host and Content-Length."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@frozen
class Gateway:
    """Where requests go."""

    origin: str
    """Scheme, host and port, for example `https://api.meeting.qq.com`."""
    prefix: str = ""
    """What comes before `/v1`: empty for the vendor's gateway."""

    @classmethod
    def parse(cls, base_url: str, *, allow_http: bool = False) -> "Gateway":
        """Read a base URL such as `https://api.meeting.qq.com/v1`.

        An international host name is encoded (IDNA); a path must be percent-encoded already. Plain HTTP shows
        meetings and their passwords to the network, so it is refused unless the host is this machine (the emulator)
        or `allow_http` is true. Raises `ConfigurationError`.
        """
        base_url = hide_text(base_url)  # a traceback shows variables, and it may have credentials
        check_kind("the base URL", base_url, str, "text")
        if " " in base_url or not base_url.isprintable():
            raise ConfigurationError("the base URL must not have spaces or control characters")
        parts = taken_apart(base_url)
        if parts is None:
            raise ConfigurationError("the base URL can't be read")
        host, port = parts.hostname or "", parts.port
        if parts.scheme not in ("http", "https") or not host:
            raise ConfigurationError("the base URL must begin with https:// and a host")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ConfigurationError("the base URL must not have a query, a fragment or credentials")
        if port == 0:
            raise ConfigurationError("the base URL's port must be 1 to 65535")
        if not _PATH.fullmatch(parts.path):
            raise ConfigurationError("the base URL's path must be percent-encoded, without '.' and '..' segments")
        try:
            host = ascii_host(plain(host))
        except ValueError as error:
            raise ConfigurationError(f"the base URL can't be used: {error}") from None
        if parts.scheme == "http" and not (allow_http or is_loopback(host)):
            raise ConfigurationError(f"plain http:// to {host} would show meetings to the network; use https://")
        shown = f"[{host}]" if ":" in host else host
        origin = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
        return cls(origin, plain(parts.path.rstrip("/").removesuffix("/v1")))


@frozen(slots=False)
class Request:
    """A request before it is signed. The target and the body are the very bytes that will be sent."""

    method: str
    target: str
    """Path and query, percent-encoded, as on the request line."""
    origin: str
    """Scheme, host and port."""
    body: bytes = field(default=b"", repr=False)
    operation: str | None = None
    """The operation's id, for errors and logs."""
    modes: frozenset[AuthMode] = BOTH_MODES
    """The auth modes that the vendor documents for it; both where the pages do not say."""
    path: str = ""
    """The path's template, such as `/v1/meetings/{meeting_id}`."""
    repeat: Repeat = Repeat.SAFE
    creator: str | None = None
    """Of a request that creates a meeting: whose quota it uses up."""
    last_check: Callable[[], None] | None = field(default=None, eq=False, repr=False)
    """Asked when a connection is there, just before the first byte is written: what it raises is raised instead.

    Between the wish to send and the sending lie waits in which a machine can sleep for hours.
    """
    headers: Headers = field(default=CONSTANT_HEADERS, repr=False)
    """What is sent before the lines of the auth strategy."""
    form: bool = False
    """Whether the body is a form of files, which the signature takes as empty."""

    @property
    def signed_body(self) -> bytes:
        """The part of the body that is signed."""
        return b"" if self.form else self.body


@frozen
class RawAnswer:
    """A complete HTTP answer, not yet understood."""

    status: int
    headers: Sequence[tuple[bytes, bytes]] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: bytes) -> str | None:
        """The value of a header, its name in lower case; `None` where the answer has none."""
        for key, value in self.headers:
            if key.lower() == name:
                return value.decode("latin-1")
        return None

    @property
    def trace_id(self) -> str | None:
        """`X-Tc-Trace`: what the vendor's support asks for."""
        found = self.header(b"x-tc-trace")
        return None if found is None else printable(found)


@frozen
class Answer(Generic[ResultT]):
    """A decoded answer together with what it came in."""

    result: ResultT
    raw: RawAnswer

    @property
    def trace_id(self) -> str | None:
        """`X-Tc-Trace`: what the vendor's support asks for."""
        return self.raw.trace_id
