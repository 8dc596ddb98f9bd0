"""The protocol of an auth strategy. A third one can be written against the two methods of `Auth`."""

from typing import Protocol, Self, runtime_checkable

from tm_async._util.arguments import check_methods
from tm_async.core.exchange import AuthMode, Headers, Request
from tm_async.errors import ApiError, WrongAuthMode

__all__ = ["Auth", "ClosableAuth", "CountedAuth", "GatewayAuth", "PerUserAuth", "check_auth", "require_mode"]


class Auth(Protocol):
    """What the client asks of a strategy. It is asked anew for every attempt: nothing may be replayed."""

    async def authorize(self, request: Request, now: float, /) -> Headers:
        """The headers that authenticate this very request, spelled as they go on the wire.

        `now` is the time for them: UNIX seconds by the gateway's clock, as far as the client has learnt it.
        Values that must not be shown are `SecretText`. Raise `WrongAuthMode` (see `require_mode`) for an operation
        that the vendor documents for the other mode only. Cancelled in here, nothing was sent.
        """
        ...

    async def rejected(self, error: ApiError, headers: Headers, /) -> bool:
        """The gateway refused a request that had these headers: does one more attempt, authorised afresh, make sense?

        Called once per call. Return true only where the refusal proves that nothing was done.
        """
        ...


@runtime_checkable
class PerUserAuth(Auth, Protocol):
    """A strategy that can act for one user or another; `TencentMeeting.as_user` asks for it."""

    def as_user(self, open_id: str, /) -> Self:
        """The same strategy for another user. Cheap: it shares everything but the identity."""
        ...


@runtime_checkable
class CountedAuth(Auth, Protocol):
    """A strategy that knows whose calls the gateway counts together. Without it, each client counts for itself."""

    @property
    def counted_as(self) -> str:
        """The app, for a third-party app also the user (doc 1095/105276). No secret: it names counters."""
        ...


@runtime_checkable
class ClosableAuth(Auth, Protocol):
    """A strategy with work of its own under way, which must end before the event loop does."""

    async def aclose(self) -> None:
        """Wait until it has ended; bounded. The client calls this first when it is closed."""
        ...


@runtime_checkable
class GatewayAuth(Auth, Protocol):
    """A strategy whose credentials belong to one gateway: they must not go to another by mistake."""

    @property
    def base_url(self) -> str | None:
        """Where a client of this strategy goes unless it is told otherwise; `None`: nothing in particular."""
        ...


def check_auth(auth: object) -> None:
    """Raise `ConfigurationError` for what is no strategy."""
    check_methods("auth", auth, "a strategy such as EnterpriseSecret or OAuth2", "authorize", "rejected")


def require_mode(request: Request, mode: AuthMode) -> None:
    """Raise `WrongAuthMode` if the vendor does not document the operation for this mode."""
    if mode not in request.modes:
        wanted = "enterprise credentials (AK/SK)" if mode is AuthMode.OAUTH2 else "OAuth2"
        message = f"the vendor documents it for {wanted} only; nothing was sent"
        raise WrongAuthMode(message, operation=request.operation)
