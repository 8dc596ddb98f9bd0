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
├── LimiterUnavailable              the shared limiter can't be reached; nothing was sent
├── OutcomeUnknown                  it may or may not have been done, and doing it again could do it twice
├── RecordedError                   an earlier run was told so, as its ledger has it
├── LedgerError                     a ledger can't be used
│   ├── LedgerConflict              a key is in the ledger with another request
│   └── LedgerUnavailable           the ledger's database can't be reached or locked now
├── DownloadFailed                  a file could not be fetched whole; what came is kept beside its name
│   ├── AddressRefused              its address leads to another scheme or into a private network
│   └── FileAbsent                  there is nothing of this kind, or not yet
├── UnreadableDelivery              what was delivered, or kept of it, is no event
├── HandlerFailed                   handlers of an event raised or took too long
├── InboxError                      an inbox can't be used
│   └── InboxUnavailable            an event can't be stored or taken over now
├── TransportError                  there is no complete answer
│   ├── ConnectionFailed            no connection was made: the request certainly never arrived
│   ├── PoolTimeout                 no connection slot became free in time: never sent
│   ├── ExchangeFailed              the connection broke or stayed silent: the request may have arrived
│   └── DeadlineExceeded            the total time of the call ran out
└── AnswerError                     an HTTP answer came, and it is no success
    ├── UnreadableAnswer            it is not what the gateway documents
    │   └── ForeignAnswer           it belongs to another request
    └── ApiError                    the gateway refused, with an error_code
        ├── AuthenticationError     credentials, signature or mandatory headers
        │   ├── ClockError          this machine's clock is more than five minutes off
        │   └── ReplayError         timestamp and nonce were seen before
        ├── PermissionDenied        the caller may not do that
        ├── NotFound                the object does not exist, or not yet
        ├── InvalidRequest          the gateway finds a parameter wrong
        ├── WrongState              the object is in a state that does not allow it
        │   └── NotReady            what is asked for is still being made
        ├── Conflict                it exists already, or is taken
        ├── RateLimited             too many calls; a short wait helps
        ├── QuotaExhausted          a daily, hourly or monthly quota is used up
        ├── AppConfigurationError   the app or enterprise is not set up for it
        └── ServiceError            trouble on the gateway's side
```

An answer is classified by its `error_code`, never by the HTTP status alone: the gateway sends "not found" with
status 500 (doc 1095/43704). Every error can be pickled; no pickle holds a credential or a request's payload,
but for what `OutcomeUnknown` needs for looking.
"""

from tm_async.errors.api import (
    ApiError,
    AppConfigurationError,
    AuthenticationError,
    ClockError,
    Conflict,
    InvalidRequest,
    NotFound,
    NotReady,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    ReplayError,
    ServiceError,
    WrongState,
)
from tm_async.errors.authorization import (
    AuthorizationDenied,
    AuthorizationError,
    CallbackError,
    ClockSkewed,
    CodeRejected,
    ReauthorizationRequired,
    RefreshFailed,
    StateMismatch,
    TokenStoreError,
    TokenStoreUnavailable,
)
from tm_async.errors.base import (
    ClientClosed,
    ConfigurationError,
    LimiterUnavailable,
    PagingStalled,
    QuotaExceeded,
    Retry,
    TencentMeetingError,
    ValidationError,
    Violation,
    WrongAuthMode,
)
from tm_async.errors.download import AddressRefused, DownloadFailed, FileAbsent
from tm_async.errors.exchange import (
    AnswerError,
    ConnectionFailed,
    DeadlineExceeded,
    ExchangeFailed,
    ForeignAnswer,
    PoolTimeout,
    TransportError,
    UnreadableAnswer,
)
from tm_async.errors.outcome import LedgerConflict, LedgerError, LedgerUnavailable, OutcomeUnknown, RecordedError
from tm_async.errors.webhooks import HandlerFailed, InboxError, InboxUnavailable, UnreadableDelivery

__all__ = [
    "AddressRefused",
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
    "DownloadFailed",
    "ExchangeFailed",
    "FileAbsent",
    "ForeignAnswer",
    "HandlerFailed",
    "InboxError",
    "InboxUnavailable",
    "InvalidRequest",
    "LedgerConflict",
    "LedgerError",
    "LedgerUnavailable",
    "LimiterUnavailable",
    "NotFound",
    "NotReady",
    "OutcomeUnknown",
    "PagingStalled",
    "PermissionDenied",
    "PoolTimeout",
    "QuotaExceeded",
    "QuotaExhausted",
    "RateLimited",
    "ReauthorizationRequired",
    "RecordedError",
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
    "UnreadableDelivery",
    "ValidationError",
    "Violation",
    "WrongAuthMode",
    "WrongState",
]
