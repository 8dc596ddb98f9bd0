"""The way to the authorise page and back: URL, state, callback."""

import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from tm_async._util.arguments import check_kind
from tm_async.core.exchange import is_loopback
from tm_async.core.hosts import taken_apart
from tm_async.core.secret import SecretText
from tm_async.errors import (
    AuthorizationDenied,
    CallbackError,
    ConfigurationError,
    StateMismatch,
    ValidationError,
    Violation,
)

__all__ = ["authorize_url", "check_redirect_uri", "check_state", "new_state", "read_callback"]

_STATE = re.compile(r"[a-zA-Z0-9]{1,64}\Z")
_PAGE = "/marketplace/authorize.html"


def new_state() -> str:
    """Unguessable, of letters and digits only: other characters are not allowed (doc 1095/51257)."""
    from authlib.common.security import generate_token

    return str(generate_token(43))


def authorize_url(base: str, members: Mapping[str, str]) -> str:
    """The authorise page's URL. Raises `ValidationError` for a state that the vendor does not take."""
    from authlib.common.urls import add_params_to_uri

    if not _STATE.match(members["state"]):
        problem = "must be 1 to 64 letters and digits (a-z, A-Z, 0-9)"
        raise ValidationError([Violation("state", "state", problem, "只能是 1 到 64 个字母或数字", 64, "1095/51257")])
    return str(add_params_to_uri(base + _PAGE, list(members.items())))


def check_redirect_uri(uri: str) -> None:
    """Raise `ConfigurationError` for a URI that can't be a callback: the vendor wants https."""
    check_kind("redirect_uri", uri, str, "text")
    parts = taken_apart(uri)
    if parts is None:
        raise ConfigurationError("redirect_uri can't be read")
    host = parts.hostname or ""
    if not host or parts.fragment or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        message = "redirect_uri must be an https:// URL without a fragment (plain http only to this machine)"
        raise ConfigurationError(message)


def check_state(expected: str | None, returned: str | None) -> None:
    """Raise `StateMismatch` unless both are there and equal. Compares in constant time."""
    if not expected:
        message = "no authorisation is under way here: its state was used already, or never kept"
        raise StateMismatch(message)
    if not returned:
        raise StateMismatch("the callback has no state")
    if not hmac.compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (expected, returned))):
        raise StateMismatch("the callback's state is not the one that was sent")


def read_callback(received: SecretText, state: SecretText | None) -> SecretText:
    """The authorisation code of a callback; see `OAuth2App.read_callback`."""
    members = _members(received)
    if members is None:
        raise CallbackError("the callback's query can't be read")
    for name in ("state", "auth_code"):
        if len(members.get(name, ())) > 1:
            raise CallbackError(f"the callback has {name} more than once")
    check_state(state, _first(members, "state"))  # first: nothing of a forged callback is looked at
    if "error" in members:
        said = " ".join(filter(None, (_first(members, "error"), _first(members, "error_description"))))
        raise AuthorizationDenied(f"the authorise page sent back an error: {said[:200]!a}")
    code = _first(members, "auth_code")
    if not code:
        message = "the callback has no auth_code; how a refusal comes back is not documented, so it may be one"
        raise CallbackError(message)
    return code


def _members(received: str) -> dict[str, list[SecretText]] | None:
    """The members of a URL's query, or of a query alone; `None` if there is something wrong with it."""
    is_url = received[:8].lower().startswith(("https://", "http://", "/"))
    query = received.partition("#")[0].partition("?")[2] if is_url else received.removeprefix("?")
    try:
        found = parse_qs(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    return {name: [SecretText(value) for value in values] for name, values in found.items()}


def _first(members: Mapping[str, list[SecretText]], name: str) -> SecretText | None:
    return members[name][0] if name in members else None
