"""Calls as a client makes them, without one, and an SDK that keeps in memory what it is given."""

from collections.abc import Iterable
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler

from tm_async.observe import Attempt, CallInfo, Observer, OpenTelemetry, Wait

CREATE = CallInfo("meetings.create", "POST", "https://api.meeting.qq.com")
GOOD = Attempt(1, 0.2, 200, trace_id="abc")
REFUSED = Attempt(1, 0.1, 500, 9003, "def", "NotFound")
BROKEN = Attempt(1, 0.3, error="ExchangeFailed")

Step = Attempt | tuple[Wait, float]


def drive(
    observer: Observer, steps: Iterable[Step] = (GOOD,), error: BaseException | None = None, call: CallInfo = CREATE
) -> None:
    watch = observer.begins(call)
    assert watch is not None
    for step in steps:
        if isinstance(step, Attempt):
            watch.attempted(step)
        else:
            watch.waited(*step)
    watch.ended(error)


class Telemetry:
    """The SDK, and an observer that feeds it."""

    def __init__(self, sampler: Sampler = ALWAYS_ON) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider(sampler, shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader], shutdown_on_exit=False)
        self.observer = OpenTelemetry(self.tracers, self.meters)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    @property
    def span(self) -> ReadableSpan:
        (only,) = self.spans
        return only

    def metrics(self) -> dict[str, list[Any]]:
        """The data points of each metric."""
        data = self.reader.get_metrics_data()
        scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics] if data else []
        return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}

    def close(self) -> None:
        self.tracers.shutdown()
        self.meters.shutdown()
