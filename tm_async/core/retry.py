"""Whether a failed attempt is followed by another, and when: pure functions of operation, attempt and outcome.

| after | reads, replacing, cancelling | creating |
| --- | --- | --- |
| nothing was sent (no connection, no free slot) | yes | yes |
| refused: too many calls a minute | in the next minute | in the next minute |
| refused: clock (once corrected) | at once | at once |
| refused: replay, so that a proxy has repeated it | at once | never |
| no answer, a cut one, a gateway's error without a code | yes | never |
| a success that can't be read | never | never |
| trouble on the gateway's side (13000, 550000, ...) | yes | never |
| any other refusal | never | never |

The vendor gives no advice on retries; the classes are those of `tm_async.core.codes`.
"""

from tm_async._util.arguments import check_count, check_seconds
from tm_async._util.values import frozen
from tm_async.core.exchange import Repeat
from tm_async.errors import (
    AnswerError,
    ApiError,
    ClockError,
    ConfigurationError,
    RateLimited,
    Retry,
    TencentMeetingError,
)

__all__ = ["PER_MINUTE", "USED_UP", "RetryBudget", "RetryPolicy", "room_in"]

PER_MINUTE = frozenset({190310, 190313, 9061, 500046})
"""Codes of limits per minute. The others (190311, 190312) last until the next day: no call waits for that."""
USED_UP: dict[int, tuple[str, float]] = {
    190310: ("per_app", 60.0),
    190313: ("account_lists", 60.0),
    9008: ("creations", 60.0),
    500029: ("creations", 3600.0),
}
"""Codes that say that a quota of ours is used up: its name in `Quotas`, and the span of the rate.

9008 is also the code of 100 creations a day (doc 1095/43704); which of the two it was, the gateway does not say.
"""

_SPREAD = 5.0
"""Seconds over which calls that wait for the next minute begin again."""
_DOUBLINGS = 60
"""Far more than any pause needs; a float has room for a thousand."""


_BUDGET = 100


@frozen(kw_only=True)
class RetryPolicy:
    """How often and how soon a failed attempt is repeated, where repeating is safe.

    The pause before the n-th repetition is a random one between 0 and `first` x 2^(n-1) seconds, at most `longest`
    ("full jitter"). What the gateway itself names (`Retry-After`, the next minute) is waited for, if the call's
    deadline allows; if not, the error comes at once.
    """

    attempts: int = 3
    """At most, the first one included; 1: never repeat."""
    first: float = 0.2
    """Seconds."""
    longest: float = 5.0
    """Seconds."""
    budget: int = _BUDGET
    """Repetitions that a client and its views may have lost in a row: see `RetryBudget`. A view has its client's."""

    def __attrs_post_init__(self) -> None:
        check_count("attempts of RetryPolicy", self.attempts)
        check_count("budget of RetryPolicy", self.budget, least=0)
        check_seconds("first of RetryPolicy", self.first, least=0)
        check_seconds("longest of RetryPolicy", self.longest, least=0)

    def pause(
        self,
        repeat: Repeat,
        attempt: int,
        error: TencentMeetingError,
        *,
        chance: float,
        now: float,
        clock_corrected: bool = False,
    ) -> float | None:
        """Seconds to wait after this attempt (from 1) failed; `None`: it was the last one.

        `chance` is a random number from 0 to 1, `now` the UNIX time of the gateway.
        """
        may_be_doubled = repeat is Repeat.UNSAFE and error.outcome_unknown
        if attempt >= self.attempts or may_be_doubled or not _may_help(error, clock_corrected):
            return None
        if error.retry is Retry.RESIGN:
            return 0.0
        if error.retry is Retry.WAIT:
            return _next_minute(error, now, chance)
        named = error.retry_after if isinstance(error, AnswerError) else None
        return (named or 0.0) + chance * min(self.longest, self.first * 2.0 ** min(attempt - 1, _DOUBLINGS))


def room_in(error: TencentMeetingError, *, chance: float, now: float) -> float | None:
    """Seconds until a call may have room that a rate refused; `None`: refused for another reason, or for days.

    For a rate per hour, too: whether spans are fixed or slide is not documented, so room may come at any time.
    """
    code = error.code if isinstance(error, ApiError) else None
    return _next_minute(error, now, chance) if code in PER_MINUTE or code in USED_UP else None


def _next_minute(error: TencentMeetingError, now: float, chance: float) -> float:
    named = error.retry_after if isinstance(error, AnswerError) else None
    return (60.0 - now % 60.0 if named is None else named) + chance * _SPREAD


def _may_help(error: TencentMeetingError, clock_corrected: bool) -> bool:
    if isinstance(error, ClockError):
        return clock_corrected
    if error.retry is Retry.WAIT:
        return isinstance(error, RateLimited) and error.code in PER_MINUTE
    return error.may_retry


class RetryBudget:
    """Repetitions that are left: a bucket that failing ones empty and success fills.

    A repetition takes one token; it comes back if it was of use. A call that succeeded at once brings a tenth. While
    the gateway is down nothing comes back, and a full bucket is soon empty: then every call has a single attempt.
    """

    __slots__ = ("_left", "_size")

    def __init__(self, size: int) -> None:
        self._size = self._left = float(size)

    def check(self, policy: RetryPolicy) -> None:
        """Raise `ConfigurationError` for a policy that says another size, other than by its default."""
        if policy.budget not in (self._size, _BUDGET):
            raise ConfigurationError(
                f"budget of RetryPolicy is the client's, {self._size:.0f}, for all its views: say it where that is made"
            )

    def take(self) -> bool:
        """Take a token for one repetition, if there is one."""
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def succeeded(self, *, repeated: bool) -> None:
        """A call came to a good end."""
        if self._left < self._size:
            self._left = min(self._size, self._left + (1.0 if repeated else 0.1))
