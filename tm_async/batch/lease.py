"""Until when what a worker has claimed from a ledger is its own."""

from math import inf

from tm_async._util import clocks

__all__ = ["HeldLease"]


class HeldLease:
    """A worker's lease, by the clock for durations: it ends here no later than the ledger believes.

    Not by the event loop's clock: that one stands still while the machine sleeps, and the ledger's does not.

    A lease that has ended may be had again, by another claim. But what was claimed before that may be another
    worker's now. So it has terms: what was claimed in one term is the worker's own in that term only.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.term = 0
        """The number of the present term, from 1."""
        self._until = -inf

    def extended(self, asked: float) -> None:
        """The ledger agreed; `asked` is the time by `clocks.elapsed` when it was asked."""
        if clocks.elapsed() >= self._until:
            self.term += 1
        self._until = max(self._until, asked + self.seconds)

    def holds(self, term: int | None) -> bool:
        """Whether what was claimed in this term is still the worker's own."""
        return term == self.term and clocks.elapsed() < self._until
