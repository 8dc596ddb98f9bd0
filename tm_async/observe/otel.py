"""Spans and metrics for OpenTelemetry (extra `otel`, which is its API only: the SDK is the application's choice).

No payload, path value, query, header or secret is in them. Of an error the class is told and never the message, which
may repeat what was sent.
"""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from urllib.parse import urlsplit

from attrs import frozen

from tm_async._version import __version__
from tm_async.errors import TencentMeetingError
from tm_async.observe.protocol import Attempt, CallInfo, Wait
from tm_async.observe.tally import Tally

try:
    from opentelemetry import context, metrics, trace
except ImportError as error:
    raise ImportError("OpenTelemetry needs the extra: pip install 'tm-async[otel]'", name=error.name) from error

__all__ = ["OpenTelemetry"]

Attributes = dict[str, str | int | float | bool]

_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_PORTS = {"http": 80, "https": 443}

# Seconds. The first ones are those of the semantic conventions; a call may last as long as its deadline.
_CALL_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0)
_WAIT_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

_inside: ContextVar[None] = ContextVar("tm_async.observe.otel")
"""Set together with OpenTelemetry's own variable, to learn whether that one can be reset: it logs when it can't."""


class OpenTelemetry:
    """An observer that makes one CLIENT span per call, and metrics.

    `tracer_provider` and `meter_provider` default to the global ones, which may be set up later. The span is the
    current one during the call, so log records, the auth strategy's requests and an instrumented httpx belong to it.
    Raises `ImportError`, when this module is imported, without the extra.
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        meter = metrics.get_meter("tm_async", __version__, meter_provider)
        self._emit = _Instruments(
            tracer=trace.get_tracer("tm_async", __version__, tracer_provider),
            duration=meter.create_histogram(
                "tm_async.call.duration",
                "s",
                "Duration of calls, all attempts and waits included",
                explicit_bucket_boundaries_advisory=_CALL_BUCKETS,
            ),
            attempts=meter.create_counter("tm_async.attempts", "{attempt}", "Requests sent, or tried to"),
            waits=meter.create_histogram(
                "tm_async.wait.duration",
                "s",
                "Waits before an attempt",
                explicit_bucket_boundaries_advisory=_WAIT_BUCKETS,
            ),
            active=meter.create_up_down_counter("tm_async.active_calls", "{call}", "Calls under way"),
        )

    def begins(self, call: CallInfo, /) -> "_Call":
        """Begin the span and make it the current one."""
        return _Call(self._emit, call)


@frozen
class _Instruments:
    tracer: trace.Tracer
    duration: metrics.Histogram
    attempts: metrics.Counter
    waits: metrics.Histogram
    active: metrics.UpDownCounter


class _Call(Tally):
    __slots__ = ("_about", "_began", "_current", "_emit", "_span", "_untold")

    def __init__(self, emit: _Instruments, call: CallInfo) -> None:
        super().__init__()
        self._emit = emit
        self._about = _about(call)
        self._untold: tuple[Attempt, int] | None = None
        emit.active.add(1, self._about)
        self._span = emit.tracer.start_span(call.operation, kind=trace.SpanKind.CLIENT, attributes=self._about)
        self._current = _Current(self._span)
        self._began = time.perf_counter()

    def waited(self, why: Wait, seconds: float, /) -> None:
        super().waited(why, seconds)
        reason: Attributes = {"tm_async.wait.reason": why.value}
        self._emit.waits.record(seconds, {**self._about, **reason})
        if self._span.is_recording():
            self._tell_attempt()
            self._span.add_event("tm_async.wait", {**reason, "tm_async.wait.seconds": seconds})

    def attempted(self, attempt: Attempt, /) -> None:
        super().attempted(attempt)
        self._emit.attempts.add(1, {**self._about, **_result(attempt)})
        if self._span.is_recording():
            self._tell_attempt()  # the one before
            self._untold = (attempt, time.time_ns())
            if attempt.number > 1:
                self._tell_attempt()

    def ended(self, error: BaseException | None, /) -> None:
        result = _end(error, self.last)
        # While the span is still the current one: exemplars point to it.
        self._emit.duration.record(time.perf_counter() - self._began, {**self._about, **result})
        self._emit.active.add(-1, self._about)
        self._current.leave()
        if self._span.is_recording():
            self._span.set_attributes(result | self._sums(error))
            if isinstance(error, Exception):
                self._span.set_status(trace.StatusCode.ERROR, type(error).__name__)
        self._span.end()

    def _tell_attempt(self) -> None:
        """An attempt is an event only when something follows it: of a sole one the span itself tells everything."""
        if self._untold is not None:
            (attempt, at), self._untold = self._untold, None
            about: Attributes = {"tm_async.attempt.number": attempt.number, "tm_async.attempt.seconds": attempt.seconds}
            self._span.add_event("tm_async.attempt", about | _result(attempt) | _gateway(attempt), at)

    def _sums(self, error: BaseException | None) -> Attributes:
        found: Attributes = {"tm_async.attempts": self.attempts}
        if self.attempts > 1:
            found["http.request.resend_count"] = self.attempts - 1
        if self.waiting:
            found["tm_async.waited"] = self.waiting
        if self.last is not None:
            found |= _gateway(self.last)
            failed = _result(self.last).get("error.type")
            if error is not None and failed is not None and failed != type(error).__name__:
                found["tm_async.attempt.error"] = failed
        if isinstance(error, TencentMeetingError) and error.outcome_unknown:
            found["tm_async.outcome_unknown"] = True
        return found


class _Current:
    """A span made the current one, until `leave`.

    A call begins and ends in its own task, and so in one `contextvars` context; a task made by it inherits the span.
    The exception is a call that nobody finishes: the garbage collector ends it wherever it runs, and there nothing is
    to be undone.
    """

    __slots__ = ("_inside", "_token")

    def __init__(self, span: trace.Span) -> None:
        self._inside = None
        if span.get_span_context().is_valid:  # else there is no SDK, and no parent either
            self._token = context.attach(trace.set_span_in_context(span))
            self._inside = _inside.set(None)

    def leave(self) -> None:
        if self._inside is None:
            return
        try:
            _inside.reset(self._inside)
        except ValueError:
            return  # in another context
        context.detach(self._token)


@lru_cache(maxsize=1024)
def _about(call: CallInfo) -> Mapping[str, str | int]:
    """What is the same for all calls of an operation."""
    parts = urlsplit(call.origin)
    return {
        "tm_async.operation": call.operation,
        "http.request.method": call.method if call.method in _METHODS else "_OTHER",
        "server.address": parts.hostname or "",
        "server.port": parts.port or _PORTS.get(parts.scheme, 0),
    }


def _result(attempt: Attempt) -> Attributes:
    found: Attributes = {}
    if attempt.status is not None:
        found["http.response.status_code"] = attempt.status
    return found | _error(attempt.error, attempt.error != "CancelledError")


def _end(error: BaseException | None, last: Attempt | None) -> Attributes:
    found: Attributes = {}
    if last is not None and last.status is not None:
        found["http.response.status_code"] = last.status
    return found | _error(None if error is None else type(error).__name__, isinstance(error, Exception))


def _error(name: str | None, failed: bool) -> Attributes:
    """To be cancelled is no failure."""
    if name is None:
        return {}
    return {"error.type": name} if failed else {"tm_async.cancelled": True}


def _gateway(attempt: Attempt) -> Attributes:
    """What the gateway said; too many values for a metric."""
    found: Attributes = {}
    if attempt.code is not None:
        found["tm_async.error.code"] = attempt.code
    if attempt.trace_id is not None:
        found["tm_async.trace_id"] = attempt.trace_id
    return found
