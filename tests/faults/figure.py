"""What a promise's measurement is asked, and what it gives."""

from collections.abc import Iterable

from attrs import field, frozen

__all__ = ["Figure", "Plan"]


@frozen
class Plan:
    """How much to measure, and from which seed on."""

    seed: int = 1
    quick: bool = False
    """The short form, for every run of the tests."""
    full: bool = False
    """As much as was promised, however long it takes, where the usual measurement has fewer cases."""
    only: bool = False
    """This very seed and no other: a failure is looked at again."""

    def seeds(self, usual: int, quick: int, full: int | None = None) -> range:
        """The seeds of the cases; `full`: how many there are in the full form, if that is more than usual."""
        many = quick if self.quick else full if self.full and full is not None else usual
        return range(self.seed, self.seed + (1 if self.only else many))


def _lines(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen
class Figure:
    """One promise, and what was measured."""

    promise: str
    """Its name, for `--promise`."""
    wanted: str
    measured: str
    ok: bool
    failures: tuple[str, ...] = field(default=(), converter=_lines)
    """What went wrong, each with the seed that brings it about."""
    details: tuple[str, ...] = field(default=(), converter=_lines)
    """More figures, a sentence each."""

    def __str__(self) -> str:
        shown = "".join(f"\n    {line}" for line in (*self.details, *self.failures[:10]))
        more = f"\n    and {len(self.failures) - 10} more" if len(self.failures) > 10 else ""
        return f"{'ok  ' if self.ok else 'FAIL'} {self.promise}: {self.measured} (wanted: {self.wanted}){shown}{more}"
