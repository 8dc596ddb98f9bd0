"""Errors of attempts: no complete answer, or one that can't be read."""

from collections.abc import Sequence

from tm_async._util.foreign import printable
from tm_async.errors.base import Retry, TencentMeetingError

__all__ = [
    "AnswerError",
    "ConnectionFailed",
    "DeadlineExceeded",
    "ExchangeFailed",
    "ForeignAnswer",
    "PoolTimeout",
    "TransportError",
    "UnreadableAnswer",
]


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
    retry_after: float | None = None
    """Seconds that the answer asks to wait (`Retry-After`, which no page of the vendor mentions)."""

    def __init__(
        self, message: str, *, status: int, trace_id: str | None, body: bytes, operation: str | None = None
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.trace_id = None if trace_id is None else printable(trace_id)
        self.body = body[:2000]

    def hide(self, secrets: Sequence[str], *, outside: BaseException | None = None) -> None:
        """Likewise, and without the frames that read the answer: they have it among their variables."""
        super().hide(secrets, outside=outside)
        self.__traceback__ = None

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
        may_help = status == 429 or (status >= 300 and not refused)  # 429: a proxy of somebody's is too busy
        self.retry = Retry.BACKOFF if may_help else Retry.NO


class ForeignAnswer(UnreadableAnswer):
    """An answer to another request, by what it shows: another meeting's id, subject or times.

    What became of one's own request is not known, so `outcome_unknown` is true.
    """

    def __init__(
        self, message: str, *, status: int, trace_id: str | None, body: bytes, operation: str | None = None
    ) -> None:
        super().__init__(message, status=status, trace_id=trace_id, body=body, operation=operation)
        self.retry = Retry.BACKOFF
