"""What takes deliveries over: opened when it is first needed, once in each process, and closed where it has worked."""

import asyncio
from collections.abc import Callable

from tm_async._util.forks import Forked, whole_in_children
from tm_async.webhooks.acknowledging import Acknowledger

__all__ = ["Opened"]


class Opened(Forked):
    """Holds it. Fit for threads that need it at the same time; a forked process opens its own."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Acknowledger | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left: list[Acknowledger] = []
        whole_in_children(self)

    def begin_anew(self) -> None:
        """Keep what the parent has opened: were it freed here, its connections would be closed under the parent."""
        if self._found is not None:
            self._left.append(self._found)
        self._found = self._loop = None

    def get(self, make: Callable[[], Acknowledger]) -> Acknowledger:
        """What is open, or now becomes so."""
        if self._found is None:
            with self.lock:
                if self._found is None:
                    self._found = make()
                return self._found
        return self._found

    def at_work(self, make: Callable[[], Acknowledger]) -> Acknowledger:
        """The same, for work in this event loop: connections and tasks belong to it from then on."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self.get(make)

    async def aclose(self, given: object) -> None:
        """Close what is open, in the loop where it has worked if that still runs; what was `given` is left open."""
        with self.lock:
            found, self._found = self._found, None
            loop, self._loop = self._loop, None
        close = None if found is given else getattr(found, "aclose", None)
        if close is None:
            return
        if loop is None or loop is asyncio.get_running_loop() or not loop.is_running():
            await close()
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(close(), loop))
