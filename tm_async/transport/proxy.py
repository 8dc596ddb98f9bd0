"""The proxy that the environment names for a gateway."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from tm_async.core.exchange import is_loopback

__all__ = ["environment_proxy"]


def environment_proxy(origin: str) -> str | None:
    """What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say; never a proxy for this machine."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
