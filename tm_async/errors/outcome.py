"""Errors of calls that must not be made twice: unclear outcomes, and what a ledger has of them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tm_async.errors.base import ConfigurationError, Retry, TencentMeetingError, rebuild

__all__ = ["LedgerConflict", "LedgerError", "LedgerUnavailable", "OutcomeUnknown", "RecordedError"]


class OutcomeUnknown(TencentMeetingError):
    """It may or may not have been done, and doing it again could do it twice: look before you send it again.

    `await error.reconcile()` looks. A pickled copy leaves out the way to look and most of what was sent, but has
    `sought`: `await tm.meetings.reconcile(error)` looks with another client, in another process.
    """

    outcome_unknown = True
    cause: TencentMeetingError
    """What happened to the last attempt of unclear outcome."""
    request: Any
    """The operation that was sent; `None` in a copy that was pickled."""
    since: float
    """When the first attempt of unclear outcome began: UNIX seconds by the client's clock."""
    until: float
    """When nothing was heard of it any more. The gateway may have carried it out even later."""
    ended: float | None
    """The same by the clock for durations, `tm_async._util.clocks.elapsed`, which nobody sets; `None`: just now."""

    def __init__(
        self,
        cause: TencentMeetingError,
        *,
        request: Any,
        since: float,
        until: float,
        ended: float | None = None,
        look: Callable[["OutcomeUnknown"], Awaitable[Any]] | None = None,
    ) -> None:
        self._sought: Any = None
        said = str(cause.args[0]) if cause.args else type(cause).__name__
        super().__init__(f"may or may not have been done: {type(cause).__name__}: {said}", operation=cause.operation)
        self.cause, self.request, self.since, self.until, self._look = cause, request, since, until, look
        self.ended = ended

    def look_with(self, look: Callable[["OutcomeUnknown"], Awaitable[Any]]) -> None:
        """From now on `reconcile` looks in this way: one that knows of other calls that are alike."""
        self._look = look

    async def reconcile(self) -> Any:
        """Look whether it was done: `Found`, `Absent` or `Undecided` (`tm_async.core.outcome`).

        Raises `ConfigurationError` where there is no way to look, and the errors of a call.
        """
        if self._look is None:
            way = "use tm.meetings.reconcile(error)" if self.sought else "there is no documented way to look this up"
            raise ConfigurationError(way, operation=self.operation)
        return await self._look(self)

    @property
    def sought(self) -> Any:
        """The operation that was sent; in a pickled copy only what its result can be looked for by, else `None`.

        Of a meeting: creator, device, kind, subject, times, time zone and recurrence; no password, no people.
        """
        return self._sought if self.request is None else self.request

    def __reduce__(self) -> tuple[Any, ...]:
        sought = getattr(self.sought, "sought", lambda: None)()
        state = self.__dict__ | {
            "request": None,
            "_look": None,
            "_sought": sought,
            "ended": None,
        }  # another machine's clock
        return (rebuild, (type(self), self.args, state))


class RecordedError(TencentMeetingError):
    """What an earlier run was told about an item, as its ledger has it."""

    name: str
    """The error's class then."""
    code: int | None
    """The gateway's error code."""
    trace_id: str | None

    def __init__(
        self,
        message: str,
        *,
        name: str,
        code: int | None = None,
        trace_id: str | None = None,
        operation: str | None = None,
    ) -> None:
        super().__init__(message, operation=operation)
        self.name, self.code, self.trace_id = name, code, trace_id


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
