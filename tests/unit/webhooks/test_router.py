"""Which handlers take an event, what is passed to them, and what becomes of their errors."""

import asyncio
import functools
import logging
from typing import Any, Literal, Protocol

import pytest

from tm_async.errors import ConfigurationError, HandlerFailed
from tm_async.webhooks import (
    Delivery,
    Event,
    MeetingEnded,
    MeetingEvent,
    MeetingStarted,
    RecordingCompleted,
    Router,
    UnknownEvent,
    UserAuthorized,
    events_of,
)
from tm_async.webhooks.events.names import CLASSES
from tm_async.webhooks.events.registry import event_class

UNKNOWN = events_of(b'{"event":"recording.new","trace_id":"t","payload":[{"a":1}]}', 1.0)[0]


class Client:
    """Something that handlers may ask for."""


class Special(Client):
    """A kind of it."""


async def nothing(event: Any) -> None:
    pass


def taken_by(*what: Any) -> set[str]:
    router = Router()
    router.add(nothing, *what)
    return {name for name in (*CLASSES, "recording.new") if router.handlers_for(name)}


def test_by_class_by_name_and_by_pattern() -> None:
    assert taken_by(MeetingEnded) == taken_by("meeting.end") == {"meeting.end"}
    assert taken_by(MeetingEnded, "room.alert") == {"meeting.end", "room.alert"}
    recordings = {name for name in CLASSES if name.startswith("recording.")}
    assert taken_by("recording.*") == recordings | {"recording.new"}
    assert taken_by(MeetingEvent) == {name for name in CLASSES if issubclass(event_class(name), MeetingEvent)}
    assert taken_by(Event) == taken_by("*") == {*CLASSES, "recording.new"}
    assert taken_by(UnknownEvent) == taken_by("recording.new") == {"recording.new"}


async def test_the_annotation_decides_where_nothing_else_does() -> None:
    router, seen = Router(), []

    @router.on()
    async def both(event: MeetingStarted | MeetingEnded) -> None:
        seen.append(type(event))

    assert [one.name for one in router.handlers_for("meeting.end")] == ["both"]
    assert not router.handlers_for("meeting.created")
    await router.handle(MeetingStarted.sample())
    assert seen == [MeetingStarted]
    with pytest.raises(ConfigurationError, match="say which events it takes"):
        router.on()(nothing)


async def test_what_is_passed() -> None:
    router, seen = Router(), []
    client = Special()

    @router.on(MeetingEnded)
    async def all_of_it(tm: Client, delivery: Delivery, event: MeetingEnded, *, more: int = 5) -> None:
        seen.append((tm, delivery.event, event.name, more))

    @router.on(MeetingEnded)
    async def by_place(event: object, tm: Client, /, other: Client | None = None) -> None:
        seen.append((event, tm, other))

    router.provide(client, 7)
    event = MeetingEnded.sample()
    await router.handle(event)
    assert seen == [(client, "meeting.end", "meeting.end", 7), (event, client, client)]


async def test_what_nobody_provides_is_named() -> None:
    router = Router()

    @router.on(MeetingEnded)
    async def needs(event: MeetingEnded, tm: Client) -> None:
        pass

    with pytest.raises(HandlerFailed) as caught:
        await router.handle(MeetingEnded.sample())
    assert str(caught.value.__cause__) == "handler needs: nothing provides tm: Client; see provide(...)"


async def test_callables_of_all_kinds() -> None:
    router, seen = Router(), []

    class Handles:
        async def __call__(self, event: MeetingEnded) -> None:
            seen.append("object")

        async def method(self, event: MeetingEnded) -> None:
            seen.append("method")

    async def with_more(event: MeetingEnded, word: str) -> None:
        seen.append(word)

    async def bare(event, *rest, **more) -> None:  # type: ignore[no-untyped-def]
        seen.append((rest, more))

    router.add(Handles(), MeetingEnded, name="object")
    router.add(Handles().method, MeetingEnded)
    router.add(functools.partial(with_more, word="partial"), MeetingEnded)
    router.add(bare, "meeting.*")
    await router.handle(MeetingEnded.sample())
    assert seen == ["object", "method", "partial", ((), {})]
    assert [one.name for one in router.handlers] == ["object", "Handles.method", "with_more", "bare"]


def bad_handlers() -> list[Any]:
    async def two(event, other) -> None:  # type: ignore[no-untyped-def]
        pass

    async def wrong(event: MeetingStarted) -> None:
        pass

    async def unresolved(event: "Nowhere") -> None:  # type: ignore[name-defined]  # noqa: F821
        pass

    async def odd(event: MeetingEnded, x: "list[int] | 5") -> None:  # type: ignore[valid-type]
        pass

    async def literal(event: MeetingEnded, x: Literal["a"]) -> None:
        pass

    class Mailer(Protocol):
        def send(self) -> None: ...

    async def structural(event: MeetingEnded, mailer: "Mailer") -> None:
        pass

    structural.__annotations__["mailer"] = Mailer  # a local class, which no annotation in words finds

    return [
        (structural, (MeetingEnded,), "the annotation of mailer: .*@runtime_checkable"),
        (lambda event: None, (MeetingEnded,), "must be an async function"),
        (print, (MeetingEnded,), "must be an async function"),
        (5, (MeetingEnded,), "must be an async function"),
        (two, (MeetingEnded,), "two of its parameters would be the event"),
        (wrong, (MeetingEnded,), r"on\(MeetingEnded\) does not fit its annotation MeetingStarted"),
        (wrong, (MeetingEvent,), r"on\(MeetingEvent\) does not fit"),
        (unresolved, (MeetingEnded,), "can't be read when the program runs: name 'Nowhere'"),
        (odd, (MeetingEnded,), "can't be read when the program runs: unsupported operand"),
        (literal, (MeetingEnded,), "the annotation of x must be a class"),
        (nothing, (int,), "takes classes of events and names"),
        (nothing, (5,), "takes classes of events and names"),
    ]


def test_on_without_parentheses_is_refused_at_once() -> None:
    router = Router()
    with pytest.raises(ConfigurationError, match=r"classes of events and names, not <function .*; write @hooks.on\(\)"):

        @router.on  # type: ignore[arg-type]
        async def lost(event: MeetingEnded) -> None:
            pass

    with pytest.raises(ConfigurationError, match="classes of events and names, not 5$"):
        router.on(5)  # type: ignore[arg-type]


async def never(event: Event) -> bool:
    return False


class Never:
    async def __call__(self, event: Event) -> bool:
        return False


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("x", "where must be a function of the event; not a value of type str"),
        (never, "where must be a plain function"),
        (functools.partial(never), "where must be a plain function"),
        (Never(), "where must be a plain function"),
    ],
)
def test_a_filter_that_is_none(where: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Router().on(MeetingEnded, where=where)
    with pytest.raises(ConfigurationError, match=said):
        Router().add(nothing, MeetingEnded, where=where)


def test_a_middleware_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match="middleware must be an async function"):
        Router().middleware("x")  # type: ignore[type-var]


def test_what_nobody_provides_is_told_before_an_event_comes() -> None:
    router = Router()

    @router.on(MeetingEnded)
    async def needs(event: MeetingEnded, delivery: Delivery, tm: Client, more: int = 5) -> None:
        pass

    with pytest.raises(ConfigurationError, match="handler needs: nothing provides tm: Client; see provide"):
        router.require_provided()
    router.provide(Special())
    router.require_provided()


@pytest.mark.parametrize(("function", "what", "said"), bad_handlers())
def test_what_is_refused(function: Any, what: tuple[Any, ...], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Router().add(function, *what)


def test_names_are_unique_and_typos_are_told(caplog: pytest.LogCaptureFixture) -> None:
    router = Router()
    router.add(nothing, MeetingEnded)
    with pytest.raises(ConfigurationError, match="there is a handler nothing already: give one of them a name="):
        router.add(nothing, MeetingStarted)
    with caplog.at_level(logging.WARNING):
        router.add(nothing, "meeting.ended", name="typo")
    assert "handler typo: no event is known that 'meeting.ended' fits; did you mean meeting.end?" in caplog.text


async def test_filters_and_middlewares() -> None:
    router, seen = Router(), []

    @router.middleware
    async def outer(event: Event, call_next: Any) -> None:
        seen.append("outer in")
        await call_next(event)
        seen.append("outer out")

    @router.middleware
    async def inner(event: Event, call_next: Any) -> None:
        seen.append("inner")
        if event.attempt == 1:
            await call_next(event)

    @router.on(MeetingEnded, where=lambda event: event.meeting_info.meeting_id == "1")
    async def only_one(event: MeetingEnded) -> None:
        seen.append("handled")

    await router.handle(MeetingEnded.sample(meeting_id="2"))
    assert seen == []
    await router.handle(MeetingEnded.sample(meeting_id="1"))
    assert seen == ["outer in", "inner", "handled", "outer out"]
    seen.clear()
    await router.handle(MeetingEnded.sample(meeting_id="1").handled_as(attempt=2))
    assert seen == ["outer in", "inner", "outer out"], "a middleware may leave the handler out"


async def test_one_that_fails_stops_no_other() -> None:
    router, seen = Router(), []

    @router.on("*", name="first")
    async def first(event: Event) -> None:
        raise ValueError("canary")

    @router.on("*", name="second")
    async def second(event: Event) -> None:
        await asyncio.sleep(0)
        seen.append(event.name)

    @router.on("*", name="third")
    async def third(event: Event) -> None:
        raise KeyError("canary")

    event = MeetingEnded.sample().handled_as(attempt=4)
    with pytest.raises(HandlerFailed) as caught:
        await router.handle(event)
    error = caught.value
    assert seen == ["meeting.end"]
    assert (error.event, error.key, error.attempt, error.handlers) == ("meeting.end", event.key, 4, ("first", "third"))
    assert isinstance(error.__cause__, ExceptionGroup)
    assert "canary" not in str(error)
    assert "attempt 4" in str(error)


async def test_an_event_that_nobody_takes() -> None:
    await Router().handle(UNKNOWN)


async def test_routers_in_routers() -> None:
    inner, outer, seen = Router(), Router(), []
    inner.provide(Special())

    @inner.middleware
    async def around(event: Event, call_next: Any) -> None:
        seen.append("around")
        await call_next(event)

    @inner.on(RecordingCompleted)
    async def within(event: RecordingCompleted, tm: Client) -> None:
        seen.append(type(tm).__name__)

    @outer.on(UserAuthorized)
    async def without(event: UserAuthorized) -> None:
        seen.append("outer")

    outer.include(inner)
    await outer.handle(RecordingCompleted.sample())
    await outer.handle(UserAuthorized.sample())
    assert seen == ["around", "Special", "outer"]
    with pytest.raises(ConfigurationError, match="already"):
        outer.include(inner)


async def test_being_cancelled_is_no_failure_of_a_handler() -> None:
    router = Router()

    @router.on("*")
    async def waits(event: Event) -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(router.handle(UNKNOWN))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
