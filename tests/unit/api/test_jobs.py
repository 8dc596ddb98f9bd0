"""Polling: how often, for how long, and what wakes it. No time passes here."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tm_async.api.jobs import Listeners, poll
from tm_async.api.polling import Polling
from tm_async.errors import DeadlineExceeded


class Time:
    """Time that passes in pauses, and while somebody is asked."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, came: asyncio.Event, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += 0.0 if came.is_set() else seconds


def asking(*answers: Any) -> Any:
    left: Iterator[Any] = iter(answers)

    async def ask() -> Any:
        return next(left)

    return ask


def polled(time: Time, ask: Any, **more: Any) -> Any:
    given = {"within": 60.0, "what": "nothing came", "operation": "x.y", "clock": time, "pause": time.pause, **more}
    return poll(ask, **given)


async def test_an_answer_ends_it() -> None:
    time = Time()
    assert await polled(time, asking(None, None, 0), polling=Polling(first=1, factor=2)) == 0, "0 is an answer"
    assert time.pauses == [1, 2]


async def test_it_ends_with_the_time() -> None:
    time = Time()
    with pytest.raises(DeadlineExceeded, match="nothing came within 5 s") as caught:
        await polled(time, asking(None, None, None), within=5.0, polling=Polling(first=3, factor=1))
    assert time.pauses == [3, 2], "it does not wait beyond"
    assert not caught.value.outcome_unknown


async def test_an_event_ends_a_pause() -> None:
    time, came = Time(), asyncio.Event()
    came.set()
    assert await polled(time, asking(None, "x"), came=came) == "x"
    assert (time.now, came.is_set()) == (100.0, False)


async def test_a_question_that_takes_too_long() -> None:
    async def forever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(DeadlineExceeded):
        await poll(forever, within=0.0, what="nothing came", operation="x.y")

    async def slow() -> None:
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        await poll(slow, within=9.0, what="nothing came", operation="x.y")


async def test_who_listens_is_woken() -> None:
    listeners = Listeners()
    with listeners.listening("a") as one, listeners.listening("a") as two, listeners.listening("b") as other:
        listeners.wake("a")
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)
    listeners.wake("a")
    assert vars(listeners) == {"_waiting": {}}
