"""Ctrl-C in two steps: the first asks for an orderly end, the second breaks off."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

from tm_async.cli.words import spoken

__all__ = ["Interrupt"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAME = 0.5
"""Seconds within which a repetition counts as the same: `timeout` and other wrappers send a signal twice."""


class Interrupt:
    """While it is entered, SIGINT and SIGTERM are asked for here; a third one kills as usual."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.signal: int | None = None
        self._clock = clock
        self._last = 0.0
        self._break_off: Callable[[], object] | None = None
        self._before: dict[int, Any] = {}
        self._word = f"\n{spoken('Stopping: no further row is begun. Once more to break off.')}\n".encode()

    @property
    def stopped(self) -> bool:
        """Whether an end was asked for."""
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """130 after Ctrl-C, as the shell expects."""
        return 128 + (self.signal or 0)

    def breaks_off(self, task: "asyncio.Task[Any] | None") -> None:
        """Name the task that a second signal cancels."""
        loop = asyncio.get_running_loop()
        if task is not None:
            self._break_off = lambda: loop.call_soon_threadsafe(task.cancel)

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._asked) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def _asked(self, number: int, _: FrameType | None) -> None:
        last, self._last = self._last, self._clock()
        if not self.stopped:
            self.signal = number
            with suppress(OSError):  # not through a stream, which this may have interrupted in the middle of a write
                os.write(2, self._word)
        elif self._last - last > _SAME:
            self._restore()
            if self._break_off is not None:
                self._break_off()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
