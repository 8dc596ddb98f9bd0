"""What everything that keeps something in Redis has in common. `who` is its class, for messages."""

from typing import Any
from urllib.parse import urlsplit

from tm_async.errors import ConfigurationError

__all__ = ["client_of", "place_of", "require_redis", "two_loops"]


def require_redis(who: str) -> Any:
    """The package. Raises `ConfigurationError` where it is not installed."""
    try:
        import redis.asyncio
    except ImportError:
        raise ConfigurationError(f"{who} needs redis: pip install 'tm-async[redis]'") from None
    return redis.asyncio


def client_of(who: str, url: str, timeout: float) -> Any:
    """A client for that URL. Raises `ConfigurationError`.

    That does not show the URL, nor the cause: Python quotes what it took for a port, and that can be half a password.
    """
    module = require_redis(who)
    try:
        if "@" in urlsplit(url).netloc or "@" not in url:
            return module.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
    except ValueError:
        pass
    form = "redis://user:password@host:port/0"
    raise ConfigurationError(f"unusable Redis URL; it has the form {form}, with special characters as %XX")


def place_of(client: Any) -> str:
    """Host, port and database, and nothing else of what the client knows."""
    known: dict[str, Any] = getattr(getattr(client, "connection_pool", None), "connection_kwargs", {})
    if "path" in known:
        return f"Redis at {known['path']}"
    return f"Redis at {known['host']}:{known.get('port', 6379)}/{known.get('db', 0)}" if "host" in known else "Redis"


def two_loops(who: str, where: str) -> ConfigurationError:
    """The error for something that is used in another event loop than before."""
    advice = "make one in each, with a client of its own, or `aclose` it before the next loop"
    return ConfigurationError(f"{where}: a {who} and its client are for one event loop; {advice}")
