"""Ending tasks within a bound, whatever they do about a cancellation.

A library may swallow one: `asyncio.wait_for` of Python 3.11 does when what it waits for is done at the same moment.
Whoever cancels once and then waits may wait for ever.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["apart", "end"]

_GRACE = 2.0
"""Seconds that a task has for what it still has to do, before it is cancelled again."""
_TRIES = 5

_log = logging.getLogger("tm_async")
_T = TypeVar("_T")


async def end(*tasks: asyncio.Task[Any], grace: float | None = None) -> None:
    """Cancel these tasks, again every `grace` seconds (2), until they have ended; after five times they are left alone.

    What they return or raise is nobody's any more. Ends at once when it is cancelled itself.
    """
    left = set(tasks)
    for task in tasks:
        task.add_done_callback(_seen)
    for _ in range(_TRIES):
        for task in left:
            task.cancel()
        if left:
            _, left = await asyncio.wait(left, timeout=_GRACE if grace is None else grace)
    for task in left:
        _log.error("%s does not end, though it was cancelled %d times", task.get_name(), _TRIES)


async def apart(work: Coroutine[Any, Any, _T], *, grace: float | None = None) -> _T:
    """The result of `work`, done in a task of its own: a cancellation of the caller is never lost in there."""
    task = asyncio.create_task(work)
    task.add_done_callback(_seen)
    try:
        await asyncio.wait({task})
    finally:
        await end(task, grace=grace)
    return task.result()


def _seen(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
