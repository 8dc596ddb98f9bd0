"""The limiter of one process: exact, in order, never waiting longer than needed, leaking nothing."""

import asyncio
import gc
import threading
from typing import Any

import pytest

from tests.unit.quotas.virtual import charge, limiter, now, run, settle
from tm_async.errors import ConfigurationError, QuotaExceeded, Retry
from tm_async.quotas import MemoryLimiter, Rate, shared_limiter

# --- one behaviour at a time ------------------------------------------------------------------------------------------


def test_calls_pass_until_the_rate_is_used_up_and_again_when_its_span_is_over() -> None:
    async def main() -> list[float]:
        limits, charges, at = limiter(), (charge("per_app", Rate(3, 60)),), []
        for _ in range(7):
            await limits.take(charges, None)
            at.append(now())
        return at

    assert run(main) == [0, 0, 0, 60, 60, 60, 120]


def test_the_margin_makes_every_span_longer() -> None:
    async def main() -> float:
        limits = MemoryLimiter(clock=now)
        for _ in range(2):
            await limits.take([charge("per_app", Rate(1, 60))], None)
        return now()

    assert run(main) == 61


def test_a_wait_that_would_take_too_long_is_refused_at_once() -> None:
    async def main() -> None:
        limits, charges = limiter(), (charge("creations", Rate(2, 60), Rate(3, 3600)), charge("per_app", Rate(9, 1)))
        await limits.take(charges, 0)
        await asyncio.sleep(7.0)
        await limits.take(charges, 0)
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take(charges, 30.0)
        error = caught.value
        assert (error.scope, error.seconds, now(), error.retry) == ("creations", 53, 7, Retry.WAIT)
        assert str(error) == (
            "creations allows 2 in 60 s and 3 in 3600 s: there is room in 53.0 s, and the call could wait 30.0 s"
        )
        await limits.take(charges, 53.0)
        assert now() == 60
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take(charges, 60.0)
        assert caught.value.seconds == 3540

    run(main)


def test_those_who_wait_ahead_are_taken_into_account() -> None:
    async def main() -> None:
        limits, charges = limiter(), (charge("per_app", Rate(2, 60)),)
        for _ in range(2):
            await limits.take(charges, None)
        waiting = [asyncio.create_task(limits.take(charges, None)) for _ in range(3)]
        await settle()
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take(charges, 100.0)
        assert caught.value.seconds == 120  # two go at 60, the third and this one at 120
        await limits.take(charges, 120.0)
        assert now() == 120
        await asyncio.gather(*waiting)

    run(main)


def test_a_user_who_waits_to_create_holds_up_nobody_else() -> None:
    async def main() -> None:
        limits, app = limiter(), charge("per_app", Rate(100, 60))
        alice, bob = ((charge("creations", Rate(1, 3600), key=user), app) for user in ("alice", "bob"))
        await limits.take(alice, None)
        waiting = asyncio.create_task(limits.take(alice, None))
        await settle()
        await limits.take(bob, 0)
        for _ in range(98):
            await limits.take((app,), 0)
        await waiting
        assert now() == 3600

    run(main)


def test_who_comes_through_a_narrow_quota_keeps_the_place_of_its_arrival() -> None:
    async def main() -> list[str]:
        limits, app, order = limiter(), charge("per_app", Rate(1, 8)), []
        alice = (charge("creations", Rate(1, 9), key="alice"), app)

        async def call(name: str, charges: Any) -> None:
            await limits.take(charges, None)
            order.append(name)

        await call("first", alice)
        await asyncio.gather(call("creation", alice), *(call(f"{n}", (app,)) for n in range(3)))
        return order

    assert run(main) == ["first", "0", "creation", "1", "2"]


def test_a_call_given_up_just_when_it_is_let_go_is_not_counted() -> None:
    async def main() -> None:
        limits, charges = limiter(), (charge("per_app", Rate(1, 60)),)
        await limits.take(charges, None)
        first, second = (asyncio.create_task(limits.take(charges, None)) for _ in range(2))
        await settle()
        grant = limits._grant

        def grant_and_cancel(waiter: Any, time: float) -> None:
            grant(waiter, time)
            if waiter.number == 0:
                assert waiter.future.done()
                first.cancel()

        limits._grant = grant_and_cancel  # type: ignore[method-assign]
        await asyncio.wait([first, second])
        assert (now(), first.cancelled()) == (60, True)
        assert "0 waiting" in repr(limits)

    run(main)


def test_a_key_with_two_configurations_counts_the_calls_of_both() -> None:
    async def main() -> None:
        limits = limiter()
        for _ in range(2):
            await limits.take((charge("per_app", Rate(3, 60)),), 0)
        with pytest.raises(QuotaExceeded):
            await limits.take((charge("per_app", Rate(2, 30)),), 0)
        await limits.take((charge("per_app", Rate(3, 60)),), 0)
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take((charge("per_app", Rate(2, 30)),), 0)
        assert caught.value.seconds == 30

    run(main)


def test_who_certainly_goes_first_is_taken_into_account_across_charges() -> None:
    """Creations wait for the app's quota only, and so go before a later call, which is refused at once."""

    async def main() -> None:
        limits, app = limiter(), charge("per_app", Rate(2, 60))
        creations = (charge("creations", Rate(5, 3600), key="alice"), app)
        for _ in range(2):
            await limits.take(creations, 0)
        waiting = [asyncio.create_task(limits.take(creations, None)) for _ in range(9)]
        await settle()
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take((app,), 100)
        # Three creations go at 60 and 120, the others have no room before 3600.
        assert (caught.value.scope, caught.value.seconds, now()) == ("per_app", 120, 0)
        await limits.take((app,), 120)
        assert now() == 120
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)

    run(main)


def test_time_that_is_over_is_told_when_it_could_not_be_known_before() -> None:
    """A creation that waited longer takes the room that a later call was told of."""

    async def main() -> None:
        limits, app = limiter(), charge("per_app", Rate(1, 60))
        creations = (charge("creations", Rate(1, 60), key="alice"), app)
        await limits.take(creations, 0)
        waiting = asyncio.create_task(limits.take(creations, None))
        await settle()
        with pytest.raises(QuotaExceeded, match=r"room in 50\.0 s, and the call could wait 70\.0 s") as caught:
            await limits.take((app,), 70)
        assert (caught.value.seconds, now()) == (50, 70)
        await waiting

    run(main)


def test_no_charge_is_no_limit() -> None:
    async def main() -> None:
        for _ in range(1000):
            await limiter().take((), 0)

    run(main)


def test_keys_that_no_longer_count_are_dropped() -> None:
    async def main() -> None:
        limits = limiter()
        for user in range(5000):
            await limits.take((charge("creations", Rate(9, 60), key=f"{user}"), charge("per_app", Rate(10**6, 60))), 0)
            await asyncio.sleep(1)
            assert len(limits._logs) < 400
            assert len(limits._lanes) < 400

    run(main)


def test_a_sweep_keeps_what_counts_and_who_waits() -> None:
    async def main() -> None:
        limits, app = limiter(), charge("per_app", Rate(10**6, 1))
        alice = (charge("creations", Rate(1, 600), key="alice"), app)
        await limits.take(alice, 0)
        waiting = asyncio.create_task(limits.take(alice, None))
        await asyncio.sleep(500)
        for user in range(1000):
            await limits.take((charge("creations", Rate(1, 1), key=f"{user}"), app), 0)
        with pytest.raises(QuotaExceeded):
            await limits.take(alice, 99)
        await waiting
        assert now() == 600

    run(main)


def test_a_sweep_keeps_the_counts_of_who_waits_for_another() -> None:
    """Alice waits for the app: her own count is empty, and the one that she will be counted in."""

    async def main() -> None:
        limits, app = limiter(), charge("per_app", Rate(2, 600))
        alice = (charge("creations", Rate(1, 3600), key="alice"), app)
        for _ in range(2):
            await limits.take((app,), 0)
        waiting = asyncio.create_task(limits.take(alice, None))
        await settle()
        for user in range(1000):
            await limits.take((charge("creations", Rate(1, 1), key=f"{user}"),), 0)
        await waiting
        with pytest.raises(QuotaExceeded) as caught:
            await limits.take(alice, 0)
        assert (now(), caught.value.scope, caught.value.seconds) == (600, "creations", 3600)

    run(main)


async def test_nobody_is_overtaken_because_an_alarm_is_late() -> None:
    """The loop was busy: the newcomer runs first, and lets go those who have waited."""
    time = 0.0
    limits, app = MemoryLimiter(margin=0, clock=lambda: time), charge("per_app", Rate(1, 60))
    await limits.take((app,), 0)
    waiting = asyncio.create_task(limits.take((app,), None))
    await settle()
    time = 60.0
    with pytest.raises(QuotaExceeded) as caught:
        await limits.take((charge("creations", Rate(1, 1)), app), 0)
    assert caught.value.seconds == 60
    await asyncio.wait_for(waiting, 30)


async def test_a_grant_that_is_on_its_way_from_another_thread_is_not_refused() -> None:
    """The time is over just then."""
    limits, charges = MemoryLimiter(margin=0), (charge("per_app", Rate(1, 60)),)
    await limits.take(charges, 0)
    waiting = asyncio.create_task(limits.take(charges, 100))
    await settle()
    (lane,) = limits._lanes.values()
    (waiter,) = lane.waiters.values()
    limits._remove(waiter)  # as the other thread has
    limits._expire(waiter)
    assert not waiter.future.done()
    waiter._wake()
    await asyncio.wait_for(waiting, 30)


@pytest.mark.parametrize("margin", [-1, float("nan"), float("inf"), "1", None])
def test_a_margin_that_makes_no_sense(margin: Any) -> None:
    with pytest.raises(ConfigurationError, match="margin must be a number of seconds, 0 or more; not"):
        MemoryLimiter(margin=margin)


def test_one_process_has_one_shared_limiter() -> None:
    assert shared_limiter() is shared_limiter()
    assert isinstance(shared_limiter(), MemoryLimiter)


# --- loops and threads ------------------------------------------------------------------------------------------------


def test_loops_one_after_the_other_count_together() -> None:
    limits = MemoryLimiter(margin=0)
    charges = (charge("per_app", Rate(2, 3600)),)

    async def once() -> None:
        await limits.take(charges, 1.0)

    asyncio.run(once())
    asyncio.run(once())
    with pytest.raises(QuotaExceeded):
        asyncio.run(once())


def test_who_waited_in_a_loop_that_is_gone_is_forgotten() -> None:
    limits = MemoryLimiter(margin=0)
    charges = (charge("per_app", Rate(1, 0.05)),)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(limits.take(charges, None))
    task = loop.create_task(limits.take(charges, None))
    loop.run_until_complete(settle())
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    loop.close()

    async def next_loop() -> None:
        for _ in range(2):
            await limits.take(charges, 2.0)  # behind the one that nobody will ever wake

    asyncio.run(next_loop())
    del task, loop
    gc.collect()
    asyncio.run(next_loop())
    assert "0 waiting" in repr(limits)
    assert not limits._alarms


def test_threads_count_together_and_wake_each_other() -> None:
    limits = MemoryLimiter(margin=0)
    charges = (charge("per_app", Rate(20, 0.1), Rate(10**6, 600)),)  # the second one keeps all, for us to look at

    async def work() -> None:
        async def calls() -> None:
            for _ in range(5):
                await limits.take(charges, None)

        await asyncio.gather(*(calls() for _ in range(5)))

    threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    (log,) = limits._logs.values()
    at = list(log.past)
    assert len(at) == 100
    assert all(later - earlier >= 0.1 for earlier, later in zip(at, at[20:], strict=False))
    assert max(at) - min(at) < 2
    assert not limits._alarms
    assert "0 waiting" in repr(limits)


def test_another_kind_of_loop() -> None:
    """One that counts time in milliseconds: an alarm that comes a bit early changes nothing."""
    uvloop = pytest.importorskip("uvloop")
    limits = MemoryLimiter(margin=0)
    charges = (charge("per_app", Rate(2, 0.0205), Rate(10**6, 600)),)

    async def main() -> None:
        await asyncio.gather(*(limits.take(charges, 5.0) for _ in range(10)))
        with pytest.raises(QuotaExceeded):
            await limits.take(charges, 0.001)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
    (log,) = limits._logs.values()
    at = list(log.past)
    assert len(at) == 10
    assert all(later - earlier >= 0.0205 for earlier, later in zip(at, at[2:], strict=False))
    assert not limits._alarms


def test_a_place_that_one_thread_gives_back_wakes_another() -> None:
    """Given up after it was let go: nobody's alarm knows of that moment."""
    limits = MemoryLimiter(margin=0)
    charges = (charge("per_app", Rate(1, 0.05), Rate(2, 600)),)
    first_waits, granted = threading.Event(), threading.Event()

    async def gives_back() -> None:
        await limits.take(charges, None)
        task = asyncio.create_task(limits.take(charges, None))
        await settle()
        first_waits.set()
        granted.wait(30)  # this loop stands still, the other one sees to the grant
        task.cancel()
        await asyncio.wait([task])

    async def waits() -> None:
        task = asyncio.create_task(limits.take(charges, None))
        await settle()
        (log,) = limits._logs.values()
        while len(log.past) < 2:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        granted.set()
        await asyncio.wait_for(task, 30)  # not 600 s

    thread = threading.Thread(target=lambda: asyncio.run(gives_back()))
    thread.start()
    assert first_waits.wait(30)
    asyncio.run(waits())
    thread.join(30)
    assert "0 waiting" in repr(limits)
