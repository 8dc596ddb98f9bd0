"""The time that a call may take: `asyncio.timeout` without its asynchronous entry and exit, which cost every call."""

import asyncio
from itertools import takewhile
from types import TracebackType
from typing import Any, Self

__all__ = ["Deadline"]


class Deadline:
    """Raises `TimeoutError` at its end if the task was still inside after `seconds`; `None`: no bound.

    It cancels the task that entered it, and takes back no other cancellation. Not to be entered twice.
    """

    __slots__ = ("_alarm", "_before", "_loop", "_seconds", "_task", "due", "reached")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._alarm: _Alarm | asyncio.TimerHandle | None = None
        self.reached = False

    def __enter__(self) -> Self:
        seconds = self._seconds
        if seconds is not None:
            loop = self._loop = asyncio.get_running_loop()
            task: asyncio.Task[Any] | None = asyncio.current_task(loop)
            if task is None:
                raise RuntimeError("a deadline needs a task")
            self._task, self._before = task, task.cancelling()
            self.due = loop.time() + seconds
            alarm = self._alarm = _alarms.get((loop, seconds)) or _Alarm(loop, seconds)
            alarm.add(self)
        return self

    @property
    def left(self) -> float | None:
        """Seconds until its end; `None`: no bound."""
        return None if self._alarm is None else max(0.0, self.due - self._loop.time())

    def passed(self, seconds: float) -> None:
        """So many seconds of it are over without the loop's having seen them pass."""
        if self._alarm is not None and seconds > 0:
            self._leave()
            self.due -= seconds  # before others of its length: it needs a timer of its own
            self._alarm = self._loop.call_at(self.due, self.reach)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        if self.reached and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _leave(self) -> None:
        alarm = self._alarm
        if isinstance(alarm, _Alarm):
            alarm.leave(self)
        elif alarm is not None:
            alarm.cancel()

    def reach(self) -> None:
        """It is its end: the task is cancelled."""
        self.reached = True
        self._task.cancel()


class _Alarm:
    """One timer for all deadlines of a length in an event loop, which end in the order in which they began."""

    __slots__ = ("_inside", "_loop", "_seconds", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._inside: dict[Deadline, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, deadline: Deadline) -> None:
        """It begins."""
        self._inside[deadline] = None
        if self._timer is None:
            for closed in [one for one in list(_alarms) if one[0].is_closed()]:
                _alarms.pop(closed, None)  # by hand, amid a call that nobody ended
            _alarms[self._loop, self._seconds] = self
            self._timer = self._loop.call_at(deadline.due, self._ring, deadline.due)

    def leave(self, deadline: Deadline) -> None:
        """It is over, unless it has rung."""
        if deadline in self._inside:
            del self._inside[deadline]
            if not self._inside:
                self._forget()

    def _ring(self, due: float) -> None:
        """Timers may ring a little early; and the one that it was set for may be over."""
        now = max(due, self._loop.time())
        for deadline in list(takewhile(lambda one: one.due <= now, self._inside)):
            del self._inside[deadline]
            deadline.reach()
        if self._inside:
            first = next(iter(self._inside)).due
            self._timer = self._loop.call_at(first, self._ring, first)
        else:
            self._forget()

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        _alarms.pop((self._loop, self._seconds), None)


_alarms: dict[tuple[asyncio.AbstractEventLoop, float], _Alarm] = {}
"""Those in which a deadline is."""
