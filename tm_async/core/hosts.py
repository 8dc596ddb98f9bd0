"""Names of hosts as they go over the network."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

__all__ = ["ascii_host", "taken_apart"]

_USUAL = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
"""What needs no encoding, and so not the standard library's tables for it."""
_NAME = re.compile(r"[a-z0-9_.-]+")
_DEVIATING = frozenset("ßς\u200c\u200d")
"""What the two standards for international names read differently; the one in Python is the older."""


def taken_apart(url: str) -> SplitResult | None:
    """The parts of a URL, whose host and port can be read; `None` for one that can't be: Python's error quotes it."""
    try:
        url.encode()
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def ascii_host(host: str) -> str:
    """A name or an address in lower case, an international name encoded (IDNA). Raises `ValueError`, which says why."""
    if ":" in host:
        address = ip_address(host)
        if "%" in host:
            raise ValueError("an address with a zone can't be used")
        return address.compressed
    if host.isascii() and _USUAL.fullmatch(usual := host.lower()):
        return usual
    if not host.isascii() and not _DEVIATING.isdisjoint(host):
        raise ValueError("the host's name can be read in two ways; write it in its encoded form (xn--)")
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("the host's name has an empty part, one that is too long, or a forbidden character") from None
    if not _NAME.fullmatch(name):
        raise ValueError("the host's name has a character that no name has")
    return name
