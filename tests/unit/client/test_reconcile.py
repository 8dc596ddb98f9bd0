"""When a call of unclear outcome is looked up, how long, and what is said then: by a clock of the test's own."""

import sys
import time
from typing import Any

import pytest
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import meeting
from tm_async._util import clocks
from tm_async._util.clocks import Doubt
from tm_async.client import reconcile
from tm_async.client.reconcile import Looking
from tm_async.core.lookup import Others, Sighting
from tm_async.core.outcome import Absent, Found, Undecided
from tm_async.errors import ConnectionFailed, OutcomeUnknown

SINCE, UNTIL = 995.0, 1000.0
DOUBT = Doubt(SINCE, UNTIL)


@define(slots=False)
class World:
    """A list in which something appears at some time, and the clock by which it is looked at."""

    appears: float = float("inf")
    takes: float = 0.1
    """Seconds that a look takes."""
    blind: str | None = None
    near: dict[str, str] = field(factory=dict[str, str])
    now: float = UNTIL
    """By the clock for durations."""
    wall: float = 0.0
    """By which the machine's time of day is ahead of it: it is set now and then."""
    looks: list[float] = field(factory=list[float])
    asked: list[tuple[float, float]] = field(factory=list[tuple[float, float]])
    thorough: list[bool] = field(factory=list[bool])

    async def look(
        self, client: Any, operation: Any, since: float, now: float, *, all_of_it: bool, reading: object = None
    ) -> Sighting:
        self.thorough.append(all_of_it)
        self.looks.append(round(self.now, 3))
        self.asked.append((since, now))
        seen = {"5": "5"} if self.now >= self.appears else {}
        self.now += self.takes
        return Sighting(seen, self.near, self.blind)

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def looking(self, settle: float = 30.0, **given: Any) -> Looking:
        return Looking(client=None, now=lambda: self.now + self.wall, settle_after=settle, **given)  # type: ignore[arg-type]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return use(World(), monkeypatch)


def use(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(reconcile, "lookup_of", lambda operation: world)
    monkeypatch.setattr(reconcile, "sleep", world.sleep)
    monkeypatch.setattr(clocks, "elapsed", lambda: world.now)
    return world


async def test_it_is_there_at_once(world: World) -> None:
    world.appears = 0
    said: object = await world.looking().settle(meeting(), DOUBT)
    assert said == Found("5")
    assert world.asked == [(SINCE, UNTIL)]


async def test_its_absence_means_something_when_it_is_late(world: World) -> None:
    """Looks are few and never the last one before the time is over."""
    assert await world.looking().settle(meeting(), DOUBT) == Absent()
    assert world.looks == [1000.0, 1001.1, 1003.2, 1007.3, 1015.4, 1023.5, 1030.0]
    assert world.thorough == [False] * 6 + [True], "where it is not must be certain in the end only"


async def test_what_was_sent_long_ago_is_looked_at_once(world: World) -> None:
    world.now = UNTIL + 30
    assert await world.looking().settle(meeting(), DOUBT) == Absent()
    assert len(world.looks) == 1


@pytest.mark.parametrize("jump", [-1e6, -60.0, 60.0, 1e6])
async def test_a_time_of_day_that_is_set_meanwhile_is_no_passing_of_time(world: World, jump: float) -> None:
    """It was under way 5 s ago, whatever the machine's clock says since then."""
    look = world.look

    async def set_meanwhile(*asked: Any, **how: Any) -> Sighting:
        seen = await look(*asked, **how)
        world.wall = jump
        return seen

    world.look = set_meanwhile  # type: ignore[method-assign]
    assert await world.looking().settle(meeting(), DOUBT) == Absent()
    assert world.looks[-1] == 1030.0
    assert world.asked[-1] == (SINCE + jump, UNTIL + 30 + jump), "how long ago it was sent, seen from now"


def test_what_one_clock_counted_is_placed_on_another(world: World) -> None:
    assert Doubt.ago(20, 5) == Doubt(UNTIL - 20, UNTIL - 5)
    error = OutcomeUnknown(ConnectionFailed("x"), request=None, since=7e9, until=7e9 + 4, ended=900.0)
    assert Doubt.of(error, now=8e9) == Doubt(896.0, 900.0)
    back = OutcomeUnknown(ConnectionFailed("x"), request=None, since=7e9, until=5e9)
    assert Doubt.of(back, now=6e9) == Doubt(UNTIL, UNTIL), "set back meanwhile, and when it ended is not known"
    pickled = OutcomeUnknown(ConnectionFailed("x"), request=None, since=7e9, until=7e9 + 4)
    assert Doubt.of(pickled, now=7e9 + 3600) == Doubt(UNTIL - 3600, UNTIL), "an hour ago, in another process"


async def test_waits_that_are_played(world: World) -> None:
    """By a clock that moves while the one for durations stands: as many looks, and no other window."""
    wall = [UNTIL]

    async def sleep(seconds: float) -> None:
        wall[0] += seconds

    world.takes = 0.0
    looking = Looking(client=None, now=lambda: wall[0], settle_after=30.0, sleep=sleep)  # type: ignore[arg-type]
    assert await looking.settle(meeting(), DOUBT) == Absent()
    assert [round(now - UNTIL, 3) for _, now in world.asked] == [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 30.0]
    assert {since for since, _ in world.asked} == {SINCE}
    assert world.thorough == [False] * 6 + [True]


def test_the_clock_goes_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clocks._going_on()() > 0
    monkeypatch.setattr(time, "clock_gettime", {7: 5e9, 1: 3.0}.__getitem__)
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "CLOCK_MONOTONIC", 1, raising=False)
    assert clocks._going_on()() == 5e9
    monkeypatch.setattr(sys, "platform", "darwin")
    assert clocks._going_on()() == 3.0

    def forbidden(clock: int) -> float:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(time, "clock_gettime", forbidden)
    assert clocks._going_on() is time.monotonic
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    assert clocks._going_on() is time.monotonic


async def test_what_lies_ahead_is_waited_for(world: World) -> None:
    assert await world.looking(settle=5).settle(meeting(), Doubt(SINCE, UNTIL + 100)) == Absent()
    assert world.looks[-1] >= UNTIL + 105


@settings(max_examples=200)
@given(st.floats(0, 40), st.floats(0.01, 12), st.floats(0, 30))
def test_what_appears_in_time_is_never_called_absent(appears: float, takes: float, settle: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        world = use(World(appears=UNTIL + appears, takes=takes), patch)
        said = run(world.looking(settle).settle(meeting(), DOUBT))
    assert said == Found("5") if appears <= settle else said in (Found("5"), Absent())
    assert world.looks[-1] <= UNTIL + settle + takes + 0.06, "it does not go on for longer"


def run(coroutine: Any) -> Any:
    """Nothing in it ever waits."""
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    return ended.value.value


async def test_what_does_not_settle_it_ends_it(world: World) -> None:
    world.blind = "over"
    assert await world.looking().settle(meeting(), DOUBT) == Undecided("over")
    assert len(world.looks) == 1


async def test_what_is_nearly_it_is_looked_at_again(world: World) -> None:
    """The gateway's clock may be learnt meanwhile; or what is nearly it is another's, and one's own comes late."""
    world.near, world.appears = {"4": "its times may have been changed"}, UNTIL + 5
    assert await world.looking().settle(meeting(), DOUBT) == Found("5")
    world.appears, world.now = float("inf"), UNTIL
    said = await world.looking().settle(meeting(), DOUBT)
    assert said == Undecided("something is nearly what was asked for: its times may have been changed")
    assert world.looks[-1] == 1030.0


async def test_others_are_asked_after_the_look(world: World) -> None:
    """Before it, one that is alike might be made in between, and taken for one's own."""
    world.appears = 0

    async def others() -> Others:
        assert len(world.looks) == 1
        return Others({"5"})

    assert await world.looking().once(meeting(), DOUBT, others) == Absent()


@pytest.mark.parametrize("blind", [None, "the list is not complete"])
async def test_of_nothing_nobody_is_asked_whose_it_is(blind: str | None, world: World) -> None:
    """A ledger reads all that are alike for that."""
    world.blind = blind

    async def others() -> Others:
        raise AssertionError("asked")

    looked = await world.looking().settle(meeting(), DOUBT, others)
    assert looked == (Absent() if blind is None else Undecided(blind))


async def test_trouble_with_the_list_goes_to_the_caller(world: World) -> None:
    async def look(*_: Any, **__: Any) -> Sighting:
        raise ConnectionFailed("refused")

    world.look = look  # type: ignore[method-assign, assignment]
    with pytest.raises(ConnectionFailed):
        await world.looking().settle(meeting(), DOUBT)


async def test_what_is_learnt_of_the_gateways_clock_meanwhile_is_no_passing_of_time(world: World) -> None:
    """The looks themselves teach it, by their answers: minutes, in the worst case."""
    said = await world.looking(ahead=lambda: 200.0 if len(world.looks) > 2 else 0.0).settle(meeting(), DOUBT)
    assert said == Absent()
    assert world.looks[-1] == 1030.0
    assert world.asked[-1] == (SINCE + 200, UNTIL + 230)
