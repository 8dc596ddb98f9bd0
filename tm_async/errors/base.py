"""What all errors share, and those of requests that are not sent."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from tm_async._util.foreign import printable, without
from tm_async._util.tracebacks import chain
from tm_async._util.values import frozen

__all__ = [
    "ClientClosed",
    "ConfigurationError",
    "LimiterUnavailable",
    "PagingStalled",
    "QuotaExceeded",
    "Retry",
    "TencentMeetingError",
    "ValidationError",
    "Violation",
    "WrongAuthMode",
    "rebuild",
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
        return printable(f"{self.field}: {self.message}{source}")


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
        super().__init__(printable(message))
        self.operation = operation

    def hide(self, secrets: Sequence[str], *, outside: BaseException | None = None) -> None:
        """Take secrets out that the other side repeated: an error is logged, shown and sent around.

        `outside`: what was handled already when the work began (`sys.exception()` at that time): it is the caller's.
        """
        for link in chain(self, outside=outside) if secrets else ():
            args = tuple(_hidden(one, secrets) for one in link.args)
            if args != link.args:
                link.args = args
            told = {name: _hidden(value, secrets) for name, value in link.__dict__.items()}
            link.__dict__.update({name: value for name, value in told.items() if value is not link.__dict__[name]})

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{self.operation}: {message}" if self.operation else message

    def __reduce__(self) -> tuple[Any, ...]:
        return (rebuild, (type(self), self.args, self.__dict__.copy()))


def _hidden(value: Any, secrets: Sequence[str]) -> Any:
    """The value without the secrets, or the very same if it has none."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str) or (left := without(text, secrets)) == text:
        return value
    return left.encode("latin-1") if isinstance(value, bytes) else left


def rebuild(cls: type[TencentMeetingError], args: tuple[Any, ...], state: dict[str, Any]) -> TencentMeetingError:
    """Undo `__reduce__`, without the constructor."""
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
        super().__init__("", operation=operation)
        self.args = (f"{count} rule{'' if count == 1 else 's'} broken{lines}",)  # the only text of several lines
        self.violations = tuple(violations)


class ConfigurationError(TencentMeetingError):
    """Credentials or options are missing or unusable."""


class ClientClosed(ConfigurationError):
    """The client was used after `aclose()`."""


class WrongAuthMode(ConfigurationError):
    """The vendor documents the operation for enterprise credentials only, or for OAuth2 only; nothing was sent."""


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


class LimiterUnavailable(TencentMeetingError):
    """The shared limiter can't be reached, so nobody knows whether there is room; nothing was sent.

    The limiter may have counted the call all the same.
    """

    retry = Retry.BACKOFF
