"""Exact sliding counts, and the lines of those who wait for room in them. Pure: no clock, no lock, no event loop."""

from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import Generic, TypeVar

from tm_async.quotas.protocol import Charge, Rate

__all__ = ["HALF_LIFE", "Lane", "Log", "Window"]

HALF_LIFE = 5
"""Spans in which others' share, measured by ours, is believed to halve: if they still have it, a few calls of a hundred
are refused, however small our share is."""

WaiterT = TypeVar("WaiterT")


class Window:
    """One rate, applied to the calls of a log. Others, who don't count here, may have taken a part of it."""

    __slots__ = ("_since", "calls", "left", "past", "span")

    def __init__(self, past: deque[float], calls: int, span: float) -> None:
        self.past = past
        self.calls = calls
        self.span = span
        self.left = calls
        """How many of the calls others left to us when a refusal told of them."""
        self._since = 0.0

    def limit(self, now: float) -> int:
        """How many calls are ours. What others had is tried again, by and by."""
        if self.left == self.calls:
            return self.calls
        others = (self.calls / self.left - 1) * 0.5 ** min((now - self._since) / self.span / HALF_LIFE, 64.0)
        return int(self.calls / (1 + others) + 0.5)

    def lower(self, now: float) -> None:
        """A call was refused: ours in this span, and those of others, are all that there are.

        One more than ours are left to us: so that the call can be tried again once the gateway's minute is over.
        """
        ours = len(self.past) - bisect_right(self.past, now - self.span)
        self.left = min(ours + 1, self.limit(now))
        self._since = now

    def free_at(self, now: float, ahead: int = 0) -> float:
        """When there is room for one more, after `ahead` others who go as soon as they can."""
        limit = self.limit(now)
        rounds, place = divmod(ahead, limit)
        last = limit - place
        at = max(now, self.past[-last] + self.span) if len(self.past) >= last else now
        return at + rounds * self.span


class Log:
    """When the calls of one scope and key were made. Whoever charges it with other rates counts in the same log."""

    __slots__ = ("_margin", "_windows", "gate", "longest", "past")

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._windows: dict[Rate, Window] = {}
        self.longest = 0.0
        """For so long a call counts."""
        self.past: deque[float] = deque()
        self.gate = Window(deque(), 1, 0.0)
        """Closed until the one moment in it: no call goes before."""

    def window(self, rate: Rate) -> Window:
        """The window of a rate. A new one knows the calls that count in another still."""
        if rate not in self._windows:
            window = self._windows[rate] = Window(self.past, rate.calls, rate.seconds + self._margin)
            self.longest = max(self.longest, window.span)
        return self._windows[rate]

    def idle(self, now: float) -> bool:
        """Whether nothing counts any more."""
        counts = (self.past, self.longest), (self.gate.past, 0.0)
        return all(not past or past[-1] + longest <= now for past, longest in counts)

    def refused(self, now: float, span: float, seconds: float) -> None:
        """The gateway refused the call that was counted last, by a rate of at most that `span`."""
        if self.past:
            self.past.pop()
        for rate, window in self._windows.items():
            if rate.seconds <= span:
                window.lower(now)
        self.gate.past = deque([max([now + seconds, *self.gate.past])])


class Lane(Generic[WaiterT]):
    """Calls with the same charges: what they need room in, and who of them waits, in order of arrival."""

    __slots__ = ("charges", "logs", "needs", "waiters", "windows")

    def __init__(self, charges: Sequence[Charge], logs: Sequence[Log]) -> None:
        self.charges = charges
        self.logs = tuple(dict.fromkeys(logs))
        self.needs = tuple(
            (charge, log, (log.gate, *(log.window(rate) for rate in charge.rates)))
            for charge, log in zip(charges, logs, strict=True)
        )
        self.windows = tuple(window for _, _, windows in self.needs for window in windows)
        self.waiters: OrderedDict[int, WaiterT] = OrderedDict()

    def fits(self, now: float) -> bool:
        """Whether one more call has room everywhere."""
        for window in self.windows:  # the loop of `free_at`, for speed
            past = window.past
            if past:  # a gate seldom has one
                calls = window.calls if window.left == window.calls else window.limit(now)
                if len(past) >= calls and past[-calls] + window.span > now:
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
