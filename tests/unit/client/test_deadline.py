"""A deadline ends what is inside, and takes back no cancellation but its own."""

import asyncio

import pytest

from tm_async.client.deadline import Deadline, _alarms


def alarms(loop: asyncio.AbstractEventLoop) -> int:
    return sum(where is loop for where, _ in _alarms)


async def forever() -> None:
    await asyncio.Event().wait()


async def test_it_ends_what_is_inside() -> None:
    deadline = Deadline(0.01)
    with pytest.raises(TimeoutError) as caught, deadline:
        await forever()
    assert deadline.reached
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0, "the task goes on as if it had never been cancelled"
    await asyncio.sleep(0)


async def test_time_that_was_only_played_is_gone() -> None:
    with pytest.raises(TimeoutError), Deadline(60) as deadline:
        for played, left in ((0.0, 60), (-5.0, 60), (25.0, 35), (34.9, 0)):
            deadline.passed(played)
            assert deadline.left is not None
            assert round(deadline.left) == left
        await forever()
    with Deadline(None) as endless:
        endless.passed(1e9)
        assert endless.left is None


@pytest.mark.parametrize("seconds", [None, 60.0])
async def test_in_time(seconds: float | None) -> None:
    with Deadline(seconds) as deadline:
        await asyncio.sleep(0)
    assert not deadline.reached


async def test_somebody_elses_cancellation_goes_on() -> None:
    async def work() -> None:
        with Deadline(60):
            await forever()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_both_at_once_is_a_cancellation() -> None:
    async def work() -> None:
        deadline = Deadline(60)
        with deadline:
            task = asyncio.current_task()
            assert task is not None
            deadline.reach()
            task.cancel()
            await forever()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())


async def test_within_a_timeout_of_the_callers() -> None:
    deadline = Deadline(60)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            with deadline:
                await forever()
    assert not deadline.reached


async def test_an_error_inside_is_itself() -> None:
    with pytest.raises(ZeroDivisionError), Deadline(60):
        raise ZeroDivisionError


def test_it_needs_a_task() -> None:
    async def loop_only() -> None:
        asyncio.get_running_loop().call_soon(outside)
        await asyncio.sleep(0)

    found: list[Exception] = []

    def outside() -> None:
        try:
            with Deadline(1):
                pass
        except RuntimeError as error:
            found.append(error)

    asyncio.run(loop_only())
    assert "needs a task" in str(found[0])


async def test_deadlines_of_one_length_share_a_timer() -> None:
    """Those that are over are passed by, and the rest end at their own time."""
    loop = asyncio.get_running_loop()
    ended: dict[int, float] = {}
    leave = asyncio.Event()

    async def work(number: int) -> None:
        began = loop.time()
        try:
            with Deadline(0.5):
                await (leave.wait() if number % 2 else forever())
        except TimeoutError:
            ended[number] = loop.time() - began

    tasks = []
    for number in range(6):
        tasks.append(asyncio.create_task(work(number)))
        await asyncio.sleep(0.002)
    assert alarms(loop) == 1
    leave.set()
    await asyncio.gather(*tasks)
    assert sorted(ended) == [0, 2, 4]
    assert all(0.499 <= seconds < 5 for seconds in ended.values())
    assert alarms(loop) == 0, "nothing is kept of a loop in which no call is"


async def test_each_length_has_its_own() -> None:
    loop = asyncio.get_running_loop()
    with Deadline(60), Deadline(30), pytest.raises(TimeoutError), Deadline(0.01):
        assert alarms(loop) == 3
        await forever()
    assert alarms(loop) == 0


async def test_one_that_left_for_a_timer_of_its_own() -> None:
    with Deadline(60), pytest.raises(TimeoutError), Deadline(60) as early:
        early.passed(59.99)
        await forever()
    assert alarms(asyncio.get_running_loop()) == 0


def test_a_loop_that_is_closed_amid_a_call_is_let_go() -> None:
    async def work() -> None:
        with Deadline(60):
            await forever()

    loop = asyncio.new_event_loop()
    task = loop.create_task(work())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert alarms(loop) == 1

    async def another() -> None:
        with Deadline(60):
            assert alarms(loop) == 0

    asyncio.run(another())
    task._log_destroy_pending = False  # type: ignore[attr-defined]
