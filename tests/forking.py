"""Work in a forked child, for tests of what a child finds."""

import asyncio
import os
import threading
import warnings
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["in_child"]


def in_child(work: Callable[[], Coroutine[Any, Any, int | None]], *, within: float = 10) -> int:
    """The exit status of a child that does it: what `work` gives, 1 if that fails, 99 if it is not over in time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that threads and forks go badly together is the point
        child = os.fork()
    if child == 0:
        status = 1
        try:
            threading.Timer(within, os._exit, [99]).start()
            status = asyncio.Runner().run(work()) or 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
