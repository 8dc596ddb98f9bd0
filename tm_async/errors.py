"""Everything that this package raises on purpose.

```text
TencentMeetingError
├── ValidationError                 a request breaks documented rules; nothing was sent (also a ValueError)
├── ConfigurationError              credentials or options are missing or unusable; nothing was sent
│   ├── ClientClosed                the client was used after `aclose()`
│   └── WrongAuthMode               the operation is documented for the other auth mode only
├── AuthorizationError              OAuth2: a user's authorisation does not work out; the operation was not carried out
│   ├── ReauthorizationRequired     the user has to authorise again; it carries the open id and a fresh URL
│   ├── CallbackError               what came back from the authorise page can't be used
│   │   ├── StateMismatch           its state is missing, is another one, or was used before
│   │   ├── AuthorizationDenied     the user or an administrator said no
│   │   └── CodeRejected            its authorisation code was used, has expired, or never was one
│   ├── RefreshFailed               the access token could not be renewed now; the grant is kept
│   └── ClockSkewed                 this machine's clock is too far off to tell when tokens end
├── TokenStoreError                 an entry of the token store can't be used
│   └── TokenStoreUnavailable       the token store can't be reached or locked now
├── PagingStalled                   a list's pages lead in circles; what was read so far is good
├── QuotaExceeded                   the limiter has no room for the call in time; nothing was sent
├── OutcomeUnknown                  it may or may not have been done, and doing it again could do it twice
├── LedgerError                     a ledger can't be used
│   ├── LedgerConflict              a key is in the ledger with another request
│   └── LedgerUnavailable           the ledger's database can't be reached or locked now
├── TransportError                  there is no complete answer
│   ├── ConnectionFailed            no connection was made: the request certainly never arrived
│   ├── PoolTimeout                 no connection slot became free in time: never sent
│   ├── ExchangeFailed              the connection broke or stayed silent: the request may have arrived
│   └── DeadlineExceeded            the total time of the call ran out
└── AnswerError                     an HTTP answer came, and it is no success
    ├── UnreadableAnswer            it is not what the gateway documents
    └── ApiError                    the gateway refused, with an error_code
        ├── AuthenticationError     credentials, signature or mandatory headers
        │   ├── ClockError          this machine's clock is more than five minutes off
        │   └── ReplayError         timestamp and nonce were seen before
        ├── PermissionDenied        the caller may not do that
        ├── NotFound                the object does not exist, or not yet
        ├── InvalidRequest          the gateway finds a parameter wrong
        ├── WrongState              the object is in a state that does not allow it
        ├── Conflict                it exists already, or is taken
        ├── RateLimited             too many calls; a short wait helps
        ├── QuotaExhausted          a daily, hourly or monthly quota is used up
        ├── AppConfigurationError   the app or enterprise is not set up for it
        └── ServiceError            trouble on the gateway's side
```

An answer is classified by its `error_code`, never by the HTTP status alone: the gateway sends "not found" with
status 500 (doc 1095/43704). Every error can be pickled; no pickle holds a credential or a request's payload.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any

from attrs import frozen

__all__ = [
    "AnswerError",
    "ApiError",
    "AppConfigurationError",
    "AuthenticationError",
    "AuthorizationDenied",
    "AuthorizationError",
    "CallbackError",
    "ClientClosed",
    "ClockError",
    "ClockSkewed",
    "CodeRejected",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "DeadlineExceeded",
    "ExchangeFailed",
    "InvalidRequest",
    "LedgerConflict",
    "LedgerError",
    "LedgerUnavailable",
    "NotFound",
    "OutcomeUnknown",
    "PagingStalled",
    "PermissionDenied",
    "PoolTimeout",
    "QuotaExceeded",
    "QuotaExhausted",
    "RateLimited",
    "ReauthorizationRequired",
    "RefreshFailed",
    "ReplayError",
    "Retry",
    "ServiceError",
    "StateMismatch",
    "TencentMeetingError",
    "TokenStoreError",
    "TokenStoreUnavailable",
    "TransportError",
    "UnreadableAnswer",
    "ValidationError",
    "Violation",
    "WrongAuthMode",
    "WrongState",
]


@frozen
class Violation:
    """One rule that a request breaks."""

    field: str
    """Path of the field, for example `guests[2].area`."""
    rule: str
    """Name of the rule, for example `subject-length`."""
    message: str
    """What is wrong and what would be right, in English."""
    message_zh: str
    """The same in Chinese."""
    limit: object = None
    """The documented limit, where the rule has one."""
    page: str | None = None
    """The vendor page that says so, for example `1095/42417`."""

    def __str__(self) -> str:
        source = f" (doc {self.page})" if self.page else ""
        return f"{self.field}: {self.message}{source}"


class Retry(Enum):
    """Whether doing the same again can help. A judgement made from the meanings: the vendor gives no guidance."""

    NO = "no"
    """The same request will be refused again."""
    BACKOFF = "back off"
    """A later attempt may succeed."""
    RESIGN = "sign again"
    """An attempt with a fresh timestamp, nonce and signature may succeed at once."""
    WAIT = "wait"
    """Only after the window of a limit has passed, or once the thing exists."""


class TencentMeetingError(Exception):
    """Base of all errors of this package."""

    operation: str | None = None
    """The operation's id, for example `meetings.create`; `None` when no operation is concerned."""
    retry: Retry = Retry.NO
    outcome_unknown: bool = False
    """Whether the gateway may have done what was asked all the same."""

    @property
    def may_retry(self) -> bool:
        """Whether the same request may succeed later. Says nothing about whether it was done already."""
        return self.retry is not Retry.NO

    def __init__(self, message: str, *, operation: str | None = None) -> None:
        super().__init__(message)
        self.operation = operation

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{self.operation}: {message}" if self.operation else message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(cls: type[TencentMeetingError], args: tuple[Any, ...], state: dict[str, Any]) -> TencentMeetingError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ValidationError(TencentMeetingError, ValueError):
    """A request breaks documented rules. `violations` has all of them; nothing was sent."""

    violations: tuple[Violation, ...]

    def __init__(self, violations: Sequence[Violation], *, operation: str | None = None) -> None:
        count = len(violations)
        lines = "".join(f"\n  {violation}" for violation in violations)
        super().__init__(f"{count} rule{'' if count == 1 else 's'} broken{lines}", operation=operation)
        self.violations = tuple(violations)


class ConfigurationError(TencentMeetingError):
    """Credentials or options are missing or unusable."""


class ClientClosed(ConfigurationError):
    """The client was used after `aclose()`."""


class WrongAuthMode(ConfigurationError):
    """The vendor documents the operation for enterprise credentials only, or for OAuth2 only; nothing was sent."""


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


class PagingStalled(TencentMeetingError):
    """A list's pages lead in circles: a cursor comes again, or a page that promises more has nothing new.

    The rows so far are good; the rest can't be reached.
    """


class QuotaExceeded(TencentMeetingError):
    """The limiter has no room for the call before its deadline; nothing was sent and nothing counted.

    It is this package that says so, from what it knows; the gateway says `RateLimited` and `QuotaExhausted`.
    """

    retry = Retry.WAIT
    scope: str
    """Which quota, by its name in `Quotas`, for example `per_app`."""
    seconds: float
    """From now until there is room again."""

    def __init__(self, message: str, *, scope: str, seconds: float, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.scope = scope
        self.seconds = seconds


class OutcomeUnknown(TencentMeetingError):
    """It may or may not have been done, and doing it again could do it twice: look before you send it again.

    `await error.reconcile()` looks. Pickling it leaves out what was sent, and the way to look.
    """

    outcome_unknown = True
    cause: TencentMeetingError
    """What happened to the last attempt of unclear outcome."""
    request: Any
    """The operation that was sent; `None` in a copy that was pickled."""
    since: float
    """When the first attempt of unclear outcome began: UNIX seconds, by the gateway's clock as far as it is known."""
    until: float
    """When nothing was heard of it any more. The gateway may have carried it out even later."""

    def __init__(
        self,
        cause: TencentMeetingError,
        *,
        request: Any,
        since: float,
        until: float,
        look: Callable[["OutcomeUnknown"], Awaitable[Any]] | None = None,
    ) -> None:
        said = str(cause.args[0]) if cause.args else type(cause).__name__
        super().__init__(f"may or may not have been done: {type(cause).__name__}: {said}", operation=cause.operation)
        self.cause, self.request, self.since, self.until, self._look = cause, request, since, until, look

    async def reconcile(self) -> Any:
        """Look whether it was done: `Found`, `Absent` or `Undecided` (`tm_async.core.outcome`).

        Raises `ConfigurationError` where there is no way to look, and the errors of a call.
        """
        if self._look is None:
            raise ConfigurationError("there is no documented way to look this up", operation=self.operation)
        return await self._look(self)

    def __reduce__(self) -> tuple[Any, ...]:
        state = self.__dict__ | {"request": None, "_look": None}
        return (_rebuild, (type(self), self.args, state))


class LedgerError(TencentMeetingError):
    """A ledger can't be used: damaged, of another version, or not a ledger at all. It is left as it is."""


class LedgerConflict(LedgerError):
    """A key is in the ledger already, with another request; nothing was added."""

    keys: tuple[str, ...]

    def __init__(self, message: str, *, keys: Sequence[str], operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.keys = tuple(keys)


class LedgerUnavailable(LedgerError):
    """The ledger's database can't be reached or locked now; trying again is safe."""

    retry = Retry.BACKOFF


class TransportError(TencentMeetingError):
    """There is no complete answer. `outcome_unknown` tells whether the request may have arrived."""

    retry = Retry.BACKOFF


class ConnectionFailed(TransportError):
    """No connection was made (name, network, TLS, proxy): the request certainly never arrived."""


class PoolTimeout(TransportError):
    """No connection slot became free in time: the request was never sent."""


class ExchangeFailed(TransportError):
    """The connection broke, stayed silent too long, or the answer was cut or too large."""

    outcome_unknown = True


class DeadlineExceeded(TransportError, TimeoutError):
    """The call's total time ran out. `outcome_unknown` is false when it ended before anything was sent."""

    def __init__(self, message: str, *, operation: str | None = None, outcome_unknown: bool = True) -> None:
        super().__init__(message, operation=operation)
        self.outcome_unknown = outcome_unknown


class AnswerError(TencentMeetingError):
    """Base of the errors that come with an HTTP answer."""

    status: int
    """The HTTP status."""
    trace_id: str | None
    """The answer's `X-Tc-Trace`; quote it to the vendor's support."""
    body: bytes
    """The body as it came, cut after 2,000 bytes."""

    def __init__(
        self, message: str, *, status: int, trace_id: str | None, body: bytes, operation: str | None = None
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.trace_id = trace_id
        self.body = body[:2000]

    def hide(self, secrets: Sequence[str]) -> None:
        """Take secrets out that the other side repeated: an error is logged, shown and sent around."""
        for secret in secrets:
            self.args = tuple(one.replace(secret, "***") if isinstance(one, str) else one for one in self.args)
            for name, value in self.__dict__.items():
                if isinstance(value, str):
                    self.__dict__[name] = value.replace(secret, "***")
            self.body = self.body.replace(secret.encode(), b"***")

    def __str__(self) -> str:
        trace = f", trace {self.trace_id}" if self.trace_id else ""
        return f"{super().__str__()} (HTTP {self.status}{trace})"


class UnreadableAnswer(AnswerError):
    """An answer without the documented shape: HTML, cut or empty JSON, an error without a code, a redirect.

    `outcome_unknown` is true unless the status says that the request was refused (3xx, 4xx).
    """

    def __init__(
        self, message: str, *, status: int, trace_id: str | None, body: bytes, operation: str | None = None
    ) -> None:
        super().__init__(message, status=status, trace_id=trace_id, body=body, operation=operation)
        refused = 300 <= status < 500 and status != 408
        self.outcome_unknown = not refused
        self.retry = Retry.NO if refused or status < 300 else Retry.BACKOFF


class ApiError(AnswerError):
    """The gateway refused, with an `error_code`. The subclasses say why; this class itself: a code not listed."""

    code: int
    """The documented error code (the prefix of the newer form removed)."""
    new_code: int | None
    """`new_error_code` as it came; the vendor leaves it out at times."""
    message: str
    """The gateway's own words, Chinese or English. Never decide on them."""

    def __init__(
        self,
        code: int,
        *,
        status: int,
        message: str = "",
        new_code: int | None = None,
        trace_id: str | None = None,
        body: bytes = b"",
        operation: str | None = None,
        meaning: str = "",
        retry: Retry = Retry.NO,
    ) -> None:
        words = " - ".join(part for part in (meaning, message) if part)
        super().__init__(
            f"error {code}{': ' if words else ''}{words}",
            status=status,
            trace_id=trace_id,
            body=body,
            operation=operation,
        )
        self.code = code
        self.new_code = new_code
        self.message = message
        self.retry = retry


class AuthenticationError(ApiError):
    """The gateway does not accept the credentials, the signature or the mandatory headers."""


class ClockError(AuthenticationError):
    """The timestamp is more than five minutes off the gateway's clock (190300)."""


class ReplayError(AuthenticationError):
    """The gateway saw this timestamp and nonce within the last five minutes (190301, 200002)."""


class PermissionDenied(ApiError):
    """The caller may not do that, or not with this object.

    With OAuth only meetings that the same app created are visible (doc 1095/42418).
    """


class NotFound(ApiError):
    """The object does not exist, or not yet."""


class InvalidRequest(ApiError):
    """The gateway finds a parameter wrong."""


class WrongState(ApiError):
    """The object is in a state that does not allow the operation."""


class Conflict(ApiError):
    """It exists already, or is taken."""


class RateLimited(ApiError):
    """Too many calls in a short time; waiting up to a minute helps (doc 1095/105276)."""


class QuotaExhausted(ApiError):
    """A quota per day, hour, month or account is used up (doc 1095/105276)."""


class AppConfigurationError(ApiError):
    """The app or enterprise is not set up for this: ids, allow list, version."""


class ServiceError(ApiError):
    """Trouble on the gateway's side. Whether it did what was asked is not known."""

    outcome_unknown = True
