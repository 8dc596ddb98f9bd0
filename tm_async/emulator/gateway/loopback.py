"""Which host names mean this machine."""

import ipaddress
from urllib.parse import urlsplit

__all__ = ["host_header_is_loopback", "is_loopback"]


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine's own, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return host is not None and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_header_is_loopback(header: str) -> bool:
    """The same for the value of a `Host` header: a web page can point any other name at this machine."""
    try:
        return is_loopback(urlsplit(f"//{header}").hostname)
    except ValueError:
        return False
