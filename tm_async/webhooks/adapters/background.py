"""An event loop in a thread, for frameworks without one: what handles events has to outlive a request."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from tm_async._util.forks import Forked, whole_in_children

__all__ = ["Background", "in_background"]

ResultT = TypeVar("ResultT")


class Background(Forked):
    """One loop for each process, which is started when it is first needed. A fork starts its own."""

    def __init__(self) -> None:
        super().__init__()
        self._loops: dict[int, asyncio.AbstractEventLoop] = {}  # a parent's is not freed, nor what belongs to it
        whole_in_children(self)

    def run(self, work: Coroutine[Any, Any, ResultT]) -> "Future[ResultT]":
        """Run it there. From any thread: the first ones that come share the loop, too."""
        with self.lock:
            loop = self._loops.get(os.getpid())
            if loop is None:
                loop = self._loops[os.getpid()] = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="tm-async-webhooks", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, loop)


in_background = Background().run
