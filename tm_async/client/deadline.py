"""The time that a call may take: `asyncio.timeout` without its asynchronous entry and exit, which cost every call."""

import asyncio
from types import TracebackType
from typing import Any, Self

__all__ = ["Deadline"]


class Deadline:
    """Raises `TimeoutError` at its end if the task was still inside after `seconds`; `None`: no bound.

    It cancels the task that entered it, and takes back no other cancellation. Not to be entered twice.
    """

    __slots__ = ("_before", "_seconds", "_task", "_timer", "reached")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self.reached = False

    def __enter__(self) -> Self:
        self._timer: asyncio.TimerHandle | None = None
        if self._seconds is not None:
            loop = asyncio.get_running_loop()
            task: asyncio.Task[Any] | None = asyncio.current_task(loop)
            if task is None:
                raise RuntimeError("a deadline needs a task")
            self._task, self._before = task, task.cancelling()
            self._timer = loop.call_at(loop.time() + self._seconds, self._reach)
        return self

    @property
    def left(self) -> float | None:
        """Seconds until its end; `None`: no bound."""
        if self._timer is None:
            return None
        return max(0.0, self._timer.when() - asyncio.get_running_loop().time())

    def passed(self, seconds: float) -> None:
        """So many seconds of it are over without the loop's having seen them pass."""
        if self._timer is not None and seconds > 0:
            due = self._timer.when() - seconds
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(due, self._reach)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self.reached and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _reach(self) -> None:
        self.reached = True
        self._task.cancel()
