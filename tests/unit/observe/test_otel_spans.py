"""One span per call: its name, kind, attributes, events and status."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry import context
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import NoOpTracerProvider, SpanKind, StatusCode, get_current_span

from tests.unit.observe.driving import BROKEN, CREATE, GOOD, REFUSED, Telemetry, drive
from tm_async.errors import DeadlineExceeded, ExchangeFailed, NotFound, OutcomeUnknown, QuotaExceeded
from tm_async.observe import Attempt, CallInfo, OpenTelemetry, Wait

ABOUT = {
    "tm_async.operation": "meetings.create",
    "http.request.method": "POST",
    "server.address": "api.meeting.qq.com",
    "server.port": 443,
}
FAILED = NotFound(9003, status=500, operation="meetings.create", message="canary")


def test_a_call(told: Telemetry) -> None:
    drive(told.observer)
    span = told.span
    assert (span.name, span.kind) == ("meetings.create", SpanKind.CLIENT)
    assert dict(span.attributes or {}) == ABOUT | {
        "http.response.status_code": 200,
        "tm_async.attempts": 1,
        "tm_async.trace_id": "abc",
    }
    assert not span.events
    assert span.status.status_code is StatusCode.UNSET
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "tm_async"


def test_the_attributes_are_there_from_the_beginning(told: Telemetry) -> None:
    """A sampler decides on them."""
    watch = told.observer.begins(CREATE)
    span = get_current_span()
    assert dict(getattr(span, "attributes", {})) == ABOUT
    watch.ended(None)


def test_a_failure(told: Telemetry) -> None:
    drive(told.observer, [REFUSED], FAILED)
    span = told.span
    assert dict(span.attributes or {}) == ABOUT | {
        "http.response.status_code": 500,
        "error.type": "NotFound",
        "tm_async.attempts": 1,
        "tm_async.error.code": 9003,
        "tm_async.trace_id": "def",
    }
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "NotFound")
    assert not span.events, "no exception is recorded: its message may repeat what was sent"


def test_attempts_and_waits_are_events_in_order(told: Telemetry) -> None:
    drive(
        told.observer,
        [(Wait.QUOTA, 2.0), BROKEN, (Wait.BACKOFF, 0.5), Attempt(2, 0.2, 200, trace_id="abc"), Attempt(3, 0.1, 200)],
    )
    span = told.span
    assert [(event.name, dict(event.attributes or {})) for event in span.events] == [
        ("tm_async.wait", {"tm_async.wait.reason": "quota", "tm_async.wait.seconds": 2.0}),
        (
            "tm_async.attempt",
            {"tm_async.attempt.number": 1, "tm_async.attempt.seconds": 0.3, "error.type": "ExchangeFailed"},
        ),
        ("tm_async.wait", {"tm_async.wait.reason": "backoff", "tm_async.wait.seconds": 0.5}),
        (
            "tm_async.attempt",
            {
                "tm_async.attempt.number": 2,
                "tm_async.attempt.seconds": 0.2,
                "http.response.status_code": 200,
                "tm_async.trace_id": "abc",
            },
        ),
        (
            "tm_async.attempt",
            {"tm_async.attempt.number": 3, "tm_async.attempt.seconds": 0.1, "http.response.status_code": 200},
        ),
    ]
    times = [event.timestamp for event in span.events]
    assert times == sorted(times)
    assert span.attributes is not None
    assert span.attributes["http.request.resend_count"] == 2
    assert span.attributes["tm_async.attempts"] == 3
    assert span.attributes["tm_async.waited"] == 2.5


def test_a_second_attempt_at_once_tells_the_first_too(told: Telemetry) -> None:
    drive(told.observer, [REFUSED, Attempt(2, 0.2, 200)])
    numbers = [(event.attributes or {})["tm_async.attempt.number"] for event in told.span.events]
    assert numbers == [1, 2]


def test_what_the_last_attempt_met_where_the_caller_gets_something_else(told: Telemetry) -> None:
    cause = ExchangeFailed("canary")
    drive(told.observer, [BROKEN], OutcomeUnknown(cause, request=None, since=0, until=1))
    attributes = told.span.attributes or {}
    assert attributes["error.type"] == "OutcomeUnknown"
    assert attributes["tm_async.attempt.error"] == "ExchangeFailed"
    assert attributes["tm_async.outcome_unknown"] is True


def test_nothing_was_sent(told: Telemetry) -> None:
    drive(told.observer, [], QuotaExceeded("canary", scope="per_app", seconds=5))
    assert dict(told.span.attributes or {}) == ABOUT | {"error.type": "QuotaExceeded", "tm_async.attempts": 0}


@pytest.mark.parametrize("error", [asyncio.CancelledError("canary"), GeneratorExit(), KeyboardInterrupt()])
def test_giving_up_is_no_error(told: Telemetry, error: BaseException) -> None:
    drive(told.observer, [Attempt(1, 0.1, error="CancelledError")], error)
    assert dict(told.span.attributes or {}) == ABOUT | {"tm_async.cancelled": True, "tm_async.attempts": 1}
    assert told.span.status.status_code is StatusCode.UNSET


def test_a_deadline_is_an_error(told: Telemetry) -> None:
    drive(told.observer, [Attempt(1, 0.1, error="CancelledError")], DeadlineExceeded("canary"))
    attributes = told.span.attributes or {}
    assert attributes["error.type"] == "DeadlineExceeded"
    assert "tm_async.attempt.error" not in attributes
    assert "tm_async.cancelled" not in attributes


@pytest.mark.parametrize(
    ("origin", "address", "port"),
    [
        ("https://gateway.example", "gateway.example", 443),
        ("http://127.0.0.1:8080", "127.0.0.1", 8080),
        ("http://localhost", "localhost", 80),
        ("http://[::1]:9000", "::1", 9000),
    ],
)
def test_where_it_went(told: Telemetry, origin: str, address: str, port: int) -> None:
    drive(told.observer, call=CallInfo("meetings.get", "GET", origin))
    attributes = told.span.attributes or {}
    assert (attributes["server.address"], attributes["server.port"]) == (address, port)


def test_an_unknown_method_is_not_repeated(told: Telemetry) -> None:
    drive(told.observer, call=CallInfo("CANARY /v1/x", "CANARY", "https://gateway.example"))
    assert (told.span.attributes or {})["http.request.method"] == "_OTHER"


def test_a_span_that_is_not_sampled_costs_no_events() -> None:
    told = Telemetry(ALWAYS_OFF)
    drive(told.observer, [BROKEN, (Wait.BACKOFF, 0.1), GOOD])
    assert not told.spans
    assert told.metrics()["tm_async.attempts"], "it is counted all the same"
    told.close()


@pytest.mark.parametrize("observer", [OpenTelemetry(), OpenTelemetry(NoOpTracerProvider())])
def test_without_an_sdk(observer: OpenTelemetry) -> None:
    before = context.get_current()
    watch = observer.begins(CREATE)
    assert context.get_current() is before, "there is nothing to be the current one"
    watch.attempted(GOOD)
    watch.ended(None)
    assert context.get_current() is before


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys\n"
        "sys.modules['opentelemetry'] = None\n"
        "import tm_async.observe as observe\n"
        "observe.Logged(), observe.Wait\n"
        "try: observe.OpenTelemetry\n"
        "except ImportError as error: print(error)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "OpenTelemetry needs the extra: pip install 'tm-async[otel]'\n"
