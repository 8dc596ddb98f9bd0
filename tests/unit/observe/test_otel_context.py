"""The span is the current one during the call, and only in it."""

import asyncio
import contextvars
import gc
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest
from opentelemetry import context
from opentelemetry.trace import Span, get_current_span

from tests.unit.observe.driving import CREATE, GOOD, Telemetry
from tm_async.batch.bounded import bounded
from tm_async.observe import Observer
from tm_async.observe.watching import watch


async def call(observer: Observer, work: Callable[[], Coroutine[Any, Any, object]]) -> object:
    """What a client does around a call."""
    watch = observer.begins(CREATE)
    error: BaseException | None = None
    assert watch is not None
    try:
        result = await work()
        watch.attempted(GOOD)
    except BaseException as failure:
        error = failure
        raise
    else:
        return result
    finally:
        watch.ended(error)


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """OpenTelemetry does not raise when a context can't be left: it logs."""
    yield
    assert not [record for record in caplog.get_records("call") if record.name.startswith("opentelemetry")]


async def current() -> Span:
    await asyncio.sleep(0)
    return get_current_span()


async def test_within_a_call_and_after_it(told: Telemetry) -> None:
    tracer = told.tracers.get_tracer("test")
    with tracer.start_as_current_span("outer") as outer:
        inner = await call(told.observer, current)
        assert get_current_span() is outer
    assert isinstance(inner, Span)
    assert inner.get_span_context() == told.spans[0].context
    assert told.spans[0].parent == outer.get_span_context()


async def test_a_task_of_the_call_belongs_to_it(told: Telemetry) -> None:
    """As the transports have it: the exchange runs in a task of its own."""

    async def exchange() -> None:
        with told.tracers.get_tracer("http").start_as_current_span("POST"):
            await asyncio.sleep(0)

    async def work() -> None:
        await asyncio.create_task(exchange())

    await call(told.observer, work)
    post, create = told.spans
    assert (post.name, create.name) == ("POST", "meetings.create")
    assert post.parent == create.context


async def test_gathered_calls_are_siblings(told: Telemetry) -> None:
    with told.tracers.get_tracer("test").start_as_current_span("outer") as outer:
        seen = await asyncio.gather(*(call(told.observer, current) for _ in range(5)))
        assert get_current_span() is outer
    calls = [span for span in told.spans if span.name == "meetings.create"]
    assert len({span.context.span_id for span in calls if span.context}) == len(set(map(id, seen))) == 5
    assert all(span.parent == outer.get_span_context() for span in calls)


async def test_calls_of_a_batch_are_siblings(told: Telemetry) -> None:
    """A worker makes one call after the other in one context."""

    async def work(index: int, item: int) -> bool:
        assert get_current_span() is outer, "the call before has left nothing behind"
        return await call(told.observer, current) is not outer

    with told.tracers.get_tracer("test").start_as_current_span("outer") as outer:
        assert all([one async for one in bounded(work, range(7), concurrency=2, as_completed=False)])
    calls = [span for span in told.spans if span.name == "meetings.create"]
    assert len(calls) == 7
    assert all(span.parent == outer.get_span_context() for span in calls)


async def test_a_cancelled_call_leaves_its_span(told: Telemetry) -> None:
    after: list[Span] = []

    async def cancelled() -> None:
        try:
            await call(told.observer, asyncio.Event().wait)
        finally:
            after.append(get_current_span())

    task = asyncio.create_task(cancelled())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not after[0].get_span_context().is_valid
    assert (told.span.attributes or {})["tm_async.cancelled"] is True


async def test_calls_inside_an_async_generator(told: Telemetry) -> None:
    """As when pages of a list are read, and the reader stops early."""

    async def pages() -> AsyncIterator[Span]:
        while True:
            await call(told.observer, current)
            yield get_current_span()

    reader = pages()
    async for span in reader:
        assert not span.get_span_context().is_valid
        assert not get_current_span().get_span_context().is_valid
        break
    del reader
    gc.collect()
    await asyncio.sleep(0)
    assert len(told.spans) == 1


def test_a_call_that_is_ended_elsewhere_undoes_nothing_there(told: Telemetry) -> None:
    """The garbage collector closes a call that was left half-way, wherever it runs."""

    class HalfWay:
        def __await__(self) -> Iterator[None]:
            yield

    async def work() -> None:
        await HalfWay()

    pending = call(told.observer, work)
    contextvars.copy_context().run(next, pending.__await__())
    with told.tracers.get_tracer("test").start_as_current_span("outer") as outer:
        pending.close()
        assert get_current_span() is outer
    assert [span.name for span in told.spans] == ["meetings.create", "outer"]


def test_what_was_left_behind_inside_goes_too(told: Telemetry, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = context.get_current()
    watch = told.observer.begins(CREATE)
    context.attach(context.set_value("left", "behind"))
    watch.ended(None)
    assert context.get_current() == before


async def test_nested_observers_unwind(told: Telemetry) -> None:
    two = watch((told.observer, told.observer), CREATE)
    assert two is not None
    two.ended(None)
    assert not get_current_span().get_span_context().is_valid
    inner, outer = told.spans
    assert inner.parent == outer.context
