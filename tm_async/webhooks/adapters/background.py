"""An event loop in a thread, for frameworks without one: what handles events has to outlive a request."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from typing import Any, TypeVar

__all__ = ["in_background"]

ResultT = TypeVar("ResultT")


def in_background(work: Coroutine[Any, Any, ResultT]) -> "Future[ResultT]":
    """Run it on the loop of this process, which is started when it is first needed. A fork starts its own."""
    return asyncio.run_coroutine_threadsafe(work, _loop(os.getpid()))


@cache
def _loop(_: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="tm-async-webhooks", daemon=True).start()
    return loop
