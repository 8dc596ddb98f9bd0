"""`OAuth2App`: a third-party app, from the authorise page to the end of a grant (doc 1095/51257)."""

import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import NoReturn, Self, cast
from weakref import WeakValueDictionary

from attrs import evolve, field, frozen
from attrs.converters import optional

from tm_async._util.arguments import check_function
from tm_async.auth.oauth2 import callback
from tm_async.auth.oauth2.acting import ActingUser
from tm_async.auth.oauth2.endpoints import Endpoints, Wire
from tm_async.auth.oauth2.grant import Grant, moment, texts, usable_in_a_header
from tm_async.auth.oauth2.refresh import Keeper
from tm_async.auth.oauth2.wire import ACCESS_TOKEN_EXPIRED, CODE_REJECTED, NEVER_RENEWED
from tm_async.auth.stores.protocol import TokenStore, check_store
from tm_async.config import (
    configured_authorization_server,
    configured_gateway,
    own_variables,
    require_all,
    variables,
)
from tm_async.core.decode import decode_json
from tm_async.core.exchange import VENDOR_AUTHORIZATION_SERVER, VENDOR_GATEWAY, AuthMode, Gateway, Headers, Request
from tm_async.core.prepare import prepare_raw
from tm_async.core.secret import SecretText, hide, hides, plain, require_secret, secrets_among
from tm_async.errors import ApiError, CodeRejected, ConfigurationError, ReauthorizationRequired, TencentMeetingError
from tm_async.transport.protocol import Transport, check_transport

__all__ = ["OAuth2App", "TokenInfo"]


@frozen(kw_only=True)
class TokenInfo:
    """What the authorisation server says of an access token. It is no profile of the user."""

    open_id: str
    expires_at: datetime | None
    scopes: tuple[str, ...] = ()


def _take_in(secret: str) -> SecretText:
    return require_secret("secret", hide(secret))


def _shown(url: str | None) -> str:
    """A URL, but for what a password may be in."""
    return repr(url) if url is None or "@" not in url else "'***'"


@hides("secret", texts=("oauth_url", "base_url", "redirect_uri"))
@frozen(kw_only=True)
class OAuth2App:
    """A third-party app and the grants that users gave it.

    `store` keeps the grants; `exchange` puts them there, `OAuth2` strategies read and renew them there, in any number
    of processes. `oauth_url` and `base_url` name the authorisation server and the API's gateway; they default to
    `TENCENT_MEETING_OAUTH_URL` and `TENCENT_MEETING_BASE_URL`, then to the vendor's. A `transport` that you hand in
    stays yours to close. A client that uses the app waits for its renewals when it is closed; an app that is used
    without one needs `async with`, or `aclose()` before the event loop ends. Can't be pickled. Raises
    `ConfigurationError`.
    """

    corp_id: str
    """The enterprise id of the app's owner."""
    sdk_id: str
    """The app's id."""
    _secret: SecretText = field(alias="secret", converter=_take_in, repr=False, eq=False)
    redirect_uri: str = field(converter=plain)
    """Where the authorise page sends the user back to; configured for the app, https."""
    store: TokenStore
    oauth_url: str | None = field(default=None, converter=optional(plain), repr=_shown)
    base_url: str | None = field(default=None, converter=optional(plain), repr=_shown)
    allow_http: bool = False
    """Allow plain http to other hosts than this machine; it shows tokens to the network."""
    transport: Transport | None = field(default=None, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False, eq=False)
    """UNIX seconds."""
    _server: Gateway = field(init=False, repr=False, eq=False)
    _endpoints: Endpoints = field(init=False, repr=False, eq=False)
    _wire: Wire = field(init=False, repr=False, eq=False)
    keeper: Keeper = field(init=False, repr=False, eq=False)
    """Keeps the grants fresh; shared by all strategies of this app."""
    _others: WeakValueDictionary[int, "OAuth2App"] = field(
        factory=WeakValueDictionary[int, "OAuth2App"], init=False, repr=False, eq=False
    )

    def __attrs_post_init__(self) -> None:
        for name in ("corp_id", "sdk_id"):
            if not usable_in_a_header(getattr(self, name)):
                raise ConfigurationError(f"{name} must be printable ASCII without spaces, and not empty")
        callback.check_redirect_uri(self.redirect_uri)
        check_store(self.store)
        check_transport(self.transport)
        check_function("clock", self.clock, "a function that gives UNIX seconds, such as time.time")
        server = configured_authorization_server(self.oauth_url, allow_http=self.allow_http)
        wire = Wire(self.transport)
        endpoints = Endpoints(server, wire, sdk_id=self.sdk_id)
        keeper = Keeper(
            self.store,
            key=lambda open_id: f"{self.sdk_id}/{open_id}",
            renew=endpoints.renew,
            authorize_url=self.authorize_url,
            is_final=lambda error: isinstance(error, ApiError) and error.code in NEVER_RENEWED,
            clock=self.clock,
        )
        for name, value in {"_server": server, "_wire": wire, "_endpoints": endpoints, "keeper": keeper}.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        store: TokenStore | None = None,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Read `TENCENT_MEETING_OAUTH_CORP_ID`, `_OAUTH_SDK_ID`, `_OAUTH_SECRET` and `_OAUTH_REDIRECT_URI`.

        `store` defaults to files in the directory `TENCENT_MEETING_TOKEN_STORE`, else in the user's own data
        directory, where `tm-async login` puts grants too (extra `file`). Raises `ConfigurationError` that names every
        missing variable.
        """
        needed = ("OAUTH_CORP_ID", "OAUTH_SDK_ID", "OAUTH_SECRET", "OAUTH_REDIRECT_URI")
        environ = own_variables(environ)  # a traceback shows variables
        found = variables(environ, *needed, "OAUTH_URL", "BASE_URL")
        require_all(found, *needed)
        if store is None:
            from tm_async.auth.stores.default import default_store

            store = default_store(environ)
        corp_id, sdk_id, secret, redirect_uri = (found[name] for name in needed)
        return cls(
            corp_id=plain(corp_id),
            sdk_id=plain(sdk_id),
            secret=secret,
            redirect_uri=plain(redirect_uri),
            store=store,
            transport=transport,
            oauth_url=plain(found.get("OAUTH_URL", VENDOR_AUTHORIZATION_SERVER)),
            base_url=plain(found.get("BASE_URL", VENDOR_GATEWAY)),
            clock=clock,
        )

    def with_store(self, store: TokenStore) -> Self:
        """The same app with another store; the same object for the same store while it is in use."""
        if store is self.store:
            return self
        known = self._others.get(id(store))
        if known is None or known.store is not store:
            known = self._others[id(store)] = evolve(self, store=store)
        return cast("Self", known)

    # --- the user gives permission --------------------------------------------------------------------------------

    def authorize_url(self, state: str | None = None) -> tuple[str, str]:
        """Where to send the user, and the `state` to keep for checking the callback: once, and for this user only.

        `state` is made here unless given: 1 to 64 letters and digits, else `ValidationError` (doc 1095/51257). The
        first user of an enterprise makes an administrator's approval necessary; the grant works only after it.
        """
        state = callback.new_state() if state is None else state
        members = {"corp_id": self.corp_id, "sdk_id": self.sdk_id, "redirect_uri": self.redirect_uri, "state": state}
        return callback.authorize_url(self._server.origin + self._server.prefix, members), state

    @staticmethod
    def read_callback(received: str | bytes, *, state: str | None) -> str:
        """The authorisation code of a callback, for `exchange`. `received` is its URL, or the query alone (or ASGI's).

        `state` is the one that was kept; forget it with this call, so that a callback can't be replayed, and pass
        `None` where there is none. Raises `StateMismatch`, `AuthorizationDenied`, or `CallbackError`.
        """
        received = hide(received.decode("latin-1") if isinstance(received, bytes) else received)
        state = None if state is None else hide(state)  # a traceback shows variables
        return callback.read_callback(received, state)

    @staticmethod
    def check_state(kept: str | None, returned: str | None) -> None:
        """Compare states in constant time, where a framework reads the query. Raises `StateMismatch`."""
        callback.check_state(kept, returned)

    async def exchange(self, auth_code: str) -> Grant:
        """Turn a code (valid 5 minutes, once) into a grant, and store it at once.

        An earlier grant of the user is dead then, and replaced. A caller that gives up meanwhile loses nothing: the
        grant is stored all the same. Raises `CodeRejected` for a code that was used or has
        expired; `AppConfigurationError` for a wrong secret; other errors of `tm_async.errors`. If the store fails, the
        grant is kept in memory, and stored with the next call of the user, whom `TokenStoreUnavailable.open_id` names.
        """
        auth_code = hide(auth_code)  # a traceback shows variables
        if not usable_in_a_header(auth_code):
            raise CodeRejected("the authorisation code is empty or has characters that no code has")
        try:
            return await self.keeper.log_in(self._endpoints.exchange(auth_code, self._secret))
        except ApiError as error:
            if error.code != CODE_REJECTED:
                raise
            raise CodeRejected(f"{error}; begin anew with a fresh authorise URL") from error

    # --- what is there --------------------------------------------------------------------------------------------

    async def grant(self, open_id: str) -> Grant | None:
        """The stored grant of a user, as it is; `None` if there is none."""
        return await self.keeper.stored(open_id)

    async def refresh(self, open_id: str) -> Grant:
        """Renew a grant now, once for whoever asks, and store it. Calls do this by themselves when it is time.

        Raises `ReauthorizationRequired` when it can't be renewed any more, `RefreshFailed` when it can't be now.
        """
        return await self.keeper.renew(open_id)

    async def user_info(self, open_id: str) -> TokenInfo:
        """Ask the authorisation server about the user's access token; renewed first if need be."""
        grant = await self.keeper.current(open_id)
        try:
            data = await self._endpoints.check(grant)
        except ApiError as error:
            if error.code != ACCESS_TOKEN_EXPIRED or not await self.keeper.replace(open_id, grant.access_token):
                raise
            data = await self._endpoints.check(await self.keeper.current(open_id))
        said = data.get("open_id")
        return TokenInfo(
            open_id=said if isinstance(said, str) else open_id,
            expires_at=moment(data.get("expires")),
            scopes=texts(data.get("scopes")),
        )

    # --- the end --------------------------------------------------------------------------------------------------

    async def withdraw(self, open_id: str) -> bool:
        """Withdraw the user's grant at the gateway, then delete it here (doc 1095/73364).

        Returns false for a grant that had ended already, which is only deleted. Works only where the user may
        authorise apps: grants that an administrator opened stay, with `PermissionDenied`. Nothing is deleted here on
        an error; `forget` does that.
        """
        members = {"operator_id": open_id, "operator_id_type": 2}
        modes = frozenset({AuthMode.OAUTH2})
        gateway = configured_gateway(self.base_url, allow_http=self.allow_http)
        request = prepare_raw(gateway, "PUT", "/v1/auth-users/cancel-auth", {}, members, None, modes)
        alive = True
        try:
            await self._call(request, ActingUser(self.keeper, open_id))
        except ReauthorizationRequired:
            alive = False
        await self.forget(open_id)
        return alive

    async def _call(self, request: Request, auth: ActingUser) -> None:
        headers = await auth.authorize(request, self.clock())
        try:
            await self._attempt(request, headers)
        except ApiError as error:
            if not await auth.rejected(error, headers):
                raise
            await self._attempt(request, await auth.authorize(request, self.clock()))

    async def _attempt(self, request: Request, headers: Headers) -> None:
        outside = sys.exception()
        try:
            decode_json(request, await self._wire.exchange(request, headers))
        except TencentMeetingError as error:
            error.hide(secrets_among(headers), outside=outside)
            raise

    async def forget(self, open_id: str) -> None:
        """Delete the user's grant here, without a word to the gateway: after the webhook `oauth.cancel-auth`, say."""
        await self.keeper.drop(open_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait until tokens that are on their way are stored. A client that is closed does this by itself."""
        await self.keeper.aclose()

    def __reduce__(self) -> NoReturn:
        raise TypeError("OAuth2App holds a secret and can't be pickled; build it in each process (from_env)")
