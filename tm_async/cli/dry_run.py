"""A request as it would go over the wire, for comparing it with another tool's."""

from typing import Any
from urllib.parse import urlsplit

from tm_async.auth import EnterpriseSecret
from tm_async.client import CONSTANT_HEADERS
from tm_async.core.exchange import Request

__all__ = ["describe_request"]


def describe_request(auth: EnterpriseSecret, request: Request, *, timestamp: str, nonce: str) -> dict[str, Any]:
    """Method, url, headers and body as they are sent, and the string that is signed. Holds no secret key."""
    headers = (
        *_by_transport(request),
        *CONSTANT_HEADERS,
        *auth.headers(request, timestamp=timestamp, nonce=nonce),
    )
    return {
        "method": request.method,
        "url": request.origin + request.target,
        "headers": dict(headers),
        "body": request.body.decode(),
        "string_to_sign": auth.explain(request, timestamp=timestamp, nonce=nonce),
    }


def _by_transport(request: Request) -> list[tuple[str, str]]:
    """What the transport adds: Host, and Content-Length unless there is no body and none is expected."""
    parts = urlsplit(request.origin)
    default_port = {"http": ":80", "https": ":443"}[parts.scheme]
    host = ("Host", parts.netloc.removesuffix(default_port))
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        return [host, ("Content-Length", str(len(request.body)))]
    return [host]
