"""The proxy on the way to a gateway, and what its URL says. Nothing of the URL is shown but host and port."""

import os
import re
import sys
from urllib.parse import unquote, urlsplit

from tm_async._util.values import frozen
from tm_async.core.exchange import is_loopback
from tm_async.core.hosts import ascii_host
from tm_async.core.secret import SecretText
from tm_async.errors import ConfigurationError

__all__ = ["Proxy", "environment_proxy"]

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_URL = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?"
    r"(?:(?P<user>[^:/?#]*?)(?::(?P<password>[^/?#]*))?@)?"
    r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^:@/?#\[\]]+))(?::(?P<port>[0-9]{1,5}))?/?",
    re.IGNORECASE,
)


def environment_proxy(origin: str) -> SecretText | None:
    """What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say; never a proxy for this machine."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if is_loopback(host) or not _may_name_proxies():
        return None
    from urllib.request import getproxies, proxy_bypass

    if proxy_bypass(host):
        return None
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    return SecretText(found) if found else None


def _may_name_proxies() -> bool:
    """Whether there is reason to ask Python, whose import for that is dear. Windows and macOS have settings, too."""
    return sys.platform in ("win32", "darwin") or any(name.lower().endswith("_proxy") for name in os.environ)


@frozen
class Proxy:
    """A proxy as its URL names it: `[scheme://][user[:password]@]host[:port]`, by default with `http` and its port."""

    scheme: str
    host: str
    port: int
    credentials: tuple[SecretText, SecretText] | None

    @classmethod
    def parse(cls, url: str) -> "Proxy":
        """Raises `ConfigurationError`, which has nothing of the URL: any part of it may be a mistyped password."""
        found = _URL.fullmatch(url.strip())
        if found is None:
            hint = "; user name and password must be percent-encoded, for example / as %2F" if "@" in url else ""
            raise ConfigurationError(
                f"the proxy can't be used: its URL is not [scheme://][user:password@]host:port{hint}"
            )
        scheme = (found["scheme"] or "http").lower()
        if scheme not in _PORTS:
            raise ConfigurationError(f"the proxy can't be used: its scheme must be one of {', '.join(_PORTS)}")
        port = int(found["port"] or _PORTS[scheme])
        try:
            host = ascii_host(found["six"] or found["name"])
        except ValueError:
            raise ConfigurationError("the proxy can't be used: its host can't be read") from None
        if not 0 < port < 65536:
            raise ConfigurationError("the proxy can't be used: its port must be 1 to 65535")
        credentials = None
        if found["user"] or found["password"]:
            credentials = SecretText(unquote(found["user"])), SecretText(unquote(found["password"] or ""))
        return cls(scheme, host, port, credentials)
