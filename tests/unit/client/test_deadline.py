"""A deadline ends what is inside, and takes back no cancellation but its own."""

import asyncio

import pytest

from tm_async.client.deadline import Deadline


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
            deadline._reach()
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
