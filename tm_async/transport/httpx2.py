"""HTTPX2, the continuation of httpx under other stewards (extra `httpx2`). Same interface, its own classes."""

from types import ModuleType

try:
    import httpcore2
    import httpx2
except ImportError as error:
    raise ImportError(f"Httpx2Transport needs {error.name}: pip install 'tm-async[httpx2]'", name=error.name) from error

from tm_async.transport.httpx import HttpxTransport
from tm_async.transport.trust import Certificates

__all__ = ["Httpx2Transport"]


class Httpx2Transport(HttpxTransport):
    """Sends requests with httpx2; takes an `httpx2.AsyncClient`. See `HttpxTransport`."""

    _httpx = "httpx2"
    _httpcore: ModuleType = httpcore2
    _certificates: Certificates = staticmethod(httpx2.create_ssl_context)
