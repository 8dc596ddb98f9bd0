"""A machine's clock that nobody should decide by, and a machine that sleeps."""

import asyncio
import time
from random import Random
from typing import Any

from tm_async.batch import resumable

__all__ = ["Napping", "WrongClock"]

_FAR = 200.0
"""Seconds: the gateway takes no request that is more than 300 s off."""
_JUMPS = 0.02
_NAPS = 0.1
_MOST = 3


class WrongClock:
    """UNIX seconds, off by minutes; set forth or back now and then, when it is looked at."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(seed)
        self._off = self._rng.uniform(-_FAR, _FAR)

    def __call__(self) -> float:
        if self._rng.random() < _JUMPS:
            self._off = self._rng.uniform(-_FAR, _FAR)
        return time.time() + self._off


class Napping:
    """A ledger on a machine that sleeps now and then between a claim and what is done about it.

    The event loop's clock stands still meanwhile, as `time.monotonic` does on Linux; nothing in this process goes on.
    """

    def __init__(self, ledger: Any, seed: str) -> None:
        self._ledger = ledger
        self._rng = Random(seed)
        self._left = _MOST
        self._slept = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def claim(self, worker: str, /, **options: Any) -> Any:
        """As the ledger; after some of them the machine sleeps for longer than a lease and all that is waited for."""
        claimed = await self._ledger.claim(worker, **options)
        if claimed and self._left and self._rng.random() < _NAPS:
            self._left -= 1
            self._sleep(resumable.LEASE * self._rng.uniform(2, 4))
        return claimed

    def _sleep(self, seconds: float) -> None:
        loop: Any = asyncio.get_running_loop()
        self._slept += seconds
        time.sleep(seconds)
        loop.time = lambda: time.monotonic() - self._slept
