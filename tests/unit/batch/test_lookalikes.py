"""Requests that are alike are kept apart: none is sent while one is looked for, and no result is given twice."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_async.batch.forgotten import Forgotten
from tm_async.batch.lookalikes import Lookalikes
from tm_async.core.lookup import Likeness, Others, Sighting, conclude
from tm_async.core.outcome import Found

A, B = Likeness("here", "a"), Likeness("there", "b")


def kind(number: int) -> Likeness:
    return Likeness(number, "x")


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def started(coroutine: Any) -> asyncio.Task[Any]:
    return asyncio.ensure_future(coroutine)


async def test_nobody_looks_while_one_is_under_way_and_nobody_sends_meanwhile() -> None:
    lookalikes = Lookalikes()
    await lookalikes.begin(A)
    await lookalikes.begin(A)
    looking = started(lookalikes.begin_to_look(A))
    await turns()
    assert not looking.done(), "one is still under way"
    sending = started(lookalikes.begin(A))
    await turns()
    assert not sending.done(), "or a stream of them would keep the look waiting for ever"
    await asyncio.wait_for(lookalikes.begin(B), 1)
    lookalikes.made(A, "1")
    await looking
    assert lookalikes.others(A) == Others(frozenset("1"), 0)
    await turns()
    assert not sending.done()
    lookalikes.look_ended(A, "2")
    await sending
    lookalikes.failed(A)
    await started(lookalikes.begin_to_look(A, sent_here=False))
    assert lookalikes.others(A) == Others(frozenset("12"), 0)


async def test_looks_come_one_after_the_other_and_know_of_each_other() -> None:
    lookalikes = Lookalikes()
    for _ in range(3):
        await lookalikes.begin(A)
    looks = [started(lookalikes.begin_to_look(A)) for _ in range(3)]
    await turns()
    for left in (2, 1, 0):
        assert sum(look.done() for look in looks) == 3 - left
        others = lookalikes.others(A)
        assert others.unclear == left
        lookalikes.look_ended(A, f"id {left}")
        await turns()
    assert lookalikes.others(A).claimed == {"id 2", "id 1", "id 0"}


@pytest.mark.parametrize(("found", "settled", "unclear"), [("1", False, 0), (None, True, 0), (None, False, 1)])
async def test_what_a_look_leaves(found: str | None, settled: bool, unclear: int) -> None:
    lookalikes = Lookalikes()
    await lookalikes.begin(A)
    await lookalikes.begin_to_look(A)
    lookalikes.look_ended(A, found, settled=settled)
    await lookalikes.begin_to_look(A, sent_here=False)
    assert lookalikes.others(A) == Others(frozenset([found] if found else []), unclear)


async def test_a_look_that_is_given_up_stays_unclear_and_blocks_nobody() -> None:
    lookalikes = Lookalikes()
    await lookalikes.begin(A)
    await lookalikes.begin(A)
    look = started(lookalikes.begin_to_look(A))
    await turns()
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    lookalikes.made(A, "1")
    await asyncio.wait_for(lookalikes.begin(A), 1)
    lookalikes.failed(A)
    await asyncio.wait_for(lookalikes.begin_to_look(A, sent_here=False), 1)
    assert lookalikes.others(A) == Others(frozenset("1"), 1)


async def test_old_ones_are_forgotten_and_that_is_not() -> None:
    """What was never forgotten is as clear as before."""
    lookalikes = Lookalikes(remembered=3)
    for number in range(5):
        await lookalikes.begin(kind(number))
        lookalikes.made(kind(number), f"id {number}")
    for number, forgotten in ((0, True), (4, False), (9, False)):
        await lookalikes.begin(kind(number))
        await lookalikes.begin_to_look(kind(number))
        assert lookalikes.others(kind(number)).forgotten == forgotten, "a match may belong to one that was forgotten"
        lookalikes.look_ended(kind(number), None)


async def test_what_others_in_the_same_place_made_is_known() -> None:
    """A row that is nearly it may be theirs; but they are not counted, and nobody waits for them."""
    lookalikes = Lookalikes()
    neighbour = Likeness(A.place, "other")
    await lookalikes.begin(neighbour)
    await lookalikes.begin(A)
    await asyncio.wait_for(lookalikes.begin_to_look(A), 1)
    await asyncio.wait_for(lookalikes.begin(neighbour), 1)
    lookalikes.made(neighbour, "1")
    lookalikes.lost(neighbour)
    assert lookalikes.others(A) == Others({"1"}, 0)
    await lookalikes.begin(B)
    await lookalikes.begin_to_look(B)
    assert lookalikes.others(B) == Others(frozenset(), 0)


async def test_what_was_made_in_a_place_is_known_while_anybody_is_there() -> None:
    lookalikes = Lookalikes(remembered=2)
    for name in "abcd":
        await lookalikes.begin(Likeness("here", name))
        lookalikes.made(Likeness("here", name), name)
    await lookalikes.begin(Likeness("here", "e"))
    await lookalikes.begin_to_look(Likeness("here", "e"))
    assert lookalikes.others(Likeness("here", "e")).claimed == set("abcd")


@given(st.sets(st.integers(), max_size=50), st.sets(st.integers(), max_size=50))
def test_what_was_there_is_never_denied(there: set[int], others: set[int]) -> None:
    forgotten = Forgotten(bits=4096)
    assert not [one for one in others if one in forgotten]
    for one in there:
        forgotten.add(one)
    assert all(one in forgotten for one in there)


def test_what_was_not_there_is_rarely_taken_for_it() -> None:
    forgotten = Forgotten(bits=2**15)
    for one in range(1000):  # a million in 2**25
        forgotten.add(("meeting", one))
    assert sum(("meeting", one) in forgotten for one in range(1000, 11_000)) < 20


async def test_what_is_in_use_is_never_forgotten() -> None:
    lookalikes = Lookalikes(remembered=2)
    for number in range(6):
        await lookalikes.begin(kind(number))
    for number in range(6):
        lookalikes.made(kind(number), f"id {number}")
    await asyncio.wait_for(lookalikes.begin_to_look(kind(5), sent_here=False), 1)
    assert lookalikes.others(kind(5)).claimed == {"id 5"}


@given(st.lists(st.sampled_from(["made", "refused", "cut", "lost in the list"]), min_size=1, max_size=8), st.randoms())
def test_no_result_is_given_twice(fates: list[str], random: Any) -> None:
    """Alike requests with all kinds of fates, in any order: whoever is told an id made it, or could have."""

    async def run() -> None:
        lookalikes, there, told = Lookalikes(), dict[str, str](), list[str]()

        async def one(number: int, fate: str) -> None:
            await lookalikes.begin(A)
            await asyncio.sleep(0)
            if fate in ("made", "lost in the list"):
                there[str(number)] = str(number)
            for _ in range(random.randrange(4)):
                await asyncio.sleep(0)
            if fate == "made":
                lookalikes.made(A, str(number))
                told.append(str(number))
            elif fate == "refused":
                lookalikes.failed(A)
            else:
                await lookalikes.begin_to_look(A)
                seen = dict(there)
                await asyncio.sleep(0)
                said = conclude(Sighting(seen), lookalikes.others(A))
                lookalikes.look_ended(A, said.result if isinstance(said, Found) else None)
                if isinstance(said, Found):
                    told.append(said.result)

        await asyncio.wait_for(asyncio.gather(*[one(*pair) for pair in enumerate(fates)]), 5)
        assert len(told) == len(set(told))
        assert set(told) <= set(there)
        if "cut" not in fates:
            assert sorted(told) == sorted(there), "where everything was made, everything is found"

    asyncio.run(run())
