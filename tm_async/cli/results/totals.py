"""How many rows came to what, and how fast."""

import time
from collections import Counter

from attrs import define, field

from tm_async.cli.results.result import Result, Status
from tm_async.cli.words import printable, spoken

__all__ = ["Totals", "rows_of"]

_NAMED = 20
"""People who are named; the others are counted."""


def rows_of(count: int) -> str:
    """So many rows."""
    return spoken("1 row") if count == 1 else spoken("{count} rows", count=f"{count:,}")


@define
class Totals:
    """The running count of one run."""

    rows: int
    """Rows to be done."""
    _counts: Counter[str] = field(factory=Counter[str], init=False)
    _before: Counter[str] = field(factory=Counter[str], init=False)
    _left_out: Counter[str] = field(factory=Counter[str], init=False)
    _began: float = field(factory=time.perf_counter, init=False)
    _last: float = field(factory=time.perf_counter, init=False)

    def add(self, result: Result) -> None:
        """Count a result."""
        self._counts[result.status] += 1
        self._before[result.status] += result.before
        self._left_out.update(result.user_non_registered)
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
        """Meetings created in a second, by this run."""
        created = self.of(Status.CREATED) - self._before[Status.CREATED]
        return created / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        counts = ", ".join(f"{self.of(status):,} {spoken(status)}" for status in Status)
        return spoken("{counts} of {rows}", counts=counts, rows=rows_of(self.rows))

    @property
    def summary(self) -> str:
        """One line for the end of a run."""
        left, before = self.rows - self.done, self._before.total()
        notes = [spoken("; {count} settled before", count=f"{before:,}")] if before else []
        notes += [spoken("; {count} not begun", count=f"{left:,}")] if left else []
        text = "{counts}{notes} in {seconds} s ({rate} meetings per second)"
        return spoken(
            text, counts=self, notes="".join(notes), seconds=f"{self.seconds:.2f}", rate=f"{self.per_second:,.0f}"
        )

    @property
    def not_invited(self) -> str | None:
        """Who was left out of invitations, as nobody is registered under that id; `None`: nobody."""
        if not self._left_out:
            return None
        shown = [
            printable(name) if count == 1 else f"{printable(name)} (x{count:,})"
            for name, count in self._left_out.most_common(_NAMED)
        ]
        more = len(self._left_out) - len(shown)
        names = ", ".join(shown) + (spoken(" and {count} more", count=f"{more:,}") if more else "")
        count = self._left_out.total()
        if count == 1:
            return spoken("1 invitee is not registered, so not invited: {names}", names=names)
        return spoken("{count} invitees are not registered, so not invited: {names}", count=f"{count:,}", names=names)

    def as_json(self) -> dict[str, float]:
        """The counts for machines."""
        counts = {str(status): self.of(status) for status in Status}
        return {"rows": self.rows, **counts, "seconds": round(self.seconds, 3), "per_second": round(self.per_second, 1)}
