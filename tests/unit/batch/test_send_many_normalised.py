"""A batch whose gateway shows what it was sent in another form: nothing is taken for absent, nothing for another's."""

from datetime import timedelta

import pytest

from tests.conftest import START, meeting
from tests.unit.batch.world import Process, World, created, finish, seen_for_each
from tests.unit.batch.world import world as world  # noqa: PLC0414 - a fixture
from tm_async import Rejected


@pytest.mark.parametrize("fate", ["cut after", "cut before", "cut, and made late"])
async def test_times_with_microseconds(world: World, fate: str) -> None:
    """Which the gateway never hears of: `datetime.now(UTC) + timedelta(days=1)`."""
    start = START + timedelta(microseconds=654_321)
    requests = [meeting(subject=f"m{number}", start_time=start) for number in range(4)]
    world.fates = [fate] * 4
    await Process(world).run(requests)
    outcomes = await finish(world, requests)
    assert sorted(created(outcomes)) == ["1", "2", "3", "4"]
    seen_for_each(world, requests)


@pytest.mark.parametrize("fates", [["made", "cut before", "made"], ["cut after", "cut before", "cut before"]])
async def test_names_that_are_a_part_of_others(world: World, fates: list[str]) -> None:
    """ "m11" may be shown as "m1" by a gateway that cuts: unless it is known whose that is."""
    requests = [meeting(subject=subject) for subject in ("m1", "m11", "m111")]
    world.fates = list(fates)
    await Process(world).run(requests)
    outcomes = await finish(world, requests)
    assert len(set(created(outcomes))) == 3
    seen_for_each(world, requests)


async def test_two_that_are_alike_only_when_folded(world: World) -> None:
    """A gateway that folds shows them as one."""
    requests = [meeting(subject=subject) for subject in ("Sync", "SYNC")]
    world.fates = ["cut after", "cut before"]
    await Process(world).run(requests)
    for row in world.made:
        row["subject"] = row["subject"].upper()
    outcomes = await finish(world, requests)
    assert not any(isinstance(outcome, Rejected) for outcome in outcomes)
    assert world.creations == 2, "none was sent again: nobody can say which one is there"
