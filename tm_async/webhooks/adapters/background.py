"""An event loop in a thread, for frameworks without one: what handles events has to outlive a request."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

from tm_async._util.forks import Forked, whole_in_children
from tm_async.webhooks.adapters.living import begun

__all__ = ["Background", "in_background"]

ResultT = TypeVar("ResultT")


class Background(Forked):
    """One loop for each process, which is started when it is first needed, and anew should its thread have ended."""

    def __init__(self) -> None:
        super().__init__()
        self._loops: list[asyncio.AbstractEventLoop] = []  # a parent's is not freed, nor what belongs to it
        self._thread: Thread | None = None
        whole_in_children(self)

    def begin_anew(self) -> None:
        """A fork starts its own."""
        self._thread = None

    def run(self, work: Coroutine[Any, Any, ResultT]) -> "Future[ResultT]":
        """Run it there. From any thread: the first ones that come share the loop, too."""
        with self.lock:
            if self._thread is None or not self._thread.is_alive():
                loop, self._thread = begun()
                self._loops.append(loop)
            return asyncio.run_coroutine_threadsafe(work, self._loops[-1])


in_background = Background().run
