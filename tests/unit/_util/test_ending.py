"""What swallows a cancellation ends all the same, and within a bound."""

import asyncio
import logging

import pytest

from tm_async._util.ending import apart, end


async def _stubborn(times: int) -> str:
    """Swallows so many cancellations, as `asyncio.wait_for` of Python 3.11 can."""
    for _ in range(times + 1):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    await asyncio.Event().wait()
    return "never"


async def _begun(task: "asyncio.Task[str]") -> "asyncio.Task[str]":
    await asyncio.sleep(0)
    return task


async def test_tasks_that_swallow_cancellations() -> None:
    tasks = [await _begun(asyncio.create_task(_stubborn(times))) for times in (0, 1, 2)]
    await end(*tasks, grace=0.01)
    assert all(task.cancelled() for task in tasks)


async def test_a_task_that_never_ends_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    task = await _begun(asyncio.create_task(_stubborn(50), name="deaf"))
    async with asyncio.timeout(2):
        await end(task, grace=0.001)
    assert not task.done()
    assert "deaf does not end, though it was cancelled 5 times" in caplog.messages[0]
    assert caplog.records[0].levelno == logging.ERROR
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)


async def test_what_the_tasks_say_is_nobodys() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ValueError("while it was cancelled") from None

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await end(task)
    await end(task)
    await end()
    assert task.done()


async def test_apart_a_result_and_an_error() -> None:
    async def work(*, fails: bool) -> int:
        await asyncio.sleep(0)
        if fails:
            raise ValueError("x")
        return 5

    assert await apart(work(fails=False)) == 5
    with pytest.raises(ValueError, match="x"):
        await apart(work(fails=True))


@pytest.mark.parametrize("swallowed", [0, 1, 3])
async def test_a_cancellation_is_never_lost_in_what_is_done_apart(swallowed: int) -> None:
    task = asyncio.create_task(apart(_stubborn(swallowed), grace=0.01))
    await asyncio.sleep(0.005)
    task.cancel()
    async with asyncio.timeout(2):
        await asyncio.wait({task})
    assert task.cancelled()


async def test_a_timeout_is_never_lost_in_what_is_done_apart() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await apart(_stubborn(2), grace=0.01)
