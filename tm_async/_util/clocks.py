"""The clock for durations: how long ago something was, whatever the machine's time of day does, asleep or awake."""

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, Self, runtime_checkable

from tm_async._util.values import frozen
from tm_async.errors import OutcomeUnknown

__all__ = ["Doubt", "WaitingClock", "elapsed", "played"]


def _going_on() -> Callable[[], float]:
    """`time.monotonic`, unless that stands still while the machine sleeps and another clock does not."""
    boot: int | None = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
    if sys.platform == "darwin":
        boot = time.CLOCK_MONOTONIC  # which goes on there; `time.monotonic` reads one that does not
    if boot is None:
        return time.monotonic  # Windows: it counts sleep
    try:
        time.clock_gettime(boot)
    except OSError:  # a sandbox or an old kernel
        return time.monotonic
    return lambda: time.clock_gettime(boot)


elapsed = _going_on()
"""Seconds since some moment before this process began. Never set, and does not stop while the machine sleeps."""


@runtime_checkable
class WaitingClock(Protocol):
    """A clock by which waits are counted, too: that of a test, where time passes and nobody waits for it."""

    def __call__(self) -> float:
        """UNIX seconds."""
        ...

    def sleep(self, seconds: float, /) -> Awaitable[object]:
        """Let so many seconds pass."""
        ...


async def played(sleep: Callable[[float], Awaitable[object]], seconds: float) -> float:
    """Wait by a clock of somebody's own; the seconds of it that did not pass here, by `elapsed`."""
    began = elapsed()
    await sleep(seconds)
    return max(0.0, seconds - (elapsed() - began))


@frozen
class Doubt:
    """When a call of unclear outcome was under way, by `elapsed`: nobody sets that clock."""

    began: float
    """Before this it was not sent."""
    ended: float
    """Nothing was heard of it any more."""

    @classmethod
    def of(cls, error: OutcomeUnknown, now: float) -> Self:
        """Of a call. `now`: UNIX seconds; they count where the error comes from another process, maybe long ago."""
        lasted = error.until - error.since
        if error.ended is None:
            lasted, ended = max(lasted, now - error.since), elapsed()
        else:
            ended = error.ended
        return cls(ended - max(0.0, lasted), ended)

    @classmethod
    def ago(cls, began: float, ended: float) -> Self:
        """So many seconds before now, by whatever one clock they were counted. What lies ahead is negative."""
        now = elapsed()
        return cls(now - began, now - ended)

    def earlier(self, seconds: float) -> "Doubt":
        """The same after so many more seconds, which passed by another clock than this one."""
        return Doubt(self.began - seconds, self.ended - seconds)
