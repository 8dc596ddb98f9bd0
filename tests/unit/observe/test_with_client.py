"""Through the client: what is emitted, and that nothing of what was sent or answered is in it."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from opentelemetry.trace import get_current_span

from tests.conftest import meeting
from tests.unit.observe.driving import Telemetry
from tm_async import EnterpriseSecret, TencentMeeting, Timeout
from tm_async.core.exchange import Headers, RawAnswer, Request
from tm_async.errors import NotFound, TencentMeetingError
from tm_async.observe import Logged
from tm_async.transport.fake import FakeTransport

CANARY = "canary5150"
AUTH = EnterpriseSecret(
    app_id=f"{CANARY}-app", sdk_id=f"{CANARY}-sdk", secret_id=f"{CANARY}-id", secret_key=f"{CANARY}-key"
)
CREATED = {"meeting_number": 1, "meeting_info_list": [{"meeting_id": CANARY, "subject": f"周会 {CANARY}"}]}
ECHO = {"error_info": {"error_code": 9003, "message": f"no such thing: {CANARY}", "new_error_code": 1}}


def echoing(status: int) -> RawAnswer:
    headers = ((b"X-Tc-Trace", b"trace-1"), (b"X-Echo", CANARY.encode()))
    return RawAnswer(status, headers, json.dumps(ECHO).encode())


class Failing(FakeTransport):
    """Raises what is no error of the package, with a message that repeats what was sent."""

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        raise ZeroDivisionError(f"{request.target} {headers!r} {request.body!r}")


class Silent(FakeTransport):
    """Never answers, and keeps which span it was asked under."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def exchange(self, request: Request, headers: Headers, timeout: Timeout) -> RawAnswer:
        self.under = get_current_span()
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


def client(told: Telemetry, transport: FakeTransport) -> TencentMeeting:
    return TencentMeeting(AUTH, transport=transport, observers=[told.observer, Logged()], quotas=None, retry=None)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.INFO)
    yield caplog
    troubles = ("opentelemetry", "tm_async.observe")
    assert not [record for record in caplog.get_records("call") if record.name.startswith(troubles)]


def everything(told: Telemetry, records: list[logging.LogRecord]) -> str:
    """All that was emitted, as text."""
    data = told.reader.get_metrics_data()
    assert data is not None
    spans = [span.to_json() for span in told.spans]
    logged = [f"{record.getMessage()} {vars(record)!r}" for record in records]
    assert spans
    assert logged
    return "\n".join([*spans, data.to_json(), *logged])


async def test_no_payload_and_no_secret_anywhere(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    given = {"userid": CANARY, "subject": CANARY, "password": "515051", "invitees": [CANARY]}
    await client(told, FakeTransport(CREATED)).send(meeting(**given))
    for transport in (FakeTransport(echoing(500)), Failing()):
        tm = client(told, transport)
        with pytest.raises((TencentMeetingError, ZeroDivisionError)) as caught:
            await tm.send(meeting(**given))
        assert CANARY in str(caught.value), "the error does repeat it"
        with pytest.raises((TencentMeetingError, ZeroDivisionError, AssertionError)):
            await tm.meetings.get(meeting_id=CANARY, userid=CANARY)
        with pytest.raises((TencentMeetingError, ZeroDivisionError, AssertionError)):
            await tm.request("PUT", "/v1/x/{id}", path_params={"id": CANARY}, query={"q": CANARY}, json={"a": CANARY})
    assert len(told.spans) == 7
    shown = everything(told, log.records)
    assert "trace-1" in shown
    assert "PUT /v1/x/{id}" in shown
    assert CANARY not in shown
    assert "515051" not in shown


async def test_a_refusal(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotFound):
        await client(told, FakeTransport(echoing(500))).meetings.get(meeting_id="1", userid="a")
    attributes = told.span.attributes or {}
    assert told.span.name == "meetings.get"
    assert (attributes["error.type"], attributes["tm_async.error.code"]) == ("NotFound", 9003)
    (record,) = log.records
    assert vars(record)["tm_trace_id"] == attributes["tm_async.trace_id"] == "trace-1"


async def test_a_cancelled_call(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    transport = Silent()
    task = asyncio.create_task(client(told, transport).send(meeting()))
    await transport.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert transport.under.get_span_context() == told.span.context
    assert told.span.status.is_unset
    assert (told.span.attributes or {})["tm_async.cancelled"] is True
    (point,) = told.metrics()["tm_async.active_calls"]
    assert point.value == 0


async def test_many(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    tm = client(told, FakeTransport(*[CREATED] * 5))
    with told.tracers.get_tracer("test").start_as_current_span("outer") as outer:
        outcomes = [one async for one in tm.meetings.create_many([meeting() for _ in range(5)], concurrency=2)]
        assert get_current_span() is outer
    assert len(outcomes) == len(log.records) == 5
    calls = [span for span in told.spans if span.name == "meetings.create"]
    assert len(calls) == 5
    assert all(span.parent == outer.get_span_context() for span in calls)


async def test_many_of_which_only_one_is_wanted(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    tm = client(told, FakeTransport(*[CREATED] * 50))
    many = tm.meetings.create_many((meeting() for _ in range(50)), concurrency=2)
    async for _ in many:
        break
    await many.aclose()
    assert not get_current_span().get_span_context().is_valid
    (point,) = told.metrics()["tm_async.active_calls"]
    assert point.value == 0


async def test_the_record_is_written_within_the_span(told: Telemetry, log: pytest.LogCaptureFixture) -> None:
    """With OpenTelemetry named first: it begins first, and ends last."""
    seen: list[int] = []

    def keep(record: logging.LogRecord) -> bool:
        seen.append(get_current_span().get_span_context().span_id)
        return True

    logging.getLogger("tm_async.calls").addFilter(keep)
    try:
        await client(told, FakeTransport(CREATED)).send(meeting())
    finally:
        logging.getLogger("tm_async.calls").removeFilter(keep)
    assert told.span.context is not None
    assert seen == [told.span.context.span_id]
