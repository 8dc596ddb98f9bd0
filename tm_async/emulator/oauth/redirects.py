"""Where an authorisation may be sent to, and how it is appended (docs 2021-09, 2023)."""

import re
from urllib.parse import SplitResult, urlencode, urlsplit

from tm_async.emulator.gateway.loopback import is_loopback
from tm_async.emulator.oauth.apps import OAuthApp

__all__ = ["extended", "form_source", "redirect_problem"]

# Visible ASCII without what URLs do not have, and what browsers repair: a backslash is a slash to them.
_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+")
_HOST = re.compile(r"[a-z0-9.-]+")


def redirect_problem(uri: str, app: OAuthApp) -> str | None:
    """Why this redirect_uri is refused, or `None`."""
    parts = _split(uri)
    if parts is None:
        return "is not an absolute URL without user name, fragment and characters that must be percent-encoded"
    if parts.scheme == "http":
        # The vendor wants HTTPS; the leniency is the emulator's own, for programs and tests on this machine.
        return None if is_loopback(parts.hostname) else "must be HTTPS, or HTTP to a loopback address"
    if parts.scheme != "https":
        return "must be HTTPS"
    if any(_covers(entry, uri, parts) for entry in app.redirects):
        return None
    return "is not on the allow list of the app"


def extended(uri: str, **more: str) -> str:
    """The URL with more query parameters behind its own, which stay as they are (docs 2023)."""
    glue = "" if uri.endswith(("?", "&")) else "&" if "?" in uri else "?"
    return uri + glue + urlencode(more)


def form_source(uri: str) -> str:
    """The target for the page's `form-action`, which browsers apply to the redirect behind the form too."""
    parts = urlsplit(uri)
    if parts.hostname is None or not _HOST.fullmatch(parts.hostname):  # an IPv6 address has no form in that grammar
        return f"{parts.scheme}:"
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _split(uri: str) -> SplitResult | None:
    if not _URL.fullmatch(uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    plain = parts.hostname and "@" not in parts.netloc and "#" not in uri
    return parts if plain and uri.startswith(f"{parts.scheme}://") else None


def _covers(entry: str, uri: str, parts: SplitResult) -> bool:
    """A full URL covers itself. One without path and query is a base: it covers its origin (choice: not deeper)."""
    allowed = _split(entry)
    if allowed is None:
        return False
    if allowed.path in {"", "/"} and not allowed.query:
        return _origin(allowed) == _origin(parts)
    return entry == uri


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
