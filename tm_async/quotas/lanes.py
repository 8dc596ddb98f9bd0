"""Exact sliding counts, and the lines of those who wait for room in them. Pure: no clock, no lock, no event loop."""

from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import Generic, TypeVar

from tm_async.quotas.protocol import Charge, Rate

__all__ = ["Lane", "Log", "Window"]

WaiterT = TypeVar("WaiterT")


class Window:
    """One rate, applied to the calls of a log."""

    __slots__ = ("calls", "past", "span")

    def __init__(self, past: deque[float], calls: int, span: float) -> None:
        self.past = past
        self.calls = calls
        self.span = span

    def free_at(self, now: float, ahead: int = 0) -> float:
        """When there is room for one more, after `ahead` others who go as soon as they can."""
        rounds, place = divmod(ahead, self.calls)
        last = self.calls - place
        at = max(now, self.past[-last] + self.span) if len(self.past) >= last else now
        return at + rounds * self.span


class Log:
    """When the calls of one scope and key were made. Whoever charges it with other rates counts in the same log."""

    __slots__ = ("_margin", "_windows", "longest", "past")

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._windows: dict[Rate, Window] = {}
        self.longest = 0.0
        """For so long a call counts."""
        self.past: deque[float] = deque()

    def window(self, rate: Rate) -> Window:
        """The window of a rate. A new one knows the calls that count in another still."""
        if rate not in self._windows:
            window = self._windows[rate] = Window(self.past, rate.calls, rate.seconds + self._margin)
            self.longest = max(self.longest, window.span)
        return self._windows[rate]

    def idle(self, now: float) -> bool:
        """Whether nothing counts any more."""
        return not self.past or self.past[-1] + self.longest <= now


class Lane(Generic[WaiterT]):
    """Calls with the same charges: what they need room in, and who of them waits, in order of arrival."""

    __slots__ = ("charges", "logs", "needs", "waiters", "windows")

    def __init__(self, charges: Sequence[Charge], logs: Sequence[Log]) -> None:
        self.charges = charges
        self.logs = tuple(dict.fromkeys(logs))
        self.needs = tuple(
            (charge, log, tuple(log.window(rate) for rate in charge.rates))
            for charge, log in zip(charges, logs, strict=True)
        )
        self.windows = tuple(window for _, _, windows in self.needs for window in windows)
        self.waiters: OrderedDict[int, WaiterT] = OrderedDict()

    def fits(self, now: float) -> bool:
        """Whether one more call has room everywhere."""
        for window in self.windows:  # the loop of `free_at`, for speed
            past = window.past
            if len(past) >= window.calls and past[-window.calls] + window.span > now:
                return False
        return True

    def count(self, now: float) -> None:
        """One more call, in all logs."""
        for log in self.logs:
            past = log.past
            while past and past[0] + log.longest <= now:
                past.popleft()
            past.append(now)

    def uncount(self, then: float) -> None:
        """The call that was counted at that moment is not made."""
        for log in self.logs:
            if then in log.past:
                log.past.remove(then)

    def opens(self, now: float, ahead: "Collection[Lane[WaiterT]]" = ()) -> tuple[float, Charge]:
        """When one more has room at the earliest, behind those who wait in `ahead`, and the charge it waits for."""
        found = now, self.charges[-1]
        for charge, log, windows in self.needs:
            others = sum(lane.sure(self, now) for lane in ahead if log in lane.logs)
            at = _latest(windows, now, others)
            if at > now and at >= found[0]:
                found = at, charge
        return found

    def sure(self, lane: "Lane[WaiterT]", now: float) -> int:
        """How many of us certainly go before one who comes to that lane now: those held back by nothing else.

        Right as long as the narrower charges of different lanes are different ones, or have room.
        """
        elsewhere = [window for window in self.windows if window not in lane.windows]
        return bisect_right(range(len(self.waiters)), now, key=lambda place: _latest(elsewhere, now, place))


def _latest(windows: Iterable[Window], now: float, ahead: int) -> float:
    return max((window.free_at(now, ahead) for window in windows), default=now)
