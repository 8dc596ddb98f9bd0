"""How often something is asked for that takes its time: a value, apart from the asking, which needs an event loop."""

from collections.abc import Iterator

from attrs import frozen

from tm_async.errors import ConfigurationError

__all__ = ["Polling"]


@frozen(kw_only=True)
class Polling:
    """How often something is asked for: soon at first, then ever less often."""

    first: float = 2.0
    """Seconds before it is asked for the second time."""
    factor: float = 1.5
    """By which each pause is longer than the one before."""
    longest: float = 60.0
    """Seconds that a pause has at most."""

    def __attrs_post_init__(self) -> None:
        if self.first < 0 or self.factor < 1 or self.longest < self.first:
            raise ConfigurationError("first must not be negative, factor not below 1, longest not below first")

    def pauses(self) -> Iterator[float]:
        """The pauses one after the other, without an end."""
        pause = self.first
        while True:
            yield pause
            pause = min(pause * self.factor, self.longest)
