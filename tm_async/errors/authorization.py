"""OAuth2: errors of a user's authorisation, and of the store of tokens."""

from tm_async.errors.base import Retry, TencentMeetingError

__all__ = [
    "AuthorizationDenied",
    "AuthorizationError",
    "CallbackError",
    "ClockSkewed",
    "CodeRejected",
    "ReauthorizationRequired",
    "RefreshFailed",
    "StateMismatch",
    "TokenStoreError",
    "TokenStoreUnavailable",
]


class AuthorizationError(TencentMeetingError):
    """A user's OAuth2 authorisation does not work out. The operation that needed it was not carried out."""


class ReauthorizationRequired(AuthorizationError):
    """The user has to authorise the app again: nothing here can mend it.

    There is no grant, it was withdrawn, or its refresh token has ended (30 days without use; or another holder of
    the same grant has renewed it without sharing it).
    """

    open_id: str
    """Whose authorisation is needed."""
    authorize_url: str
    """Send the user there. It has `state` in it."""
    state: str
    """Keep it until the user comes back, to check the callback against it."""

    def __init__(
        self, message: str, *, open_id: str, authorize_url: str, state: str, operation: str | None = None
    ) -> None:
        super().__init__(message, operation=operation)
        self.open_id = open_id
        self.authorize_url = authorize_url
        self.state = state


class CallbackError(AuthorizationError):
    """What came back from the authorise page can't be used. Begin anew with a fresh authorise URL."""


class StateMismatch(CallbackError):
    """The state is missing, is another one, or was used before: the callback may be forged or replayed."""


class AuthorizationDenied(CallbackError):
    """The callback says that the user or an administrator did not allow it."""


class CodeRejected(CallbackError):
    """The authorisation code was used before, is older than five minutes, or never was one."""


class RefreshFailed(AuthorizationError):
    """The access token could not be renewed now; the grant is kept, and a later call tries again.

    The cause (`__cause__`) is the error of the transport, the authorisation server or the token store.
    """

    retry = Retry.BACKOFF


class ClockSkewed(AuthorizationError):
    """This machine's clock is more than five minutes off the authorisation server's: set it."""

    seconds: int
    """How far this machine is ahead; negative: behind."""

    def __init__(self, message: str, *, seconds: int, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.seconds = seconds


class TokenStoreError(TencentMeetingError):
    """An entry of the token store can't be used: damaged, of another version, readable by others, wrong key.

    It is left as it is.
    """


class TokenStoreUnavailable(TokenStoreError):
    """The token store can't be reached, or an entry not locked in time. Nothing is renewed without the lock.

    With an `open_id`: that user's new tokens could not be saved, and are in the memory of this process only.
    """

    open_id: str | None = None
    retry = Retry.BACKOFF
