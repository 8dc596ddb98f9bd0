"""Refusals: the gateway's error codes as classes."""

from tm_async._util.foreign import printable
from tm_async.errors.base import Retry
from tm_async.errors.exchange import AnswerError

__all__ = [
    "ApiError",
    "AppConfigurationError",
    "AuthenticationError",
    "ClockError",
    "Conflict",
    "InvalidRequest",
    "NotFound",
    "NotReady",
    "PermissionDenied",
    "QuotaExhausted",
    "RateLimited",
    "ReplayError",
    "ServiceError",
    "WrongState",
]


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
        words = message if message.startswith(meaning) else " - ".join(part for part in (meaning, message) if part)
        super().__init__(
            f"error {code}{': ' if words else ''}{words}",
            status=status,
            trace_id=trace_id,
            body=body,
            operation=operation,
        )
        self.code = code
        self.new_code = new_code
        self.message = printable(message)
        self.retry = retry


class AuthenticationError(ApiError):
    """The gateway does not accept the credentials, the signature or the mandatory headers."""


class ClockError(AuthenticationError):
    """The timestamp is more than five minutes off the gateway's clock (190300)."""


class ReplayError(AuthenticationError):
    """The gateway saw this timestamp and nonce within the last five minutes (190301, 200002).

    Each attempt is signed afresh, so it saw this very request: a proxy has repeated it, and what the first copy did is
    not known.
    """

    outcome_unknown = True


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


class NotReady(WrongState):
    """What is asked for is still being made: a recording, its transcript, its minutes. It may come later."""


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
