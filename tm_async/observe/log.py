"""One log record per call, for those without OpenTelemetry."""

import logging
import time
from collections.abc import Callable

from tm_async.observe.protocol import CallInfo
from tm_async.observe.tally import Tally

__all__ = ["Logged"]


class Logged:
    """An observer that writes one record when a call is over, whether it succeeded, failed or was cancelled.

    `logger` defaults to `tm_async.calls`. All records have the same `level`, since the caller gets the error anyway;
    while the logger is not enabled for it a call costs next to nothing.

    The record's members, for a formatter or a filter: `tm_operation`, `tm_attempts`, `tm_seconds` (of the call,
    waits included), `tm_waited` (seconds), and of the last attempt `tm_status` (HTTP), `tm_code` (the gateway's
    error code) and `tm_trace_id`; `tm_error` is the name of the class of the error that the caller got, a
    cancellation included. All are always there, `None` where there is nothing to say.
    """

    def __init__(
        self,
        logger: logging.Logger | None = None,
        level: int = logging.INFO,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._logger = logger or logging.getLogger("tm_async.calls")
        self._level = level
        self._clock = clock

    def begins(self, call: CallInfo, /) -> "_Record | None":
        """Watch the call if its record would be written."""
        if not self._logger.isEnabledFor(self._level):
            return None
        return _Record(self._logger, self._level, self._clock, call.operation)


class _Record(Tally):
    __slots__ = ("_began", "_clock", "_level", "_logger", "_operation")

    def __init__(self, logger: logging.Logger, level: int, clock: Callable[[], float], operation: str) -> None:
        super().__init__()
        self._logger, self._level, self._clock, self._operation = logger, level, clock, operation
        self._began = clock()

    def ended(self, error: BaseException | None, /) -> None:
        """Write the record. Of the error only the class: its message may repeat what was sent."""
        seconds = self._clock() - self._began
        name = None if error is None else type(error).__name__
        how = "ok" if error is None else f"failed with {name}" if isinstance(error, Exception) else "was given up"
        last = self.last
        members = {
            "tm_operation": self._operation,
            "tm_attempts": self.attempts,
            "tm_seconds": seconds,
            "tm_waited": self.waiting,
            "tm_status": last and last.status,
            "tm_code": last and last.code,
            "tm_trace_id": last and last.trace_id,
            "tm_error": name,
        }
        self._logger.log(
            self._level, "%s %s in %.3f s%s", self._operation, how, seconds, self._details(), extra=members
        )

    def _details(self) -> str:
        found: list[str] = []
        if self.last and self.last.status is not None:
            found.append(f"HTTP {self.last.status}")
        if self.last and self.last.code is not None:
            found.append(f"code {self.last.code}")
        if self.last and self.last.trace_id is not None:
            found.append(f"trace {self.last.trace_id}")
        if self.attempts != 1:
            found.append(f"{self.attempts} attempts")
        if self.waiting:
            found.append(f"waited {self.waiting:.3f} s")
        return f" ({', '.join(found)})" if found else ""
