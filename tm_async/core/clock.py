"""How far the gateway's clock is from ours, learnt from the `Date` of its answers."""

from collections import deque
from collections.abc import Iterable
from datetime import UTC

from tm_async.core.dates import read_date

__all__ = ["ClockOffset"]

_KEPT = 5
"""Samples that the offset is the median of: one or two odd answers do not move it."""
_ENOUGH = 3
"""Before there are so many, nothing is corrected."""
_PAUSE = 30.0
"""Seconds between two samples, once there are enough, and after an answer without any."""
_REFUSED_BEYOND = 60.0
"""Seconds. The gateway refuses beyond five minutes (190300); an offset that is clearly less did not cause it."""


class ClockOffset:
    """An estimate that takes in what answers say. It reads no clock itself.

    `Date` has whole seconds, so the estimate is good to about a second; the gateway tolerates 300.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        """What to add to this machine's UNIX time to have the gateway's; 0 until enough answers agree."""
        self.wanted_from = 0.0
        """The time by this machine's clock from which one more sample is of use."""
        self._samples: deque[float] = deque(maxlen=_KEPT)

    def learn(self, date: str | None, sent: float, received: float) -> None:
        """Take in the `Date` of an answer to a call that took from `sent` to `received` by this machine's clock."""
        if date is None:
            self.wanted_from = received + _PAUSE  # the next ones will hardly have one
        sample = _sample(date, sent, received)
        if sample is None:
            return
        self._samples.append(sample)
        if len(self._samples) >= _ENOUGH:
            self.seconds = _median(self._samples)
            self.wanted_from = received + _PAUSE

    def refused(self, date: str | None, sent: float, received: float, used: float) -> bool:
        """The gateway called a time wrong that was corrected by `used`. Whether a better correction is known now.

        Its `Date` must say so, too: then that counts from now on, unless another call's answer brought it already.
        """
        sample = _sample(date, sent, received)
        if sample is None or abs(sample - used) < _REFUSED_BEYOND:
            return False
        if abs(sample - self.seconds) < _REFUSED_BEYOND:
            return True
        self._samples.clear()
        self._samples.extend([sample] * (_ENOUGH - 1))  # the next answer decides with it, or against it
        self.seconds, self.wanted_from = sample, 0.0
        return True


def _median(samples: Iterable[float]) -> float:
    """As in `statistics`, which brings fractions and decimals along."""
    ordered = sorted(samples)
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2


def _sample(date: str | None, sent: float, received: float) -> float | None:
    """Assumes that the answer was made midway, and in the middle of the second that it names."""
    if date is None or received < sent:  # the machine's clock was set back meanwhile
        return None
    try:
        named = read_date(date)
        if not 2000 <= named.year < 2200:
            return None  # no clock that anybody could follow
        if named.tzinfo is None:
            named = named.replace(tzinfo=UTC)  # it names no zone: HTTP has none but GMT
        return named.timestamp() + 0.5 - (sent + received) / 2
    except (ValueError, TypeError, OverflowError):
        return None
