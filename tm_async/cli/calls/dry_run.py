"""A request as it would go over the wire, for comparing it with another tool's."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from tm_async.auth import EnterpriseSecret, require_mode
from tm_async.auth.oauth2 import Grant, OAuth2
from tm_async.auth.stores import MemoryStore
from tm_async.core.exchange import CONSTANT_HEADERS, AuthMode, Headers, Request
from tm_async.core.secret import SecretText

__all__ = ["describe_request"]

_HIDDEN = SecretText("***")


def describe_request(
    auth: EnterpriseSecret | OAuth2, request: Request, *, timestamp: str, nonce: str
) -> dict[str, Any]:
    """Method, url, headers and body as they are sent, and the string that is signed, if any. Tokens are `***`.

    Raises `WrongAuthMode` for what would not be sent.
    """
    if isinstance(auth, OAuth2):
        authorized, signed = asyncio.run(_as_user(auth, request, timestamp, nonce)), {}
    else:
        require_mode(request, AuthMode.ENTERPRISE)
        authorized = auth.headers(request, timestamp=timestamp, nonce=nonce)
        signed = {"string_to_sign": auth.explain(request, timestamp=timestamp, nonce=nonce)}
    headers = (  # the transport adds the first and the last
        ("Host", urlsplit(request.origin).netloc),
        *(one if one in CONSTANT_HEADERS else (one[0], _HIDDEN) for one in request.headers),
        *authorized,
        *_content_length(request),
    )
    return {
        "method": request.method,
        "url": request.origin + request.target,
        "headers": dict(headers),
        "body": request.body.decode(),
        **signed,
    }


async def _as_user(auth: OAuth2, request: Request, timestamp: str, nonce: str) -> Headers:
    """The strategy's own headers for a grant that is none: the stored one is neither read nor renewed."""
    app = evolve(auth.app, store=MemoryStore(), clock=lambda: float(timestamp))
    grant = Grant(open_id=auth.open_id, access_token=_HIDDEN, refresh_token=_HIDDEN, expires_at=None)
    await app.keeper.log_in(_given(grant))
    return await OAuth2(app, open_id=auth.open_id, nonce=lambda: nonce).authorize(request, float(timestamp))


def _content_length(request: Request) -> list[tuple[str, str]]:
    return [("Content-Length", str(len(request.body)))] if request.body or request.method != "GET" else []


async def _given(grant: Grant) -> Grant:
    return grant
