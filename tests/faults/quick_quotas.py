"""The emulator's quota of calls per app with another number and another window, so that many windows can be watched."""

from collections import deque

from attrs import define, field

from tm_async.emulator.gateway.quotas import Quotas
from tm_async.emulator.kernel.refusals import Refused

__all__ = ["QuickQuotas"]


@define
class QuickQuotas(Quotas):
    """At most `calls` in any `seconds`, counted as the emulator counts: in a sliding window, refused calls not."""

    calls: int = 30
    seconds: float = 1.0
    _seen: deque[float] = field(factory=deque[float], init=False)

    def call(self, now: float, app: str | None = None) -> None:
        while self._seen and self._seen[0] <= now - self.seconds:
            self._seen.popleft()
        if len(self._seen) >= self.calls:
            raise Refused(190310, f"{self.calls} calls of this app in the last {self.seconds} s")
        self._seen.append(now)
