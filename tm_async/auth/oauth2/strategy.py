"""`OAuth2`: calls on behalf of a user, with the access token that the app's store has for the user."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

from attrs import evolve, field, frozen

from tm_async._util.arguments import check_function, check_kind
from tm_async.auth.nonce import random_nonce
from tm_async.auth.oauth2.acting import ActingUser
from tm_async.auth.oauth2.app import OAuth2App
from tm_async.auth.oauth2.grant import usable_in_a_header
from tm_async.auth.stores.default import default_users
from tm_async.auth.stores.protocol import TokenStore
from tm_async.config import own_variables, variables
from tm_async.core.exchange import Headers, Request
from tm_async.core.secret import plain, safe_repr
from tm_async.errors import ApiError, ConfigurationError, TokenStoreError

__all__ = ["OAuth2"]


@safe_repr
@frozen
class OAuth2:
    """Acts for one user of an app; `as_user` gives the strategy for another, and shares everything else.

    The access token is renewed before it ends, once, whoever asks, in however many tasks and processes. `store`
    replaces the app's. Without `open_id` only `as_user` is of use. Raises `ConfigurationError`.
    """

    app: OAuth2App
    store: TokenStore | None = field(default=None, repr=False)
    open_id: str = field(default="", kw_only=True)
    """Whom the calls are for; empty: nobody yet. Where a payload wants a `userid`, give it too."""
    nonce: Callable[[], str] = field(default=random_nonce, kw_only=True, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check_kind("app", self.app, OAuth2App, "an OAuth2App")
        check_function("nonce", self.nonce, "a function that gives a text")
        if self.store is not None and self.store is not self.app.store:
            object.__setattr__(self, "app", self.app.with_store(self.store))
        if self.open_id != "" and not usable_in_a_header(self.open_id):
            raise ConfigurationError("open_id must be printable ASCII without spaces")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, store: TokenStore | None = None) -> Self:
        """`OAuth2App.from_env`, for the user `TENCENT_MEETING_OPEN_ID`, else for the only one who is logged in.

        That is looked up among the grants that `tm-async login` and an app `from_env` keep, once, and only without a
        `store`. Where it is nobody or several, calls need `as_user`.
        """
        environ = own_variables(environ)  # a traceback shows variables
        app = OAuth2App.from_env(environ, store=store)
        open_id = plain(variables(environ, "OPEN_ID").get("OPEN_ID", ""))
        if not open_id and store is None:
            with suppress(TokenStoreError):  # it comes again from what needs the grants
                users = default_users(app.sdk_id, environ)
                open_id = users[0] if len(users) == 1 else ""
        return cls(app, open_id=open_id)

    @property
    def base_url(self) -> str | None:
        """The gateway that the app is for; a client of this strategy goes there unless told otherwise."""
        return self.app.base_url

    @property
    def counted_as(self) -> str:
        """The app and the user."""
        return f"user {self.app.sdk_id} {self.open_id}"

    def as_user(self, open_id: str) -> Self:
        """The same strategy for another user."""
        if not open_id:
            raise ConfigurationError("for whom? the open_id is empty")
        return evolve(self, open_id=open_id)

    async def authorize(self, request: Request, now: float) -> Headers:
        """The headers of one attempt; the access token is renewed first if need be.

        Raises `WrongAuthMode`, `ReauthorizationRequired`, `RefreshFailed`, `TokenStoreError`; nothing was sent then.
        """
        return await self._acting.authorize(request, now)

    async def rejected(self, error: ApiError, headers: Headers) -> bool:
        """A refused access token is renewed once, unless somebody did so meanwhile; then the call is repeated."""
        return await self._acting.rejected(error, headers)

    @property
    def _acting(self) -> ActingUser:
        return ActingUser(self.app.keeper, self.open_id, self.nonce)

    async def aclose(self) -> None:
        """Wait for renewals under way, so that no tokens get lost."""
        await self.app.aclose()
