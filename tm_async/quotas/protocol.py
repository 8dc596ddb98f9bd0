"""The protocol of a limiter: what keeps calls within the vendor's quotas. Write another against one method."""

from collections.abc import Sequence
from math import inf
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from tm_async.errors import ConfigurationError

__all__ = ["Charge", "LearningLimiter", "Limiter", "Rate"]


def _whole(number: float) -> Any:
    """Half of 300 is a float, and a number of calls all the same; anything else is judged as it is."""
    return int(number) if type(number) is float and number.is_integer() else number


@frozen(cache_hash=True)
class Rate:
    """At most `calls` in any span of `seconds`, wherever the span begins."""

    calls: int = field(converter=_whole)
    seconds: float

    def __attrs_post_init__(self) -> None:
        calls, seconds = self.calls, self.seconds
        if not (_is_number(calls, int) and calls >= 1 and _is_number(seconds, int | float) and 0 < seconds < inf):
            raise ConfigurationError(f"a rate needs at least one call and a span: {calls!r} in {seconds!r} s")

    def __str__(self) -> str:
        return f"{self.calls:,} in {self.seconds:g} s"


def _is_number(value: object, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


@frozen(cache_hash=True)
class Charge:
    """One call counts against these rates, together with every call of the same scope and key."""

    scope: str
    """What is counted, by its name in `Quotas`, for example `per_app`."""
    key: str
    """Whose count it is: gateway, app, maybe user. Holds ids, no secret."""
    rates: tuple[Rate, ...]


class Limiter(Protocol):
    """Counts calls, and makes them wait until one more is allowed.

    One limiter serves any number of clients and tasks; how many event loops, threads and processes, it says itself.
    """

    async def take(self, charges: Sequence[Charge], within: float | None, /) -> None:
        """Wait until one more call fits every charge, and count it in all of them at that moment.

        `within`: seconds that the caller can wait; `None`: any time. Raises `QuotaExceeded` as soon as it is known
        that it would take longer, and counts nothing then; nor does a wait that is cancelled. Whoever waits longest
        goes first. The charges of a call come from the narrowest to the widest.
        """
        ...


@runtime_checkable
class LearningLimiter(Limiter, Protocol):
    """A limiter that listens to the gateway: others, who don't count here, may use the same quota."""

    async def refused(self, charge: Charge, /, *, span: float, seconds: float) -> None:
        """The gateway refused a call that had been counted, by a rate of `charge` over at most `span` seconds.

        That call does not count. Nobody goes who needs this charge for the next `seconds`, those included who wait
        already; and then fewer in each such span than its rates allow, as others have the rest.
        """
        ...
