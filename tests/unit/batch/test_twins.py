"""Requests that are alike are kept apart: none is sent while one is looked for, and no result is given twice."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.batch.twins import Twins
from tm_async.core.lookup import Others, Sighting, conclude
from tm_async.core.outcome import Found


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def started(coroutine: Any) -> asyncio.Task[Any]:
    return asyncio.ensure_future(coroutine)


async def test_nobody_looks_while_one_is_under_way_and_nobody_sends_meanwhile() -> None:
    twins = Twins()
    await twins.begin("a")
    await twins.begin("a")
    looking = started(twins.begin_to_look("a"))
    await turns()
    assert not looking.done(), "one is still under way"
    sending = started(twins.begin("a"))
    await turns()
    assert not sending.done(), "or a stream of them would keep the look waiting for ever"
    await asyncio.wait_for(twins.begin("b"), 1)
    twins.made("a", "1")
    await looking
    assert twins.others("a") == Others(frozenset("1"), 0)
    await turns()
    assert not sending.done()
    twins.look_ended("a", "2")
    await sending
    twins.failed("a")
    await started(twins.begin_to_look("a", sent_here=False))
    assert twins.others("a") == Others(frozenset("12"), 0)


async def test_looks_come_one_after_the_other_and_know_of_each_other() -> None:
    twins = Twins()
    for _ in range(3):
        await twins.begin("a")
    looks = [started(twins.begin_to_look("a")) for _ in range(3)]
    await turns()
    for left in (2, 1, 0):
        assert sum(look.done() for look in looks) == 3 - left
        others = twins.others("a")
        assert others.unclear == left
        twins.look_ended("a", f"id {left}")
        await turns()
    assert twins.others("a").claimed == {"id 2", "id 1", "id 0"}


@pytest.mark.parametrize(("found", "settled", "unclear"), [("1", False, 0), (None, True, 0), (None, False, 1)])
async def test_what_a_look_leaves(found: str | None, settled: bool, unclear: int) -> None:
    twins = Twins()
    await twins.begin("a")
    await twins.begin_to_look("a")
    twins.look_ended("a", found, settled=settled)
    await twins.begin_to_look("a", sent_here=False)
    assert twins.others("a") == Others(frozenset([found] if found else []), unclear)


async def test_a_look_that_is_given_up_stays_unclear_and_blocks_nobody() -> None:
    twins = Twins()
    await twins.begin("a")
    await twins.begin("a")
    look = started(twins.begin_to_look("a"))
    await turns()
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    twins.made("a", "1")
    await asyncio.wait_for(twins.begin("a"), 1)
    twins.failed("a")
    await asyncio.wait_for(twins.begin_to_look("a", sent_here=False), 1)
    assert twins.others("a") == Others(frozenset("1"), 1)


async def test_old_ones_are_forgotten_and_that_is_not() -> None:
    twins = Twins(remembered=3)
    for number in range(5):
        await twins.begin(number)
        twins.made(number, f"id {number}")
    await twins.begin(9)
    await twins.begin_to_look(9)
    assert twins.others(9).busy, "a match may belong to one that was forgotten"
    twins.look_ended(9, None)


async def test_what_is_in_use_is_never_forgotten() -> None:
    twins = Twins(remembered=2)
    for number in range(6):
        await twins.begin(number)
    for number in range(6):
        twins.made(number, f"id {number}")
    await asyncio.wait_for(twins.begin_to_look(5, sent_here=False), 1)
    assert twins.others(5).claimed == {"id 5"}


@given(st.lists(st.sampled_from(["made", "refused", "cut", "lost in the list"]), min_size=1, max_size=8), st.randoms())
def test_no_result_is_given_twice(fates: list[str], random: Any) -> None:
    """Alike requests with all kinds of fates, in any order: whoever is told an id made it, or could have."""

    async def run() -> None:
        twins, there, told = Twins(), dict[str, str](), list[str]()

        async def one(number: int, fate: str) -> None:
            await twins.begin("a")
            await asyncio.sleep(0)
            if fate in ("made", "lost in the list"):
                there[str(number)] = str(number)
            for _ in range(random.randrange(4)):
                await asyncio.sleep(0)
            if fate == "made":
                twins.made("a", str(number))
                told.append(str(number))
            elif fate == "refused":
                twins.failed("a")
            else:
                await twins.begin_to_look("a")
                seen = dict(there)
                await asyncio.sleep(0)
                said = conclude(Sighting(seen), twins.others("a"))
                twins.look_ended("a", said.result if isinstance(said, Found) else None)
                if isinstance(said, Found):
                    told.append(said.result)

        await asyncio.wait_for(asyncio.gather(*[one(*pair) for pair in enumerate(fates)]), 5)
        assert len(told) == len(set(told))
        assert set(told) <= set(there)
        if "cut" not in fates:
            assert sorted(told) == sorted(there), "where everything was made, everything is found"

    asyncio.run(run())
