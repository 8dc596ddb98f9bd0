"""The four instruments, and what they are told apart by."""

import asyncio

from tests.unit.observe.driving import BROKEN, CREATE, GOOD, REFUSED, Telemetry, drive
from tm_async.errors import NotFound
from tm_async.observe import Attempt, Wait

ABOUT = {
    "tm_async.operation": "meetings.create",
    "http.request.method": "POST",
    "server.address": "api.meeting.qq.com",
    "server.port": 443,
}


def test_durations(told: Telemetry) -> None:
    drive(told.observer)
    drive(told.observer)
    drive(told.observer, [REFUSED], NotFound(9003, status=500))
    drive(told.observer, [], asyncio.CancelledError())
    points = {
        frozenset(point.attributes.keys() - ABOUT.keys()): point for point in told.metrics()["tm_async.call.duration"]
    }
    good = points[frozenset({"http.response.status_code"})]
    assert (good.count, dict(good.attributes)) == (2, ABOUT | {"http.response.status_code": 200})
    assert 0 <= good.sum < 1
    assert 0.005 in good.explicit_bounds, "in seconds"
    failed = points[frozenset({"http.response.status_code", "error.type"})]
    assert (failed.count, failed.attributes["error.type"]) == (1, "NotFound")
    cancelled = points[frozenset({"tm_async.cancelled"})]
    assert cancelled.count == 1


def test_attempts(told: Telemetry) -> None:
    drive(told.observer, [BROKEN, Attempt(2, 0.1, 200)])
    drive(told.observer, [Attempt(1, 0.1, error="CancelledError")], asyncio.CancelledError())
    counted = {
        tuple(sorted(p.attributes.items() - ABOUT.items())): p.value for p in told.metrics()["tm_async.attempts"]
    }
    assert counted == {
        (("error.type", "ExchangeFailed"),): 1,
        (("http.response.status_code", 200),): 1,
        (("tm_async.cancelled", True),): 1,
    }


def test_waits(told: Telemetry) -> None:
    drive(told.observer, [(Wait.QUOTA, 40.0), (Wait.BACKOFF, 0.5), (Wait.BACKOFF, 1.0), GOOD])
    waits = {p.attributes["tm_async.wait.reason"]: (p.count, p.sum) for p in told.metrics()["tm_async.wait.duration"]}
    assert waits == {"quota": (1, 40.0), "backoff": (2, 1.5)}


def test_active_calls(told: Telemetry) -> None:
    first, second = told.observer.begins(CREATE), told.observer.begins(CREATE)
    (point,) = told.metrics()["tm_async.active_calls"]
    assert (point.value, dict(point.attributes)) == (2, ABOUT)
    second.ended(None)
    first.ended(NotFound(9003, status=500))
    (point,) = told.metrics()["tm_async.active_calls"]
    assert point.value == 0


def test_no_id_tells_metrics_apart(told: Telemetry) -> None:
    """Each trace id or error code would be a time series of its own."""
    drive(told.observer, [REFUSED, GOOD])
    keys = {key for points in told.metrics().values() for point in points for key in point.attributes}
    assert keys == ABOUT.keys() | {"http.response.status_code", "error.type"}


def test_an_exemplar_points_to_the_span(told: Telemetry) -> None:
    drive(told.observer)
    (point,) = told.metrics()["tm_async.call.duration"]
    (exemplar,) = point.exemplars
    assert told.span.context is not None
    assert exemplar.span_id == told.span.context.span_id
