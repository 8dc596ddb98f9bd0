"""A bulk call without a ledger: unclear outcomes are looked for, and no request can spoil another."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import meeting
from tests.unit.batch.world import FATES, Process, World, at_home, created, rows
from tests.unit.batch.world import world as world  # noqa: PLC0414 - a fixture
from tm_async import Created, Rejected, Unknown
from tm_async.core.outcome import Absent, Undecided
from tm_async.errors import OutcomeUnknown


async def run(world: World, requests: list[Any], **options: Any) -> list[Any]:
    calls = Process(world).client().meetings.create_many(requests, concurrency=3, **options)
    return [outcome async for outcome in calls]


async def test_what_was_made_unheard_is_found(world: World) -> None:
    world.fates = ["cut after", "made", "cut after"]
    outcomes = await run(world, rows(4, alike=1))
    assert sorted(created(outcomes)) == ["1", "2", "3", "4"]
    assert sum(outcome.looked_up for outcome in outcomes) == 2


async def test_that_it_is_not_there_yet_proves_nothing(world: World) -> None:
    world.fates = ["cut, and made late", "cut before"]
    began = world.now
    outcomes = await run(world, rows(3, alike=1))
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown, Created]
    assert world.now - began < 10, "it does not wait until it would"
    assert isinstance(outcomes[0].error, OutcomeUnknown)
    assert (await outcomes[0].error.reconcile()).result.meeting_id == "1"


@pytest.mark.parametrize("trouble", [RuntimeError("a hook of the caller's"), TimeoutError("a key store")])
async def test_a_look_that_fails_spoils_nothing(world: World, trouble: Exception) -> None:
    """Whatever it is, and in input order, too: there nothing could follow what has no outcome."""
    world.fates = ["cut after"]
    answer = world.answer

    def broken(request: Any) -> Any:
        if request.method == "GET":
            raise trouble
        return answer(request)

    world.answer = broken  # type: ignore[method-assign]
    outcomes = await asyncio.wait_for(run(world, rows(60, alike=1)), 10)
    assert [type(outcome) for outcome in outcomes] == [Unknown, *[Created] * 59]
    assert str(trouble) in outcomes[0].error.__notes__[0]


async def test_a_later_look_does_not_take_what_another_request_made(world: World) -> None:
    """Two that are alike: one was made, the other was not. Nor may looking twice change anything."""
    world.fates = ["made", "cut before"]
    _, unknown = await run(world, rows(2))
    assert isinstance(unknown, Unknown)
    assert isinstance(unknown.error, OutcomeUnknown)
    for _ in range(3):
        assert await unknown.error.reconcile() == Absent()


async def test_a_later_look_says_the_same_again(world: World) -> None:
    world.fates = ["made", "cut, and made late", "cut, and made late"]
    first, *both = await run(world, rows(3, alike=3))
    looks = [one.error.reconcile() for one in (*both, *both)]
    found = [seen.result.meeting_id for seen in await asyncio.gather(*looks)]
    assert found[:2] == found[2:]
    assert sorted([*created([first]), *found[:2]]) == ["1", "2", "3"]


async def test_a_later_look_gives_what_could_be_two_to_nobody(world: World) -> None:
    world.fates = ["cut before", "cut, and made late"]
    outcomes = await run(world, rows(2))
    for one in (*outcomes, *outcomes):
        assert await one.error.reconcile() == Undecided("1 matches for 2 calls that are alike")


async def test_why_it_stays_unknown(world: World) -> None:
    requests = [meeting(), meeting()]
    await run(world, [requests[0]])
    world.made[0]["meeting_id"] = "made by somebody else"
    world.fates = ["cut after"]
    (unknown,) = await run(world, [requests[1]])
    assert unknown.error.__notes__ == ["looking it up did not settle it: 2 matches for one call"]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(FATES), max_size=12), st.integers(1, 6), st.booleans())
def test_what_is_told_is_true(fates: list[str], alike: int, as_completed: bool) -> None:
    """No meeting twice, none given to two, and none there that was called rejected."""

    async def play(world: World) -> None:
        outcomes = await asyncio.wait_for(run(world, rows(6, alike), as_completed=as_completed), 10)
        assert sorted(outcome.index for outcome in outcomes) == list(range(6))
        told = created(outcomes)
        assert len(told) == len(set(told))
        assert set(told) <= {row["meeting_id"] for row in world.made}
        unknown = sum(isinstance(outcome, Unknown) for outcome in outcomes)
        assert len(told) <= len(world.made) <= len(told) + unknown
        assert len(world.made) <= 6 - sum(isinstance(outcome, Rejected) for outcome in outcomes)

    with pytest.MonkeyPatch.context() as patch:
        asyncio.run(play(at_home(World(list(fates)), patch)))


async def test_a_list_that_never_comes_leaves_the_ids_in_the_error(world: World) -> None:
    def spreadsheet() -> Iterator[Any]:
        yield from rows(2)
        yield {"userid": "tester"}  # rejected
        raise ValueError("row 4 can't be read")

    with pytest.raises(ValueError, match="row 4") as caught:
        await Process(world).client().meetings.create_many(spreadsheet(), concurrency=1)
    assert caught.value.__notes__ == ["cut off with 3 outcomes, 2 of them created: 1, 2. Iterate, or use a ledger."]


async def test_nor_does_one_that_is_given_up(world: World) -> None:
    stuck = asyncio.Event()

    async def slowly() -> AsyncIterator[Any]:
        for row in rows(2):
            yield row
        stuck.set()
        await asyncio.Event().wait()

    batch = asyncio.ensure_future(collected(Process(world).client().meetings.create_many(slowly(), concurrency=1)))
    await stuck.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await batch
    assert "2 of them created: 1, 2" in caught.value.__notes__[0]


async def collected(batch: Any) -> Any:
    return await batch
