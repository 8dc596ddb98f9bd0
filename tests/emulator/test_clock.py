"""The emulator's clock: what passes by itself, what is moved, and what happens on the way."""

import asyncio

from tm_async._util.clocks import WaitingClock
from tm_async.emulator import Clock

NOW = 1_780_000_000.0


def standing() -> Clock:
    return Clock(lambda: NOW)


async def test_it_plays_what_is_slept() -> None:
    clock = standing()
    assert isinstance(clock, WaitingClock)
    await clock.sleep(3600)
    assert (clock(), clock.offset) == (NOW + 3600, 3600)
    await clock.sleep(0)
    assert clock() == NOW + 3600


async def test_who_sleeps_side_by_side_sleeps_once() -> None:
    clock = standing()
    await asyncio.gather(*(clock.sleep(seconds) for seconds in (60, 30, 60, 5)))
    assert clock.offset == 60


async def test_what_is_due_on_the_way_happens_then() -> None:
    clock, seen = standing(), list[tuple[int, float]]()

    async def later(seconds: int) -> None:
        await clock.wait(seconds)
        seen.append((seconds, round(clock.offset)))

    tasks = [asyncio.create_task(later(seconds)) for seconds in (90, 10, 30)]
    await asyncio.sleep(0)
    assert clock.waits == 3
    await clock.sleep(60)
    assert (seen, clock.waits) == ([(10, 10), (30, 30)], 1)
    clock.offset -= 1000  # set back: what waits does not wait longer
    await clock.sleep(31)
    assert (seen[2:], clock.waits) == ([(90, -910)], 0)
    await asyncio.gather(*tasks)


async def test_time_passes_by_itself_on_the_gateways_side() -> None:
    clock = standing()
    async with asyncio.timeout(5):
        await clock.wait(0.001)
    assert (clock.offset, clock.waits) == (0, 0)


async def test_it_tells_that_it_was_moved() -> None:
    clock, told = standing(), list[float]()
    clock.told = lambda: told.append(clock.offset)
    clock.offset = 5
    await clock.sleep(1)
    assert told == [5, 6]
