"""Several observers, some of them broken, and a call that does not notice."""

import asyncio
import gc
import logging
import weakref

import pytest
from attrs import define

from tests.unit.observe.driving import CREATE, GOOD
from tm_async.observe import Attempt, CallInfo, Observer, Wait, Watch, watching
from tm_async.observe.watching import watch


class Keeping:
    """Writes down what it hears."""

    def __init__(self, heard: list[tuple[object, ...]], name: str = "") -> None:
        self.heard, self.name = heard, name

    def begins(self, call: CallInfo, /) -> Watch:
        self.heard.append((self.name, call))
        return self

    def waited(self, why: Wait, seconds: float, /) -> None:
        self.heard.append((self.name, why, seconds))

    def attempted(self, attempt: Attempt, /) -> None:
        self.heard.append((self.name, attempt))

    def ended(self, error: BaseException | None, /) -> None:
        self.heard.append((self.name, "ended", error))


class Broken(Keeping):
    """Hears, and then raises, in the method of that name."""

    def __init__(self, where: str, error: BaseException, heard: list[tuple[object, ...]] | None = None) -> None:
        super().__init__([] if heard is None else heard, "broken")
        self.where, self.error = where, error

    def _fail(self, here: str) -> None:
        if here == self.where:
            raise self.error

    def begins(self, call: CallInfo, /) -> Watch:
        super().begins(call)
        self._fail("begins")
        return self

    def waited(self, why: Wait, seconds: float, /) -> None:
        super().waited(why, seconds)
        self._fail("waited")

    def attempted(self, attempt: Attempt, /) -> None:
        super().attempted(attempt)
        self._fail("attempted")

    def ended(self, error: BaseException | None, /) -> None:
        super().ended(error)
        self._fail("ended")


class Bored:
    """Not interested."""

    def begins(self, call: CallInfo, /) -> None:
        return None


def whole_call(*observers: Observer) -> None:
    one_call = watch(observers, CREATE)
    assert one_call is not None
    one_call.waited(Wait.QUOTA, 1.0)
    one_call.attempted(GOOD)
    one_call.ended(None)


WHOLE = [("", CREATE), ("", Wait.QUOTA, 1.0), ("", GOOD), ("", "ended", None)]


@pytest.mark.parametrize("observers", [(), (Bored(),), (Bored(), Bored())])
def test_nobody_is_interested(observers: tuple[Observer, ...]) -> None:
    assert watch(observers, CREATE) is None


@pytest.mark.parametrize("others", [(), (Bored(),)])
def test_one(others: tuple[Observer, ...]) -> None:
    keeping = Keeping([])
    whole_call(*others, keeping)
    assert keeping.heard == WHOLE


def test_several_are_nested() -> None:
    heard: list[tuple[object, ...]] = []
    whole_call(Keeping(heard, "a"), Keeping(heard, "b"))
    assert [name for name, *_ in heard] == ["a", "b", "a", "b", "a", "b", "b", "a"]


def test_the_error_is_handed_on() -> None:
    one, two = Keeping([]), Keeping([])
    error = asyncio.CancelledError()
    one_call = watch((one, two), CREATE)
    assert one_call is not None
    one_call.ended(error)
    assert one.heard[-1] == two.heard[-1] == ("", "ended", error)


@pytest.mark.parametrize("where", ["begins", "waited", "attempted", "ended"])
@pytest.mark.parametrize(
    "error", [ValueError("canary"), asyncio.CancelledError("canary")], ids=lambda e: type(e).__name__
)
def test_a_broken_one_harms_nobody(where: str, error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    before, broken, after = Keeping([]), Broken(where, error), Keeping([])
    for _ in range(3):
        whole_call(before, broken, after)
    assert before.heard == after.heard == WHOLE * 3
    assert len(broken.heard) == (3 if where == "begins" else 12), "it is asked again all the same"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("tm_async.observe", logging.WARNING)
    said = record.getMessage()
    assert said.startswith(f"observer Broken failed with {type(error).__name__} at test_watching.py:")
    assert "canary" not in caplog.text


def test_a_broken_one_alone(caplog: pytest.LogCaptureFixture) -> None:
    assert watch((Broken("begins", ValueError()),), CREATE) is None
    whole_call(Broken("ended", ValueError()))
    assert len(caplog.records) == 2, "once for each observer"


@pytest.mark.parametrize("where", ["begins", "waited", "attempted", "ended"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_program_is_not_held_up(where: str, error: type[BaseException]) -> None:
    with pytest.raises(error):
        whole_call(Keeping([]), Broken(where, error()))


def test_a_watch_that_is_none(caplog: pytest.LogCaptureFixture) -> None:
    class Wrong:
        def begins(self, call: CallInfo, /) -> Watch:
            return "not a watch"  # type: ignore[return-value]

    whole_call(Wrong())
    assert "Wrong failed with AttributeError" in caplog.text


def test_observers_are_not_kept_alive(caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken("waited", ValueError())
    whole_call(broken)
    gone, key = weakref.ref(broken), id(broken)
    assert key in watching._reported
    broken.error = ValueError()  # the one that was raised has frames, and those have the observer
    del broken
    gc.collect()
    assert gone() is None
    assert key not in watching._reported, "a new one may have the id of one that is gone"
    assert len(caplog.records) == 1


def test_one_that_can_be_neither_hashed_nor_held_weakly(caplog: pytest.LogCaptureFixture) -> None:
    @define(weakref_slot=False)
    class Slotted:
        calls: int = 0

        def begins(self, call: CallInfo, /) -> Watch:
            raise ValueError

    slotted = Slotted()
    for _ in range(3):
        assert watch((slotted,), CREATE) is None
    assert len(caplog.records) == 1
