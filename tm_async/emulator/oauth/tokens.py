"""Code exchange, refresh and check of a token (docs 2023).

Unknown values are answered like expired ones, and an unknown SdkId as a parameter error: neither is documented.
Nothing here is used up by a call that is refused.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from attrs import field, frozen

from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.envelope import Failed
from tm_async.emulator.oauth.grants import Grant, Invalid
from tm_async.emulator.oauth.registry import Registry

__all__ = ["ENDPOINTS", "Given", "Outcome", "access_token", "refresh_token", "user_info"]

# Newer names where one was seen (docs 2023); that they mean the same is taken from their words.
_SCOPES_V2 = {
    "VIEW_USER_INFO": "personal-user-view",
    "VIEW_VIDEO": "personal-recording-view",
    "MANAGE_VIDEO": "personal-recording-edit",
}


@frozen
class Given:
    """What was sent to an endpoint."""

    content_type: str
    body: bytes = field(repr=False)

    def members(self, *names: str) -> tuple[dict[str, str], tuple[str, ...]]:
        """The members that must be there, and the names of those that no document knows."""
        media = self.content_type.partition(";")[0].strip().lower()
        if media != "application/json":
            raise Failed(10, f"Content-Type is {media!r}, it must be 'application/json'")
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):  # the text of the error may quote the body
            raise Failed(10, "the body is not JSON") from None
        if not isinstance(value, dict):
            raise Failed(10, f"the body is a JSON {type(value).__name__}, not an object")
        body = cast("dict[str, Any]", value)
        for name in names:
            if not isinstance(body.get(name), str) or not body[name]:
                raise Failed(10, f"{name} must be a string that is not empty" if name in body else f"{name} is missing")
        return {name: body[name] for name in names}, tuple(name for name in body if name not in names)


@frozen
class Outcome:
    """The `data` of a success."""

    data: Mapping[str, Any] = field(repr=False)
    committed: bool = False
    ignored: tuple[str, ...] = ()


def access_token(given: Given, registry: Registry, now: float) -> Outcome:
    """Exchange a code for a pair of tokens."""
    body, ignored = given.members("sdk_id", "secret", "auth_code")
    app = _app(registry, body["sdk_id"])
    if not hmac.compare_digest(_bytes(body["secret"]), _bytes(app.secret)):
        raise Failed(1003, f"secret is not that of app {app.sdk_id}")
    try:
        grant = registry.grants.redeem(registry.people[app.sdk_id], body["auth_code"], now)
    except Invalid as invalid:
        raise Failed(1002, f"auth_code {invalid}") from None
    data = {**_pair(app, grant), "open_corp_id": registry.open_corp_id(app)}
    return Outcome(data, committed=True, ignored=ignored)


def refresh_token(given: Given, registry: Registry, now: float) -> Outcome:
    """Exchange a refresh token for a new pair. No secret is asked for (docs 2021-09, 2023)."""
    body, ignored = given.members("sdk_id", "refresh_token", "open_id")
    app = _app(registry, body["sdk_id"])
    try:
        grant = registry.grants.refreshable(body["refresh_token"], now)
    except Invalid as invalid:
        raise Failed(1006, f"refresh_token {invalid}") from None
    if grant.sdk_id != app.sdk_id:
        raise Failed(1006, "refresh_token belongs to another app")
    _owner(grant, body["open_id"], "refresh_token")
    grant = registry.grants.refresh(registry.people[app.sdk_id], grant, now)
    return Outcome(_pair(app, grant), committed=True, ignored=ignored)


def user_info(given: Given, registry: Registry, now: float) -> Outcome:
    """Tell whether an access token is in force. It is not a profile."""
    body, ignored = given.members("access_token", "open_id")
    try:
        grant = registry.grants.by_access(body["access_token"], now)
    except Invalid as invalid:
        raise Failed(1005, f"access_token {invalid}") from None
    app = _app(registry, grant.sdk_id)
    _owner(grant, body["open_id"], "access_token")
    data = {"expires": grant.access_expires, "open_id": grant.open_id, "scopes": list(app.scopes)}
    return Outcome(data, ignored=ignored)


ENDPOINTS: Mapping[str, Callable[[Given, Registry, float], Outcome]] = {
    "oauth2.access_token": access_token,
    "oauth2.refresh_token": refresh_token,
    "oauth2.user_info": user_info,
}


def _app(registry: Registry, sdk_id: str) -> OAuthApp:
    app = registry.apps.get(sdk_id)
    if app is None:
        raise Failed(10, "sdk_id is not known")  # its value stays unsaid: it may be a secret in the wrong place
    if sdk_id in registry.banned:
        raise Failed(1001, f"app {sdk_id} is banned")
    return app


def _owner(grant: Grant, open_id: str, what: str) -> None:
    if open_id != grant.open_id:
        raise Failed(1004, f"open_id is not that of the {what}, which is {grant.open_id}")


def _pair(app: OAuthApp, grant: Grant) -> dict[str, Any]:
    return {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "expires": grant.access_expires,
        "open_id": grant.open_id,
        "scopes": list(app.scopes),
        "scopes_v2": [_SCOPES_V2[scope] for scope in app.scopes if scope in _SCOPES_V2],
    }


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
