"""A request as it would go over the wire, for comparing it with another tool's."""

from typing import Any
from urllib.parse import urlsplit

from tm_async.auth import EnterpriseSecret
from tm_async.client import CONSTANT_HEADERS
from tm_async.core.exchange import Request

__all__ = ["describe_request"]


def describe_request(auth: EnterpriseSecret, request: Request, *, timestamp: str, nonce: str) -> dict[str, Any]:
    """Method, url, headers and body as they are sent, and the string that is signed. Holds no secret key."""
    headers = (  # the transport adds the first and the last
        ("Host", urlsplit(request.origin).netloc),
        *CONSTANT_HEADERS,
        *auth.headers(request, timestamp=timestamp, nonce=nonce),
        *_content_length(request),
    )
    return {
        "method": request.method,
        "url": request.origin + request.target,
        "headers": dict(headers),
        "body": request.body.decode(),
        "string_to_sign": auth.explain(request, timestamp=timestamp, nonce=nonce),
    }


def _content_length(request: Request) -> list[tuple[str, str]]:
    return [("Content-Length", str(len(request.body)))] if request.body or request.method != "GET" else []
