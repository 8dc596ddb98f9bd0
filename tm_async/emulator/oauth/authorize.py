"""`/marketplace/authorize.html` (doc 1095/51257): ask the user, then send the browser back with a code or without."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from attrs import field, frozen

from tm_async.emulator.gateway.loopback import host_header_is_loopback
from tm_async.emulator.gateway.reply import Reply
from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.page import consent_page
from tm_async.emulator.oauth.redirects import extended, form_source, redirect_problem
from tm_async.emulator.oauth.registry import Registry

__all__ = ["Authorize", "BadRequest", "Decided"]

PARAMETERS = ("corp_id", "sdk_id", "redirect_uri", "state")
_STATE = re.compile(r"[a-zA-Z0-9]{1,64}")  # doc 1095/51257


class BadRequest(Exception):
    """The page has nothing to ask, and says what is wrong. It never sends the browser anywhere."""


@frozen
class Decided:
    """The answer to a browser, and whether a code was issued with it."""

    reply: Reply
    committed: bool = False


@frozen
class _Request:
    app: OAuthApp
    redirect_uri: str
    state: str = field(repr=False)

    @property
    def hidden(self) -> dict[str, str]:
        return {
            "corp_id": self.app.corp_id,
            "sdk_id": self.app.sdk_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
        }


@frozen
class Authorize:
    """The page. `auto_approve`: nobody is asked, the user of that id (or the first one) allows every app in."""

    auto_approve: bool | str = False
    allow_remote: bool = False

    def ask(self, query: str, headers: Mapping[str, str], registry: Registry, now: float) -> Decided:
        """GET."""
        self._expected(headers)
        request = _checked(_parsed(query), registry)
        if self.auto_approve is False:
            page = consent_page(request.app, registry.users, request.hidden, form_source(request.redirect_uri))
            return Decided(page)
        userid = next(iter(registry.users)) if self.auto_approve is True else self.auto_approve
        return _allowed(request, userid, registry, now)

    def answer(self, body: bytes, headers: Mapping[str, str], registry: Registry, now: float) -> Decided:
        """POST, from the form of the page."""
        self._expected(headers)
        if headers.get("origin") not in {None, f"http://{headers.get('host', '')}"}:
            raise BadRequest("The form was sent by another web page (header Origin)")
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/x-www-form-urlencoded":
            raise BadRequest("The form must be sent as application/x-www-form-urlencoded")
        form = _parsed(body.decode("utf-8", "replace"))
        request = _checked(form, registry)
        match form.get("decision"):
            case "allow":
                return _allowed(request, form.get("userid", ""), registry, now)
            case "deny":
                # Not documented; the name is that of RFC 6749.
                return Decided(_redirect(extended(request.redirect_uri, error="access_denied", state=request.state)))
            case _:
                raise BadRequest("decision must be allow or deny")

    def _expected(self, headers: Mapping[str, str]) -> None:
        if not self.allow_remote and not host_header_is_loopback(headers.get("host", "")):
            raise BadRequest("The header Host is not a loopback name")


def _parsed(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise BadRequest("There are too many parameters") from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise BadRequest(f"{name[:40]} is given more than once")
        values[name] = value
    return values


def _checked(values: Mapping[str, str], registry: Registry) -> _Request:
    """The request, when every parameter is as documented. Values are not repeated in what is said about them."""
    for name in PARAMETERS:
        if not values.get(name):
            raise BadRequest(f"{name} is missing")
    app = registry.apps.get(values["sdk_id"])
    if app is None:
        raise BadRequest("sdk_id is not known")
    if values["corp_id"] != app.corp_id:
        raise BadRequest("corp_id is not that of the app's owner")
    if app.sdk_id in registry.banned:
        raise BadRequest("The app is banned")
    if problem := redirect_problem(values["redirect_uri"], app):
        raise BadRequest(f"redirect_uri {problem}")
    if not _STATE.fullmatch(values["state"]):
        raise BadRequest("state must have 1 to 64 of the characters a-z, A-Z and 0-9")
    return _Request(app, values["redirect_uri"], values["state"])


def _allowed(request: _Request, userid: str, registry: Registry, now: float) -> Decided:
    if userid not in registry.users:
        raise BadRequest("userid is not registered")
    code = registry.allow(request.app.sdk_id, userid, now)
    return Decided(_redirect(extended(request.redirect_uri, auth_code=code, state=request.state)), committed=True)


def _redirect(target: str) -> Reply:
    headers = {"Location": target, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Reply(302, b"", b"text/html; charset=utf-8", headers)
