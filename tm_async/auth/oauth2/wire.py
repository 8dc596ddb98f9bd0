"""The token endpoints on the wire: JSON in, an envelope of `code`, `message`, `nonce` and `data` out.

It differs from RFC 6749 in nearly everything: no grant_type, no form encoding, no client authentication but the
`secret` in the body of the code exchange, an absolute `expires`, numeric error codes (docs 2023; doc 1095/51257).
The HTTP status of a failure is not documented, so `code` alone decides.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from tm_async.auth.oauth2.grant import Grant, moment, texts, usable_in_a_header
from tm_async.core.exchange import Gateway, RawAnswer, Request
from tm_async.core.jsonbytes import dump_any, load
from tm_async.core.secret import SecretText, secrets_among
from tm_async.core.wire import is_object, whole_number
from tm_async.errors import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    InvalidRequest,
    Retry,
    ServiceError,
    UnreadableAnswer,
)

__all__ = [
    "ACCESS_TOKEN_EXPIRED",
    "CODE_REJECTED",
    "NEVER_RENEWED",
    "data_of",
    "read_grant",
    "token_request",
]

CODE_REJECTED = 1002
ACCESS_TOKEN_EXPIRED = 1005
REFRESH_TOKEN_EXPIRED = 1006
NEVER_RENEWED = frozenset({REFRESH_TOKEN_EXPIRED, 10, 1004})
"""After these a renewal is refused again and again, so that the user has to log in.

That a wrong parameter (10) or open id (1004) is one that a renewal took from its grant is a judgement: it sends nothing
else but the id of the app.
"""

_CODES: dict[int, tuple[type[ApiError], Retry, str]] = {
    10: (InvalidRequest, Retry.NO, "a parameter is wrong"),
    20: (ServiceError, Retry.BACKOFF, "internal error"),
    999: (ServiceError, Retry.BACKOFF, "internal error"),
    1001: (AppConfigurationError, Retry.NO, "the app is banned"),
    CODE_REJECTED: (AuthenticationError, Retry.NO, "the authorisation code is invalid, used or expired"),
    1003: (AppConfigurationError, Retry.NO, "the app's secret is wrong"),
    1004: (InvalidRequest, Retry.NO, "the open id is wrong"),
    ACCESS_TOKEN_EXPIRED: (AuthenticationError, Retry.NO, "the access token has expired"),
    REFRESH_TOKEN_EXPIRED: (AuthenticationError, Retry.NO, "the refresh token has expired"),
}
"""Docs 2021-09; the list could not be read again on the current page. Retry advice is ours."""

_PATH = "/wemeet-webapi/v2/oauth2/oauth/"


_NOTHING: tuple[object, ...] = (None, "")


def token_request(server: Gateway, endpoint: str, members: Mapping[str, str]) -> Request:
    """A request to `access_token`, `refresh_token` or `user_info`. Its body is secret."""
    return Request("POST", server.prefix + _PATH + endpoint, server.origin, dump_any(members), f"oauth2.{endpoint}")


def data_of(request: Request, raw: RawAnswer, *, sent: Mapping[str, str]) -> Mapping[str, Any]:
    """The `data` of a success. Raises `ApiError` or `UnreadableAnswer`, which hold no body: it may have tokens in it.

    `sent` has the members of the request; none of its secrets survives in the server's message.
    """
    value = _parsed(raw.body)
    if value is None:
        _unreadable("the body is not JSON" if raw.body.strip() else "the body is empty", request, raw)
    code = whole_number(value.get("code")) if is_object(value) else None
    if not is_object(value) or code is None:
        _unreadable("the body has no code", request, raw)
    if code != 0:
        error_type, retry, meaning = _CODES.get(code, (ApiError, Retry.NO, ""))
        message = value.get("message")
        error = error_type(
            code,
            status=raw.status,
            message=message[:500] if isinstance(message, str) else "",
            trace_id=_trace(value, raw),
            operation=request.operation,
            meaning=meaning,
            retry=retry,
        )
        error.hide(secrets_among(sent.items()))
        raise error
    data = value.get("data")
    if not is_object(data) or not data:
        _unreadable("the body has code 0 and no data", request, raw)
    return data


def read_grant(data: Mapping[str, Any], request: Request, raw: RawAnswer, *, renewing: Grant | None = None) -> Grant:
    """The tokens of a code exchange, or of the renewal of a grant, which keeps what the answer leaves out.

    An empty text says no more than a missing member, and the old tokens are dead by now.
    """
    open_id = data.get("open_id")
    refresh_token = data.get("refresh_token")
    if renewing is not None:
        open_id = renewing.open_id if open_id in _NOTHING else open_id
        refresh_token = renewing.refresh_token if refresh_token in _NOTHING else refresh_token
        if open_id != renewing.open_id:
            _unreadable("the tokens are another user's", request, raw)
    found = {"open_id": open_id, "access_token": data.get("access_token"), "refresh_token": refresh_token}
    for name, value in found.items():
        if not usable_in_a_header(value):
            _unreadable(f"{name} is missing or unusable", request, raw)
    corp = data.get("open_corp_id")
    return Grant(
        open_id=str(open_id),
        access_token=SecretText(found["access_token"]),
        refresh_token=SecretText(found["refresh_token"]),
        expires_at=moment(data.get("expires")),
        scopes=texts(data.get("scopes")),
        scopes_v2=texts(data.get("scopes_v2")),
        open_corp_id=corp if isinstance(corp, str) and corp else None,
    )


def _parsed(body: bytes) -> Any:
    """`None` for what is no JSON; the error about that has the body in it, so it ends here."""
    try:
        return load(body)
    except (ValueError, RecursionError):
        return None


def _trace(value: Mapping[str, Any], raw: RawAnswer) -> str | None:
    nonce = value.get("nonce")  # "a trace id of the request" on these endpoints
    return raw.trace_id or (nonce if isinstance(nonce, str) else None)


def _unreadable(problem: str, request: Request, raw: RawAnswer) -> NoReturn:
    raise UnreadableAnswer(problem, status=raw.status, trace_id=raw.trace_id, body=b"", operation=request.operation)
