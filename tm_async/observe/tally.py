"""What an observer of whole calls adds up: attempts, waits, and how the last attempt went."""

from tm_async.observe.protocol import Attempt, Wait

__all__ = ["Tally"]


class Tally:
    """Two of the three methods of a `Watch`; `ended` is left to the class that needs the sums."""

    __slots__ = ("attempts", "last", "waiting")

    def __init__(self) -> None:
        self.attempts = 0
        self.waiting = 0.0
        """Seconds, of all waits together."""
        self.last: Attempt | None = None

    def waited(self, why: Wait, seconds: float, /) -> None:
        """Add a wait."""
        self.waiting += seconds

    def attempted(self, attempt: Attempt, /) -> None:
        """Take over the attempt."""
        self.attempts = attempt.number
        self.last = attempt
