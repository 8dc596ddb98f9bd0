"""The headers of a call on behalf of a user, and what becomes of a refused access token."""

from collections.abc import Callable

from attrs import frozen

from tm_async.auth.nonce import random_nonce
from tm_async.auth.oauth2.refresh import Keeper
from tm_async.auth.protocol import require_mode
from tm_async.core.exchange import AuthMode, Headers, Request
from tm_async.errors import ApiError, ConfigurationError

__all__ = ["ActingUser"]

REFUSED = 190303
"""Unknown, expired or withdrawn access token, or one of another open id. With AK/SK the code means an unknown key."""


@frozen
class ActingUser:
    """Authorises calls with the access token that the keeper has for a user."""

    keeper: Keeper
    open_id: str
    nonce: Callable[[], str] = random_nonce

    async def authorize(self, request: Request, now: float) -> Headers:
        """The headers of one attempt; the access token is renewed first if need be."""
        require_mode(request, AuthMode.OAUTH2)
        if not self.open_id:
            ways = "set TENCENT_MEETING_OPEN_ID for OAuth2.from_env, or call through tm.as_user(open_id)"
            raise ConfigurationError(f"for whom? give OAuth2 an open_id, {ways}")
        grant = await self.keeper.current(self.open_id)
        return (
            ("AccessToken", grant.access_token),
            ("OpenId", self.open_id),
            ("X-TC-Timestamp", str(int(now))),
            ("X-TC-Nonce", self.nonce()),
            ("X-TC-Registered", "1"),  # the create page demands it; the table of OAuth headers does not list it
        )

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        """Renew a refused access token once, unless somebody did so; true: the call is to be repeated."""
        refused = dict(headers).get("AccessToken")
        if error.code != REFUSED or refused is None:
            return False
        return await self.keeper.replace(self.open_id, refused)
