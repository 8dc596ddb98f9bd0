"""How many rows came to what, and how fast."""

import time
from collections import Counter

from attrs import define, field

from tm_async.cli.results.result import Result, Status

__all__ = ["Totals"]


@define
class Totals:
    """The running count of one run."""

    rows: int
    """Rows to be done."""
    _counts: Counter[Status] = field(factory=Counter[Status], init=False)
    _began: float = field(factory=time.perf_counter, init=False)
    _last: float = field(factory=time.perf_counter, init=False)

    def add(self, result: Result) -> None:
        """Count a result."""
        self._counts[result.status] += 1
        self._last = time.perf_counter()

    def of(self, status: Status) -> int:
        """How many rows came to this."""
        return self._counts[status]

    @property
    def done(self) -> int:
        """Rows with a result."""
        return self._counts.total()

    @property
    def failed(self) -> int:
        """Rows without a meeting for certain."""
        return self.done - self.of(Status.CREATED)

    @property
    def seconds(self) -> float:
        """From the start to the last result."""
        return self._last - self._began

    @property
    def per_second(self) -> float:
        """Meetings created in a second."""
        return self.of(Status.CREATED) / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        counts = ", ".join(f"{self.of(status):,} {status}" for status in Status)
        return f"{counts} of {self.rows:,} row{'' if self.rows == 1 else 's'}"

    @property
    def summary(self) -> str:
        """One line for the end of a run."""
        left = self.rows - self.done
        not_begun = f"; {left:,} not begun" if left else ""
        return f"{self}{not_begun} in {self.seconds:.2f} s ({self.per_second:,.0f} meetings per second)"

    def as_json(self) -> dict[str, float]:
        """The counts for machines."""
        counts = {str(status): self.of(status) for status in Status}
        return {"rows": self.rows, **counts, "seconds": round(self.seconds, 3), "per_second": round(self.per_second, 1)}
