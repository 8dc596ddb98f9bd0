"""The limiter of one process against a plain model: any arrivals, any patience, several charges."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.quotas.virtual import Model, charge, limiter, now, run, settle
from tm_async.errors import QuotaExceeded
from tm_async.quotas import Charge, MemoryLimiter, Rate

APP = charge("per_app", Rate(3, 5))
LISTS = (charge("account_lists", Rate(2, 7)), APP)
CREATIONS = [(charge("creations", Rate(1, 3), Rate(2, 11), key=user), APP) for user in "ab"]
CAREFUL = (charge("per_app", Rate(1, 4)),)  # another client of the app, told other numbers
KINDS: list[tuple[Charge, ...]] = [(APP,), LISTS, *CREATIONS, CAREFUL]


@st.composite
def plans(draw: st.DrawFn, patience: st.SearchStrategy[float | None]) -> list[tuple[float, int, float | None]]:
    """Arrival, kind and patience of up to 40 calls. No two arrivals share the fraction of a second, so that no call
    arrives just when a span ends: what goes first then is chance."""
    count = draw(st.integers(1, 40))
    seconds = sorted(draw(st.lists(st.integers(0, 25), min_size=count, max_size=count)))
    return [
        (second + number / 64, draw(st.integers(0, len(KINDS) - 1)), draw(patience))
        for number, second in enumerate(seconds)
    ]


async def play(plan: list[tuple[float, int, float | None]], *, cancel: bool) -> tuple[dict[int, Any], MemoryLimiter]:
    """When each call went, or the error and when it came. `cancel`: patience ends by cancellation."""
    limits, out = limiter(), {}
    for charges in KINDS:  # a wider span that comes later does not know what nobody kept for it
        limits._open(charges, 0)

    async def call(number: int, kind: int, patience: float | None) -> None:
        try:
            await limits.take(KINDS[kind], None if cancel else patience)
        except QuotaExceeded as error:
            out[number] = (error, now())
        else:
            out[number] = now()

    tasks = []
    for number, (at, kind, patience) in enumerate(plan):
        await asyncio.sleep(at - now())
        tasks.append(asyncio.create_task(call(number, kind, patience)))
        if cancel and patience is not None:
            asyncio.get_running_loop().call_later(patience, tasks[-1].cancel)
        await settle()
    await asyncio.gather(*tasks, return_exceptions=True)
    return out, limits


@given(plans(st.none()))
def test_every_call_goes_when_the_model_says(plan: list[tuple[float, int, None]]) -> None:
    """Never too many in any span, nobody waits without need, and in order."""
    out, limits = run(lambda: play(plan, cancel=False))
    model, before = Model(), 0.0
    for number, (at, kind, _) in enumerate(plan):
        model.advance(before, at)
        model.waiting[number], before = KINDS[kind], at
    model.advance(before, float("inf"))
    assert out == model.times
    for kind in KINDS:
        for one in kind:
            at = sorted(t for n, t in out.items() if one in KINDS[plan[n][1]])
            for rate in one.rates:
                assert all(b - a >= rate.seconds for a, b in zip(at, at[rate.calls :], strict=False))
    assert not limits._busy
    assert not limits._alarms


@given(plans(st.none() | st.integers(0, 20).map(lambda n: n + 1 / 128)))
def test_who_gives_up_counts_nowhere_and_holds_up_nobody(plan: list[tuple[float, int, float | None]]) -> None:
    out, limits = run(lambda: play(plan, cancel=True))
    model, before = Model(), 0.0
    events = sorted(
        [(at, number, "comes") for number, (at, _, _) in enumerate(plan)]
        + [(at + patience, number, "goes") for number, (at, _, patience) in enumerate(plan) if patience is not None]
    )
    for at, number, what in events:
        model.advance(before, at)
        before = at
        if what == "comes":
            model.waiting[number] = KINDS[plan[number][1]]
        else:
            model.waiting.pop(number, None)
    model.advance(before, float("inf"))
    assert out == model.times
    assert not limits._busy
    assert not limits._alarms
    assert all(not lane.waiters for lane in limits._lanes.values())


@given(plans(st.none() | st.integers(0, 20).map(lambda n: n + 1 / 128)))
def test_a_call_is_refused_only_when_its_time_cannot_suffice(plan: list[tuple[float, int, float | None]]) -> None:
    out, limits = run(lambda: play(plan, cancel=False))
    model, before = Model(), 0.0
    refused = {number: out.pop(number) for number in list(out) if isinstance(out[number], tuple)}
    expired = [(when, number, False) for number, (_, when) in refused.items() if when > plan[number][0]]
    for at, number, comes in sorted([(at, number, True) for number, (at, _, _) in enumerate(plan)] + expired):
        model.advance(before, at)
        _, kind, patience = plan[number]
        before = at
        if not comes:
            assert at == plan[number][0] + (patience or 0)
            del model.waiting[number]  # it has not gone before
            continue
        model.waiting[number] = KINDS[kind]
        if number in refused and refused[number][1] == at:
            future = model.copy()
            future.advance(at, float("inf"))
            assert patience is not None
            assert patience < refused[number][0].seconds <= future.times[number] - at
            del model.waiting[number]
    model.advance(before, float("inf"))
    assert out == model.times
    assert not limits._busy
    assert not limits._alarms


def test_the_virtual_loop_does_not_hide_a_hang() -> None:
    with pytest.raises(AssertionError, match="for ever"):
        run(lambda: asyncio.Event().wait())
