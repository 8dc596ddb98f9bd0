"""Calls of the API with a user's token (doc 1095/51257): four headers of their own, and no signature.

As with signatures, the order of the checks is not documented.
"""

from collections.abc import Mapping

from tm_async._util.logs import logger
from tm_async.emulator.gateway.signature import Replays, check_fresh, check_present
from tm_async.emulator.kernel.refusals import Refused
from tm_async.emulator.oauth.grants import Grant, Invalid
from tm_async.emulator.oauth.registry import Registry

__all__ = ["OAUTH_NAMES", "admit"]

log = logger("tm_async.emulator")

OAUTH_NAMES = ("AccessToken", "OpenId")
"""The custom headers of this mode in their documented spelling (doc 1095/51257)."""

_REQUIRED = ("AccessToken", "OpenId", "X-TC-Timestamp", "X-TC-Nonce", "Content-Type")
# X-TC-Registered is not in the table of this mode, and the vendor's own clients leave it out.
_FOREIGN = ("X-TC-Signature", "X-TC-Key", "AppId", "SdkId")


def admit(registry: Registry, replays: Replays, headers: Mapping[str, str], now: float, operation: str) -> Grant:
    """The grant behind a call, or `Refused`. `headers` has lower-case names."""
    check_present(headers, _REQUIRED)
    grant = _grant(registry, headers, now)
    check_fresh(headers["x-tc-timestamp"], now)
    if not replays.is_new(grant.open_id, headers["x-tc-timestamp"], headers["x-tc-nonce"], now):
        raise Refused(190301, f"nonce {headers['x-tc-nonce']} was used with this timestamp before")
    if foreign := [name for name in _FOREIGN if name.lower() in headers]:
        log.info("%s: ignored in a call with an AccessToken: %s", operation, ", ".join(foreign))
    return grant


def _grant(registry: Registry, headers: Mapping[str, str], now: float) -> Grant:
    """Values of the headers stay unsaid: where two were mixed up, one of them is the token."""
    try:
        grant = registry.grants.by_access(headers["accesstoken"], now)
    except Invalid as invalid:
        raise _refusal(f"AccessToken {invalid}") from None
    if headers["openid"] != grant.open_id:
        raise _refusal(f"OpenId does not belong to the AccessToken, which is that of {grant.open_id}")
    if grant.sdk_id in registry.banned:  # not documented
        raise _refusal(f"app {grant.sdk_id} is banned")
    return grant


def _refusal(reason: str) -> Refused:
    return Refused(190303, reason, message=f"access token invalid or expired: {reason}")
