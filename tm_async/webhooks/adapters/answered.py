"""What is answered from the event loop in the background: in time, and whatever becomes of it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from tm_async.webhooks.adapters.background import in_background
from tm_async.webhooks.adapters.living import outcome
from tm_async.webhooks.reply import TRY_AGAIN, Reply

__all__ = ["answered", "awaited"]

SECONDS: Final = 30.0
"""How long a request waits: the platform has hung up long before, and a thread that waits for ever serves nobody."""


def answered(work: Coroutine[Any, Any, Reply]) -> Reply:
    """Wait in this thread."""
    future = in_background(outcome(work))
    try:
        return future.result(SECONDS)
    except TimeoutError:
        future.cancel()
        return TRY_AGAIN


async def awaited(work: Coroutine[Any, Any, Reply]) -> Reply:
    """Wait in another event loop."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(in_background(outcome(work))), SECONDS)
    except TimeoutError:
        return TRY_AGAIN
